import { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";

import { MerkleTree, type Tensor } from "@opg-protocol/sdk";
import { Executor, type Program, commit, expose, fastKeccak, namedInputs } from "@opg-protocol/sdk/onnx";

import type { ModelExecutor } from "./run.ts";

/** How ONNX Runtime names element types, and the array that it takes for each, by the number that ONNX gives the type. */
const TYPES = {
  1: ["float32", Float32Array],
  2: ["uint8", Uint8Array],
  3: ["int8", Int8Array],
  4: ["uint16", Uint16Array],
  5: ["int16", Int16Array],
  6: ["int32", Int32Array],
  7: ["int64", BigInt64Array],
  9: ["bool", Uint8Array],
  11: ["float64", Float64Array],
  12: ["uint32", Uint32Array],
  13: ["uint64", BigUint64Array],
} as const;

const isKnown = (dtype: number): dtype is keyof typeof TYPES => dtype in TYPES;

/** Unmodified ONNX Runtime. A trace is made by the same file with every tensor among its outputs. */
export function runtimeExecutor(file: Uint8Array, program: Program): ModelExecutor {
  const outputsIn = (tensors: ReadonlyMap<string, Tensor>) => program.outputs.map(({ name }) => madeIn(tensors, name));
  return {
    run: async (inputs, stated) => outputsIn(await runFile(file, [...namedInputs(program, inputs, stated)])),
    trace: async (inputs, stated) => {
      const exposed = expose(file, program);
      const tensors = await runFile(exposed.file, [...namedInputs(program, inputs, stated)]);
      const roots = [...new Executor(program).tensors(inputs, stated)].map(([i, emulated]) => {
        const name = exposed.names[i] ?? "";
        // Some steps only arrange what another has made: no node of the file has their tensor, and it has no name.
        const step = program.steps[i]?.step;
        const words = name === "" || step === undefined ? emulated : commit(step, madeIn(tensors, name).data);
        return `0x${Buffer.from(new MerkleTree(words, fastKeccak).root).toString("hex")}`;
      });
      return { outputs: outputsIn(tensors), roots };
    },
  };
}

/** A tensor of a run. What ONNX Runtime has not made must not pass for something that it agrees on. */
function madeIn(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const made = tensors.get(name);
  if (made === undefined) throw new Error(`ONNX Runtime has made no tensor ${name}, which the model has.`);
  return made;
}

/** Inputs and outputs of a run by their names. */
export async function runFile(
  file: Uint8Array,
  inputs: readonly (readonly [name: string, tensor: Tensor])[],
): Promise<Map<string, Tensor>> {
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
  const results = await session.run(Object.fromEntries(inputs.map(([name, tensor]) => [name, toRuntime(tensor)])));
  await session.release();
  const tensors = new Map(inputs);
  for (const [name, tensor] of Object.entries(results)) tensors.set(name, fromRuntime(name, tensor));
  return tensors;
}

function toRuntime({ dtype, shape, data }: Tensor): RuntimeTensor {
  if (!isKnown(dtype)) throw new Error(`Elements of type ${dtype} cannot be given to ONNX Runtime from here.`);
  const [type, View] = TYPES[dtype];
  // A copy, because typed arrays of wider elements need aligned memory.
  return new RuntimeTensor(type, new View(data.slice().buffer), shape);
}

function fromRuntime(name: string, { type, dims, data }: RuntimeTensor): Tensor {
  const dtype = Object.entries(TYPES).find(([, [known]]) => known === type)?.[0];
  if (dtype === undefined || !ArrayBuffer.isView(data))
    throw new Error(`The output ${name} is of type ${type}, which no payload can hold.`);
  return { dtype: Number(dtype), shape: dims, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}
