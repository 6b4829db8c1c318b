/** Loads the model of a statement and runs it here. Brings the compiler along: import it when it is asked for. */
import {
  type Client,
  getStatement,
  getVersion,
  type MadeStatement,
  PayloadError,
  payloadRoot,
  type Tensor,
  TracedRun,
  type Version,
} from "@opg-protocol/sdk";
import { Executor, INTEGER_PROFILE, type Program } from "@opg-protocol/sdk/onnx";

import type { FetchBytes } from "../../../verify/download.ts";
import { GRAPH_STEP, readGraph } from "../../../verify/graph.ts";
import { INPUT_STEP, OUTPUT_STEP, readInput } from "../../../verify/inputs.ts";
import { nodeUrlsOf } from "../../../verify/nodeUrls.ts";
import { fetchPayload, type FoundPayload } from "../../../verify/payloads.ts";
import { profileOf, shownTo } from "../../../verify/program.ts";
import { type RunningStep, type Step, type StepName, Steps } from "../../../verify/steps.ts";
import { ARTIFACT_STEP, MOST_ARTIFACT_BYTES, readArtifact } from "../../../verify/version.ts";
import { endsInTime } from "./trial.ts";
import type { TrialRequest } from "./trialMessages.ts";

const SERVED_STEP: StepName = { id: "served", title: "The input, as the node has it", subject: "input" };
const TRIAL_STEP: StepName = {
  id: "trial",
  title: "The model tried out, so that it cannot hold up the page",
  subject: "trace",
};
const TRACE_STEP: StepName = { id: "trace", title: "The model run step by step", subject: "trace", isHeavy: true };

/** What was stated, as far as a run needs it. */
export interface RunQuestion {
  readonly statementId: string;
  readonly versionId: string;
  readonly node: string;
  readonly outputRoot: string;
  /** The round in which it was stated; a receipt is made in none. */
  readonly roundId: string | undefined;
  /** Of the input, where it is known; a round tells it. */
  readonly inputRoot: string | undefined;
  /** Block of the statement's order, where it is known. */
  readonly orderBlock: number | undefined;
}

/** How a model and an input are brought here. */
export interface RunMeans {
  readonly fetchBytes: FetchBytes;
  /** The model's file, where the user has given it. */
  readonly given?: Uint8Array | undefined;
  readonly signal: AbortSignal;
  /** Told of each step as it goes on. */
  readonly onStep: (step: Step) => void;
}

/** A model that was compiled here and, where its input is known, run. */
export interface OwnRun {
  readonly version: Version;
  readonly program: Program;
  /** What the node has stated, down to the version; undefined of a receipt. */
  readonly made: MadeStatement | undefined;
  /** Undefined where the input, or the stated output that the model is shown, is not to be had. */
  readonly run: TracedRun | undefined;
  /** Root of what the model gives here. */
  readonly outputRoot: string | undefined;
}

/** The model could not be loaded: the steps say why. */
export class NotRunError extends Error {
  constructor(step: Step | undefined) {
    const [finding] = (step?.findings ?? []).filter((each) => each.finding !== "holds");
    super([finding?.text ?? "The model could not be loaded.", ...(finding?.detail ?? [])].join(" "));
    this.name = "NotRunError";
  }
}

/**
 * Fetches the version's file, checks it against the registry, compiles it, and runs it on the input of the statement, shown the
 * statement's own output if the model reads that.
 * @throws NotRunError if the model could not be loaded; NotFoundError.
 */
export async function runHere(client: Client, question: RunQuestion, means: RunMeans): Promise<OwnRun> {
  const { roundId, node, outputRoot, orderBlock, versionId } = question;
  const from = orderBlock === undefined ? {} : { fromBlock: orderBlock };
  const made = roundId === undefined ? undefined : await getStatement(client, { roundId, node, outputRoot, ...from });
  const version = made?.version ?? (await getVersion(client, { versionId }));
  const steps = new Steps(means.onStep, means.signal);
  const file = await loadFile(steps, version, means);
  const input = await inputOf(steps, client, question, made, means);
  const { profile } = version.identity;
  // Which models are shown what was stated, their graph tells, and the page reads none before it was tried out.
  const stated = profileOf(profile) === INTEGER_PROFILE ? await statedOf(steps, client, question, means) : undefined;
  await tryOut(steps, { file, profile, inputs: input, stated }, means.signal);
  const program = await compileHere(steps, file, version);
  const run = input && (await steps.run(TRACE_STEP, (step) => trace(program, { input, stated, outputRoot }, step)));
  return { version, program, made, run, outputRoot: run && payloadRoot(run.trace.outputs) };
}

