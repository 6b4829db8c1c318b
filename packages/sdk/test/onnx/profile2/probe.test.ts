import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  compile,
  Executor,
  INTEGER_PROFILE,
  IntegerOpcode,
  MapOp,
  probeRuntime,
  probeVersion,
  type RunFile,
} from "../../../src/onnx/index.ts";
import { sizeOf } from "../../../src/onnx/layout.ts";
import { integerGoldenCase } from "../../../src/onnx/profile2/golden.ts";
import { RUNTIMES, type Runtime } from "../support/runtimes.ts";
import { decoderCase } from "./support/decoder.ts";

const [NATIVE] = RUNTIMES as readonly [Runtime];

/** A runtime that changes the last byte of one output. */
const liar =
  (changed: string): RunFile =>
  async (file, inputs) => {
    const outputs = await NATIVE.run(file, inputs);
    return new Map(
      [...outputs].map(([name, data]) => [name, name === changed ? data.with(-1, (data.at(-1) ?? 0) ^ 1) : data]),
    );
  };

describe("The golden model of integers", () => {
  it("has the root that is pinned here, a step of every opcode, and every instruction", () => {
    const { steps, graphRoot } = compile(integerGoldenCase().file, INTEGER_PROFILE);
    assert.equal(graphRoot, "0x03a70198e7c01b33c824808159da75dd30b1f7e4ad7b1e7d7628766d80989a14");
    const opcodes = new Set(steps.map(({ step }) => step.opcode));
    assert.deepEqual(
      [...opcodes].sort((a, b) => a - b),
      Object.values(IntegerOpcode),
    );
    const maps = steps.filter(({ step }) => step.opcode === IntegerOpcode.Map);
    const ops = new Set(maps.flatMap(({ step }) => step.attrs.slice(1)).map((attr) => Number(attr & 255n)));
    for (const op of Object.values(MapOp)) assert.ok(ops.has(op), `instruction ${op}`);
  });
});

describe("probeRuntime for onnx-int8/2", () => {
  for (const { name, run } of RUNTIMES)
    it(`finds nothing in unmodified ONNX Runtime: ${name}`, async () => {
      assert.deepEqual(await probeRuntime(run, INTEGER_PROFILE), []);
    });

  it("names what a runtime computes differently", async () => {
    const { file, inputs } = integerGoldenCase();
    const program = compile(file, INTEGER_PROFILE);
    const made = new Executor(program).run(inputs);
    for (const [i, { name: changed, shape }] of program.outputs.entries()) {
      const ours = made[i]?.data.at(-1) ?? assert.fail();
      const difference = { element: sizeOf(shape) - 1, count: 1, ours, theirs: ours ^ 1 };
      // What makes the tensor, if it is no copy, and what copies it into the payload.
      const makers = program.steps.filter(({ output }) => output === changed);
      assert.deepEqual(
        await probeRuntime(liar(changed), INTEGER_PROFILE),
        makers.map(({ name, step: { opcode } }) => ({ name, opcode, ...difference })),
      );
    }
  });
});

describe("probeVersion for onnx-int8/2", () => {
  it("compares every tensor of a model that reads what is stated", async () => {
    const { file, inputs, stated } = decoderCase(1);
    assert.deepEqual(await probeVersion(file, inputs, NATIVE.run, INTEGER_PROFILE, stated), []);
    assert.deepEqual(await probeVersion(file, inputs, liar("t40"), INTEGER_PROFILE, stated), [
      { name: "Cast40", opcode: IntegerOpcode.Map, element: 191, count: 1, ours: 77, theirs: 76 },
    ]);
  });
});
