import { DType, readModel, type ValueMessage, writeModel } from "./model.ts";
import type { Program, ProgramStep, Spec } from "./program.ts";

/** A model whose runs show every tensor. */
export interface Exposed {
  readonly file: Uint8Array;
  /** What the file calls the tensor of each step. A MOVE that brings an input or output into its layout has that one's name. */
  readonly names: readonly string[];
}

/**
 * Adds what every node makes to the outputs of a model. Its runtime computes the same bytes as before, and shows them: so a node
 * that runs nothing but ONNX Runtime gets at a trace.
 * @param file what `program` was compiled from.
 */
export function expose(file: Uint8Array, program: Program): Exposed {
  const model = readModel(file);
  const { graph } = model;
  if (graph === undefined) return { file, names: [] };
  const isByte = ({ dtype }: Spec) => dtype === DType.Uint8;
  const inputs = program.inputs.filter(isByte).map(({ name }) => name);
  const made = graph.node.filter(({ opType }) => opType !== "Constant").map(({ output: [name = ""] }) => name);
  const outputs = program.outputs.filter(isByte).map(({ name }) => name);
  const shown = new Set(program.outputs.map(({ name }) => name));
  const hidden = program.steps.slice(inputs.length, inputs.length + made.length).flatMap((step, i) => {
    const name = made[i] ?? "";
    return shown.has(name) ? [] : [valueOf(name, step)];
  });
  return {
    file: writeModel({ ...model, graph: { ...graph, output: [...graph.output, ...hidden] } }),
    names: [...inputs, ...made, ...outputs],
  };
}

function valueOf(name: string, { step }: ProgramStep): ValueMessage {
  const dim = step.shape.map((value) => ({ value, param: undefined, rest: [] }));
  const tensorType = { elemType: step.dtype, shape: { dim, rest: [] }, rest: [] };
  return { name, type: { tensorType, rest: [] }, rest: [] };
}
