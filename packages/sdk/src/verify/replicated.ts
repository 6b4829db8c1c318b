import { resultOf, type JobRecord, JobState, type PackedJob, unpackJob } from "../codecs/job.ts";
import { revealEntry, sealEntry } from "../codecs/commitment.ts";
import type { Client } from "../client.ts";
import { explained, isRefusal } from "../errors/ProtocolError.ts";
import { getJob, getSettlement, jobIdOf } from "../actions/market/jobs.ts";
import type { Pack } from "../actions/market/packs.ts";
import { findSeals, type FoundSeals, type LoggedSeal } from "../actions/market/seals.ts";
import { type Check, equalCheck, verdictOf } from "./check.ts";
import { checkInput, checkOutput } from "./payloads.ts";
import type { Verification, VerifyResultParameters } from "./result.ts";
import { type Act, checkSignatures } from "./signatures.ts";

/**
 * Checks the result of a job that several nodes answered, from the order to the bytes of the output.
 * @throws NotFoundError if there is no such job.
 */
export async function verifyReplicated(client: Client, parameters: VerifyResultParameters): Promise<Verification> {
  const { jobId, input, output } = parameters;
  const { packed, record, input: carried } = await getJob(client, { jobId });
  const outputRoot = (await getSettlement(client, { jobId }))?.outputRoot;
  const checks: Check[] = [
    equalCheck("order", "The hash of the order", jobIdOf(client, packed), jobId),
    checkInput(packed.inputRoot, carried, input),
    checkSettlement(record, outputRoot),
  ];
  if (outputRoot !== undefined) {
    const { seals, pack } = await findSeals(client, packed);
    const right = seals.filter((seal) => seal.outputRoot === outputRoot);
    checks.push(
      await checkStatements(client, packed, record.state, outputRoot, { seals: right, pack }),
      await checkSignatures(client, right.map(actOf)),
      checkOutput(outputRoot, output),
    );
  }
  return { jobId, outputRoot, verdict: verdictOf(checks), checks };
}

function checkSettlement(record: JobRecord, outputRoot: string | undefined): Check {
  if (outputRoot !== undefined) {
    return equalCheck("settlement", "The beginning of the result in storage", record.result, resultOf(outputRoot));
  }
  const [name = ""] = Object.entries(JobState).find(([, state]) => state === record.state) ?? [];
  return { subject: "settlement", finding: "untold", text: `The job is ${name}: it has no result.` };
}

/** Where somebody stated an output by a seal. */
const actOf = ({ node, roundId, commitment, transactionHash, blockNumber }: LoggedSeal): Act => {
  return { node, seal: { roundId, commitment }, transactionHash, blockNumber };
};

/** Whether storage has the statements that the logs tell of, and whether they are as many as the order asks for. */
async function checkStatements(
  client: Client,
  job: PackedJob,
  state: JobState,
  outputRoot: string,
  { seals, pack }: FoundSeals,
): Promise<Check> {
  const subject = "statements";
  const entries = await Promise.all(seals.map((seal) => entryOf(client, seal)));
  const isKept = pack !== undefined && entries.includes(undefined) && (await isPackOf(client, pack));
  const missing = seals.filter((seal, i) => !states(seal, entries[i], outputRoot, isKept)).map(({ node }) => node);
  if (missing.length > 0) {
    return { subject, finding: "fails", text: `Storage has no such statement of ${missing.join(", ")}.` };
  }
  const first = seals.filter(({ attempt }) => attempt === 0).length;
  const least = state === JobState.Decided ? 1 : unpackJob(job).quorum;
  const given = state === JobState.Decided ? seals.length : first;
  const told = `${given} nodes state this output; at least ${least} must.`;
  const text = seals.some(({ isShown }) => isShown) ? `${told} ${SHOWN}` : told;
  return { subject, finding: given >= least ? "holds" : "fails", text };
}

/** Why seals are enough where a job ended while they were packed. */
const SHOWN =
  "Their seals were packed when the job ended, which only showing that all of them hide one output can have done.";

/** Whether storage bears a seal out: by a reveal of this output, or by the seal itself where that is enough. */
function states(
  { commitment, isShown }: LoggedSeal,
  entry: string | undefined,
  outputRoot: string,
  isKept: boolean,
): boolean {
  if (entry === undefined) return isShown && isKept;
  // Whoever knows a salt can reveal even when the job has ended.
  return entry === revealEntry(outputRoot) || (isShown && entry === sealEntry(commitment));
}

/** What storage has of a node's seal; undefined where that is in the hash of a pack, if at all. */
async function entryOf({ commitments }: Client, { roundId, node }: LoggedSeal): Promise<string | undefined> {
  try {
    return await explained(commitments.entryOf(roundId, node));
  } catch (error) {
    if (isRefusal(error, "CommitmentsPacked")) return undefined;
    throw error;
  }
}

/** Whether the hash in storage is that of these seals: only then could they be unpacked. */
async function isPackOf({ commitments }: Client, { roundId, word, seals }: Pack): Promise<boolean> {
  try {
    await explained(commitments.unpack.staticCall(roundId, word, [...seals]));
    return true;
  } catch (error) {
    if (isRefusal(error, "CommitmentsOtherPack")) return false;
    throw error;
  }
}
