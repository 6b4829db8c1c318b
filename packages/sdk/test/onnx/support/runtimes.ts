/** ONNX Runtime as nodes run it: native at both ends of its optimisations and with one and two threads, and in WebAssembly. */
import * as native from "onnxruntime-node";
import * as web from "onnxruntime-web";

import type { Tensor } from "../../../src/codecs/tensor.ts";
import { DType, type RunFile } from "../../../src/onnx/index.ts";

export interface Runtime {
  readonly name: string;
  readonly run: RunFile;
}

type Options = native.InferenceSession.SessionOptions;

web.env.wasm.numThreads = 1;
web.env.logLevel = "fatal";

function runtime(name: string, onnx: typeof native | typeof web, options: Options): Runtime {
  const run: RunFile = async (file, inputs) => {
    const session = await onnx.InferenceSession.create(file, { logSeverityLevel: 4, ...options });
    const feeds = Array.from(inputs, ([input, tensor]) => [input, tensorOf(onnx, tensor)] as const);
    const results = await session.run(Object.fromEntries(feeds));
    const outputs = new Map(Object.entries(results).map(([output, { data }]) => [output, bytesOf(data)]));
    await session.release();
    return outputs;
  };
  return { name, run };
}

function tensorOf(onnx: typeof native | typeof web, { dtype, shape, data }: Tensor) {
  const aligned = data.slice().buffer;
  switch (dtype) {
    case DType.Uint8:
      return new onnx.Tensor("uint8", data, shape);
    case DType.Int32:
      return new onnx.Tensor("int32", new Int32Array(aligned), shape);
    case DType.Int64:
      return new onnx.Tensor("int64", new BigInt64Array(aligned), shape);
    default:
      return new onnx.Tensor("float32", new Float32Array(aligned), shape);
  }
}

function bytesOf(data: unknown): Uint8Array {
  if (!ArrayBuffer.isView(data)) throw new Error("An output has no numbers");
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
}

export const RUNTIMES: readonly Runtime[] = [
  ...(["disabled", "all"] as const).flatMap((level) =>
    [1, 2].map((threads) =>
      runtime(`native, ${level}, ${threads} thread(s)`, native, {
        graphOptimizationLevel: level,
        intraOpNumThreads: threads,
      }),
    ),
  ),
  runtime("wasm", web, { executionProviders: ["wasm"] }),
];
