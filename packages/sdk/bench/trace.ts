/** How long a run with its trace takes, against ONNX Runtime alone. */
import { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";

import type { Tensor } from "../src/codecs/tensor.ts";
import { compile, DType, Executor } from "../src/onnx/index.ts";

/** Short rounds, so that some of them have the machine for themselves. */
const ROUNDS = 200;
const RUNS = 40;
const SHAPE = [1, 1, 8, 8];

export interface TraceFigures {
  readonly inference: number;
  readonly run: number;
  readonly trace: number;
  readonly overhead: number;
}

/** All three in turn. The fastest round of each counts: what else the machine does can only slow it. */
export async function benchTrace(file: Uint8Array): Promise<TraceFigures> {
  const session = await InferenceSession.create(file);
  const executor = new Executor(compile(file));
  const times = { inference: [] as number[], run: [] as number[], trace: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.inference.push(await timed(({ data }) => session.run({ image: new RuntimeTensor("uint8", data, SHAPE) })));
    times.run.push(await timed((image) => executor.run([image])));
    times.trace.push(await timed((image) => executor.trace([image])));
  }
  await session.release();
  const [inference, run, trace] = [Math.min(...times.inference), Math.min(...times.run), Math.min(...times.trace)];
  return { inference, run, trace, overhead: trace / inference };
}

async function timed(work: (image: Tensor) => unknown): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < RUNS; i += 1) await work(picture(i));
  return (performance.now() - started) / RUNS;
}

/** A picture for each number. */
function picture(number: number): Tensor {
  const data = Uint8Array.from({ length: 64 }, (_, i) => (number * 31 + i * 7 + (number >> (i % 16))) & 0xff);
  return { dtype: DType.Uint8, shape: SHAPE, data };
}
