import {
  type Call,
  type Client,
  getAuditSettlement,
  getJob,
  getNextStep,
  getOptimisticJob,
  getSeats,
  isFinalState,
  isStated,
  OptimisticState,
  type Statement,
  statementIdOf,
  Transport,
  settleAudited,
  settleJob,
  settleOptimistic,
} from "@opg-protocol/sdk";

/**
 * The call that has the node of a false statement slashed, and whoever proved it false paid; `done` if nothing is left of that,
 * `waits` as long as nobody can.
 */
export function settlementOf(client: Client, statement: Statement): Promise<Call | "done" | "waits"> {
  return statement.consumer === client.addresses.optimistic ? ofOne(client, statement) : ofSeveral(client, statement);
}

async function ofOne(client: Client, statement: Statement): Promise<Call | "done" | "waits"> {
  const { jobId, attempt, node, outputRoot, transport } = statement;
  const { packed: job, record } = await getOptimisticJob(client, { jobId });
  if (transport === Transport.Direct) {
    const isDue = isStated(record, statementIdOf(client, statement)) && record.state === OptimisticState.Stated;
    return isDue ? settleOptimistic.call(client.addresses, { job, node, outputRoot }) : "done";
  }
  const isHeld = record.state === OptimisticState.Named || record.state === OptimisticState.Reserved;
  if (!isHeld || record.attempt !== attempt) return "done";
  const settlement = await getAuditSettlement(client, { job });
  return settlement === undefined ? "waits" : settleAudited.call(client.addresses, settlement);
}

/** Where all seats lied nobody else may care to settle. */
async function ofSeveral(client: Client, { jobId }: Statement): Promise<Call | "done" | "waits"> {
  const { packed: job, record } = await getJob(client, { jobId });
  if (isFinalState(record.state)) return "done";
  const { step } = await getNextStep(client, { job });
  if (step !== "settle") return step === "expire" ? "done" : "waits";
  const seats = (await getSeats(client, { job })).flat().map(({ node }) => node);
  return settleJob.call(client.addresses, { job, seats });
}
