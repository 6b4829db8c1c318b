import type { Operator } from "../../compile/GraphReader.ts";
import type { AttributeTypes } from "../../compile/NodeReader.ts";
import { abs, add, cast, clip, div, equal, greater, greaterOrEqual, less, mul, sub, where } from "./elements.ts";
import { gather, gatherElements } from "./gathers.ts";
import type { IntegerReader } from "./IntegerReader.ts";
import type { IntegerTensor } from "./IntegerTensor.ts";
import { matMulInteger } from "./products.ts";
import { argMax, reduceSum, reduceSumSquare } from "./reductions.ts";
import {
  concat,
  concatInputs,
  expand,
  flatten,
  identity,
  reshape,
  slice,
  split,
  squeeze,
  transpose,
  unsqueeze,
} from "./views.ts";

/** An operator of the profile `onnx-int8/2`. It makes a tensor for each output of the node. */
export type IntegerOperator = Operator<IntegerReader, readonly IntegerTensor[]>;

/** The operator sets of ai.onnx that the profile allows. */
export const FIRST_OPSET = 13;
export const LAST_OPSET = 18;

const MAX_PARTS = 256;
const NONE: AttributeTypes = {};
const AXIS: AttributeTypes = { axis: "Int" };
const REDUCTION: AttributeTypes = { axes: "Ints", keepdims: "Int", noop_with_empty_axes: "Int" };

const operator = (
  inputs: readonly string[],
  attributes: AttributeTypes,
  make: IntegerOperator["make"],
  outputs = 1,
): IntegerOperator => ({ since: 1, inputs, outputs, attributes, make });

const pair = (make: IntegerOperator["make"]): IntegerOperator => operator(["A", "B"], NONE, make);

const OPERATORS: Readonly<Record<string, IntegerOperator>> = {
  MatMulInteger: operator(["A", "B", "a_zero_point", "b_zero_point"], NONE, matMulInteger),
  Add: pair(add),
  Sub: pair(sub),
  Mul: pair(mul),
  Div: pair(div),
  Abs: operator(["X"], NONE, abs),
  Cast: operator(["input"], { to: "Int" }, cast),
  Clip: operator(["input", "min", "max"], NONE, clip),
  Where: operator(["condition", "X", "Y"], NONE, where),
  Greater: pair(greater),
  Less: pair(less),
  GreaterOrEqual: pair(greaterOrEqual),
  Equal: pair(equal),
  Gather: operator(["data", "indices"], AXIS, gather),
  GatherElements: operator(["data", "indices"], AXIS, gatherElements),
  ReduceSum: operator(["data", "axes"], REDUCTION, reduceSum),
  ReduceSumSquare: operator(["data", "axes"], REDUCTION, reduceSumSquare),
  ArgMax: operator(["data"], { axis: "Int", keepdims: "Int", select_last_index: "Int" }, argMax),
  Slice: operator(["data", "starts", "ends", "axes", "steps"], NONE, slice),
  Split: operator(["input", "split"], { axis: "Int", num_outputs: "Int" }, split, MAX_PARTS),
  Concat: operator(concatInputs, AXIS, concat),
  Expand: operator(["input", "shape"], NONE, expand),
  Transpose: operator(["data"], { perm: "Ints" }, transpose),
  Reshape: operator(["data", "shape"], { allowzero: "Int" }, reshape),
  Flatten: operator(["input"], AXIS, flatten),
  Squeeze: operator(["data", "axes"], { axes: "Ints" }, squeeze),
  Unsqueeze: operator(["data", "axes"], { axes: "Ints" }, unsqueeze),
  Identity: operator(["input"], NONE, identity),
};

/** The operator of this name, if the profile allows it. `domain` is empty for ONNX' own. */
export function operatorOf(domain: string, name: string): IntegerOperator | undefined {
  return domain === "" && Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
}

const EIGEN = "is no operator of the profile: of int64 it is wrong in ONNX Runtime 1.23.2 and 1.30.0 on x86; use";

/** Operators that are not allowed although they seem to compute in integers, and what stands for them. */
export const REASONS: Readonly<Record<string, string>> = {
  Min: `${EIGEN} Clip of int32, or Less and Where`,
  Max: `${EIGEN} Clip of int32, or Greater and Where`,
  ReduceMax: "is no operator of the profile: use ArgMax and GatherElements",
  QLinearSoftmax: "computes in float32 inside: use a table of exponentials, ReduceSum and Div",
};
