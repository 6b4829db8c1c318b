import { describe } from "node:test";

import { DType, INTEGER_PROFILE } from "../../../src/onnx/index.ts";
import type { GraphBuilder } from "../../../src/onnx/GraphBuilder.ts";
import { type Case, check } from "../refusing.ts";

const { Int32, Int64 } = DType;
const checkIntegers = (cases: readonly Case[], opset = 17): void => {
  check(cases, opset, INTEGER_PROFILE);
};
const zeros = (length: number): number[] => Array<number>(length).fill(0);

describe("compile for onnx-int8/2, on MatMulInteger", () => {
  const saturates =
    "has element type 3: uint8 by int8 saturates on processors with AVX2 and without VNNI; store it + 128 as uint8, zero point + 128";
  checkIntegers([
    [
      "int8, which saturates on some processors, and other types",
      (b) => {
        const x = b.input("x", [2, 3]);
        const y = b.input("y", [3, 2], Int32);
        b.node("MatMulInteger", [x, b.int8(zeros(6), [3, 2])], { name: "weights" });
        b.node("MatMulInteger", [b.int8(zeros(6), [2, 3]), x], { name: "left" });
        b.node("MatMulInteger", [x, y], { name: "int32" });
        b.output(x, [2, 3]);
      },
      ["weights", "B", saturates],
      ["left", "A", saturates],
      ["int32", "B", "has element type 6, not 2"],
    ],
    [
      "zero points for each column, or that are no constants",
      (b) => {
        const [x, w] = [b.input("x", [2, 3]), b.uint8(zeros(6), [3, 2])];
        b.node("MatMulInteger", [x, w, b.uint8(1), b.uint8([1, 2])], { name: "columns" });
        b.node("MatMulInteger", [x, w, b.input("z", [1])], { name: "variable" });
        b.output(x, [2, 3]);
      },
      ["columns", "b_zero_point", "has the shape [2], not one value"],
      ["variable", "a_zero_point", "is no constant: it must be an initialiser or a Constant node"],
    ],
    [
      "shapes that do not fit, a constant on the left, and rows that are too long",
      (b) => {
        const [x, row] = [b.input("x", [2, 3]), b.input("row", [3])];
        const long = b.input("long", [1, 32_769]);
        b.node("MatMulInteger", [row, b.uint8(zeros(6), [3, 2])], { name: "vector" });
        b.node("MatMulInteger", [x, b.uint8(zeros(8), [4, 2])], { name: "rows" });
        b.node("MatMulInteger", [x, b.uint8(zeros(6), [1, 3, 2])], { name: "batched" });
        b.node("MatMulInteger", [x, b.input("y", [2, 3])], { name: "turned" });
        b.node("MatMulInteger", [x, b.input("z", [5, 3, 2])], { name: "more" });
        b.node("MatMulInteger", [b.uint8(zeros(4), [2, 2]), x], { name: "left" });
        b.node("MatMulInteger", [long, b.uint8(zeros(32_769), [32_769, 1])], { name: "long" });
        b.output(x, [2, 3]);
      },
      ["vector", "A", "has rank 1, not 2 at least"],
      ["rows", "B", "has 4 rows, not 3"],
      ["batched", "B", "has rank 3, not 2 as a constant"],
      ["turned", "B", "has the shape [2, 3], not 3 rows"],
      ["more", "B", "has the shape [5, 3, 2], which does not broadcast to [2, 3] before the last two axes"],
      ["left", "A", "is a constant, not a tensor that an earlier node makes"],
      ["long", "A", "makes 32769 products for each element, more than 32768"],
    ],
  ]);
});

