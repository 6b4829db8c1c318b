import type { Kernel, KernelMaker } from "../../kernels/kernel.ts";
import type { ProgramStep } from "../../program.ts";
import { IntegerOpcode } from "../program.ts";
import { map } from "./map.ts";
import { join, move, rows, take } from "./moves.ts";
import { dot } from "./products.ts";
import { argMax, sum } from "./rows.ts";

const MAKERS: Readonly<Record<IntegerOpcode, KernelMaker>> = {
  [IntegerOpcode.Dot]: dot,
  [IntegerOpcode.Map]: map,
  [IntegerOpcode.Sum]: sum,
  [IntegerOpcode.ArgMax]: argMax,
  [IntegerOpcode.Take]: take,
  [IntegerOpcode.Rows]: rows,
  [IntegerOpcode.Move]: move,
  [IntegerOpcode.Join]: join,
};

/** What runs a step of the profile `onnx-int8/2`. Its constants are read here, once. */
export function integerKernelOf(step: ProgramStep): Kernel {
  return MAKERS[step.step.opcode as IntegerOpcode](step);
}
