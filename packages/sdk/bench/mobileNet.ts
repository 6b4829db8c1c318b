/** A network of the size that phones run: how long it takes to compile, to run and to trace, and how much memory. */
import { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";

import type { Tensor } from "../src/codecs/tensor.ts";
import { compile, DType, Executor } from "../src/onnx/index.ts";
import { mobileNet } from "../test/onnx/support/networks.ts";
import { Random } from "../test/onnx/support/Random.ts";

const SIDE = 224;
const MIB = 2 ** 20;

export interface MobileNetFigures {
  readonly side: number;
  readonly fileBytes: number;
  readonly steps: number;
  readonly compile: number;
  readonly inference: number;
  readonly run: number;
  readonly trace: number;
  readonly memoryMiB: number;
  /** Elements of the outputs that ONNX Runtime has otherwise. */
  readonly mismatches: number;
}

export async function benchMobileNet(): Promise<MobileNetFigures> {
  const file = mobileNet(SIDE);
  const shape = [1, 3, SIDE, SIDE];
  const random = new Random(6);
  const data = Uint8Array.from({ length: 3 * SIDE ** 2 }, () => random.int(0, 255));
  const image: Tensor = { dtype: DType.Uint8, shape, data };

  const [compiling, program] = await timed(() => compile(file));
  const executor = new Executor(program);
  const [running, outputs] = await timed(() => executor.run([image]));
  const [tracing] = await timed(() => executor.trace([image]));
  const memoryMiB = Math.round(process.memoryUsage().rss / MIB);

  const session = await InferenceSession.create(file);
  const feeds = { image: new RuntimeTensor("uint8", data, shape) };
  await session.run(feeds); // the first run prepares
  const [inferring, results] = await timed(() => session.run(feeds));
  await session.release();
  const theirs = program.outputs.map(({ name }) => results[name]?.data as Float32Array | BigInt64Array);
  const mismatches = outputs.reduce((sum, output, i) => sum + differences(output, theirs[i]), 0);
  return {
    ...{ side: SIDE, fileBytes: file.length, steps: program.steps.length, compile: compiling, inference: inferring },
    ...{ run: running, trace: tracing, memoryMiB, mismatches },
  };
}

async function timed<T>(work: () => T | Promise<T>): Promise<readonly [ms: number, result: T]> {
  const started = performance.now();
  const result = await work();
  return [Math.round(performance.now() - started), result];
}

/** Bytes that differ. */
function differences({ data }: Tensor, theirs: Float32Array | BigInt64Array | undefined): number {
  if (theirs?.byteLength !== data.length) return data.length;
  const bytes = new Uint8Array(theirs.buffer, theirs.byteOffset, theirs.byteLength);
  return data.reduce((count, byte, i) => count + (byte === bytes[i] ? 0 : 1), 0);
}
