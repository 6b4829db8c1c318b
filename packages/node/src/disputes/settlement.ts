import {
  type Call,
  type Client,
  getAuditSettlement,
  getJob,
  getNextStep,
  getOptimisticJob,
  getSeats,
  isFinalState,
  OptimisticState,
  type Statement,
  settleAudited,
  settleJob,
  settleOptimistic,
  unpackOptimisticJob,
} from "@opg-protocol/sdk";

/**
 * The call that has the node of a false statement slashed, and whoever proved it false paid; `done` if nothing is left of that,
 * `waits` as long as nobody can.
 */
export function settlementOf(client: Client, statement: Statement): Promise<Call | "done" | "waits"> {
  return statement.consumer === client.addresses.optimistic ? ofOne(client, statement) : ofSeveral(client, statement);
}

async function ofOne(client: Client, { jobId, attempt, outputRoot }: Statement): Promise<Call | "done" | "waits"> {
  const { packed: job, record } = await getOptimisticJob(client, { jobId });
  const isHeld = record.state === OptimisticState.Named || record.state === OptimisticState.Reserved;
  if (!isHeld || record.attempt !== attempt) return "done";
  if (attempt > 0 || unpackOptimisticJob(job).auditBps === 0) {
    return settleOptimistic.call(client.addresses, { job, outputRoot });
  }
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
