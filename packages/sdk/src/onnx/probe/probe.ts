import type { Tensor } from "../../codecs/tensor.ts";
import { innerLayout } from "../compile/made.ts";
import { compile } from "../compile.ts";
import { kernelOf } from "../kernels/index.ts";
import { commit } from "../layout.ts";
import { DType, type Model, type NodeMessage, readModel } from "../model.ts";
import { GRAPH_INPUT, Layout, PROFILE, type Profile, type Program, type ProgramStep, type Ref } from "../program.ts";
import { compareTensors, type Difference, differenceIn, type RunFile } from "./compare.ts";
import { cutOut } from "./cutOut.ts";
import { exhaustionOf } from "./exhaust.ts";
import { integerGoldenCase } from "../profile2/golden.ts";
import { goldenCase } from "./golden.ts";

/**
 * Whether a runtime can be trusted with a version: compares every tensor of a run, and tries steps by themselves on all inputs
 * that can make a difference, where these are few: sums of two bytes, tables, means, and the bounds between the bytes of a float.
 *
 * A node does this when it loads a version, and refuses the version for one difference: what it would state could be judged
 * false.
 * @param inputs the version's golden input.
 * @param profile what the version is compiled for.
 * @param stated the version's golden output, for a model that reads what a statement states.
 */
export async function probeVersion(
  file: Uint8Array,
  inputs: readonly Tensor[],
  run: RunFile,
  profile: Profile = PROFILE,
  stated: readonly Tensor[] = [],
): Promise<readonly Difference[]> {
  const program = compile(file, profile);
  const differences = await compareTensors(file, program, inputs, run, stated);
  return profile === PROFILE ? [...differences, ...(await exhaustSteps(file, program, run))] : differences;
}

/** Runs each node by itself on all inputs that can make a difference. */
async function exhaustSteps(file: Uint8Array, program: Program, run: RunFile): Promise<Difference[]> {
  const differences: Difference[] = [];
  const model = readModel(file);
  const nodes = (model.graph?.node ?? []).filter(({ opType }) => opType !== "Constant");
  // Each node makes one step; the steps before bring inputs of bytes into their layouts.
  const first = program.inputs.filter(({ dtype }) => dtype === DType.Uint8).length;
  for (const [i, node] of nodes.entries()) {
    const step = program.steps[first + i];
    if (step !== undefined) differences.push(...(await exhaust(model, node, step, run)));
  }
  return differences;
}

/**
 * Whether a runtime computes as a profile says: probes a model of hard cases of every operator, among them what saturates on
 * processors that add two products in 16 bits. A node does this when it starts.
 */
export function probeRuntime(run: RunFile, profile: Profile = PROFILE): Promise<readonly Difference[]> {
  const { file, inputs } = profile === PROFILE ? goldenCase() : integerGoldenCase();
  return probeVersion(file, inputs, run, profile);
}

/** Runs one node here and in a runtime on all inputs that can make a difference. */
async function exhaust(model: Model, node: NodeMessage, program: ProgramStep, run: RunFile): Promise<Difference[]> {
  const exhaustion = exhaustionOf(program.step);
  if (exhaustion === undefined) return [];
  const { file, inputs, output } = cutOut(model, node, exhaustion);
  const refs = exhaustion.inputs.map(({ dtype, shape }): Ref => ({
    from: GRAPH_INPUT,
    layout: dtype === DType.Float ? Layout.Packed : innerLayout(shape),
    dtype,
    shape,
  }));
  const { shape } = exhaustion;
  const step = { ...program, step: { ...program.step, layout: innerLayout(shape), shape, inputs: refs } };
  const words = kernelOf(step, PROFILE)(exhaustion.inputs.map(({ data }, i) => commit(refs[i] as Ref, data)));
  const theirs = await run(file, inputs);
  return differenceIn(step, words, theirs.get(output) ?? new Uint8Array());
}
