import { describe } from "node:test";

import { DType } from "../../src/onnx/index.ts";
import { type GraphBuilder, type NodeOptions, quantised } from "../../src/onnx/GraphBuilder.ts";
import { type Build, check } from "./refusing.ts";

type Attributes = NonNullable<NodeOptions["attributes"]>;

/** A graph with a node `n` on the input `x` of this shape. What it makes is no output, because it is refused. */
function one(opType: string, shape: readonly number[], attributes: Attributes = {}, more?: Inputs): Build {
  return (b) => {
    b.node(opType, [b.input("x", shape), ...(more?.(b) ?? [])], { name: "n", attributes });
    b.output("x", shape);
  };
}

type Inputs = (b: GraphBuilder) => readonly string[];

const int8s = (b: GraphBuilder, shape: readonly number[], value = 1): string =>
  b.int8(Array<number>(shape.reduce((product, size) => product * size, 1)).fill(value), shape);

/** What of a layer is not the default: scales 1, zero points 0, one weight of 1. */
interface Layer {
  readonly x?: number;
  readonly w?: number | readonly number[];
  readonly y?: number;
  readonly weights?: (b: GraphBuilder) => string;
  readonly zero?: (b: GraphBuilder) => string;
  readonly bias?: (b: GraphBuilder) => string;
}

const layer =
  ({ x = 1, w = 1, y = 1, weights, zero, bias }: Layer, shape = [1, 1, 1, 1]): Inputs =>
  (b) => [
    ...quantised(b, x, 0),
    weights?.(b) ?? int8s(b, shape),
    b.float(w),
    zero?.(b) ?? b.int8(0),
    ...(bias === undefined ? quantised(b, y, 0) : [...quantised(b, y, 0), bias(b)]),
  ];

const conv = (given: Layer, attributes: Attributes = {}, shape: readonly number[] = [1, 1, 4, 4]): Build =>
  one("QLinearConv", shape, attributes, layer(given));

const SCALE = "a scale is a normal float32 in [2^-32, 2^8)";

describe("compile, on operators", () => {
  check([
    [
      "an operator that it does not know",
      one("Softmax", [2]),
      ["n", "", "is no operator of the profile (domain ai.onnx)"],
    ],
    [
      "one of another domain",
      (b) => {
        b.node("Flatten", [b.input("x", [2])], { name: "n", domain: "com.example" });
        b.output("x", [2]);
      },
      ["n", "", "is no operator of the profile (domain com.example)"],
    ],
    [
      "a name that every object has",
      one("constructor", [2]),
      ["n", "", "is no operator of the profile (domain ai.onnx)"],
    ],
    [
      "attributes that an operator does not have",
      one("Flatten", [2], { toString: 1 }),
      ["n", "toString", "is no attribute that this operator may have"],
    ],
    [
      "attributes of another type",
      one("Flatten", [2], { axis: "1" }),
      ["n", "axis", "has attribute type 3, not 2 (Int)"],
    ],
    ["more inputs than it knows", one("Identity", [2], {}, () => ["x"]), ["n", "", "has 2 inputs, more than 1"]],
    [
      "float inside: a float where a byte is needed, and anything dequantised that is no output",
      (b) => {
        const back = b.node("DequantizeLinear", [b.input("x", [2]), b.float(1)], { name: "back" });
        b.node("QuantizeLinear", [back, b.float(1)], { name: "again" });
        b.node("Identity", [b.input("f", [2], DType.Float)], { name: "copy" });
        b.output("x", [2]);
      },
      ["again", "x", "is no float32 input of the graph, and nothing else may be quantised"],
      ["copy", "input", "has element type 1; tensors between nodes are uint8 (2)"],
      ["", "back", "makes something other than uint8, so it must be an output of the graph"],
    ],
  ]);
  check(
    [
      [
        "MaxPool before opset 12",
        one("MaxPool", [1, 1, 2, 2], { kernel_shape: [1, 1] }),
        ["n", "", "needs opset 12 of its domain, but the file has 11"],
      ],
    ],
    11,
  );
});

