import { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";

import { MerkleTree, type Tensor } from "@opg-protocol/sdk";
import { DType, type Program, commit, expose, fastKeccak } from "@opg-protocol/sdk/onnx";

import type { ModelExecutor } from "./run.ts";

/** Unmodified ONNX Runtime. A trace is made by the same file with every tensor among its outputs. */
export function runtimeExecutor(file: Uint8Array, program: Program): ModelExecutor {
  const outputsIn = (tensors: ReadonlyMap<string, Uint8Array>) =>
    program.outputs.map(({ name, dtype, shape }) => ({ dtype, shape, data: tensors.get(name) ?? new Uint8Array() }));
  return {
    run: async (inputs) => outputsIn(await tensorsOf(file, program, inputs)),
    trace: async (inputs) => {
      const exposed = expose(file, program);
      const tensors = await tensorsOf(exposed.file, program, inputs);
      const roots = program.steps.map(({ step }, i) => {
        const words = commit(step, tensors.get(exposed.names[i] ?? "") ?? new Uint8Array());
        return `0x${Buffer.from(new MerkleTree(words, fastKeccak).root).toString("hex")}`;
      });
      return { outputs: outputsIn(tensors), roots };
    },
  };
}

/** Inputs and outputs of a run by their names: bytes, row-major, little-endian. */
async function tensorsOf(
  file: Uint8Array,
  program: Program,
  inputs: readonly Tensor[],
): Promise<Map<string, Uint8Array>> {
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
  const given = inputs.map((tensor, k) => [program.inputs[k]?.name ?? "", tensor] as const);
  const results = await session.run(Object.fromEntries(given.map(([name, tensor]) => [name, toRuntime(tensor)])));
  await session.release();
  const tensors = new Map(given.map(([name, { data }]) => [name, data]));
  for (const [name, { data }] of Object.entries(results))
    if (ArrayBuffer.isView(data)) tensors.set(name, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return tensors;
}

function toRuntime({ dtype, shape, data }: Tensor): RuntimeTensor {
  if (dtype === DType.Uint8) return new RuntimeTensor("uint8", data, shape);
  return new RuntimeTensor("float32", new Float32Array(data.slice().buffer), shape);
}
