import { valueOf } from "./GraphBuilder.ts";
import { readModel, writeModel } from "./model.ts";
import type { Program } from "./program.ts";

/** A model whose runs show every tensor. */
export interface Exposed {
  readonly file: Uint8Array;
  /**
   * What the file calls the tensor of each step; empty where the file has no such tensor. A MOVE that brings an input or output
   * into its layout has that one's name.
   */
  readonly names: readonly string[];
}

/**
 * Adds the tensors of all steps to the outputs of a model. Its runtime computes the same bytes as before, and shows them: so a node
 * that runs nothing but ONNX Runtime gets at a trace.
 * @param file what `program` was compiled from.
 */
export function expose(file: Uint8Array, program: Program): Exposed {
  const model = readModel(file, program.profile);
  const { graph } = model;
  if (graph === undefined) return { file, names: [] };
  const shown = new Set([...graph.input, ...graph.output].map(({ name = "" }) => name));
  const hidden = program.steps.flatMap(({ step, output }) =>
    output === undefined || shown.has(output) ? [] : [valueOf(output, step.shape, step.dtype)],
  );
  return {
    file: writeModel({ ...model, graph: { ...graph, output: [...graph.output, ...hidden] } }),
    names: program.steps.map(({ output = "" }) => output),
  };
}
