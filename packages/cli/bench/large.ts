/** A model of the size of GPT-2's smallest: how long it takes to compile, to run and to trace, and how much memory. */
import { Tensor } from "onnxruntime-node";

import { compile, DType, Executor, INTEGER_PROFILE, namedInputs, type Program } from "@opg-protocol/sdk/onnx";

import { fastest } from "../../sdk/bench/figures.ts";
import { comparedElements, compareRuns } from "../../sdk/test/onnx/support/compare.ts";
import { RUNTIMES } from "../../sdk/test/onnx/support/runtimes.ts";
import { floatPassGraph } from "./floatGraphs.ts";
import { LARGE, largeGraph, largeLlama, largePayload, LENGTH } from "./largeModel.ts";
import type { Payload } from "./orders.ts";
import { openSession } from "./writers.ts";

const MIB = 2 ** 20;
/** Of ONNX Runtime; the first one prepares. */
const ROUNDS = 5;
const EXECUTOR_ROUNDS = 2;
/** With the options that sessions have here. */
const RUNTIME = RUNTIMES.filter(({ name }) => name === "native, all, 1 thread(s)");

export interface LargeFigures {
  readonly layers: number;
  readonly width: number;
  readonly length: number;
  readonly fileBytes: number;
  readonly steps: number;
  readonly inference: number;
  /** The same model in float. */
  readonly floatInference: number;
  readonly compile: number;
  readonly run: number;
  readonly trace: number;
  readonly memoryMiB: number;
  /** Of all tensors. */
  readonly elements: number;
  readonly mismatches: number;
}

export async function benchLarge(): Promise<LargeFigures> {
  const file = largeGraph();
  const program = compile(file, INTEGER_PROFILE);
  const payload = largePayload(program);
  const executor = new Executor(program);
  const reference = await fastest(EXECUTOR_ROUNDS, {
    compile: () => compile(file, INTEGER_PROFILE),
    run: () => executor.run(payload.inputs, payload.stated),
    trace: () => executor.trace(payload.inputs, payload.stated),
  });
  const memoryMiB = Math.round(process.memoryUsage().rss / MIB);

  const { mismatches } = await compareRuns({ file, program, ...payload }, RUNTIME);
  const { layers, width } = LARGE;
  return {
    ...{ layers, width, length: LENGTH, fileBytes: file.length, steps: program.steps.length },
    ...(await inferences(file, program)),
    ...reference,
    ...{ memoryMiB, elements: comparedElements({ file, program, ...payload }) },
    mismatches: mismatches.reduce((sum, { count }) => sum + count, 0),
  };
}

/** One pass in ONNX Runtime, in integers and in float. */
async function inferences(file: Uint8Array, program: Program) {
  const integer = await openSession(file);
  const float = await openSession(floatPassGraph(largeLlama(), LENGTH));
  const feeds = feedsOf(program, largePayload(program));
  const tokens = new Tensor("uint8", new Uint8Array(LENGTH).fill(1), [LENGTH]);
  const times = await fastest(ROUNDS, {
    inference: () => integer.run(feeds),
    floatInference: () => float.run({ tokens }, ["next"]),
  });
  await Promise.all([integer.release(), float.release()]);
  return times;
}

function feedsOf(program: Program, { inputs, stated }: Payload): Readonly<Record<string, Tensor>> {
  const feeds = Array.from(namedInputs(program, inputs, stated), ([name, { dtype, shape, data }]) => {
    const isText = dtype === DType.Uint8;
    const given = isText ? new Tensor("uint8", data, shape) : new Tensor("int32", new Int32Array(data.buffer), shape);
    return [name, given] as const;
  });
  return Object.fromEntries(feeds);
}
