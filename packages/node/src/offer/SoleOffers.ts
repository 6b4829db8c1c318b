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
} from "@opg-protocol/sdk";

import type { Chain, Head } from "../chain/Chain.ts";
import type { Config, VersionConfig } from "../config/Config.ts";
import type { Runs } from "../disputes/Runs.ts";
import type { Journal } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";
import type { Sender } from "../send/Sender.ts";
import type { Offers } from "./Offers.ts";
import { type LockActions, StandingLock } from "./StandingLock.ts";
import { Upkeep } from "./Upkeep.ts";

/** A lie costs all that answers for it: a twentieth of the own stake unless the operator says otherwise. */
const DEFAULT_LOCK_PART = 20n;

const ACTIONS: LockActions = {
  name: "alone",
  read: getOptimisticServing,
  serve: serveOptimistic,
  unserve: unserveOptimistic,
  claim: claimOptimistic,
};

/** What the node answers by itself: keeps its locks on chain standing, and moves earnings into its stake. */
export class SoleOffers {
  private readonly upkeep: Upkeep;
  private readonly lock: StandingLock;

  constructor(
    private readonly client: Client,
    private readonly chain: Pick<Chain, "stake" | "version">,
    private readonly runs: Pick<Runs, "learn">,
    private readonly node: string,
    private readonly offers: Offers,
    private readonly journal: Journal,
    sender: Pick<Sender, "perform">,
    settings: Config["offer"],
    log: Logger,
  ) {
    this.upkeep = new Upkeep(sender, log);
    this.lock = new StandingLock(client, node, ACTIONS, this.upkeep, settings);
  }

  /** To be called now and then; what cannot be sent now is tried again next time. True if something was sent. */
  maintain(head: Head): Promise<boolean> {
    const offered = this.offers.versions().flatMap((versionId) => this.offers.offer(versionId) ?? []);
    return this.upkeep.run([
      ...offered.map((config) => () => this.keepServing(config, head)),
      ...[...this.journal.quarantined().keys()].map((versionId) => () => this.stopServing(versionId, head)),
    ]);
  }

  private async keepServing({ id: versionId, alone, sessions }: VersionConfig, head: Head): Promise<void> {
    if (alone === undefined) {
      // What it states in sessions is judged by the same program.
      if (sessions !== undefined) await this.admitted(versionId);
      return;
    }
    await this.keepEnrolled(versionId, alone.audits, head);
    await this.lock.keep(versionId, head, async () => {
      if (!(await this.admitted(versionId))) return undefined;
      return alone.maxLock ?? (await this.chain.stake()).own / DEFAULT_LOCK_PART;
    });
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
    await this.upkeep.send("enrol", `${versionId}/${audits}`, call);
  }

  /** Nobody can answer alone for a version before it was shown that it can be judged: shows it, where nobody has. */
  private async admitted(versionId: string): Promise<boolean> {
    if (await isAdmitted(this.client, { versionId })) return true;
    const version = await this.chain.version(versionId);
    if (version === undefined) return false;
    const { modelId, identity } = version;
    const { executor } = await this.runs.learn(versionId, version);
    const call = admitVersion.call(this.client.addresses, { modelId, identity, program: executor.program });
    await this.upkeep.send("admit", versionId, call);
    return false;
  }

  private async stopServing(versionId: string, head: Head): Promise<void> {
    await this.keepEnrolled(versionId, false, head);
    await this.lock.release(versionId);
  }
}
