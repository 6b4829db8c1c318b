import type { ProgramStep } from "../program.ts";

/** Makes the committed words of a step's tensor out of those that it reads. Keeps nothing of them. */
export type Kernel = (inputs: readonly Uint8Array[]) => Uint8Array;

/** Reads a step once and prepares what its runs need. */
export type KernelMaker = (step: ProgramStep) => Kernel;

/** The attributes of a step. All of them fit numbers. */
export const attrsOf = ({ step }: ProgramStep): number[] => step.attrs.map(Number);

/** The dimensions of a tensor of rank 4. */
export function imageOf({ shape }: { readonly shape: readonly number[] }) {
  const [n = 1, c = 1, h = 1, w = 1] = shape;
  return { n, c, h, w };
}

/** The i-th thing that a step reads. */
export function nth<T>(inputs: readonly T[], i: number): T {
  const input = inputs[i];
  if (input === undefined) throw new RangeError(`A step has no input ${i}.`);
  return input;
}