describe("compile, on scales and zero points", () => {
  const bad: readonly (readonly [string, number])[] = [
    ["zero", 0],
    ["negative", -1],
    ["NaN", NaN],
    ["infinite", Infinity],
    ["below 2^-32", 2 ** -33],
    ["of 2^8", 2 ** 8],
    ["subnormal", 2 ** -140],
  ];
  check(bad.map(([title, x]) => [`a scale that is ${title}`, conv({ x }), ["n", "x_scale", `is ${x}; ${SCALE}`]]));
  check([
    [
      "combined scales that are too small",
      conv({ x: 2 ** -20, w: 2 ** -20 }),
      ["n", "w_scale", `combines with the other scales to ${2 ** -40}, outside of [2^-32, 2^8)`],
    ],
    [
      "combined scales that are too large",
      conv({ x: 128, y: 2 ** -2 }),
      ["n", "w_scale", "combines with the other scales to 512, outside of [2^-32, 2^8)"],
    ],
    [
      "a scale for each channel where one is allowed",
      one("DequantizeLinear", [2], {}, (b) => [b.float([1, 2])]),
      ["n", "x_scale", "has the shape [2], not one value"],
      ["", "n", "makes something other than uint8, so it must be an output of the graph"],
    ],
    [
      "as many scales as there are no channels",
      conv({ w: [1, 2, 3] }),
      ["n", "w_scale", "has the shape [3], not one value"],
    ],
    [
      "a scale that is computed",
      one("DequantizeLinear", [2], {}, () => ["x"]),
      ["n", "x_scale", "is no constant: it must be an initialiser or a Constant node"],
    ],
    ["a scale that is missing", one("DequantizeLinear", [2]), ["n", "x_scale", "is missing"]],
    [
      "a zero point of another type",
      one("DequantizeLinear", [2], {}, (b) => [b.float(1), b.int8(0)]),
      ["n", "x_zero_point", "has element type 3, not 2"],
    ],
    [
      "zero points that differ between channels",
      conv({ weights: (b) => int8s(b, [2, 1, 1, 1]), zero: (b) => b.int8([0, 1]) }),
      ["n", "w_zero_point", "differs between channels"],
    ],
  ]);
});

describe("compile, on QLinearConv", () => {
  const weights = (shape: readonly number[], value = 1) => ({ weights: (b: GraphBuilder) => int8s(b, shape, value) });
  check([
    [
      "weights beyond 64",
      conv(weights([1, 1, 1, 1], 65)),
      ["n", "w", "has the weight 65; int8 weights lie in [-64, 64] (quantise with reduce_range)"],
    ],
    [
      "weights beyond -64",
      conv(weights([1, 1, 1, 1], -65)),
      ["n", "w", "has the weight -65; int8 weights lie in [-64, 64] (quantise with reduce_range)"],
    ],
    ["1-D convolutions", conv(weights([1, 1, 1])), ["n", "w", "has rank 3, not 4: convolutions are 2-D"]],
    [
      "another shape of the kernel",
      conv({}, { kernel_shape: [1, 2] }),
      ["n", "kernel_shape", "is [1, 2], not [1, 1] as the weights say"],
    ],
    [
      "groups that do not divide the channels",
      conv({}, { group: 2 }),
      ["n", "group", "is 2, which does not divide 1 channels"],
    ],
    ["channels that do not fit", conv(weights([1, 3, 1, 1])), ["n", "x", "has 1 channels, not 3 for each of 1 groups"]],
    ["an input of rank 3", conv({}, {}, [1, 1, 4]), ["n", "x", "has rank 3, not 4"]],
    ["a bias of another length", conv({ bias: (b) => b.int32([1, 2]) }), ["n", "B", "has the shape [2], not [1]"]],
    [
      "a bias that can wrap",
      conv({ bias: (b) => b.int32([-(2 ** 31 - 65_025)]) }),
      ["n", "bias", "of 2147418623 and 1 products of bytes can reach 2^31"],
    ],
    [
      "more than 32,768 products",
      conv(weights([1, 32_769, 1, 1]), {}, [1, 32_769, 1, 1]),
      ["n", "w", "makes 32769 products for each element, more than 32768"],
    ],
    [
      "more than 2,048 products in groups",
      conv(weights([2, 2_049, 1, 1]), { group: 2 }, [1, 4_098, 1, 1]),
      ["n", "w", "makes 2049 products for each element, more than 2048"],
    ],
    [
      "a kernel of more than 1,024 pixels",
      conv(weights([1, 1, 33, 32]), {}, [1, 1, 33, 32]),
      ["n", "kernel_shape", "has 1056 pixels, more than 1024"],
    ],
    [
      "a dilated kernel of more than 256 pixels",
      conv(weights([1, 1, 1, 257]), { dilations: [1, 2] }, [1, 1, 1, 513]),
      ["n", "kernel_shape", "has 257 pixels, more than 256"],
    ],
    [
      "a grouped kernel of more than 256 pixels",
      conv(weights([2, 1, 1, 257]), { group: 2 }, [1, 2, 1, 257]),
      ["n", "kernel_shape", "has 257 pixels, more than 256"],
    ],
    [
      "a kernel beyond the image",
      conv(weights([1, 1, 5, 5])),
      ["n", "kernel_shape", "reaches beyond the padded image"],
    ],
    [
      "negative pads",
      conv({}, { pads: [-1, 0, 0, 0] }),
      ["n", "pads", "is [-1, 0, 0, 0], not 4 numbers from 0 to 65535"],
    ],
    ["strides of zero", conv({}, { strides: [0, 1] }), ["n", "strides", "is [0, 1], not 2 numbers from 1 to 65535"]],
    [
      "pads beside auto_pad",
      conv({}, { pads: [0, 0, 0, 0], auto_pad: "SAME_UPPER" }),
      ["n", "pads", "stand beside auto_pad SAME_UPPER; only one of them may be there"],
    ],
    [
      "another auto_pad",
      conv({}, { auto_pad: "SAME" }),
      ["n", "auto_pad", "is SAME, not NOTSET, VALID, SAME_UPPER or SAME_LOWER"],
    ],
    [
      "auto_pad with dilations",
      conv({}, { dilations: [2, 2], auto_pad: "SAME_UPPER" }),
      ["n", "auto_pad", "is SAME_UPPER, for which ONNX Runtime allows no dilation; write the pads"],
    ],
    [
      "auto_pad that cuts",
      conv({}, { strides: [4, 4], auto_pad: "SAME_UPPER" }),
      ["n", "auto_pad", "is SAME_UPPER with a stride that would cut the image off in front; write the pads"],
    ],
    [
      "an output that is too large",
      conv({}, { pads: [300, 300, 300, 300] }),
      ["n", "", "makes a tensor that takes 364816 words, more than 262144"],
    ],
  ]);
});

