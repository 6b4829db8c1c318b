import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { Tensor } from "../../src/codecs/tensor.ts";
import {
  compile,
  compileNearest,
  DType,
  INTEGER_PROFILE,
  PROFILE,
  settle,
  UnsettledError,
} from "../../src/onnx/index.ts";
import { GraphBuilder } from "../../src/onnx/GraphBuilder.ts";
import { ModelRefusedError } from "../../src/onnx/modelRefused.ts";

const bytes = (...data: number[]): Tensor => ({
  dtype: DType.Uint8,
  shape: [data.length],
  data: Uint8Array.from(data),
});
const outputs = [{ name: "y", dtype: DType.Uint8, shape: [4], step: 0 }];

describe("settle", () => {
  /** Adds one to what it is shown, up to the bounds: as a text grows by one part at a time. */
  const counting =
    (...bounds: number[]) =>
    ([shown]: readonly Tensor[]) => [bytes(...bounds.map((bound, i) => Math.min(bound, 1 + (shown?.data[i] ?? 0))))];

  it("gives what the model makes when it is shown just that", async () => {
    assert.deepEqual(await settle({ outputs, stated: [0] }, counting(1, 2, 3, 4)), [bytes(1, 2, 3, 4)]);
  });

  it("gives up after one run more than there are elements", async () => {
    let runs = 0;
    const run = (shown: readonly Tensor[]) => {
      runs += 1;
      return counting(1, 2, 3, 5)(shown);
    };
    await assert.rejects(settle({ outputs, stated: [0] }, run), (error) => {
      assert.ok(error instanceof UnsettledError);
      assert.deepEqual([error.runs, runs], [5, 5]);
      return true;
    });
  });

  it("runs a model once that is shown nothing", async () => {
    const shown: (readonly Tensor[])[] = [];
    const run = (tensors: readonly Tensor[]) => {
      shown.push(tensors);
      return [bytes(9)];
    };
    assert.deepEqual(await settle({ outputs, stated: [] }, run), [bytes(9)]);
    assert.deepEqual(shown, [[]]);
  });
});

describe("compileNearest", () => {
  const transposed = (dtype: number) => {
    const graph = new GraphBuilder();
    const output = graph.node("Transpose", [graph.input("x", [2, 3], dtype)], { attributes: { perm: [1, 0] } });
    return graph.output(output, [3, 2], dtype).bytes();
  };

  it("takes the first profile that a file lies within", () => {
    const [moved, wide] = [transposed(DType.Uint8), transposed(DType.Int32)];
    assert.deepEqual(compileNearest(moved), compile(moved, PROFILE));
    assert.deepEqual(compileNearest(wide), compile(wide, INTEGER_PROFILE));
  });

  it("gives the reasons of the profile that has fewest", () => {
    const graph = new GraphBuilder();
    const x = graph.input("x", [2], DType.Int32);
    const sum = graph.node("Div", [graph.node("Mul", [x, x]), x], { name: "quotient" });
    const refused = (error: unknown) => {
      assert.ok(error instanceof ModelRefusedError);
      return [error.profile, error.refusals.length];
    };
    const file = graph.output(sum, [2], DType.Int32).bytes();
    const counts = ([PROFILE, INTEGER_PROFILE] as const).map((profile) => {
      try {
        compile(file, profile);
      } catch (error) {
        return refused(error);
      }
      throw new Error("It is within the profile.");
    });
    const fewest = counts.toSorted(([, a], [, b]) => Number(a) - Number(b))[0];
    assert.throws(
      () => compileNearest(file),
      (error) => (assert.deepEqual(refused(error), fewest), true),
    );
  });
});
