import type { Made } from "../../compile/made.ts";
import { Layout, type Ref } from "../../program.ts";
import type { IntegerTensor } from "../compile/IntegerTensor.ts";

/** How a step refers to a tensor that it reads. */
export type RefOf = (tensor: IntegerTensor) => Ref;

/** What one step makes: a tensor, and tensors before it that are made on the way. */
export abstract class Unit {
  /** The tensor that the step makes. */
  readonly root: IntegerTensor;

  constructor(root: IntegerTensor) {
    this.root = root;
  }

  /** The tensors that it reads. */
  abstract get reads(): readonly IntegerTensor[];

  /** The step. */
  abstract made(refOf: RefOf): Made;

  /** Takes a tensor in that no other step reads; says whether it could. */
  abstract join(tensor: IntegerTensor): boolean;
}

/** A tensor as steps make it. */
export const rowsOf = ({ dtype, shape }: Pick<IntegerTensor, "dtype" | "shape">) => ({
  dtype,
  shape,
  layout: Layout.Rows,
});
