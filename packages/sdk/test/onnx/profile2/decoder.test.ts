import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { hexlify } from "ethers";

import { merkleRoot } from "../../../src/codecs/merkle.ts";
import type { Tensor } from "../../../src/codecs/tensor.ts";
import { Executor, InputMismatchError, IntegerOpcode } from "../../../src/onnx/index.ts";
import { compareRuns } from "../support/compare.ts";
import { RUNTIMES } from "../support/runtimes.ts";
import { decoderCase, LENGTH, textOf } from "./support/decoder.ts";

/** What the model says in the end: a text that it gives again when it is stated. */
function decode({ program, inputs }: ReturnType<typeof decoderCase>) {
  const executor = new Executor(program);
  let stated: readonly Tensor[] = [textOf()];
  for (let i = 0; i < LENGTH; i += 1) stated = executor.run(inputs, stated);
  return { executor, stated };
}

describe("A language model in miniature", () => {
  const decoder = decoderCase();
  const { program, inputs } = decoder;

  it("is made of every opcode, 43 steps for each layer", () => {
    const opcodes = new Set(program.steps.map(({ step }) => step.opcode));
    assert.deepEqual(
      [...opcodes].sort((a, b) => a - b),
      Object.values(IntegerOpcode),
    );
    assert.equal(decoderCase(3).program.steps.length - program.steps.length, 43);
  });

  it("gives every tensor as ONNX Runtime does, whatever is stated", async () => {
    const { stated } = decode(decoder);
    for (const text of [stated, [textOf()], [textOf(...Array<number>(LENGTH).fill(255))]]) {
      const { mismatches } = await compareRuns({ ...decoder, stated: text }, RUNTIMES);
      assert.deepEqual(mismatches, []);
    }
  });

  it("gives a right text again, and another one for every text that differs in one byte", () => {
    const { executor, stated } = decode(decoder);
    const [text = textOf()] = stated;
    assert.deepEqual(executor.run(inputs, stated), stated);
    assert.deepEqual([...text.data.subarray(0, 3)], [0, 0, 0]);
    assert.ok(text.data.subarray(3, 10).some((byte) => byte > 0));
    assert.deepEqual([...text.data.subarray(10)], [0, 0]);
    for (let i = 0; i < LENGTH; i += 1) {
      const other = { ...text, data: text.data.with(i, (text.data[i] ?? 0) ^ 1) };
      assert.notDeepEqual(executor.run(inputs, [other]), [other], `byte ${i}`);
    }
  });

  it("says something else for another seed, and the same for each without temperature", () => {
    const said = (seed: number, temperature: number) => decode(decoderCase(2, seed, temperature)).stated;
    assert.notDeepEqual(said(7, 512), said(8, 512));
    assert.deepEqual(said(7, 0), said(8, 0));
  });

  it("traces what it runs, with the root of every step's tensor", () => {
    const { executor, stated } = decode(decoder);
    const { outputs, roots } = executor.trace(inputs, stated);
    assert.deepEqual(outputs, executor.run(inputs, stated));
    assert.equal(roots.length, program.steps.length);
    for (const step of [0, 20, program.steps.length - 1])
      assert.equal(roots[step], hexlify(merkleRoot(executor.words(inputs, step, stated))));
  });

  it("refuses to run without a stated text, or with one that cannot be it", () => {
    const executor = new Executor(program);
    for (const stated of [[], [textOf(), textOf()], [{ ...textOf(), shape: [1, LENGTH] }]])
      assert.throws(
        () => executor.run(inputs, stated),
        (error) =>
          error instanceof InputMismatchError &&
          error.message.startsWith("The stated outputs are") &&
          error.expected === program.outputs,
      );
  });
});
