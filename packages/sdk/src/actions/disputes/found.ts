import type { Client } from "../../client.ts";
import { Transport } from "../../codecs/commitment.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { type EventNamed, parseLog, type ProtocolEvent } from "../../events.ts";
import { findLastLog, type LogQuery, logQuery } from "../../logs.ts";
import { getVersion, type Version } from "../models/versions.ts";
import { answerIn, type Statement, statementIdOf } from "./statements.ts";

/** Parameters of {@link getStatement}. */
export interface GetStatementParameters {
  readonly roundId: string;
  readonly node: string;
  readonly outputRoot: string;
  /** A block that is not after the job's order, where the search back ends; by default the client's `startBlock`. */
  readonly fromBlock?: number;
}

/** A statement that a node has made, with what is needed to check it. */
export interface MadeStatement {
  readonly statement: Statement;
  readonly statementId: string;
  readonly version: Version;
  /** The input's payload if it begins with a zero byte, else the URI of it; hex. */
  readonly input: string;
  /** Unix seconds, exclusive; zero if it cannot be disputed. */
  readonly disputableUntil: number;
}

/**
 * Finds out what a statement of one of the markets is about: which version it runs, on which input.
 * @throws NotFoundError if nothing was stated in the round, or in that of a consumer whose jobs are not known here.
 */
export async function getStatement(client: Client, parameters: GetStatementParameters): Promise<MadeStatement> {
  const { roundId, node, outputRoot, fromBlock = client.startBlock } = parameters;
  const answer = await answerIn(client, roundId, fromBlock);
  const round = await roundOf(client, roundId, fromBlock, answer);
  const order = await orderOf(client, round.consumer, round.jobId, fromBlock);
  const [version, until] = await Promise.all([
    getVersion(client, { versionId: order.job.versionId }),
    answer?.args.disputableUntil ?? explained(client.commitments.disputableUntil(roundId, node, outputRoot)),
  ]);
  const statement: Statement = {
    consumer: round.consumer,
    jobId: round.jobId,
    attempt: Number(round.attempt),
    modelId: version.modelId,
    version: version.identity,
    inputRoot: order.job.inputRoot,
    node,
    outputRoot,
    transport: answer === undefined ? Transport.Revealed : Transport.Direct,
  };
  const statementId = statementIdOf(client, statement);
  return { statement, statementId, version, input: order.input, disputableUntil: Number(until) };
}

/** Whose round it is: that of an answer in clear, or else of the first seal. */
async function roundOf(
  client: Client,
  roundId: string,
  fromBlock: number,
  answer: EventNamed<"JobAnswered"> | undefined,
): Promise<{ readonly consumer: string; readonly jobId: string; readonly attempt: bigint }> {
  if (answer !== undefined) return { consumer: client.addresses.optimistic, ...answer.args };
  const event = await lastEvent(client, logQuery("commitments", ["RoundOpened"], roundId), fromBlock);
  if (event?.name !== "RoundOpened") throw new NotFoundError("round", roundId);
  return event.args;
}

/** What a job of one of the markets is about. */
async function orderOf(client: Client, consumer: string, jobId: string, fromBlock: number) {
  const market = consumer === client.addresses.optimistic ? "optimistic" : "market";
  const order = await lastEvent(client, logQuery(market, ["JobOffered", "JobRequested"], jobId), fromBlock);
  if (order?.name !== "JobOffered" && order?.name !== "JobRequested") throw new NotFoundError("job", jobId);
  return order.args;
}

async function lastEvent(client: Client, query: LogQuery, fromBlock: number): Promise<ProtocolEvent | undefined> {
  const log = await findLastLog(client, query, fromBlock);
  return log && parseLog(client.addresses, log);
}
