import { describe } from "node:test";

import { DType } from "../../src/onnx/index.ts";
import { type GraphBuilder, type NodeOptions, quantised } from "../../src/onnx/GraphBuilder.ts";
import { type Build, check } from "./refusing.ts";

type Attributes = NonNullable<NodeOptions["attributes"]>;
type Inputs = (b: GraphBuilder) => readonly string[];

/** A graph with a node `n` on the input `x` of this shape. What it makes is no output, because it is refused. */
function one(opType: string, shape: readonly number[], attributes: Attributes = {}, more?: Inputs): Build {
  return (b) => {
    b.node(opType, [b.input("x", shape), ...(more?.(b) ?? [])], { name: "n", attributes });
    b.output("x", shape);
  };
}

describe("compile, on QLinearAdd", () => {
  const add = (shape: readonly number[], other: (b: GraphBuilder) => string, scale = 0.5, zero = 0): Build =>
    one("QLinearAdd", shape, {}, (b) => [
      ...quantised(b, 0.5, 0),
      other(b),
      ...quantised(b, 0.5, 0),
      b.float(scale),
      b.uint8(zero),
    ]);
  check([
    [
      "sums on which processors differ",
      add([2], () => "x", 1),
      ["n", "C_scale", "makes processors disagree on the sum of the bytes 0 and 1; run `opg model tune`"],
    ],
    [
      "ratios that are too large",
      add([2], () => "x", 2 ** -10),
      ["n", "A_scale", "combines with the other scales to 512, outside of [2^-32, 2^8)"],
      ["n", "B_scale", "combines with the other scales to 512, outside of [2^-32, 2^8)"],
    ],
    ["shapes that differ", add([2], (b) => b.input("y", [3])), ["n", "B", "has the shape [3], not that of A, [2]"]],
    [
      "scales with an axis",
      one("QLinearAdd", [2], {}, (b) => {
        const q = quantised(b, 0.5, 0);
        return [b.float([0.5]), q[1], "x", ...q, ...q];
      }),
      ["n", "A_scale", "has the shape [1], not []"],
    ],
    [
      "a single element",
      add([1, 1], () => "x"),
      ["n", "A", "has one element, which ONNX Runtime adds in another order"],
    ],
    [
      "a constant that is no row",
      add([2, 3], (b) => b.uint8([1, 2])),
      ["n", "B", "is a constant of shape [2], not a row of the last axis of [2, 3]"],
    ],
    [
      "a constant matrix",
      add([2, 3], (b) => b.uint8([1, 2, 3, 4, 5, 6], [2, 3])),
      ["n", "B", "is a constant of shape [2, 3], not a row of the last axis of [2, 3]"],
    ],
    [
      "a constant row of one",
      add([2, 1], (b) => b.uint8([1])),
      ["n", "B", "is a constant of shape [1], not a row of the last axis of [2, 1]"],
    ],
    [
      "a constant in the first place",
      (b) => {
        const q = quantised(b, 0.5, 0);
        b.node("QLinearAdd", [b.uint8([1, 2]), ...q, b.input("x", [2]), ...q, ...q], { name: "n" });
        b.output("x", [2]);
      },
      ["n", "A", "is a constant, not a tensor that an earlier node makes"],
    ],
  ]);
});

