import type { Tensor } from "../../codecs/tensor.ts";
import { Executor } from "../executor.ts";
import { expose } from "../expose.ts";
import { elementSize, uncommit } from "../layout.ts";
import { type Program, type ProgramStep, statedName, type Step } from "../program.ts";

/** Runs a file on inputs as somebody's runtime does it: data of the outputs, row-major, all by name. */
export type RunFile = (
  file: Uint8Array,
  inputs: ReadonlyMap<string, Tensor>,
) => Promise<ReadonlyMap<string, Uint8Array>>;

/** What a runtime computes differently in one tensor. */
export interface Difference {
  /** Node that makes the tensor. */
  readonly name: string;
  readonly opcode: Step["opcode"];
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

/**
 * Tensors that a model reads, by their names.
 * @param inputs in the order of the program.
 * @param stated the outputs that a statement states; only a model that reads them needs them.
 */
export function namedInputs(
  program: Program,
  inputs: readonly Tensor[],
  stated: readonly Tensor[] = [],
): ReadonlyMap<string, Tensor> {
  const given = program.inputs.map(({ name }, k) => [name, inputs[k] as Tensor] as const);
  const read = program.stated.map((k) => [statedName(program.outputs[k]?.name ?? ""), stated[k] as Tensor] as const);
  return new Map([...given, ...read]);
}

/** Runs a model here and in a runtime and compares every tensor. */
export async function compareTensors(
  file: Uint8Array,
  program: Program,
  inputs: readonly Tensor[],
  run: RunFile,
  stated: readonly Tensor[] = [],
): Promise<Difference[]> {
  const exposed = expose(file, program);
  const named = namedInputs(program, inputs, stated);
  const theirs = await run(exposed.file, named);
  return [...new Executor(program).tensors(inputs, stated)].flatMap(([i, words]) => {
    const name = exposed.names[i] ?? "";
    // How a tensor is laid out that is there already is nobody's computation.
    if (name === "" || named.has(name)) return [];
    const step = program.steps[i];
    return step === undefined ? [] : differenceIn(step, words, theirs.get(name) ?? new Uint8Array());
  });
}
