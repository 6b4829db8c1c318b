import type { Client } from "../../client.ts";
import { roundId, statementId, Transport } from "../../codecs/commitment.ts";
import {
  type DisputeRecord,
  type StatementRecord,
  unpackDisputeRecord,
  unpackStatementRecord,
  type Verdict,
} from "../../codecs/dispute.ts";
import { type VersionIdentity, versionId } from "../../codecs/model.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { connectIStatementKeeper } from "../../ethers/IStatementKeeper.ts";
import type { EventNamed } from "../../events.ts";
import { findLastEvent } from "../../logs.ts";

/** What a node stated, down to the identity of the version. */
export interface Statement {
  /** The contract in whose round it was made. */
  readonly consumer: string;
  readonly jobId: string;
  /** Of a job; of a session the number of the call. */
  readonly attempt: number | bigint;
  readonly modelId: string;
  readonly version: VersionIdentity;
  readonly inputRoot: string;
  readonly node: string;
  readonly outputRoot: string;
  /** How it was made. */
  readonly transport: Transport;
}

/** Parameters of {@link getVerdict}. */
export interface StatementParameters {
  readonly statement: Statement;
}

type Place = Pick<Client, "chainId" | "addresses">;

function roundOf({ chainId, addresses }: Place, { modelId, version, ...key }: Statement): string {
  const { commitments } = addresses;
  return roundId({ ...key, chainId, commitments, versionId: versionId(modelId, version) });
}

/** The id of a statement. */
export function statementIdOf(client: Place, statement: Statement): string {
  return statementId(roundOf(client, statement), statement.node, statement.outputRoot);
}

/**
 * What is known of a statement.
 * @throws ProtocolError `DisputeNotDisputable` if it was not made, or could never be disputed.
 */
export async function getVerdict(client: Client, { statement }: StatementParameters): Promise<Verdict> {
  const endsAt = await explained(windowEndOf(client, statement));
  return Number(await explained(client.disputes.verdictOf(statementIdOf(client, statement), endsAt))) as Verdict;
}

/** When a statement can be disputed no more, unix seconds, exclusive; zero if it cannot at all. */
function windowEndOf(client: Client, statement: Statement): Promise<bigint> {
  const { transport, consumer, jobId, node, outputRoot } = statement;
  if (transport === Transport.Revealed)
    return client.commitments.disputableUntil(roundOf(client, statement), node, outputRoot);
  const keeper = connectIStatementKeeper(consumer, client.provider);
  return keeper.disputableUntil(jobId, statementIdOf(client, statement));
}

/** What was stated in a round without a seal: in the market for one node, that is the answer of an attempt. */
export const answerIn = (
  client: Client,
  roundId: string,
  fromBlock = client.startBlock,
): Promise<EventNamed<"JobAnswered"> | undefined> =>
  findLastEvent(client, "optimistic", "JobAnswered", [null, roundId], fromBlock);

/** Who shares the reward for a statement that is false. */
export interface Sharers {
  /** Who decided comes first. */
  readonly challengers: readonly string[];
  /** From when on nobody can enter any more, unix seconds; zero if it is not false. */
  readonly finalAt: number;
}

/** Parameters of {@link getSharers} and {@link getStatementRecord}. */
export interface StatementIdParameters {
  readonly statementId: string;
}

/** Who shares the reward for a statement that is false, in equal parts. */
export async function getSharers(client: Client, parameters: StatementIdParameters): Promise<Sharers> {
  const { challengers, finalAt } = await explained(client.disputes.sharersOf(parameters.statementId));
  return { challengers: [...challengers], finalAt: Number(finalAt) };
}

/** How many disputes of a statement are under way, or which one decided it. */
export async function getStatementRecord(client: Client, parameters: StatementIdParameters): Promise<StatementRecord> {
  return unpackStatementRecord(await explained(client.disputes.statementRecordOf(parameters.statementId)));
}

/** Parameters of {@link getDispute}. */
export interface DisputeParameters {
  /** Of a game or demand. */
  readonly disputeId: string;
}

/** Where a game or demand stands. */
export async function getDispute(client: Client, { disputeId }: DisputeParameters): Promise<DisputeRecord> {
  return unpackDisputeRecord(await explained(client.disputes.recordOf(disputeId)));
}

/** A statement as calls take it. */
export function statementFields({ version, ...rest }: Statement) {
  return { ...rest, version: identityFields(version) };
}

/** What a version is, as calls take it. */
export function identityFields(version: VersionIdentity) {
  const specs = (list: VersionIdentity["inputs"]) => list.map((spec) => ({ ...spec, shape: [...spec.shape] }));
  return { ...version, inputs: specs(version.inputs), outputs: specs(version.outputs) };
}
