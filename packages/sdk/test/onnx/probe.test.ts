import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { compile, DType, Opcode, probeRuntime, probeVersion, type RunFile } from "../../src/onnx/index.ts";
import { goldenCase } from "../../src/onnx/probe/golden.ts";
import { networkCase } from "./support/cases.ts";
import { RUNTIMES, type Runtime } from "./support/runtimes.ts";

const [NATIVE] = RUNTIMES as readonly [Runtime];

/** A runtime that changes the first byte of outputs that a test chooses. */
const liar =
  (isChanged: (name: string, length: number) => boolean): RunFile =>
  async (file, inputs) => {
    const outputs = await NATIVE.run(file, inputs);
    return new Map(
      [...outputs].map(([name, data]) => [
        name,
        isChanged(name, data.length) ? data.with(0, (data[0] ?? 0) ^ 1) : data,
      ]),
    );
  };

describe("The golden model", () => {
  it("is of the profile, and has a step of every opcode", () => {
    const opcodes = new Set(compile(goldenCase().file).steps.map(({ step }) => step.opcode));
    assert.deepEqual(
      [...opcodes].sort((a, b) => a - b),
      Object.values(Opcode),
    );
  });
});

describe("probeRuntime", () => {
  for (const { name, run } of RUNTIMES)
    it(`finds nothing in unmodified ONNX Runtime: ${name}`, async () => {
      assert.deepEqual(await probeRuntime(run), []);
    });

  it("names what a runtime computes differently, and how", async () => {
    const { outputs, steps } = compile(goldenCase().file);
    const convolution = steps.find(({ step }) => step.opcode === Opcode.Conv);
    const [changed] = outputs.filter(({ shape }) => shape.join() === convolution?.step.shape.join());
    const differences = await probeRuntime(liar((name) => name === changed?.name));
    const { name } = convolution ?? {};
    const difference = { element: 0, count: 1, ours: 100, theirs: 101 };
    assert.deepEqual(differences, [
      { name, opcode: Opcode.Conv, ...difference },
      { name: changed?.name, opcode: Opcode.Move, ...difference }, // which copies it into the payload
    ]);
  });
});

describe("probeVersion", () => {
  it("finds nothing in unmodified ONNX Runtime: the example, and random networks", async () => {
    const file = readFileSync(new URL("../../../../examples/digits/digits.onnx", import.meta.url));
    const image = { dtype: DType.Uint8, shape: [1, 1, 8, 8], data: new Uint8Array(64).fill(200) };
    assert.deepEqual(await probeVersion(file, [image], NATIVE.run), []);
    for (let seed = 100; seed < 103; seed += 1) {
      const network = networkCase(seed);
      for (const { run } of RUNTIMES) assert.deepEqual(await probeVersion(network.file, network.inputs, run), []);
    }
  });

  it("finds a pair of bytes that a runtime adds wrongly, though the golden input does not have it", async () => {
    const { file, inputs } = goldenCase();
    const differences = await probeVersion(
      file,
      inputs,
      liar((_, length) => length === 65_536),
    );
    const name = compile(file).steps.find(({ step }) => step.opcode === Opcode.Add)?.name;
    assert.deepEqual(differences, [{ name, opcode: Opcode.Add, element: 0, count: 1, ours: 0, theirs: 1 }]);
  });
});
