/** What the profiles say of a model: whether its file lies inside of one, and what each step must give. */
import { payloadRoot, type Tensor, type VersionIdentity } from "@opg-protocol/sdk";
import {
  Executor,
  expose,
  INTEGER_PROFILE,
  ModelRefusedError,
  namedInputs,
  PROFILE,
  type Profile,
  type Program,
  uncommit,
} from "@opg-protocol/sdk/onnx";
import { ZeroHash } from "ethers";

import { countOf, elementAt } from "./distance.ts";
import type { RunModel } from "./ortRuntime.ts";
import { profileOf, programOf, shownTo } from "./program.ts";
import { equal, type RunningStep, type StepName } from "./steps.ts";

export const GRAPH_STEP: StepName = {
  id: "graph",
  title: "The model compiled",
  subject: "graph",
  isHeavy: true,
};

/**
 * Compiles a file as the version's profile says, and compares its graph with what the registry commits to.
 * @returns the program if every processor computes the same bits; undefined for a model outside of the profiles.
 */
export function readGraph(file: Uint8Array, identity: VersionIdentity, step: RunningStep): Program | undefined {
  const { profile: name, graphRoot } = identity;
  const profile = profileOf(name);
  if (profile === undefined && name !== ZeroHash) {
    step.find("graph", "untold", `This page does not know the profile ${name}.`);
    return undefined;
  }
  const program = compiled(file, profile, step);
  if (program === undefined) return undefined;
  const count = `${program.steps.length} steps`;
  if (profile === undefined) {
    step.note(
      `The version names no profile, so no contract can judge it. Its file lies within ${program.profile} all the same (${count}): every processor must compute the same bits.`,
    );
    return program;
  }
  const finding = equal(program.graphRoot, graphRoot);
  const text =
    finding === "holds"
      ? `The file lies within ${profile} and compiles to the graph that the registry commits to (${count}).`
      : "The file compiles to another graph than the registry commits to: nodes refuse such a version.";
  step.find("graph", finding, text, [`registry ${graphRoot}`, `compiled here ${program.graphRoot}`]);
  return finding === "holds" ? program : undefined;
}

function compiled(file: Uint8Array, profile: Profile | undefined, step: RunningStep): Program | undefined {
  try {
    return programOf(file, profile);
  } catch (error) {
    if (!(error instanceof ModelRefusedError)) throw error;
    if (profile === undefined)
      step.note(
        `The model is neither of ${PROFILE} nor of ${INTEGER_PROFILE}: processors may differ in the last bits of what it computes.`,
      );
    else step.find("graph", "fails", `The version names ${profile}, and its file lies outside: ${error.message}`);
    return undefined;
  }
}

/** What the reference executor gives. */
export interface ReferenceRun {
  readonly program: Program;
  readonly outputs: readonly Tensor[];
  readonly outputRoot: string;
  /** What the model was shown of its own outputs; empty if it reads none of them. */
  readonly shown: readonly Tensor[];
}

/**
 * Runs a program with the reference executor: the arithmetic that the contract judges by.
 * @param stated the outputs that were stated, where somebody gives them, for a model that reads them.
 * @throws as `shownTo`.
 */
export async function runReference(
  program: Program,
  inputs: readonly Tensor[],
  stated?: readonly Tensor[],
): Promise<ReferenceRun> {
  const executor = new Executor(program);
  const shown = await shownTo(executor, inputs, stated);
  const outputs = executor.run(inputs, shown);
  return { program, outputs, outputRoot: payloadRoot(outputs), shown };
}

/** What a comparison of two whole runs has found. */
export interface TraceComparison {
  readonly tensors: number;
  readonly elements: number;
  /** Numbers that differ, and where the first of them is. */
  readonly different: number;
  readonly first: string | undefined;
}

/** Compares each tensor of a run of the reference executor with what a runtime gives that was made to show all of them. */
export async function compareTrace(
  file: Uint8Array,
  { program, shown }: Pick<ReferenceRun, "program" | "shown">,
  inputs: readonly Tensor[],
  run: RunModel,
): Promise<TraceComparison> {
  const exposed = expose(file, program);
  const named = namedInputs(program, inputs, shown);
  const theirs = await run(exposed.file, named);
  const done = new Set(named.keys());
  let comparison: TraceComparison = { tensors: 0, elements: 0, different: 0, first: undefined };
  for (const [i, words] of new Executor(program).tensors(inputs, shown)) {
    const name = exposed.names[i] ?? "";
    const placed = program.steps[i]?.step;
    // How a tensor is laid out that is there already is nobody's computation, and what the file does not name no runtime shows.
    if (placed === undefined || name === "" || done.has(name)) continue;
    done.add(name);
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
