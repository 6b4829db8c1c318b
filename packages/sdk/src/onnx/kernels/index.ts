import { integerKernelOf } from "../profile2/kernels/index.ts";
import { INTEGER_PROFILE, Opcode, type Profile, type ProgramStep } from "../program.ts";
import { add, argMax, dequant, lut, quant } from "./elements.ts";
import type { Kernel, KernelMaker } from "./kernel.ts";
import { concat, move } from "./moves.ts";
import { conv, dot } from "./products.ts";
import { globalAverage, maxPool } from "./windows.ts";

export type { Kernel } from "./kernel.ts";

const MAKERS: Readonly<Record<Opcode, KernelMaker>> = {
  [Opcode.Quant]: quant,
  [Opcode.Conv]: conv,
  [Opcode.Dot]: dot,
  [Opcode.Add]: add,
  [Opcode.Gap]: globalAverage,
  [Opcode.MaxPool]: maxPool,
  [Opcode.Lut]: lut,
  [Opcode.Concat]: concat,
  [Opcode.Move]: move,
  [Opcode.ArgMax]: argMax,
  [Opcode.Dequant]: dequant,
};

/** What runs a step. Its constants are read here, once. */
export function kernelOf(step: ProgramStep, profile: Profile): Kernel {
  if (profile === INTEGER_PROFILE) return integerKernelOf(step);
  return MAKERS[step.step.opcode](step);
}
