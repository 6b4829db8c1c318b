import { qLinearAdd } from "./add.ts";
import type { Made } from "./made.ts";
import type { Operator } from "./GraphReader.ts";
import type { AttributeTypes } from "./NodeReader.ts";
import type { QuantisedReader } from "./QuantisedReader.ts";
import { qGemm, qLinearConv, qLinearMatMul } from "./products.ts";
import {
  clip,
  concat,
  concatInputs,
  qLinearConcat,
  qLinearConcatInputs,
  qLinearLeakyRelu,
  qLinearSigmoid,
} from "./tables.ts";
import {
  argMax,
  dequantizeLinear,
  flatten,
  identity,
  quantizeLinear,
  reshape,
  squeeze,
  transpose,
  unsqueeze,
} from "./views.ts";
import { maxPool, qLinearGlobalAveragePool } from "./windows.ts";

/** An operator of the profile `onnx-int8/1`. */
export type QuantisedOperator = Operator<QuantisedReader, Made>;

/** The domain of operators that are ONNX Runtime's own. */
export const MICROSOFT = "com.microsoft";

const FIRST_OPSET = 11;
const NONE: AttributeTypes = {};
const AXIS: AttributeTypes = { axis: "Int" };
const WINDOW: AttributeTypes = {
  auto_pad: "String",
  dilations: "Ints",
  kernel_shape: "Ints",
  pads: "Ints",
  strides: "Ints",
};

const onnx = (
  inputs: readonly string[],
  attributes: AttributeTypes,
  make: QuantisedOperator["make"],
  since = FIRST_OPSET,
): QuantisedOperator => ({ since, inputs, outputs: 1, attributes, make });

const microsoft = (
  inputs: readonly string[],
  attributes: AttributeTypes,
  make: QuantisedOperator["make"],
): QuantisedOperator => onnx(inputs, attributes, make, 1);

/** The two inputs that say how a tensor is quantised. */
const scaled = (name: string) => [`${name}_scale`, `${name}_zero_point`];
const quantised = (name: string) => [name, ...scaled(name)];

const AI_ONNX: Readonly<Record<string, QuantisedOperator>> = {
  QuantizeLinear: onnx(
    ["x", ...scaled("y")],
    { axis: "Int", saturate: "Int", block_size: "Int", output_dtype: "Int" },
    quantizeLinear,
  ),
  QLinearConv: onnx(
    [...quantised("x"), ...quantised("w"), ...scaled("y"), "B"],
    { ...WINDOW, group: "Int" },
    qLinearConv,
  ),
  QLinearMatMul: onnx([...quantised("a"), ...quantised("b"), ...scaled("y")], NONE, qLinearMatMul),
  MaxPool: onnx(["X"], { ...WINDOW, ceil_mode: "Int", storage_order: "Int" }, maxPool, 12),
  Clip: onnx(["input", "min", "max"], NONE, clip, 12),
  Concat: onnx(concatInputs, AXIS, concat),
  Reshape: onnx(["data", "shape"], { allowzero: "Int" }, reshape),
  Flatten: onnx(["input"], AXIS, flatten),
  Squeeze: onnx(["data", "axes"], { axes: "Ints" }, squeeze),
  Unsqueeze: onnx(["data", "axes"], { axes: "Ints" }, unsqueeze),
  Transpose: onnx(["data"], { perm: "Ints" }, transpose),
  Identity: onnx(["input"], NONE, identity),
  ArgMax: onnx(["data"], { axis: "Int", keepdims: "Int", select_last_index: "Int" }, argMax),
  DequantizeLinear: onnx(quantised("x"), { axis: "Int", block_size: "Int" }, dequantizeLinear),
};

const COM_MICROSOFT: Readonly<Record<string, QuantisedOperator>> = {
  QGemm: microsoft(
    ["A", ...scaled("a"), "B", ...scaled("b"), "C", ...scaled("y")],
    { alpha: "Float", transA: "Int", transB: "Int" },
    qGemm,
  ),
  QLinearAdd: microsoft([...quantised("A"), ...quantised("B"), ...scaled("C")], NONE, qLinearAdd),
  QLinearGlobalAveragePool: microsoft(
    ["X", ...scaled("x"), ...scaled("y")],
    { channels_last: "Int" },
    qLinearGlobalAveragePool,
  ),
  QLinearSigmoid: microsoft([...quantised("X"), ...scaled("Y")], NONE, qLinearSigmoid),
  QLinearLeakyRelu: microsoft([...quantised("X"), ...scaled("Y")], { alpha: "Float" }, qLinearLeakyRelu),
  QLinearConcat: microsoft(qLinearConcatInputs, AXIS, qLinearConcat),
};

/** The operator of this name, if the profile allows it. `domain` is empty for ONNX' own. */
export function operatorOf(domain: string, name: string): QuantisedOperator | undefined {
  const operators = domain === "" ? AI_ONNX : domain === MICROSOFT ? COM_MICROSOFT : {};
  return Object.hasOwn(operators, name) ? operators[name] : undefined;
}
