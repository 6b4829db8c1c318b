import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { compile, DType, INTEGER_PROFILE, type Model, ModelRefusedError, writeModel } from "../../../src/onnx/index.ts";
import { GraphBuilder } from "../../../src/onnx/GraphBuilder.ts";
import { type Case, check, refusalsOf } from "../refusing.ts";

const { Uint8, Int32, Int64, Bool, Float } = DType;
const checkIntegers = (cases: readonly Case[], opset = 17): void => {
  check(cases, opset, INTEGER_PROFILE);
};

describe("compile for onnx-int8/2, on the file", () => {
  const changed = (change: (model: Model) => Partial<Model>): [string, string, string][] => {
    const builder = new GraphBuilder(17);
    const model = builder.output(builder.node("Identity", [builder.input("x", [2])]), [2]).model();
    return refusalsOf(writeModel({ ...model, ...change(model) }), INTEGER_PROFILE);
  };
  const opset = (domain: string, version: number) => ({ domain, version, rest: [] });

  it("accepts it as it stands", () => {
    assert.deepEqual(
      changed(() => ({})),
      [],
    );
  });

  it("names the profile in the message, of whatever is wrong", () => {
    const refused = (file: Uint8Array, reason: string) => {
      assert.throws(
        () => compile(file, INTEGER_PROFILE),
        (error) =>
          error instanceof ModelRefusedError &&
          error.message === `The model is outside of the profile onnx-int8/2: ${reason}.`,
      );
    };
    refused(new Uint8Array(), "graph: the file has no graph");
    refused(Uint8Array.of(1), "this is no ONNX file: illegal tag: field number 0");
    const builder = new GraphBuilder(17);
    refused(
      builder.output(builder.input("x", [2], Float), [2], Float).bytes(),
      "x: has element type 1, not 2 or 6 or 7; x: has element type 1, not 2 or 6 or 7",
    );
  });

  it("refuses opsets that it does not know, and other domains", () => {
    for (const version of [12, 19])
      assert.deepEqual(
        changed(() => ({ opsetImport: [opset("", version)] })),
        [["", "opset_import", `has version ${version} of ai.onnx, not 13 to 18`]],
      );
    assert.deepEqual(
      changed(() => ({ opsetImport: [opset("ai.onnx", 17), opset("com.microsoft", 1)] })),
      [["", "opset_import", "names com.microsoft, not ai.onnx alone"]],
    );
  });
});

