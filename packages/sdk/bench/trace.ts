/** How long a run with its trace takes, against ONNX Runtime alone. */
import { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";

import type { Tensor } from "../src/codecs/tensor.ts";
import { compile, DType, Executor } from "../src/onnx/index.ts";
import { fastest } from "./figures.ts";

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

export async function benchTrace(file: Uint8Array): Promise<TraceFigures> {
  const session = await InferenceSession.create(file);
  const executor = new Executor(compile(file));
  const rounds = await fastest(ROUNDS, {
    inference: forEach(({ data }) => session.run({ image: new RuntimeTensor("uint8", data, SHAPE) })),
    run: forEach((image) => executor.run([image])),
    trace: forEach((image) => executor.trace([image])),
  });
  await session.release();
  const [inference, run, trace] = [rounds.inference / RUNS, rounds.run / RUNS, rounds.trace / RUNS];
  return { inference, run, trace, overhead: trace / inference };
}

/** A round of runs, each with a picture of its own. */
const forEach = (work: (image: Tensor) => unknown) => async (): Promise<void> => {
  for (let i = 0; i < RUNS; i += 1) await work(picture(i));
};

/** A picture for each number. */
function picture(number: number): Tensor {
  const data = Uint8Array.from({ length: 64 }, (_, i) => (number * 31 + i * 7 + (number >> (i % 16))) & 0xff);
  return { dtype: DType.Uint8, shape: SHAPE, data };
}
