/** What the profile `onnx-int8/1` says of a model: whether its file lies inside, and what each step must give. */
import { payloadRoot, type Tensor, type VersionIdentity } from "@opg-protocol/sdk";
import { compile, Executor, expose, ModelRefusedError, PROFILE, type Program, uncommit } from "@opg-protocol/sdk/onnx";
import { encodeBytes32String, ZeroHash } from "ethers";

import { countOf, elementAt } from "./distance.ts";
import type { RunModel } from "./ortRuntime.ts";
import { equal, type RunningStep, type StepName } from "./steps.ts";

export const GRAPH_STEP: StepName = {
  id: "graph",
  title: "The model compiled",
  subject: "graph",
  isHeavy: true,
};

/** How versions name the profile. */
const NAME = encodeBytes32String(PROFILE);

/**
 * Compiles a file as the profile says, and compares its graph with what the registry commits to.
 * @returns the program if every processor computes the same bits; undefined for a model outside of the profile.
 */
export function readGraph(file: Uint8Array, identity: VersionIdentity, step: RunningStep): Program | undefined {
  const { profile, graphRoot } = identity;
  if (profile !== ZeroHash && profile !== NAME) {
    step.find("graph", "untold", `This page does not know the profile ${profile}.`);
    return undefined;
  }
  const isNamed = profile === NAME;
  const program = compiled(file, isNamed, step);
  if (program === undefined) return undefined;
  const count = `${program.steps.length} steps`;
  if (!isNamed) {
    step.note(
      `The version names no profile, so no contract can judge it. Its file lies within ${PROFILE} all the same (${count}): every processor must compute the same bits.`,
    );
    return program;
  }
  const finding = equal(program.graphRoot, graphRoot);
  const text =
    finding === "holds"
      ? `The file lies within ${PROFILE} and compiles to the graph that the registry commits to (${count}).`
      : "The file compiles to another graph than the registry commits to: nodes refuse such a version.";
  step.find("graph", finding, text, [`registry ${graphRoot}`, `compiled here ${program.graphRoot}`]);
  return finding === "holds" ? program : undefined;
}

function compiled(file: Uint8Array, isNamed: boolean, step: RunningStep): Program | undefined {
  try {
    return compile(file);
  } catch (error) {
    if (!(error instanceof ModelRefusedError)) throw error;
    if (isNamed)
      step.find("graph", "fails", `The version names ${PROFILE}, and its file lies outside: ${error.message}`);
    else step.note(`The model is not of ${PROFILE}: processors may differ in the last bits of what it computes.`);
    return undefined;
  }
}

/** What the reference executor gives. */
export interface ReferenceRun {
  readonly outputs: readonly Tensor[];
  readonly outputRoot: string;
}

/** Runs a program with the reference executor: the arithmetic that the contract judges by. */
export function runReference(program: Program, inputs: readonly Tensor[]): ReferenceRun {
  const outputs = new Executor(program).run(inputs);
  return { outputs, outputRoot: payloadRoot(outputs) };
}

/** What a comparison of two whole runs has found. */
export interface TraceComparison {
  readonly tensors: number;
  readonly elements: number;
  /** Bytes that differ, and where the first of them is. */
  readonly different: number;
  readonly first: string | undefined;
}

/** Compares each tensor of a run of the reference executor with what a runtime gives that was made to show all of them. */
export async function compareTrace(
  file: Uint8Array,
  program: Program,
  inputs: readonly Tensor[],
  run: RunModel,
): Promise<TraceComparison> {
  const { file: shown, names } = expose(file, program);
  const named = new Map(program.inputs.flatMap(({ name }, k) => (inputs[k] === undefined ? [] : [[name, inputs[k]]])));
  const theirs = await run(shown, named);
  let comparison: TraceComparison = { tensors: 0, elements: 0, different: 0, first: undefined };
  for (const [i, words] of new Executor(program).tensors(inputs)) {
    const name = names[i] ?? "";
    const placed = program.steps[i]?.step;
    // How an input is laid out is nobody's computation.
    if (placed === undefined || named.has(name)) continue;
    const { dtype, shape } = placed;
    comparison = withTensor(comparison, name, { dtype, shape, data: uncommit(placed, words) }, theirs.get(name));
  }
  return comparison;
}

function withTensor(before: TraceComparison, name: string, ours: Tensor, theirs: Tensor | undefined): TraceComparison {
  const elements = countOf(ours);
  const size = ours.data.length / elements;
  const differing: number[] = [];
  for (let element = 0; element < elements; element += 1)
    if (theirs === undefined || !isSame(ours.data, theirs.data, element * size, size)) differing.push(element);
  const [place] = differing;
  const found = place === undefined || theirs === undefined ? "nothing" : String(elementAt(theirs, place));
  const first =
    place === undefined
      ? undefined
      : `Tensor ${name}, number ${place}: the runtime gives ${found}, the reference ${elementAt(ours, place)}.`;
  return {
    tensors: before.tensors + 1,
    elements: before.elements + elements,
    different: before.different + differing.length,
    first: before.first ?? first,
  };
}

function isSame(a: Uint8Array, b: Uint8Array, from: number, length: number): boolean {
  for (let at = from; at < from + length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