describe("compile for onnx-int8/2, on the graph", () => {
  const numbers = "not 2 or 6 or 7";
  checkIntegers([
    [
      "inputs and outputs of other types",
      (b) => {
        b.input("f", [2], Float);
        const x = b.input("x", [2]);
        b.input("c", [2], Bool);
        b.output(b.node("Greater", [x, b.uint8(1)]), [2], Bool);
      },
      ["", "f", `has element type 1, ${numbers}`],
      ["", "c", `has element type 9, ${numbers}`],
      ["", "t0", `has element type 9, ${numbers}`],
    ],
    [
      "an input of rank 0, one of rank 7 and one that is too large",
      (b) => {
        b.input("scalar", []);
        b.input("deep", [1, 1, 1, 1, 1, 1, 2]);
        b.input("large", [2 ** 23 + 1]);
        b.output(b.node("Identity", [b.input("x", [2])]), [2]);
      },
      ["", "scalar", "has rank 0, not 1 to 6"],
      ["", "deep", "has rank 7, not 1 to 6"],
      ["", "large", "takes 262145 words, more than 262144"],
    ],
    [
      "an input that states an output which there is not, or not as it is",
      (b) => {
        b.input("z.stated", [2]);
        b.input("x.stated", [3], Int32);
        b.output(b.input("x", [2]), [2]);
      },
      ["", "z.stated", "is named after an output z, which there is not"],
      ["", "x.stated", "is declared with element type 6 and shape [3], but has 2 and [2]"],
    ],
    [
      "an output that is a constant, unknown, twice, or not as declared",
      (b) => {
        const x = b.input("x", [2]);
        b.output(b.int32([1]), [1], Int32)
          .output("y", [2])
          .output(x, [2])
          .output(x, [3]);
      },
      ["", "c0", "is an output, but a constant"],
      ["", "y", "is an output that no node makes"],
      ["", "x", "is declared with element type 2 and shape [3], but has 2 and [2]"],
      ["", "graph", "names an output twice"],
    ],
    [
      "operators that it does not have, with what stands for them",
      (b) => {
        const x = b.input("x", [2], Int32);
        b.node("Softmax", [x], { name: "a" });
        b.node("Min", [x, x], { name: "b" });
        b.node("Max", [x, x], { name: "c" });
        b.node("ReduceMax", [x], { name: "d" });
        b.output(x, [2], Int32);
      },
      ["a", "", "is no operator of the profile (domain ai.onnx)"],
      [
        "b",
        "",
        "is no operator of the profile: of int64 it is wrong in ONNX Runtime 1.23.2 and 1.30.0 on x86; use Clip of int32, or Less and Where",
      ],
      [
        "c",
        "",
        "is no operator of the profile: of int64 it is wrong in ONNX Runtime 1.23.2 and 1.30.0 on x86; use Clip of int32, or Greater and Where",
      ],
      ["d", "", "is no operator of the profile: use ArgMax and GatherElements"],
    ],
    [
      "QLinearSoftmax, which computes in float inside",
      (b) => {
        const x = b.input("x", [2]);
        b.node("QLinearSoftmax", [x], { name: "n", domain: "com.microsoft" });
        b.output(x, [2]);
      },
      ["", "opset_import", "names com.microsoft, not ai.onnx alone"],
      ["n", "", "computes in float32 inside: use a table of exponentials, ReduceSum and Div"],
    ],
    [
      "a node that reads nothing but constants",
      (b) => {
        const x = b.input("x", [2], Int32);
        const sum = b.node("Add", [b.int32(1), b.int32(2)], { name: "n" });
        b.output(b.node("Add", [x, sum]), [2], Int32);
      },
      ["n", "", "reads constants alone: write what it makes into the file"],
    ],
    [
      "a truth that is neither 0 nor 1",
      (b) => {
        const x = b.input("x", [2], Int32);
        const odd = b.tensor(Bool, [2], Uint8Array.of(1, 2));
        b.output(b.node("Where", [odd, x, b.int32(0)], { name: "n" }), [2], Int32);
      },
      ["n", "condition", "has values in [1, 2], not in [0, 1]"],
    ],
    [
      "more than 4,096 steps",
      (b) => {
        let x = b.input("x", [1], Int32);
        for (let i = 0; i < 4_096; i += 1) x = b.node("ReduceSum", [x, b.int64([0])]);
        b.output(x, [1], Int32);
      },
      ["", "graph", "takes 4098 steps, more than 4096"],
    ],
  ]);

  it("refuses more than 65,536 nodes without looking at them", () => {
    const builder = new GraphBuilder(17);
    for (let i = 0; i < 65_537; i += 1) builder.node("Softmax", ["x"]);
    assert.deepEqual(refusalsOf(builder.bytes(), INTEGER_PROFILE), [["", "graph", "has 65537 nodes, more than 65536"]]);
  });
});

