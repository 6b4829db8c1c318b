import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it, type TestContext } from "node:test";

import type { Tensor } from "../../../src/codecs/tensor.ts";
import { DType } from "../../../src/onnx/index.ts";
import { GraphBuilder } from "../../../src/onnx/GraphBuilder.ts";
import { RUNTIMES } from "../support/runtimes.ts";

const { Uint8, Int32, Int64 } = DType;

const longs = (...values: readonly bigint[]): Tensor => ({
  dtype: Int64,
  shape: [values.length],
  data: new Uint8Array(BigInt64Array.from(values).buffer),
});
const asLongs = (data: Uint8Array): bigint[] => [...new BigInt64Array(data.slice().buffer)];
const asInts = (data: Uint8Array): number[] => [...new Int32Array(data.slice().buffer)];

/** What the first output of a graph is in each runtime. */
async function runs(graph: GraphBuilder, inputs: readonly (readonly [string, Tensor])[]): Promise<Uint8Array[]> {
  const results: Uint8Array[] = [];
  for (const { run } of RUNTIMES) {
    const [first = assert.fail()] = (await run(graph.bytes(), new Map(inputs))).values();
    results.push(first);
  }
  return results;
}

/** Native runtimes stand before the one in WebAssembly. */
const native = <T>(results: readonly T[]): readonly T[] => results.slice(0, -1);

// What the compiler refuses, and why: each test runs it in ONNX Runtime.
describe("What looks exact in ONNX Runtime and is not", () => {
  /** Whether a wrong value is to be seen here: where it is not, the test holds the right one, and says so. */
  const isX86 = process.arch === "x64";
  const seen = (t: TestContext, isSeen: boolean): void => {
    if (!isSeen) t.diagnostic(`A ${process.arch} processor with these extensions does not show it.`);
  };

  const high = 2n ** 31n;
  for (const [opType, bounds, right, wrong] of [
    ["Min", [high], 5n, high],
    ["Max", [high], high, 5n],
    ["Clip", [0n, high], 5n, high],
  ] as const)
    it(`${opType} of int64 takes 2^31 for less than 5 on x86`, async (t) => {
      const graph = new GraphBuilder(17);
      const inputs = [graph.input("x", [4], Int64), ...bounds.map((bound) => graph.int64(bound))];
      graph.output(graph.node(opType, inputs), [4], Int64);
      const results = (await runs(graph, [["x", longs(5n, 5n, 5n, 5n)]])).map(asLongs);
      seen(t, isX86);
      for (const result of native(results)) assert.deepEqual(result, Array<bigint>(4).fill(isX86 ? wrong : right));
    });

  it("ReduceSum of int64 adds in doubles: beyond 2^53 even one number becomes another", async () => {
    const graph = new GraphBuilder(17);
    const x = graph.input("x", [2], Int64);
    graph.output(
      graph.node("ReduceSum", [graph.node("Reshape", [x, graph.int64([2, 1])]), graph.int64([1])]),
      [2, 1],
      Int64,
    );
    for (const result of await runs(graph, [["x", longs(2n ** 53n - 1n, 2n ** 53n + 1n)]]))
      assert.deepEqual(asLongs(result), [2n ** 53n - 1n, 2n ** 53n]);
  });

  it("QLinearSoftmax sums in float32: the order of a row changes its bytes", async () => {
    const row = [202, 237, 207, 216, 238, 218, 215, 218, 254, 219, 221, 203, 224, 245, 239, 206];
    const graph = new GraphBuilder(17);
    const scales = [graph.float(2 ** -5), graph.uint8(0), graph.float(2 ** -8), graph.uint8(0)];
    const attributes = { axis: 1, opset: 13 };
    const x = graph.input("x", [2, 16]);
    graph.output(graph.node("QLinearSoftmax", [x, ...scales], { domain: "com.microsoft", attributes }), [2, 16]);
    const data = Uint8Array.from([...row, ...row.toReversed()]);
    for (const result of await runs(graph, [["x", { dtype: Uint8, shape: [2, 16], data }]]))
      assert.deepEqual([result[10], result[16 + 15 - 10]], [14, 13]);
  });

  it("MatMulInteger of uint8 by int8 may add two products in 16 bits that saturate", async (t) => {
    const graph = new GraphBuilder(17);
    const x = graph.input("x", [1, 64]);
    graph.output(graph.node("MatMulInteger", [x, graph.int8(Array<number>(64).fill(127), [64, 1])]), [1, 1], Int32);
    const data = new Uint8Array(64).fill(255);
    const results = await runs(graph, [["x", { dtype: Uint8, shape: [1, 64], data }]]);
    const [exact, saturated] = [64 * 255 * 127, 32 * (2 ** 15 - 1)];
    const sums = results.flatMap(asInts);
    for (const sum of sums) assert.ok(sum === exact || sum === saturated, String(sum));
    seen(t, sums.includes(saturated));
  });

  it("Gather takes an index below 0 from the end", async () => {
    const graph = new GraphBuilder(17);
    graph.output(graph.node("Gather", [graph.int64([10, 20, 30]), graph.input("i", [1], Int64)]), [1], Int64);
    for (const result of await runs(graph, [["i", longs(-1n)]])) assert.deepEqual(asLongs(result), [30n]);
  });

  it("Div of the least number by -1 ends the process on x86", (t) => {
    const graph = new GraphBuilder(17);
    const [a, b] = [graph.input("a", [1], Int32), graph.input("b", [1], Int32)];
    const file = Buffer.from(graph.output(graph.node("Div", [a, b]), [1], Int32).bytes()).toString("base64");
    const divide = (dividend: number, divisor: number) => {
      const feeds = `{ a: new Tensor("int32", [${dividend}], [1]), b: new Tensor("int32", [${divisor}], [1]) }`;
      const program = `
        import { InferenceSession, Tensor } from "onnxruntime-node";
        const session = await InferenceSession.create(Buffer.from("${file}", "base64"));
        console.log((await session.run(${feeds})).t0.data[0]);`;
      return spawnSync(process.execPath, ["--input-type=module", "-e", program], { cwd: import.meta.dirname });
    };
    assert.equal(String(divide(-7, 2).stdout).trim(), "-3");
    seen(t, isX86);
    if (isX86) assert.equal(divide(-(2 ** 31), -1).signal, "SIGFPE");
  });
});