describe("compile, on windows", () => {
  const pool = (attributes: Attributes, shape: readonly number[] = [1, 1, 4, 4]) => one("MaxPool", shape, attributes);
  const average = (shape: readonly number[], attributes: Attributes = {}) =>
    one("QLinearGlobalAveragePool", shape, attributes, (b) => [...quantised(b, 1, 0), ...quantised(b, 1, 0)]);
  check([
    [
      "a kernel beyond 7x7",
      pool({ kernel_shape: [8, 1] }, [1, 1, 8, 8]),
      ["n", "kernel_shape", "is [8, 1], larger than [7, 7]"],
    ],
    ["no kernel", pool({}), ["n", "kernel_shape", "is missing"]],
    [
      "a kernel of another rank",
      pool({ kernel_shape: [2] }),
      ["n", "kernel_shape", "is [2], not 2 numbers from 1 to 65535"],
    ],
    [
      "pads as large as the kernel",
      pool({ kernel_shape: [2, 2], pads: [0, 0, 0, 2] }),
      ["n", "pads", "are [0, 0, 0, 2], not all smaller than the kernel [2, 2]"],
      ["n", "pads", "leave a window without any position of the image"],
    ],
    [
      "windows beside the image",
      pool({ kernel_shape: [2, 2], strides: [3, 3], pads: [1, 1, 1, 1], ceil_mode: 1 }),
      ["n", "pads", "leave a window without any position of the image"],
    ],
    [
      "windows whose holes cover the image",
      pool({ kernel_shape: [2, 1], dilations: [2, 1], pads: [1, 0, 1, 0] }, [1, 1, 1, 1]),
      ["n", "pads", "leave a window without any position of the image"],
    ],
    [
      "indices in another order",
      pool({ kernel_shape: [1, 1], storage_order: 1 }),
      ["n", "storage_order", "is 1, not 0"],
    ],
    ["an image of rank 3", pool({ kernel_shape: [1, 1] }, [1, 4, 4]), ["n", "X", "has rank 3, not 4"]],
    [
      "averages of more than 196",
      average([1, 1, 14, 15]),
      ["n", "X", "has 210 positions for each channel, more than 196"],
    ],
    ["channels last", average([1, 1, 2, 2], { channels_last: 1 }), ["n", "channels_last", "is 1, not 0"]],
    ["averages of rank 3", average([1, 2, 2]), ["n", "X", "has rank 3, not 4"]],
  ]);
});

describe("compile, on tables", () => {
  const join = (counts: readonly number[], attributes: Attributes = { axis: 0 }): Build => {
    const [first = 1, ...others] = counts;
    return one("Concat", [first, 2], attributes, (b) => others.map((count, i) => b.input(`y${i}`, [count, 2])));
  };
  check([
    ["nine inputs", join([1, 1, 1, 1, 1, 1, 1, 1, 1]), ["n", "", "has 9 inputs, more than 8"]],
    ["one input", join([1]), ["n", "", "joins 1 inputs, not 2 to 8"]],
    ["shapes that do not fit", join([1, 2], { axis: 1 }), ["n", "", "joins [2, 2] to [1, 2]"]],
    ["no axis", join([1, 2], {}), ["n", "axis", "is missing"]],
    ["an axis that there is not", join([1, 2], { axis: -3 }), ["n", "axis", "is -3, beyond the 2 axes of the input"]],
    [
      "bounds that are computed",
      one("Clip", [2], {}, () => ["x"]),
      ["n", "min", "is no constant: it must be an initialiser or a Constant node"],
    ],
    ["float bounds", one("Clip", [2], {}, (b) => [b.float(0)]), ["n", "min", "has element type 1, not 2"]],
    [
      "an alpha that is no number",
      one("QLinearLeakyRelu", [2], { alpha: { float: NaN } }, (b) => [...quantised(b, 1, 0), ...quantised(b, 1, 0)]),
      ["n", "alpha", "is NaN"],
    ],
    [
      "entries of a sigmoid at a rounding boundary",
      one("QLinearSigmoid", [2], {}, (b) => [...quantised(b, 0.1, 0), ...quantised(b, 1, 0)]),
      ["n", "Y_scale", "brings the entry for 0 closer than 2^-14 to a rounding boundary; change it a little"],
    ],
    [
      "a QLinearConcat that ends early",
      one("QLinearConcat", [2], { axis: 0 }, () => []),
      ["n", "Y_scale", "is no constant: it must be an initialiser or a Constant node"],
    ],
  ]);
});