describe("compile for onnx-int8/2, on elements", () => {
  checkIntegers([
    [
      "arithmetic of bytes, of two types, and of shapes that do not broadcast",
      (b) => {
        const [byte, int, long] = [b.input("a", [2]), b.input("b", [2], Int32), b.input("c", [3], Int64)];
        b.node("Add", [byte, byte], { name: "bytes" });
        b.node("Mul", [int, long], { name: "types" });
        b.node("Less", [int, b.node("Cast", [long], { attributes: { to: Int32 } })], { name: "shapes" });
        b.output(byte, [2], Uint8);
      },
      ["bytes", "A", "has element type 2, not 6 or 7"],
      ["types", "B", "has element type 7, but A 6"],
      ["shapes", "", "reads [2], [3], which do not broadcast"],
    ],
    [
      "an overflow outside of Cast, with the bounds",
      (b) => {
        const [int, long] = [b.input("x", [2], Int32), b.input("y", [2], Int64)];
        b.node("Add", [int, b.int32(1)], { name: "add" });
        b.node("Sub", [b.int32(-2), int], { name: "sub" });
        b.node("Mul", [int, int], { name: "square" });
        b.node("Abs", [long], { name: "abs" });
        b.node("Mul", [long, b.int64(-1)], { name: "negative" });
        b.output(int, [2], Int32);
      },
      ["add", "", "can reach [-2147483647, 2147483648], beyond int32: only Cast may overflow"],
      ["sub", "", "can reach [-2147483649, 2147483646], beyond int32: only Cast may overflow"],
      ["square", "", "can reach [0, 4611686018427387904], beyond int32: only Cast may overflow"],
      ["abs", "", "can reach [0, 9223372036854775808], beyond int64: only Cast may overflow"],
      ["negative", "", "can reach [-9223372036854775807, 9223372036854775808], beyond int64: only Cast may overflow"],
    ],
    [
      "a divisor that can be 0 or less",
      (b) => {
        const x = b.input("x", [2], Int32);
        const clipped = b.node("Clip", [x, b.int32(0), b.int32(9)]);
        b.node("Div", [x, clipped], { name: "zero" });
        b.node("Div", [x, b.int32([3, -1])], { name: "negative" });
        b.output(x, [2], Int32);
      },
      ["zero", "B", "can be in [0, 9]; a divisor must be 1 at least"],
      ["negative", "B", "can be in [-1, 3]; a divisor must be 1 at least"],
    ],
    [
      "casts to other types",
      (b) => {
        const x = b.input("x", [2], Int32);
        b.node("Cast", [x], { name: "float", attributes: { to: Float } });
        b.node("Cast", [x], { name: "bool", attributes: { to: Bool } });
        b.output(x, [2], Int32);
      },
      ["float", "to", "is 1, not 2 or 6 or 7"],
      ["bool", "to", "is 9, not 2 or 6 or 7"],
    ],
    [
      "Clip of int64, of truths, and by bounds that are no constants without axes",
      (b) => {
        const [int, long] = [b.input("x", [2], Int32), b.input("y", [2], Int64)];
        b.node("Clip", [long, b.int64(0)], { name: "long" });
        b.node("Clip", [b.node("Greater", [int, b.int32(0)])], { name: "bool" });
        b.node("Clip", [int, b.node("Identity", [int])], { name: "open" });
        b.node("Clip", [int, b.int32([1])], { name: "row" });
        b.node("Clip", [int, b.int64(1)], { name: "type" });
        b.output(int, [2], Int32);
      },
      [
        "long",
        "input",
        "has element type 7: of int64 it is wrong in ONNX Runtime 1.23.2 and 1.30.0 on x86, min(5, 2^31) being 2^31; Cast to int32",
      ],
      ["bool", "input", "has element type 9, not 2 or 6"],
      ["open", "min", "is no constant: it must be an initialiser or a Constant node"],
      ["row", "min", "has the shape [1], not []"],
      ["type", "min", "has element type 7, not 6"],
    ],
    [
      "Where by numbers, and of two types",
      (b) => {
        const [int, long] = [b.input("x", [2], Int32), b.input("y", [2], Int64)];
        b.node("Where", [int, int, int], { name: "condition" });
        b.node("Where", [b.node("Greater", [int, b.int32(0)]), int, long], { name: "types" });
        b.output(int, [2], Int32);
      },
      ["condition", "condition", "has element type 6, not 9"],
      ["types", "Y", "has element type 7, but X 6"],
    ],
    [
      "tensors that are too large, or of too many axes, between nodes",
      (b) => {
        const x = b.input("x", [129, 1], Int32);
        b.node(
          "Add",
          [
            b.node("Clip", [x, b.int32(0), b.int32(1)]),
            b.node("Clip", [b.input("z", [1, 16_384], Int32), b.int32(0), b.int32(1)]),
          ],
          { name: "large" },
        );
        b.node("Unsqueeze", [x, b.int64([0, 1, 2, 3, 4])], { name: "deep" });
        b.output(x, [129, 1], Int32);
      },
      ["large", "", "makes a tensor that takes 264192 words, more than 262144"],
      ["deep", "", "makes a tensor that has rank 7, not 1 to 6"],
    ],
  ]);
});

