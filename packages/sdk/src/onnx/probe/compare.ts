import type { Tensor } from "../../codecs/tensor.ts";
import { Executor } from "../executor.ts";
import { expose } from "../expose.ts";
import { elementSize, uncommit } from "../layout.ts";
import { Opcode, type Program, type ProgramStep } from "../program.ts";

/** Runs a file on inputs as somebody's runtime does it: data of the outputs, row-major, all by name. */
export type RunFile = (
  file: Uint8Array,
  inputs: ReadonlyMap<string, Tensor>,
) => Promise<ReadonlyMap<string, Uint8Array>>;

/** What a runtime computes differently in one tensor. */
export interface Difference {
  /** Node that makes the tensor. */
  readonly name: string;
  readonly opcode: Opcode;
  /** The first element that differs, row-major; how many bytes differ; and what the first of them is. */
  readonly element: number;
  readonly count: number;
  readonly ours: number;
  readonly theirs: number;
}

/** How a tensor of a runtime differs from the committed words that it should have. */
export function differenceIn({ step, name }: ProgramStep, words: Uint8Array, theirs: Uint8Array): Difference[] {
  const ours = uncommit(step, words);
  const differing = [...ours.keys()].filter((byte) => ours[byte] !== theirs[byte]);
  const [byte] = differing;
  if (byte === undefined) return [];
  const element = Math.floor(byte / elementSize(step.dtype));
  const values = { ours: ours[byte] ?? -1, theirs: theirs[byte] ?? -1 };
  return [{ name, opcode: step.opcode, element, count: differing.length, ...values }];
}

/** Inputs in the order of a program, by their names. */
export function namedInputs(program: Program, inputs: readonly Tensor[]): ReadonlyMap<string, Tensor> {
  return new Map(program.inputs.map(({ name }, k) => [name, inputs[k] as Tensor]));
}

/** Runs a model here and in a runtime and compares every tensor. */
export async function compareTensors(
  file: Uint8Array,
  program: Program,
  inputs: readonly Tensor[],
  run: RunFile,
): Promise<Difference[]> {
  const exposed = expose(file, program);
  const named = namedInputs(program, inputs);
  const theirs = await run(exposed.file, named);
  return [...new Executor(program).tensors(inputs)].flatMap(([i, words]) => {
    const name = exposed.names[i] ?? "";
    // The layout of an input is nobody's computation.
    if (named.has(name)) return [];
    const step = program.steps[i];
    return step === undefined ? [] : differenceIn(step, words, theirs.get(name) ?? new Uint8Array());
  });
}
