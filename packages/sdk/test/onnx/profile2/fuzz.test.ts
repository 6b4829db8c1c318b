import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Executor } from "../../../src/onnx/index.ts";
import { sizeOf } from "../../../src/onnx/layout.ts";
import { compareTensors } from "../../../src/onnx/probe/compare.ts";
import { Random } from "../support/Random.ts";
import { RUNTIMES } from "../support/runtimes.ts";
import { bytesOf, drawNumber, endsOf } from "./support/IntegerSketch.ts";
import { RandomGraph } from "./support/RandomGraph.ts";

const GRAPHS = 20;
const NODES = 32;
const RUNS = 5;

describe("Random graphs that the compiler accepts", () => {
  it(`never overflow, and give the same numbers in exact integers, here and in ONNX Runtime: ${GRAPHS} graphs`, async () => {
    const [accepted, refused] = [new Map<string, number>(), new Map<string, number>()];
    let largest = 0n;
    for (let seed = 0; seed < GRAPHS; seed += 1) {
      const graph = new RandomGraph(seed);
      for (let i = 0; i < NODES; i += 1) graph.grow();
      for (const { opType } of graph.entries) accepted.set(opType, (accepted.get(opType) ?? 0) + 1);
      for (const opType of graph.refused) refused.set(opType, (refused.get(opType) ?? 0) + 1);

      const [file, { program, outputs }] = [graph.file(), graph];
      const executor = new Executor(program);
      const random = new Random(seed);
      for (let run = 0; run < RUNS; run += 1) {
        const drawn = graph.inputs.map(({ dtype, shape }) =>
          random.list(sizeOf(shape), () => drawNumber(random, dtype)),
        );
        const numbers = graph.evaluate(drawn);
        for (const [i, { dtype, opType }] of graph.entries.entries()) {
          const [least, most] = endsOf(dtype);
          for (const number of numbers[i] ?? []) {
            assert.ok(number >= least && number <= most, `seed ${seed}: ${opType} gives ${number}`);
            if (number > largest) largest = number;
          }
        }
        const inputs = graph.inputs.map(({ dtype, shape }, i) => ({
          dtype,
          shape,
          data: bytesOf(dtype, drawn[i] ?? []),
        }));
        const exact = outputs.map((i) => bytesOf(graph.entries[i]?.dtype ?? 0, numbers[i] ?? []));
        const made = executor.run(inputs).map(({ data }) => data);
        assert.deepEqual(made, exact, `seed ${seed}`);
        const { name, run: runFile } = RUNTIMES[run % RUNTIMES.length] ?? assert.fail();
        assert.deepEqual(await compareTensors(file, program, inputs, runFile), [], `seed ${seed}, ${name}`);
      }
    }
    // The test is worth something only if all operators are in it, and numbers reach far, and some are refused.
    const names = [
      "Add",
      "Sub",
      "Mul",
      "Div",
      "Abs",
      "Cast",
      "Clip",
      "Where",
      "Gather",
      "ReduceSum",
      "ReduceSumSquare",
    ];
    for (const name of [...names, "ArgMax", "GatherElements", "MatMulInteger", "Transpose", "Greater", "Equal"])
      assert.ok((accepted.get(name) ?? 0) >= 5, `${name}: ${accepted.get(name) ?? 0}`);
    for (const name of ["Add", "Sub", "Mul", "Abs", "Div", "Gather", "ReduceSum"])
      assert.ok((refused.get(name) ?? 0) > 0, `${name} is never refused`);
    assert.ok(largest > 2n ** 62n, String(largest));
  });
});