describe("compile for onnx-int8/2, on indices", () => {
  checkIntegers([
    [
      "Gather of what is no table: an index that may leave it, bytes as index, another axis, and constants alone",
      (b) => {
        const x = b.input("x", [2], Int32);
        const table = b.int32([5, 6, 7]);
        const clip = (least: number, most: number) => b.node("Clip", [x, b.int32(least), b.int32(most)]);
        b.node("Gather", [table, clip(-1, 2)], { name: "below" });
        b.node("Gather", [table, clip(0, 3)], { name: "above" });
        b.node("Gather", [table, b.node("Cast", [x], { attributes: { to: Uint8 } })], { name: "bytes" });
        b.node("Gather", [b.int32([1, 2, 3, 4], [2, 2]), clip(0, 1)], { name: "axis", attributes: { axis: 1 } });
        b.node("Gather", [b.int32(1), clip(0, 0)], { name: "scalar" });
        b.node("Gather", [table, b.int64([1])], { name: "constants" });
        b.output(x, [2], Int32);
      },
      ["below", "indices", "can be in [-1, 2], outside of [0, 2]"],
      ["above", "indices", "can be in [0, 3], outside of [0, 2]"],
      ["bytes", "indices", "has element type 2, not 6 or 7"],
      ["axis", "axis", "is 1; from a constant, rows are taken along axis 0"],
      ["scalar", "data", "has the shape [], which holds no rows"],
      ["constants", "indices", "is a constant, not a tensor that an earlier node makes"],
    ],
    [
      "Gather of elements by an index that depends on numbers, lies outside, or is no map of digits",
      (b) => {
        const x = b.input("x", [7], Int32);
        b.node("Gather", [x, b.node("Clip", [x, b.int32(0), b.int32(6)])], { name: "variable" });
        b.node("Gather", [x, b.int64([0, 7])], { name: "outside" });
        b.node("Gather", [x, b.int64([0, -1])], { name: "negative" });
        b.node("Gather", [x, b.int64([0, 1, 3])], { name: "uneven" });
        b.output(x, [7], Int32);
      },
      ["variable", "indices", "is no constant: it must be an initialiser or a Constant node"],
      ["outside", "indices", "can be in [0, 7], outside of [0, 6]"],
      ["negative", "indices", "can be in [-1, 0], outside of [0, 6]"],
      ["uneven", "indices", "are no even runs, and no runs of runs: a copy has only strides"],
    ],
    [
      "GatherElements along another axis, of other rows, and by an index that may leave them",
      (b) => {
        const x = b.input("x", [2, 3], Int32);
        const clip = (name: string, shape: readonly number[], most: number) =>
          b.node("Clip", [b.input(name, shape, Int32), b.int32(0), b.int32(most)]);
        const last = { attributes: { axis: 1 } };
        b.node("GatherElements", [x, clip("a", [2, 3], 1)], { name: "axis" });
        b.node("GatherElements", [x, clip("b", [1, 3], 2)], { name: "rows", ...last });
        b.node("GatherElements", [x, clip("c", [2, 1], 3)], { name: "outside", ...last });
        b.output(x, [2, 3], Int32);
      },
      ["axis", "axis", "is 0, not the last"],
      ["rows", "indices", "have the shape [1, 3], which differs from [2, 3] before the last axis"],
      ["outside", "indices", "can be in [0, 3], outside of [0, 2]"],
    ],
  ]);
});