async function loadFile(steps: Steps, version: Version, { fetchBytes, given, signal }: RunMeans): Promise<Uint8Array> {
  const sources = { fetchBytes, given, signal, mostBytes: MOST_ARTIFACT_BYTES };
  const file = await steps.run(ARTIFACT_STEP, (step) => readArtifact(version, sources, step));
  if (file === undefined) throw new NotRunError(steps.all.at(-1));
  return file;
}

async function tryOut(steps: Steps, request: TrialRequest, signal: AbortSignal): Promise<void> {
  const isQuick = await steps.run(TRIAL_STEP, async (step) => {
    if (await endsInTime(request, signal)) return true;
    step.find("trace", "untold", "The model takes too long for a page: play this dispute with a program of your own.");
    return undefined;
  });
  if (isQuick !== true) throw new NotRunError(steps.all.at(-1));
}

async function compileHere(steps: Steps, file: Uint8Array, { identity }: Version): Promise<Program> {
  const program = await steps.run(GRAPH_STEP, async (step) => {
    await painted();
    return readGraph(file, identity, step);
  });
  if (program === undefined) throw new NotRunError(steps.all.at(-1));
  return program;
}

/** The input of a statement: out of its order, from where the order says, or from the node, which vouches for having it. */
async function inputOf(
  steps: Steps,
  client: Client,
  { node, inputRoot }: RunQuestion,
  made: MadeStatement | undefined,
  means: RunMeans,
): Promise<readonly Tensor[] | undefined> {
  const { fetchBytes, signal } = means;
  if (made !== undefined) {
    const committed = { inputRoot: made.statement.inputRoot, carried: made.input, fault: PayloadError.None };
    const ordered = await steps.run(INPUT_STEP, (step) => readInput(committed, fetchBytes, signal, step));
    if (ordered !== undefined) return ordered;
  }
  const root = made?.statement.inputRoot ?? inputRoot;
  if (root === undefined) return undefined;
  return steps.run(SERVED_STEP, async (step) => {
    const served = await servedBy(client, node, root, means);
    step.find("input", "holds", `The input from ${served.from} has the root that the statement names.`);
    return served.tensors;
  });
}

/** The bytes of what was stated, from the node that has stated them. */
function statedOf(
  steps: Steps,
  client: Client,
  { node, outputRoot }: RunQuestion,
  means: RunMeans,
): Promise<readonly Tensor[] | undefined> {
  return steps.run(OUTPUT_STEP, async (step) => {
    const served = await servedBy(client, node, outputRoot, means);
    step.find("output", "holds", `The output from ${served.from} has the root that was stated.`);
    return served.tensors;
  });
}

async function servedBy(
  client: Client,
  node: string,
  root: string,
  { fetchBytes, signal }: RunMeans,
): Promise<FoundPayload> {
  const urls = (await nodeUrlsOf(client, { nodes: [node] })).map(({ url }) => url);
  return fetchPayload(root, urls, fetchBytes, { signal });
}

interface Traced {
  readonly input: readonly Tensor[];
  readonly stated: readonly Tensor[] | undefined;
  readonly outputRoot: string;
}

async function trace(
  program: Program,
  { input, stated, outputRoot }: Traced,
  step: RunningStep,
): Promise<TracedRun | undefined> {
  await painted();
  const executor = new Executor(program);
  const known = stated ?? (await shownTo(executor, input, undefined));
  // Shown another output than was stated, a model makes another trace, which no game about the statement could use.
  if (known.length > 0 && payloadRoot(known) !== outputRoot) {
    step.find("trace", "untold", "The model reads the output that was stated, and nobody gives that.");
    return undefined;
  }
  return new TracedRun(executor, input, known);
}

/** Lets the page show what is going on before something long begins. */
const painted = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 30);
  });
