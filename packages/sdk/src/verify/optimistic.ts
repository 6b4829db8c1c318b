import { getClosing, getOptimisticJob, optimisticJobIdOf, optimisticRoundIdOf } from "../actions/optimistic/jobs.ts";
import { answerIn } from "../actions/disputes/statements.ts";
import type { Client } from "../client.ts";
import { statementId } from "../codecs/commitment.ts";
import { isStated, OptimisticState } from "../codecs/optimisticJob.ts";
import { type Check, equalCheck, verdictOf } from "./check.ts";
import { checkInput, checkOutput } from "./payloads.ts";
import type { Verification, VerifyResultParameters } from "./result.ts";
import { checkSignatures } from "./signatures.ts";

/**
 * Checks the result of a job that one node answered, from the order to the bytes of the output.
 * @throws NotFoundError if there is no such job.
 */
export async function verifyOptimistic(client: Client, parameters: VerifyResultParameters): Promise<Verification> {
  const { jobId, input, output } = parameters;
  const { packed, record, input: carried } = await getOptimisticJob(client, { jobId });
  const checks: Check[] = [
    equalCheck("order", "The hash of the order", optimisticJobIdOf(client, packed), jobId),
    checkInput(packed.inputRoot, carried, input),
  ];
  const outputRoot = (await getClosing(client, { jobId }))?.outputRoot;
  const answer = await answerIn(client, optimisticRoundIdOf(client, packed, record.attempt));
  if (outputRoot === undefined || answer === undefined) {
    const [name = ""] = Object.entries(OptimisticState).find(([, state]) => state === record.state) ?? [];
    checks.push({ subject: "settlement", finding: "untold", text: `The job is ${name}: it has no result.` });
    return { jobId, outputRoot: undefined, verdict: verdictOf(checks), checks };
  }
  const { node, roundId } = answer.args;
  const kept = isStated(record, statementId(roundId, node, outputRoot));
  checks.push(
    equalCheck("settlement", "The output that the job ended with", outputRoot, answer.args.outputRoot),
    {
      subject: "statements",
      finding: kept ? "holds" : "fails",
      text: `${node} states this output; storage has ${kept ? "that" : "another"} statement.`,
    },
    await checkSignatures(client, [{ ...answer, node }]),
    checkOutput(outputRoot, output),
  );
  return { jobId, outputRoot, verdict: verdictOf(checks), checks };
}
