import { resultOf, type JobRecord, JobState, type PackedJob, unpackJob } from "../codecs/job.ts";
import { revealEntry, sealEntry } from "../codecs/commitment.ts";
import { unpackRound } from "../codecs/round.ts";
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
  const { quorum } = unpackJob(job);
  const isDecided = state === JobState.Decided;
  const isShown = pack !== undefined && !isDecided && (await provesShowing(client, pack, quorum));
  const found = await Promise.all(seals.map((seal) => statedBy(client, seal, outputRoot, isShown)));
  const missing = seals.filter((_, i) => found[i] === "no").map(({ node }) => node);
  if (missing.length > 0) {
    return { subject, finding: "fails", text: `Storage has no such statement of ${missing.join(", ")}.` };
  }
  const given = seals.filter(({ attempt }, i) => found[i] !== "untold" && (isDecided || attempt === 0)).length;
  const least = isDecided ? 1 : quorum;
  const told = `${given} nodes state this output; at least ${least} must.`;
  const text = found.includes("shown") ? `${told} ${SHOWN}` : told;
  return { subject, finding: given >= least ? "holds" : "fails", text };
}

/** Why seals are enough where a job ended while they were packed. */
const SHOWN =
  "Their seals were packed when the job ended, which only showing that all of them hide one output can have done.";

/**
 * What storage says of a statement: by a reveal of this output, or by the seal, where all of its pack were shown. Whether they
 * were is untold where enough of them were revealed one by one, too: whoever knows a salt can do so even when the job has ended.
 */
async function statedBy(
  client: Client,
  seal: LoggedSeal,
  outputRoot: string,
  isShown: boolean,
): Promise<"revealed" | "shown" | "untold" | "no"> {
  const entry = await entryOf(client, seal);
  if (entry === revealEntry(outputRoot)) return "revealed";
  if (!seal.isShown) return "no";
  if (isShown && (entry === undefined || entry === sealEntry(seal.commitment))) return "shown";
  return entry === sealEntry(seal.commitment) ? "untold" : "no";
}

/**
 * Whether a job that has a result can only have got it by showing a pack: because it still is one, of these seals, or because
 * fewer of them were revealed one by one than a result takes.
 */
async function provesShowing(client: Client, pack: Pack, quorum: number): Promise<boolean> {
  try {
    const { round } = await explained(client.commitments.roundOf(pack.roundId));
    return unpackRound(round).revealedCount < quorum;
  } catch (error) {
    if (!isRefusal(error, "CommitmentsPacked")) throw error;
    return isPackOf(client, pack);
  }
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
