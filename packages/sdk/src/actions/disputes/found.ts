import type { Client } from "../../client.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { parseLog, type ProtocolEvent } from "../../events.ts";
import { findLastLog, type LogQuery, logQuery } from "../../logs.ts";
import { getVersion, type Version } from "../models/versions.ts";
import { type Statement, statementIdOf } from "./statements.ts";

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
  const last = async (query: LogQuery): Promise<ProtocolEvent | undefined> => {
    const log = await findLastLog(client, query, fromBlock);
    return log && parseLog(client.addresses, log);
  };
  const round = await last(logQuery("commitments", ["ResultStated", "RoundOpened"], roundId));
  if (round?.name !== "ResultStated" && round?.name !== "RoundOpened") throw new NotFoundError("round", roundId);
  const { consumer, jobId, attempt } = round.args;
  const market = consumer === client.addresses.optimistic ? "optimistic" : "market";
  const order = await last(logQuery(market, ["JobOffered", "JobRequested"], jobId));
  if (order?.name !== "JobOffered" && order?.name !== "JobRequested") throw new NotFoundError("job", jobId);

  const { job, input } = order.args;
  const [version, until] = await Promise.all([
    getVersion(client, { versionId: job.versionId }),
    explained(client.commitments.disputableUntil(roundId, node, outputRoot)),
  ]);
  const { modelId, identity } = version;
  const made = { consumer, jobId, attempt: Number(attempt), inputRoot: job.inputRoot, node, outputRoot };
  const statement: Statement = { ...made, modelId, version: identity };
  const statementId = statementIdOf(client, statement);
  return { statement, statementId, version, input, disputableUntil: Number(until) };
}
