/** MAP: a program over the elements at one place. */
import { type KernelMaker, nth } from "../../kernels/kernel.ts";
import { sizeOf } from "../../layout.ts";
import { committed, type Integers, integersIn, zeros } from "./integers.ts";
import { expand } from "./expand.ts";
import { MapPlan } from "./MapPlan.ts";
import { MapRun } from "./MapRun.ts";

export const map: KernelMaker = (program) => {
  const { step } = program;
  const plan = new MapPlan(program);
  const own = nth(plan.shapes, plan.shapes.length - 1);
  const count = sizeOf(step.shape);
  return (inputs) => {
    const read = step.inputs
      .slice(0, plan.operands)
      .map((ref, i): Integers => plan.held[i]?.numbers ?? integersIn(ref, nth(inputs, i)));
    const made = zeros(step.dtype, sizeOf(own));
    new MapRun(plan, read).run(made);
    const whole = { shape: step.shape, from: 0, count };
    return committed(step, made.length === count ? made : expand(made, own, whole, zeros(step.dtype, count)));
  };
};
