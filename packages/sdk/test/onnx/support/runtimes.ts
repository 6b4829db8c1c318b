/** ONNX Runtime as nodes run it: native at both ends of its optimisations and with one and two threads, and in WebAssembly. */
import * as native from "onnxruntime-node";
import * as web from "onnxruntime-web";

import type { Tensor } from "../../../src/codecs/tensor.ts";
import { DType, type Spec } from "../../../src/onnx/index.ts";

/** Runs a file on inputs in the order of `specs`. */
export interface Runtime {
  readonly name: string;
  readonly run: (
    file: Uint8Array,
    specs: readonly Spec[],
    inputs: readonly Tensor[],
  ) => Promise<ReadonlyMap<string, Uint8Array>>;
}

type Options = native.InferenceSession.SessionOptions;

web.env.wasm.numThreads = 1;
web.env.logLevel = "fatal";

function runtime(name: string, onnx: typeof native | typeof web, options: Options): Runtime {
  const run: Runtime["run"] = async (file, specs, inputs) => {
    const session = await onnx.InferenceSession.create(file, { logSeverityLevel: 4, ...options });
    const feeds = specs.map(({ name: input }, i) => [input, tensorOf(onnx, inputs[i])] as const);
    const results = await session.run(Object.fromEntries(feeds));
    const outputs = new Map(Object.entries(results).map(([output, { data }]) => [output, bytesOf(data)]));
    await session.release();
    return outputs;
  };
  return { name, run };
}

function tensorOf(onnx: typeof native | typeof web, tensor: Tensor | undefined) {
  if (tensor === undefined) throw new Error("An input is missing");
  const { dtype, shape, data } = tensor;
  return dtype === DType.Uint8
    ? new onnx.Tensor("uint8", data, shape)
    : new onnx.Tensor("float32", new Float32Array(data.slice().buffer), shape);
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