describe("compile for onnx-int8/2, on rows", () => {
  checkIntegers([
    [
      "sums along other axes than the last, and a result without axes",
      (b) => {
        const [x, row] = [b.input("x", [2, 3], Int32), b.input("row", [3], Int32)];
        const small = b.node("Clip", [x, b.int32(0), b.int32(9)]);
        b.node("ReduceSum", [small], { name: "all" });
        b.node("ReduceSum", [small, b.int64([0])], { name: "first" });
        b.node("ReduceSum", [small, b.int64([0, 1])], { name: "both" });
        b.node("ReduceSum", [b.node("Clip", [row, b.int32(0), b.int32(9)]), b.int64([-1])], {
          name: "rank",
          attributes: { keepdims: 0 },
        });
        b.node("ReduceSum", [small, b.int64([1])], { name: "noop", attributes: { noop_with_empty_axes: 1 } });
        b.node(
          "ReduceSum",
          [b.node("Clip", [b.input("long", [16_385], Int32), b.int32(0), b.int32(9)]), b.int64([0])],
          { name: "long" },
        );
        b.node("ReduceSum", [small], { name: "attribute", attributes: { axes: [1] } });
        b.node("ReduceSumSquare", [small, b.int64([1])], { name: "input" });
        b.output(x, [2, 3], Int32);
      },
      ["all", "axes", "are all, not the last alone"],
      ["first", "axes", "are [0], not the last alone"],
      ["both", "axes", "are [0, 1], not the last alone"],
      ["rank", "keepdims", "of 0 makes a tensor of rank 0"],
      ["noop", "noop_with_empty_axes", "is 1, not 0"],
      ["long", "data", "has rows of 16385, longer than 16384"],
      ["attribute", "axes", "are an attribute, but from opset 13 on an input"],
      ["input", "axes", "are an input, but before opset 18 an attribute"],
    ],
    [
      "sums that overflow, or that ONNX Runtime rounds",
      (b) => {
        const [x, wide] = [b.input("x", [1, 2], Int32), b.input("y", [1, 4], Int32)];
        const long = b.node("Cast", [wide], { attributes: { to: Int64 } });
        const most = b.node("Mul", [long, b.int64(2 ** 20 + 1)]);
        b.node("ReduceSum", [x, b.int64([1])], { name: "int32" });
        b.node("ReduceSum", [most, b.int64([1])], { name: "inexact" });
        b.node("ReduceSumSquare", [long], { name: "squares", attributes: { axes: [-1] } });
        b.node("ReduceSumSquare", [b.node("Reshape", [long, b.int64([4, 1])])], {
          name: "square",
          attributes: { axes: [1] },
        });
        b.output(x, [1, 2], Int32);
      },
      ["int32", "", "can reach [-4294967296, 4294967294], beyond int32: only Cast may overflow"],
      [
        "inexact",
        "",
        "can reach 9007207844675584 on its way, beyond 2^53: ONNX Runtime 1.30.0 adds up int64 in doubles",
      ],
      ["squares", "", "can reach [0, 18446744073709551616], beyond int64: only Cast may overflow"],
      [
        "square",
        "",
        "can reach 4611686018427387904 on its way, beyond 2^53: ONNX Runtime 1.30.0 adds up int64 in doubles",
      ],
    ],
    [
      "ArgMax along another axis, and of the last maximum",
      (b) => {
        const x = b.input("x", [2, 3], Int32);
        b.node("ArgMax", [x], { name: "axis" });
        b.node("ArgMax", [x], { name: "last", attributes: { axis: 1, select_last_index: 1 } });
        b.output(x, [2, 3], Int32);
      },
      ["axis", "axis", "is 0, not the last"],
      ["last", "select_last_index", "is 1, not 0"],
    ],
  ]);
});