describe("compile for onnx-int8/2, on parts of tensors", () => {
  const slice = (b: GraphBuilder, name: string, x: string, ...lists: readonly (readonly number[])[]) =>
    b.node("Slice", [x, ...lists.map((list) => b.int64(list))], { name });
  checkIntegers([
    [
      "slices that take nothing, by odd axes or steps, or by what is not constant",
      (b) => {
        const x = b.input("x", [2, 3]);
        slice(b, "nothing", x, [1], [1]);
        slice(b, "step", x, [0], [1], [0], [0]);
        slice(b, "axis", x, [0], [1], [2]);
        slice(b, "twice", x, [0, 0], [1, 1], [1, -1]);
        slice(b, "lists", x, [0, 0], [1]);
        b.node("Slice", [x, b.input("starts", [1], Int64), b.int64([1])], { name: "variable" });
        b.output(x, [2, 3]);
      },
      ["nothing", "", "makes a tensor that holds nothing along axis 0"],
      ["step", "steps", "are [0], one of them 0"],
      ["axis", "axes", "are [2], not different axes of a tensor of rank 2"],
      ["twice", "axes", "are [1, -1], not different axes of a tensor of rank 2"],
      ["lists", "starts", "are not as many as ends, axes and steps"],
      ["variable", "starts", "is no constant: it must be an initialiser or a Constant node"],
    ],
    [
      "splits into parts that are not the whole",
      (b) => {
        const x = b.input("x", [5]);
        b.split("Split", [x], 2, { name: "halves" });
        b.split("Split", [x, b.int64([2, 2])], 2, { name: "less" });
        b.split("Split", [x, b.int64([5])], 2, { name: "fewer" });
        b.split("Split", [x], 5, { name: "numbered", attributes: { num_outputs: 5 } });
        b.split("Split", [x], 257, { name: "many" });
        b.output(x, [5]);
      },
      ["halves", "split", "is missing, and 5 does not divide into 2 equal parts"],
      ["less", "split", "is [2, 2], not 2 parts of 5"],
      ["fewer", "split", "is [5], not 2 parts of 5"],
      ["numbered", "num_outputs", "is no attribute before opset 18"],
      ["many", "", "has 257 outputs, not 1 to 256"],
      ["many", "split", "is missing, and 5 does not divide into 257 equal parts"],
    ],
    [
      "concatenations of constants, of other types or shapes, of too many, and along no axis",
      (b) => {
        const [x, y] = [b.input("x", [2, 3]), b.input("y", [2, 3], Int32)];
        const axis = { attributes: { axis: 0 } };
        b.node("Concat", [x, b.uint8(zeros(3), [1, 3])], { name: "constant", ...axis });
        b.node("Concat", [x, y], { name: "types", ...axis });
        b.node("Concat", [x, b.input("z", [2, 2])], { name: "shapes", ...axis });
        b.node("Concat", Array<string>(17).fill(x), { name: "many", ...axis });
        b.node("Concat", [x, x], { name: "axis" });
        b.output(x, [2, 3]);
      },
      ["constant", "inputs[1]", "is a constant, not a tensor that an earlier node makes"],
      ["types", "", "joins element types 2 and 6"],
      ["shapes", "", "joins [2, 3] and [2, 2] along axis 0"],
      ["many", "", "has 17 inputs, more than 16"],
      ["axis", "axis", "is missing"],
    ],
    [
      "shapes to which nothing broadcasts, and views of constants",
      (b) => {
        const x = b.input("x", [2, 3]);
        b.node("Expand", [x, b.int64([4, 2, 2])], { name: "other" });
        b.node("Expand", [x, b.int64([0, 3])], { name: "empty" });
        b.node("Reshape", [x, b.int64([4])], { name: "size" });
        b.node("Transpose", [b.uint8([1, 2])], { name: "constant" });
        b.output(x, [2, 3]);
      },
      ["other", "shape", "is [4, 2, 2], to which [2, 3] does not broadcast"],
      ["empty", "shape", "is [0, 3], to which [2, 3] does not broadcast"],
      ["size", "shape", "is [4], which [2, 3] cannot become"],
      ["constant", "data", "is a constant, not a tensor that an earlier node makes"],
    ],
  ]);

  checkIntegers(
    [
      [
        "a number of parts that the node does not have, at opset 18",
        (b) => {
          const x = b.input("x", [6]);
          b.split("Split", [x], 2, { name: "n", attributes: { num_outputs: 3 } });
          b.output(x, [6]);
        },
        ["n", "num_outputs", "is 3, but the node has 2 outputs"],
      ],
      [
        "axes of squares as an attribute, at opset 18",
        (b) => {
          const x = b.input("x", [6], Int32);
          b.node("ReduceSumSquare", [x], { name: "n", attributes: { axes: [0] } });
          b.output(x, [6], Int32);
        },
        ["n", "axes", "are an attribute, but from opset 18 on an input"],
      ],
    ],
    18,
  );
});
