import { resultOf, type JobRecord, JobState, type PackedJob, unpackJob } from "../codecs/job.ts";
import { revealEntry, sealEntry } from "../codecs/commitment.ts";
import type { Client } from "../client.ts";
import { explained, isRefusal } from "../errors/ProtocolError.ts";
import { parseLog } from "../events.ts";
import { findLogs, logQuery } from "../logs.ts";
import { getJob, getSettlement, jobIdOf } from "../actions/market/jobs.ts";
import { outputOfPack } from "../actions/market/packs.ts";
import { getPack, getSeats, type Pack, roundIdOf } from "../actions/market/rounds.ts";
import { type Check, equalCheck, verdictOf } from "./check.ts";
import { checkInput, checkOutput } from "./payloads.ts";
import type { Verification, VerifyResultParameters } from "./result.ts";
import { type Act, checkSignatures } from "./signatures.ts";

const ATTEMPTS = [0, 1, 2] as const;

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
    const acts = await actsOf(client, packed, outputRoot);
    checks.push(
      await checkStatements(client, packed, record.state, outputRoot, acts),
      await checkSignatures(client, acts),
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

interface Statement extends Act {
  readonly attempt: number;
  readonly seal: { readonly roundId: string; readonly commitment: string };
}

/** Who stated an output, and in which transaction it was sealed. */
async function actsOf(client: Client, job: PackedJob, outputRoot: string): Promise<readonly Statement[]> {
  const rounds = ATTEMPTS.map((attempt) => roundIdOf(client, job, attempt));
  const seats = await getSeats(client, { job });
  const logs = await findLogs(client, logQuery("commitments", ["ResultSealed"], rounds), unpackJob(job).requestBlock);
  return logs.flatMap((log) => {
    const event = parseLog(client.addresses, log);
    if (event?.name !== "ResultSealed") return [];
    const { node, roundId, commitment } = event.args;
    const attempt = rounds.indexOf(roundId);
    const seat = seats[attempt]?.find((one) => one.node === node);
    const { transactionHash, blockNumber } = event;
    return seat?.outputRoot === outputRoot
      ? [{ node, attempt, seal: { roundId, commitment }, transactionHash, blockNumber }]
      : [];
  });
}

/** Whether storage has the statements that the logs tell of, and whether they are as many as the order asks for. */
async function checkStatements(
  client: Client,
  job: PackedJob,
  state: JobState,
  outputRoot: string,
  acts: readonly Statement[],
): Promise<Check> {
  const subject = "statements";
  const pack = await getPack(client, { job });
  const shown = pack && (await outputOfPack(client, job, pack)) === outputRoot ? pack : undefined;
  const missing =
    shown === undefined ? await unstated(client, outputRoot, acts) : await unsealed(client, shown, outputRoot, acts);
  if (missing.length > 0) {
    return { subject, finding: "fails", text: `Storage has no such statement of ${missing.join(", ")}.` };
  }
  const first = acts.filter(({ attempt }) => attempt === 0).length;
  const least = state === JobState.Decided ? 1 : unpackJob(job).quorum;
  const given = state === JobState.Decided ? acts.length : first;
  const told = `${given} nodes state this output; at least ${least} must.`;
  const text = shown === undefined ? told : `${told} ${SHOWN}`;
  return { subject, finding: given >= least ? "holds" : "fails", text };
}

/** Why seals are enough where a job ended while they were packed. */
const SHOWN =
  "Their seals were packed when the job ended, which only showing that all of them hide one output can have done.";

/** Those of whom storage has no reveal of this output. */
async function unstated(client: Client, outputRoot: string, acts: readonly Statement[]): Promise<readonly string[]> {
  const entries = await entriesOf(client, acts);
  return acts.filter((_, i) => entries[i] !== revealEntry(outputRoot)).map(({ node }) => node);
}

/** Those of whose seals storage has nothing: the hash of all of them, or entries if they were unpacked after the end. */
async function unsealed(
  client: Client,
  pack: Pack,
  outputRoot: string,
  acts: readonly Statement[],
): Promise<readonly string[]> {
  if (pack.unpacked === undefined) return (await isKept(client, pack)) ? [] : acts.map(({ node }) => node);
  const entries = await entriesOf(client, acts);
  // Whoever knows a salt can reveal even then.
  const known = ({ seal }: Statement) => [sealEntry(seal.commitment), revealEntry(outputRoot)];
  return acts.filter((act, i) => !known(act).includes(entries[i] ?? "")).map(({ node }) => node);
}

const entriesOf = (client: Client, acts: readonly Statement[]): Promise<readonly string[]> =>
  explained(Promise.all(acts.map(({ seal, node }) => client.commitments.entryOf(seal.roundId, node))));

/** Whether the hash in storage is that of these seals: only then could they be unpacked. */
async function isKept({ commitments }: Client, { roundId, word, seals }: Pack): Promise<boolean> {
  try {
    await explained(commitments.unpack.staticCall(roundId, word, [...seals]));
    return true;
  } catch (error) {
    if (isRefusal(error, "CommitmentsOtherPack")) return false;
    throw error;
  }
}
