import type { Chain, Head } from "../chain/Chain.ts";
import type { Config, VersionConfig } from "../config/Config.ts";
import type { Executable } from "../execute/Executor.ts";
import type { Journal } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";
import type { Sender } from "../send/Sender.ts";

const DAY = 24 * 60 * 60;
/** Without a referee one lost appeal may cost the node this part of its own stake: a twentieth. */
const DEFAULT_LOCK_PART = 20n;

/** One part in so many by which a weight may be off before it is set anew. */
const TOLERANCE = 20n;

/** A version that has passed all checks and is offered. */
interface Offer {
  readonly config: VersionConfig;
  readonly executable: Executable;
}

/** What the node serves: keeps its offers on chain standing, renews their locks, moves earnings into its stake. */
export class Offers {
  private readonly offers = new Map<string, Offer>();

  constructor(
    private readonly chain: Chain,
    private readonly journal: Journal,
    private readonly sender: Sender,
    private readonly settings: Config["offer"],
    private readonly log: Logger,
  ) {}

  /** Offers a version that was checked, unless it was found unfit before. */
  add(config: VersionConfig, executable: Executable): void {
    const reason = this.journal.quarantined().get(config.id);
    if (reason === undefined) this.offers.set(config.id, { config, executable });
    else this.log.warn({ versionId: config.id, reason }, "does not offer a version that is in quarantine");
  }

  /** Ids of the versions that are offered. */
  versions(): string[] {
    return [...this.offers.keys()];
  }

  offer(versionId: string): VersionConfig | undefined {
    return this.offers.get(versionId)?.config;
  }

  executable(versionId: string): Executable {
    const offer = this.offers.get(versionId);
    if (offer === undefined) throw new Error(`Version ${versionId} is not offered.`);
    return offer.executable;
  }

  /** Takes a version off the offer for good. */
  quarantine(versionId: string, reason: string): void {
    if (!this.offers.delete(versionId)) return;
    this.journal.quarantine(versionId, reason);
    this.log.error({ versionId, reason }, "a version goes into quarantine");
  }

  /**
   * To be called now and then: what is on chain follows what is offered here. True if something was sent for it. What cannot
   * be sent now is tried again next time; nothing else waits for it.
   */
  async maintain(head: Head): Promise<boolean> {
    const quarantined = [...this.journal.quarantined().keys()];
    const tasks = [
      ...[...this.offers.values()].map(
        ({ config }) =>
          () =>
            this.keepServing(config, head),
      ),
      ...quarantined.map((versionId) => () => this.stopServing(versionId)),
      ...[...this.versions(), ...quarantined].map((versionId) => () => this.claim(versionId)),
    ];
    const sent: boolean[] = [];
    for (const task of tasks) {
      try {
        sent.push(await task());
      } catch (error) {
        this.log.warn({ error: String(error) }, "could not keep an offer as it should be; tries again");
      }
    }
    return sent.includes(true);
  }

  private async keepServing(config: VersionConfig, head: Head): Promise<boolean> {
    const [serving, stake] = await Promise.all([this.chain.serving(config.id), this.chain.stake()]);
    const weight = config.weight ?? stake.backing;
    const maxLock = config.maxLock ?? stake.own / DEFAULT_LOCK_PART;
    const lasts = serving.endsAt >= head.timestamp + (this.settings.lockDays * DAY) / 2;
    // Seats that are lost lower the lock, and only an operator should raise it again after that.
    if (lasts && isClose(serving.weight, weight) && serving.maxLock > 0n) return false;
    const endsAt = head.timestamp + Math.floor(this.settings.lockDays * DAY);
    const call = this.chain.serve(config.id, weight, maxLock > serving.used ? maxLock : serving.used, endsAt);
    await this.sender.perform({ kind: "serve", subject: `${config.id}/${serving.endsAt}/${serving.weight}`, ...call });
    return true;
  }

  private async stopServing(versionId: string): Promise<boolean> {
    const { weight, maxLock, used } = await this.chain.serving(versionId);
    if (weight === 0n && maxLock === used) return false;
    await this.sender.perform({ kind: "unserve", subject: `${versionId}/${used}`, ...this.chain.unserve(versionId) });
    return true;
  }

  private async claim(versionId: string): Promise<boolean> {
    const { earned } = await this.chain.serving(versionId);
    if (earned === 0n || earned < this.settings.claimAbove) return false;
    await this.sender.perform({ kind: "claim", subject: `${versionId}/${earned}`, ...this.chain.claim(versionId) });
    return true;
  }
}

/** Stake grows with every claim; that alone is no reason to pay for a new offer. */
const isClose = (a: bigint, b: bigint) => (a > b ? a - b : b - a) * TOLERANCE <= b;
