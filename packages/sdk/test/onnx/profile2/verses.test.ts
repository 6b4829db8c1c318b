import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import type { Tensor } from "../../../src/codecs/tensor.ts";
import { compile, DType, Executor, INTEGER_PROFILE } from "../../../src/onnx/index.ts";
import { compareRuns } from "../support/compare.ts";
import { RUNTIMES } from "../support/runtimes.ts";

const { Uint8, Int32 } = DType;
const PROMPT = "And it came to pass";
/** Bytes that the model says in the test. */
const SAID = 6;

const bytes = (text: string, length: number): Tensor => {
  const data = new Uint8Array(length);
  data.set(new TextEncoder().encode(text));
  return { dtype: Uint8, shape: [length], data };
};
const int32 = (value: number): Tensor => ({
  dtype: Int32,
  shape: [1],
  data: new Uint8Array(Int32Array.of(value).buffer),
});

describe("The language model of the example", () => {
  for (const length of [64, 128])
    it(`gives every tensor as ONNX Runtime does, in a window of ${length}`, async () => {
      const file = readFileSync(new URL(`../../../../../examples/models/verses/pass-${length}.onnx`, import.meta.url));
      const program = compile(file, INTEGER_PROFILE);
      assert.deepEqual(program.stated, [0]);
      const given: Readonly<Record<string, Tensor>> = {
        prompt: bytes(PROMPT, length),
        limit: int32(PROMPT.length + SAID),
        seed: int32(1),
        temperature: int32(128),
      };
      const inputs = program.inputs.map(({ name }) => given[name] ?? assert.fail(name));
      const executor = new Executor(program);
      let stated: readonly Tensor[] = [bytes("", length)];
      for (let i = 0; i < SAID; i += 1) stated = executor.run(inputs, stated);
      assert.deepEqual(executor.run(inputs, stated), stated);
      const said = stated[0]?.data.subarray(PROMPT.length) ?? new Uint8Array();
      assert.ok(said.subarray(0, SAID).every((byte) => byte > 0) && said.subarray(SAID).every((byte) => byte === 0));
      const { mismatches } = await compareRuns({ file, program, inputs, stated }, RUNTIMES);
      assert.deepEqual(mismatches, []);
    });
});
