import type { EventIndex } from "../history/EventIndex.ts";
import { disputesOf } from "./disputes.ts";
import { folded } from "./folded.ts";
import { jobsOf, type JobSummary } from "./jobs.ts";

/** What was said of outputs that were decided: how many gave the one that stands. */
export interface Agreement {
  readonly agreed: number;
  readonly of: number;
}

/** What became of a version. OPG in base units. */
export interface Use {
  /** Newest first. */
  readonly jobs: readonly JobSummary[];
  /** When sessions were opened, unix seconds, oldest first. */
  readonly sessions: readonly number[];
  /** What the model's owner has earned with it. */
  readonly royalties: bigint;
  /** What nodes have earned with it, of what requesters paid. */
  readonly pay: bigint;
  readonly agreement: Agreement;
  /** Games about what was stated of it. */
  readonly disputes: number;
}

const NO_MONEY = { royalties: 0n, pay: 0n };

/** What became of a version. */
export function useOfVersion(index: EventIndex, versionId: string): Use {
  const jobs = jobsByVersion(index).get(versionId) ?? [];
  return {
    jobs,
    sessions: sessionsByVersion(index).get(versionId) ?? [],
    ...(moneyByVersion(index).get(versionId) ?? NO_MONEY),
    agreement: agreementOf(jobs),
    disputes: disputesByVersion(index).get(versionId)?.length ?? 0,
  };
}

/** What became of several versions together, such as all of a model. */
export function useOfVersions(index: EventIndex, versionIds: readonly string[]): Use {
  const uses = versionIds.map((id) => useOfVersion(index, id));
  const sum = (amount: (use: Use) => bigint) => uses.reduce((total, use) => total + amount(use), 0n);
  return {
    jobs: uses.flatMap(({ jobs }) => jobs).sort((a, b) => b.orderedAt - a.orderedAt),
    sessions: uses.flatMap(({ sessions }) => sessions).sort((a, b) => a - b),
    royalties: sum(({ royalties }) => royalties),
    pay: sum(({ pay }) => pay),
    agreement: agreementOf(uses.flatMap(({ jobs }) => jobs)),
    disputes: uses.reduce((total, { disputes }) => total + disputes, 0),
  };
}

/**
 * How many statements gave the output that stands, of all in jobs where that was decided; of one node if it is given. What was
 * proven false counts as decided, also where nothing stands in its place.
 */
export function agreementOf(jobs: readonly JobSummary[], node?: string): Agreement {
  let [agreed, of] = [0, 0];
  for (const { state, statements, outputRoot } of jobs) {
    if (outputRoot === undefined && state !== "Falsified") continue;
    for (const statement of statements) {
      if (node !== undefined && statement.node !== node) continue;
      of += 1;
      if (statement.outputRoot === outputRoot) agreed += 1;
    }
  }
  return { agreed, of };
}

/** Seconds from the order to each node's statement, by node. */
export function latenciesOf(jobs: readonly JobSummary[]): ReadonlyMap<string, readonly number[]> {
  const seconds = new Map<string, number[]>();
  for (const { orderedAt, statements } of jobs) {
    for (const { node, at } of statements) {
      const known = seconds.get(node);
      if (known === undefined) seconds.set(node, [at - orderedAt]);
      else known.push(at - orderedAt);
    }
  }
  return seconds;
}

/** Jobs in which a node has a seat or an answer, newest first. */
export const jobsOfNode = (index: EventIndex, node: string): readonly JobSummary[] =>
  jobsOf(index).filter(({ nodes }) => nodes.includes(node));

const jobsByVersion = folded((index: EventIndex) => Map.groupBy(jobsOf(index), ({ versionId }) => versionId));

const disputesByVersion = folded((index: EventIndex) =>
  Map.groupBy(disputesOf(index), ({ stated }) => stated?.versionId),
);

const sessionsByVersion = folded((index: EventIndex): ReadonlyMap<string, readonly number[]> => {
  const opened = Map.groupBy(index.named("SessionOpened"), ({ args }) => args.session.versionId);
  return new Map([...opened].map(([version, events]) => [version, events.map(({ timestamp }) => timestamp)]));
});

const versionOfSession = folded(
  (index: EventIndex): ReadonlyMap<string, string> =>
    new Map(index.named("SessionOpened").map(({ args }) => [args.sessionId, args.session.versionId])),
);

/** What was earned with each version: of jobs when they were settled, of sessions when they were paid. */
const moneyByVersion = folded((index: EventIndex): ReadonlyMap<string, typeof NO_MONEY> => {
  const sums = new Map<string, typeof NO_MONEY>();
  const add = (version: string | undefined, royalty: bigint, pay: bigint) => {
    if (version === undefined) return;
    const before = sums.get(version) ?? NO_MONEY;
    sums.set(version, { royalties: before.royalties + royalty, pay: before.pay + pay });
  };
  const versions = new Map(jobsOf(index).map(({ id, versionId }) => [id, versionId]));
  for (const event of index.named("JobSettled", "JobClosed", "AuditClosed", "SessionSettled")) {
    const { pay } = event.args;
    if (event.name === "SessionSettled")
      add(versionOfSession(index).get(event.args.sessionId), event.args.royalty, pay);
    else add(versions.get(event.args.jobId), "royalty" in event.args ? event.args.royalty : 0n, pay);
  }
  return sums;
});
