import { commit, Executor, expose, type Opcode } from "../../../src/onnx/index.ts";
import type { Runtime } from "./runtimes.ts";
import type { Case } from "./Sketch.ts";
import { sizeOf } from "./Sketch.ts";

/** A step that a runtime runs differently. */
export interface Mismatch {
  readonly runtime: string;
  readonly step: number;
  readonly opcode: Opcode;
  readonly name: string;
  /** Committed bytes that differ, and the first of them. */
  readonly count: number;
  readonly first: { readonly byte: number; readonly ours: number; readonly theirs: number };
}

export interface Comparison {
  /** Elements that were compared, in all runtimes together. */
  readonly elements: number;
  readonly mismatches: readonly Mismatch[];
}

/** Runs a model here and in runtimes, and compares every tensor, committed words against committed words. */
export async function compareRuns({ file, program, inputs }: Case, runtimes: readonly Runtime[]): Promise<Comparison> {
  const exposed = expose(file, program);
  const ours = [...new Executor(program).tensors(inputs)].map(([, words]) => words);
  const mismatches: Mismatch[] = [];
  let elements = 0;
  for (const runtime of runtimes) {
    const theirs = await runtime.run(exposed.file, program.inputs, inputs);
    for (const [i, { step, name }] of program.steps.entries()) {
      const bytes = theirs.get(exposed.names[i] ?? "");
      if (bytes === undefined) continue; // the MOVE of an input
      elements += sizeOf(step.shape);
      const difference = firstDifference(ours[i] ?? new Uint8Array(), commit(step, bytes));
      if (difference !== undefined)
        mismatches.push({ runtime: runtime.name, step: i, opcode: step.opcode, name, ...difference });
    }
  }
  return { elements, mismatches };
}

function firstDifference(ours: Uint8Array, theirs: Uint8Array): Pick<Mismatch, "count" | "first"> | undefined {
  if (Buffer.compare(ours, theirs) === 0) return undefined;
  const differing = [...theirs.keys()].filter((byte) => ours[byte] !== theirs[byte]);
  const [byte = theirs.length] = differing;
  return { count: differing.length, first: { byte, ours: ours[byte] ?? -1, theirs: theirs[byte] ?? -1 } };
}
