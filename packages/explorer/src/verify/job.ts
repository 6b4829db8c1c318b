import { type Client, PayloadError, type Tensor } from "@opg-protocol/sdk";

import type { FetchBytes } from "./download.ts";
import { checkError, ERROR_STEP } from "./errors.ts";
import { INPUT_STEP, isInline, OUTPUT_STEP, readInput } from "./inputs.ts";
import { nodeUrlsOf } from "./nodeUrls.ts";
import type { RunModel } from "./ortRuntime.ts";
import { fetchPayload } from "./payloads.ts";
import { CHAIN_STEP, type Question, readQuestion } from "./question.ts";
import { recompute } from "./recompute.ts";
import { reasonOf, type Report, reportOf, type RunningStep, type Step, Steps } from "./steps.ts";
import { ARTIFACT_STEP, MOST_ARTIFACT_BYTES, readArtifact, readVersion, VERSION_STEP } from "./version.ts";

/** What every check takes. */
export interface CheckParameters {
  readonly client: Client;
  readonly fetchBytes: FetchBytes;
  readonly runModel: RunModel;
  /** Told whenever a step begins, changes or ends. */
  readonly onStep: (step: Step) => void;
  readonly signal?: AbortSignal | undefined;
  /** The model's file, where the user has it: its digest is checked all the same. */
  readonly artifact?: Uint8Array | undefined;
  /** Most bytes of a file that is fetched. */
  readonly mostArtifactBytes?: number | undefined;
}

/** Parameters of {@link verifyJob}. */
export interface VerifyJobParameters extends CheckParameters {
  readonly jobId: string;
}

/**
 * Checks the answer to a job from the order to the last number: what the chain says of it, the input, the version and its file,
 * and the output, which is computed again. Works for jobs of both markets, and for answers that are not final yet.
 * @throws the reason of the signal; nothing else: what cannot be checked is a finding.
 */
export async function verifyJob(parameters: VerifyJobParameters): Promise<Report> {
  const { client, jobId, onStep, signal, fetchBytes } = parameters;
  const steps = new Steps(onStep, signal);
  const question = await steps.run(CHAIN_STEP, (step) => readQuestion(client, jobId, step));
  if (question === undefined) return reportOf(steps.all);
  const input = await steps.run(INPUT_STEP, (step) => readInput(question, fetchBytes, signal, step));
  const version = await steps.run(VERSION_STEP, (step) => readVersion(client, question.versionId, step));
  const { outputRoot, fault } = question;
  if (outputRoot === undefined) return reportOf(steps.all);

  const artifact =
    version && (await steps.run(ARTIFACT_STEP, (step) => readArtifact(version, sourcesOf(parameters), step)));
  if (fault !== PayloadError.None) {
    const stated = { fault, version, artifact, input, isInline: isInline(question) };
    await steps.run(ERROR_STEP, (step) => checkError(stated, parameters.runModel, step));
    return reportOf(steps.all);
  }
  const output = await steps.run(OUTPUT_STEP, (step) => readOutput(parameters, question, outputRoot, step));
  if (version === undefined || artifact === undefined || input === undefined) return reportOf(steps.all);
  await recompute(steps, { version, artifact, input, outputRoot, output }, parameters.runModel);
  return reportOf(steps.all);
}

/** Where the file of a version comes from, by the parameters of a check. */
export const sourcesOf = ({ artifact: given, fetchBytes, mostArtifactBytes, signal }: CheckParameters) => ({
  given,
  fetchBytes,
  mostBytes: mostArtifactBytes ?? MOST_ARTIFACT_BYTES,
  signal,
});

/**
 * The bytes that were stated, from the nodes that stated them or from the calldata of their delivery. Without them nothing is
 * left open: who computes the output again has bytes with the same root.
 */
async function readOutput(
  { client, fetchBytes, signal }: CheckParameters,
  { nodes, versionId, delivered }: Question,
  outputRoot: string,
  step: RunningStep,
): Promise<readonly Tensor[] | undefined> {
  try {
    const urls = (await nodeUrlsOf(client, { nodes, versionId })).map(({ url }) => url);
    const { tensors, from } = await fetchPayload(outputRoot, urls, fetchBytes, { signal });
    step.find(
      "output",
      "holds",
      `${from} gives the bytes of the output; computed from them, the root is what was stated.`,
    );
    return tensors;
  } catch (error) {
    signal?.throwIfAborted();
    step.note(reasonOf(error));
  }
  try {
    const tensors = await delivered();
    step.find(
      "output",
      "holds",
      "The calldata of the delivery has the bytes of the output, with the root that was stated.",
    );
    return tensors;
  } catch {
    step.note("Only its root is known here. If the run below gives the same root, it gives the same bytes.");
    return undefined;
  }
}