describe("compile, on views and results", () => {
  check([
    [
      "a shape that does not fit",
      one("Reshape", [2, 3], {}, (b) => [b.int64([4, -1])]),
      ["n", "shape", "is [4, -1], which [2, 3] cannot become"],
    ],
    [
      "a shape with two axes",
      one("Reshape", [2, 3], {}, (b) => [b.tensor(DType.Int64, [1, 1], Uint8Array.of(6, 0, 0, 0, 0, 0, 0, 0))]),
      ["n", "shape", "has the shape [1, 1], not that of a list of at most 64"],
    ],
    ["axes that are left empty", one("Squeeze", [1, 2], {}, () => [""]), ["n", "axes", "is missing"]],
    [
      "a sigmoid without zero points",
      one("QLinearSigmoid", [2], {}, (b) => [...quantised(b, 0.1, 0), b.float(0.004)]),
      ["n", "Y_zero_point", "is missing"],
    ],
    [
      "two free dimensions",
      one("Reshape", [2, 3], {}, (b) => [b.int64([-1, -1])]),
      ["n", "shape", "is [-1, -1], which [2, 3] cannot become"],
    ],
    [
      "zeros that are meant",
      one("Reshape", [2, 3], { allowzero: 1 }, (b) => [b.int64([0, 3])]),
      ["n", "shape", "is [0, 3], which [2, 3] cannot become"],
    ],
    [
      "a shape that is computed",
      one("Reshape", [2], {}, () => ["x"]),
      ["n", "shape", "is no constant: it must be an initialiser or a Constant node"],
    ],
    ["rank 0", one("Squeeze", [1, 1]), ["n", "", "makes a tensor of rank 0"]],
    [
      "axes that are not of size 1",
      one("Squeeze", [1, 2], {}, (b) => [b.int64([1])]),
      ["n", "axes", "are [1], not all of size 1 in [1, 2]"],
    ],
    [
      "axes that are an attribute",
      one("Squeeze", [1, 2], { axes: [0] }),
      ["n", "axes", "are an attribute, but from opset 13 on they are an input"],
    ],
    [
      "the same axis twice",
      one("Unsqueeze", [2], {}, (b) => [b.int64([0, 0])]),
      ["n", "axes", "are [0, 0], not different axes of a tensor of rank 3"],
    ],
    ["no axes", one("Unsqueeze", [2]), ["n", "axes", "is missing"]],
    [
      "rank 7",
      one("Unsqueeze", [1, 1, 1, 1, 1, 2], {}, (b) => [b.int64([0])]),
      ["n", "", "makes a tensor that has rank 7, not 1 to 6"],
    ],
    [
      "no order of the axes",
      one("Transpose", [2, 3], { perm: [0, 0] }),
      ["n", "perm", "is [0, 0], no order of the axes of [2, 3]"],
    ],
    [
      "an axis of Flatten that there is not",
      one("Flatten", [2, 3], { axis: 3 }),
      ["n", "axis", "is 3, beyond the 2 axes of the input"],
    ],
    [
      "ArgMax of another axis, and of the last maximum",
      one("ArgMax", [2, 3], { axis: 0, select_last_index: 1 }),
      ["n", "select_last_index", "is 1, not 0"],
      ["n", "axis", "is 0, not the last"],
      ["", "n", "makes something other than uint8, so it must be an output of the graph"],
    ],
    [
      "ArgMax of more than 4,096",
      one("ArgMax", [4_097], { axis: 0 }),
      ["n", "data", "has a last axis of 4097, longer than 4096"],
      ["", "n", "makes something other than uint8, so it must be an output of the graph"],
    ],
    [
      "ArgMax of more than 256 in an image",
      one("ArgMax", [1, 1, 1, 257], { axis: 3 }),
      ["n", "data", "has a last axis of 257, longer than 256"],
      ["", "n", "makes something other than uint8, so it must be an output of the graph"],
    ],
    [
      "ArgMax of rank 0",
      one("ArgMax", [4], { axis: 0, keepdims: 0 }),
      ["n", "keepdims", "of 0 makes a tensor of rank 0"],
    ],
    [
      "another type of bytes",
      (b) => {
        b.node("QuantizeLinear", [b.input("x", [2], DType.Float), b.float(1), b.int8(0)], { name: "n" });
        b.output(b.node("Identity", [b.input("y", [2])]), [2]);
      },
      ["n", "y_zero_point", "has element type 3, not 2"],
    ],
  ]);
});
