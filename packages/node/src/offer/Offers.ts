import type { Chain, Head } from "../chain/Chain.ts";
import type { Config, VersionConfig } from "../config/Config.ts";
import type { Executable } from "../execute/Executor.ts";
import type { Journal } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";
import type { Sender } from "../send/Sender.ts";
import { atLeastUsed, lasts, lockEnd } from "./StandingLock.ts";
import { Upkeep } from "./Upkeep.ts";

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
  private readonly upkeep: Upkeep;

  constructor(
    private readonly chain: Chain,
    private readonly journal: Journal,
    sender: Pick<Sender, "perform">,
    private readonly settings: Config["offer"],
    private readonly log: Logger,
  ) {
    this.upkeep = new Upkeep(sender, log);
  }

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

  /** To be called now and then: what is on chain follows what is offered here. True if something was sent for it. */
  maintain(head: Head): Promise<boolean> {
    const quarantined = [...this.journal.quarantined().keys()];
    return this.upkeep.run([
      ...[...this.offers.values()].map(
        ({ config }) =>
          () =>
            this.keepServing(config, head),
      ),
      ...quarantined.map((versionId) => () => this.stopServing(versionId)),
      ...[...this.versions(), ...quarantined].map((versionId) => () => this.claim(versionId)),
    ]);
  }

  private async keepServing(config: VersionConfig, head: Head): Promise<void> {
    const [serving, stake] = await Promise.all([this.chain.serving(config.id), this.chain.stake()]);
    const weight = config.weight ?? stake.backing;
    const maxLock = config.maxLock ?? stake.own / DEFAULT_LOCK_PART;
    // Seats that are lost lower the lock, and only an operator should raise it again after that.
    if (lasts(serving, head, this.settings) && isClose(serving.weight, weight) && serving.maxLock > 0n) return;
    const endsAt = lockEnd(head, this.settings);
    const call = this.chain.serve(config.id, weight, atLeastUsed(maxLock, serving), endsAt);
    await this.upkeep.send("serve", `${config.id}/${serving.endsAt}/${serving.weight}`, call);
  }

  private async stopServing(versionId: string): Promise<void> {
    const { weight, maxLock, used } = await this.chain.serving(versionId);
    if (weight === 0n && maxLock === used) return;
    await this.upkeep.send("unserve", `${versionId}/${used}`, this.chain.unserve(versionId));
  }

  private async claim(versionId: string): Promise<void> {
    const { earned } = await this.chain.serving(versionId);
    if (earned === 0n || earned < this.settings.claimAbove) return;
    await this.upkeep.send("claim", `${versionId}/${earned}`, this.chain.claim(versionId));
  }
}

/** Stake grows with every claim; that alone is no reason to pay for a new offer. */
const isClose = (a: bigint, b: bigint) => (a > b ? a - b : b - a) * TOLERANCE <= b;
