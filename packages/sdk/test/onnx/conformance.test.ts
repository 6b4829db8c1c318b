import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { compile, Opcode } from "../../src/onnx/index.ts";
import { networkCase, OPERATORS, operatorCase } from "./support/cases.ts";
import { compareRuns, type Comparison } from "./support/compare.ts";
import { Random } from "./support/Random.ts";
import { RUNTIMES } from "./support/runtimes.ts";
import type { Case } from "./support/Sketch.ts";

/** Elements of every operator, in each runtime. */
const ELEMENTS = 10_000;
const NETWORKS = 12;

/** Compares and, where something differs, fails with the seed that draws it again. */
async function expectEqual(drawn: Case, seed: number): Promise<Comparison> {
  const comparison = await compareRuns(drawn, RUNTIMES);
  assert.deepEqual(comparison.mismatches, [], `seed ${seed}`);
  return comparison;
}

describe("The executor, against unmodified ONNX Runtime", () => {
  for (const operator of OPERATORS)
    it(`runs random ${operator} bit for bit, ${ELEMENTS} elements of it`, async () => {
      let elements = 0;
      for (let seed = 0; elements < ELEMENTS; seed += 1)
        elements += (await expectEqual(operatorCase(operator, seed), seed)).elements.get(operator) ?? 0;
    });

  it(`runs ${NETWORKS} random networks, every tensor in them bit for bit`, async () => {
    const opcodes = new Set<Opcode>();
    for (let seed = 0; seed < NETWORKS; seed += 1) {
      const drawn = networkCase(seed);
      for (const { step } of drawn.program.steps) opcodes.add(step.opcode);
      await expectEqual(drawn, seed);
    }
    assert.deepEqual(
      [...opcodes].sort((a, b) => a - b),
      Object.values(Opcode),
      "networks are made of all opcodes",
    );
  });

  it("runs the model of the example, every tensor of it", async () => {
    const file = readFileSync(new URL("../../../../examples/digits/digits.onnx", import.meta.url));
    const program = compile(file);
    const random = new Random(1);
    for (let i = 0; i < 20; i += 1)
      await expectEqual({ file, program, inputs: [{ dtype: 2, shape: [1, 1, 8, 8], data: random.bytes(64) }] }, i);
  });
});