describe("compile, on matrices", () => {
  const gemm = (
    given: Layer,
    attributes: Attributes = {},
    shape: readonly number[] = [2, 3],
    weights = [3, 2],
  ): Build =>
    one("QGemm", shape, attributes, (b) => {
      const [sx, zx, w, sw, zw, sy, zy] = layer(given, weights)(b);
      const c = given.bias?.(b) ?? "";
      return [sx, zx, w, sw, zw, c, sy, zy].map((name) => name ?? "");
    });
  const matmul = (given: Layer, shape: readonly number[], weights = [3, 2]): Build =>
    one("QLinearMatMul", shape, {}, layer(given, weights));
  check([
    [
      "alpha and transA",
      gemm({}, { alpha: { float: 2 }, transA: 1 }),
      ["n", "alpha", "is 2, not 1"],
      ["n", "transA", "is 1, not 0"],
    ],
    ["another transB", gemm({}, { transB: 2 }), ["n", "transB", "is 2, not 0 or 1"]],
    ["rows that do not fit the matrix", gemm({}, { transB: 1 }), ["n", "A", "has rows of 3, but the matrix takes 2"]],
    [
      "scales for each column with one zero point",
      gemm({ w: [1, 1] }),
      ["n", "b_zero_point", "has the shape [], but b_scale [2]"],
    ],
    ["an input of rank 3", gemm({}, {}, [1, 2, 3]), ["n", "A", "has rank 3, not 2"]],
    ["a bias of another shape", gemm({ bias: (b) => b.int32([1]) }), ["n", "C", "has the shape [1], not [2]"]],
    ["a float bias", gemm({ bias: (b) => b.float([1, 2]) }), ["n", "C", "has element type 1, not 6"]],
    [
      "a matrix that is no constant",
      one("QLinearMatMul", [2, 2], {}, (b) => [
        ...quantised(b, 1, 0),
        "x",
        ...quantised(b, 1, 0),
        ...quantised(b, 1, 0),
      ]),
      ["n", "b", "is no constant: it must be an initialiser or a Constant node"],
    ],
    ["a matrix of rank 3", matmul({}, [2, 3], [1, 3, 2]), ["n", "b", "has rank 3, not 2"]],
    ["an input of rank 4", matmul({}, [1, 1, 2, 3]), ["n", "a", "has rank 4, not 2 or 3"]],
    ["an input of rank 1", matmul({}, [3]), ["n", "a", "has rank 1, not 2 or 3"]],
    [
      "weights beyond 64",
      matmul({ weights: (b) => int8s(b, [3, 2], -128) }, [2, 3]),
      ["n", "b", "has the weight -128; int8 weights lie in [-64, 64] (quantise with reduce_range)"],
    ],
  ]);
});
