import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { compile, DType, Opcode } from "../../src/onnx/index.ts";
import { GraphBuilder } from "../../src/onnx/GraphBuilder.ts";
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

  it("adds up 32,768 products of the largest bytes, either sign, up to the bound of the profile", async () => {
    const length = 32_768;
    const graph = new GraphBuilder();
    const rows = [255, 0, 0, 255].map((byte) => new Uint8Array(length).fill(byte));
    for (const zero of [0, 255]) {
      const x = graph.input(`x${zero}`, [4, length]);
      const weights = graph.tensor(
        DType.Uint8,
        [length, 2],
        new Uint8Array(2 * length).map((_, i) => (i % 2) * 255),
      );
      const heads = [graph.float([2 ** -24, Math.fround(3e-8)]), graph.uint8([255, 0])];
      const inputs = [x, graph.float(1), graph.uint8(zero), weights, ...heads, graph.float(1), graph.uint8(128)];
      graph.output(graph.node("QLinearMatMul", inputs), [4, 2]);
    }
    const file = graph.bytes();
    const tensor = { dtype: DType.Uint8, shape: [4, length], data: new Uint8Array(Buffer.concat(rows)) };
    await expectEqual({ file, program: compile(file), inputs: [tensor, tensor] }, 0);
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
