import { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";

import type { Tensor } from "../../src/codecs/tensor.ts";
import { DType, type Program } from "../../src/onnx/index.ts";

/** What unmodified ONNX Runtime makes of a compiled model's file. */
export async function runtimeOutputs(file: Uint8Array, program: Program, inputs: readonly Tensor[]): Promise<Tensor[]> {
  const session = await InferenceSession.create(file, { logSeverityLevel: 4 });
  const feeds = Object.fromEntries(program.inputs.map(({ name }, k) => [name, given(inputs[k])]));
  const results = await session.run(feeds);
  await session.release();
  return program.outputs.map(({ name, dtype }) => {
    const { data, dims } = results[name] ?? { data: new Uint8Array(), dims: [] };
    if (!ArrayBuffer.isView(data)) throw new Error(`${name} has no numbers`);
    return { dtype, shape: [...dims], data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice() };
  });
}

function given(tensor: Tensor | undefined): RuntimeTensor {
  if (tensor === undefined) throw new Error("an input is missing");
  const { dtype, shape, data } = tensor;
  if (dtype === DType.Uint8) return new RuntimeTensor("uint8", data, shape);
  return new RuntimeTensor("float32", new Float32Array(data.slice().buffer), shape);
}

/** A tensor of bytes. */
export const bytesOf = (shape: readonly number[], data: Uint8Array): Tensor => ({ dtype: DType.Uint8, shape, data });

/** Numbers from 0 to 1 that look random and are the same on every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
