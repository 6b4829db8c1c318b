import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { hexlify } from "ethers";

import { merkleRoot } from "../../src/codecs/merkle.ts";
import { TensorLengthError } from "../../src/codecs/tensor.ts";
import { commit, compile, DType, Executor, InputMismatchError, Layout, NaNInputError } from "../../src/onnx/index.ts";
import { GraphBuilder } from "../../src/onnx/GraphBuilder.ts";
import { networkCase } from "./support/cases.ts";

/** A model of one float input. */
function floatModel(): Executor {
  const graph = new GraphBuilder();
  const x = graph.input("x", [3], DType.Float);
  const y = graph.node("QuantizeLinear", [x, graph.float(0.5), graph.uint8(10)]);
  return new Executor(compile(graph.output(y, [3]).bytes()));
}

const floats = (...values: readonly number[]) => ({
  dtype: DType.Float,
  shape: [values.length],
  data: new Uint8Array(Float32Array.from(values).buffer),
});

describe("Executor", () => {
  it("traces with the outputs of a run, and with the root of every step's tensor", () => {
    for (let seed = 0; seed < 5; seed += 1) {
      const { program, inputs } = networkCase(seed);
      const executor = new Executor(program);
      const { outputs, roots } = executor.trace(inputs);
      assert.deepEqual(outputs, executor.run(inputs));
      assert.equal(roots.length, program.steps.length);
      for (const [i, root] of roots.entries())
        assert.equal(root, hexlify(merkleRoot(executor.words(inputs, i))), `seed ${seed}, step ${i}`);
      for (const [k, { dtype, shape, step }] of program.outputs.entries()) {
        const data: Uint8Array = outputs[k]?.data ?? new Uint8Array();
        assert.deepEqual(commit({ layout: Layout.Packed, dtype, shape }, data), executor.words(inputs, step));
      }
    }
  });

  it("gives the same again: nothing of a run stays in the executor", () => {
    const { program, inputs } = networkCase(3);
    const executor = new Executor(program);
    const first = executor.trace(inputs);
    executor.run(inputs.map((input) => ({ ...input, data: new Uint8Array(input.data.length) })));
    assert.deepEqual(executor.trace(inputs), first);
  });

  it("takes infinities and refuses NaN, with the input and the element", () => {
    const executor = floatModel();
    assert.deepEqual(executor.run([floats(Infinity, -Infinity, 1)]), [
      { dtype: 2, shape: [3], data: Uint8Array.of(255, 0, 12) },
    ]);
    assert.throws(
      () => executor.run([floats(0, 1, NaN)]),
      (error) => error instanceof NaNInputError && error.input === "x" && error.index === 2,
    );
  });

  it("refuses inputs that the model does not have", () => {
    const executor = floatModel();
    for (const inputs of [[], [floats(1, 2)], [floats(1, 2, 3), floats(1, 2, 3)], [{ ...floats(1, 2, 3), dtype: 6 }]])
      assert.throws(
        () => executor.trace(inputs),
        (error) =>
          error instanceof InputMismatchError && error.given === inputs && error.expected === executor.program.inputs,
      );
    const short = { ...floats(1, 2), shape: [3] };
    assert.throws(
      () => executor.run([short]),
      (error) =>
        error instanceof TensorLengthError && error.given === 8 && error.expected === 12 && error.tensor === short,
    );
  });

  it("says how many steps there are to who asks for another", () => {
    assert.throws(
      () => floatModel().words([floats(1, 2, 3)], 2),
      new RangeError("The model has no step 2, but 2 steps."),
    );
  });
});
