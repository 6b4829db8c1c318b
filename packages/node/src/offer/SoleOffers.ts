import {
  admitVersion,
  claimOptimistic,
  type Client,
  enrolAuditor,
  getAuditorWeights,
  getOptimisticServing,
  isAdmitted,
  serveOptimistic,
  unserveOptimistic,
  type Call,
} from "@opg-protocol/sdk";

import type { Chain, Head } from "../chain/Chain.ts";
import type { Config, VersionConfig } from "../config/Config.ts";
import type { Runs } from "../disputes/Runs.ts";
import type { Journal } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";
import type { Sender } from "../send/Sender.ts";
import type { Offers } from "./Offers.ts";

const DAY = 24 * 60 * 60;
/** A lie costs all that answers for it: a twentieth of the own stake unless the operator says otherwise. */
const DEFAULT_LOCK_PART = 20n;

/** What the node answers by itself: keeps its locks on chain standing, and moves earnings into its stake. */
export class SoleOffers {
  private hasSent = false;

  constructor(
    private readonly client: Client,
    private readonly chain: Pick<Chain, "stake" | "version">,
    private readonly runs: Pick<Runs, "learn">,
    private readonly node: string,
    private readonly offers: Offers,
    private readonly journal: Journal,
    private readonly sender: Pick<Sender, "perform">,
    private readonly settings: Config["offer"],
    private readonly log: Logger,
  ) {}

  /** To be called now and then; what cannot be sent now is tried again next time. True if something was sent. */
  async maintain(head: Head): Promise<boolean> {
    this.hasSent = false;
    const offered = this.offers.versions().flatMap((versionId) => this.offers.offer(versionId) ?? []);
    const tasks = [
      ...offered.map((config) => () => this.keepServing(config, head)),
      ...[...this.journal.quarantined().keys()].map((versionId) => () => this.stopServing(versionId, head)),
    ];
    for (const task of tasks) {
      try {
        await task();
      } catch (error) {
        this.log.warn({ error: String(error) }, "could not keep an offer as it should be; tries again");
      }
    }
    return this.hasSent;
  }

  private async keepServing({ id: versionId, alone, sessions }: VersionConfig, head: Head): Promise<void> {
    const { client, node } = this;
    if (alone === undefined) {
      // What it states in sessions is judged by the same program.
      if (sessions !== undefined && !(await isAdmitted(client, { versionId }))) await this.admit(versionId);
      return;
    }
    const serving = await getOptimisticServing(client, { node, versionId });
    if (serving.earned > 0n && serving.earned >= this.settings.claimAbove) {
      const call = claimOptimistic.call(client.addresses, { node, versionId });
      await this.send("claim alone", `${versionId}/${serving.earned}`, call);
    }
    await this.keepEnrolled(versionId, alone.audits, head);
    const lasts = serving.endsAt >= head.timestamp + (this.settings.lockDays * DAY) / 2;
    // What was slashed lowers the lock, and only an operator should raise it again after that.
    if (lasts && serving.maxLock > 0n) return;
    if (!(await isAdmitted(client, { versionId }))) {
      await this.admit(versionId);
      return;
    }
    const wanted = alone.maxLock ?? (await this.chain.stake()).own / DEFAULT_LOCK_PART;
    const maxLock = wanted > serving.used ? wanted : serving.used;
    const endsAt = head.timestamp + Math.floor(this.settings.lockDays * DAY);
    const call = serveOptimistic.call(client.addresses, { node, versionId, maxLock, endsAt });
    await this.send("serve alone", `${versionId}/${serving.endsAt}`, call);
  }

  /** Whoever audits weighs in draws with all that backs the node; that locks nothing. */
  private async keepEnrolled(versionId: string, audits: boolean, head: Head): Promise<void> {
    const { client, node } = this;
    const { weight } = await getAuditorWeights(client, { node, versionId, time: head.timestamp });
    if (weight > 0n === audits) return;
    const call = enrolAuditor.call(client.addresses, {
      node,
      versionId,
      weight: audits ? (await this.chain.stake()).backing : 0n,
    });
    await this.send("enrol", `${versionId}/${audits}`, call);
  }

  /** Nobody can answer alone for a version before it was shown that it can be judged. */
  private async admit(versionId: string): Promise<void> {
    const version = await this.chain.version(versionId);
    if (version === undefined) return;
    const { modelId, identity } = version;
    const { executor } = await this.runs.learn(versionId, version);
    const call = admitVersion.call(this.client.addresses, { modelId, identity, program: executor.program });
    await this.send("admit", versionId, call);
  }

  private async stopServing(versionId: string, head: Head): Promise<void> {
    const { client, node } = this;
    await this.keepEnrolled(versionId, false, head);
    const { maxLock, used } = await getOptimisticServing(client, { node, versionId });
    if (maxLock === used) return;
    const call = unserveOptimistic.call(client.addresses, { node, versionId });
    await this.send("unserve alone", `${versionId}/${used}`, call);
  }

  private async send(kind: string, subject: string, call: Call): Promise<void> {
    await this.sender.perform({ kind, subject, ...call });
    this.hasSent = true;
  }
}
