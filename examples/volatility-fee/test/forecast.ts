/** What the model says, without ONNX Runtime: the SDK's executor computes the same bits as nodes and referee. */
import { readFileSync } from "node:fs";

import type { Tensor } from "@opg-protocol/sdk";
import { compile, Executor } from "@opg-protocol/sdk/onnx";

const FLOAT32 = 1;
const executor = new Executor(compile(readFileSync(new URL("../model/volatility.onnx", import.meta.url))));

/** The volatility of the return that follows these 32, as a share of 1. */
export function forecast(returns: readonly number[]): number {
  const data = new Uint8Array(Float32Array.from(returns).buffer);
  const input: Tensor = { dtype: FLOAT32, shape: [1, returns.length], data };
  const [output] = executor.run([input]);
  if (output === undefined) throw new Error("The model has no output");
  return new DataView(output.data.slice().buffer).getFloat32(0, true);
}
