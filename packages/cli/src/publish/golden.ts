import { type Tensor, type VersionIdentity, payloadRoot } from "@opg-protocol/sdk";
import { DType, Executor, settle, statedName } from "@opg-protocol/sdk/onnx";

import { UsageError } from "../files.ts";
import { runFile } from "../model/runtime.ts";
import { type Identified, UnpublishableError, fits } from "./identity.ts";

/** An input that runs through many values and is the same each time: for models that take any bytes or floats. */
export function madeInput({ inputs }: VersionIdentity): Tensor[] {
  return inputs.map(({ name, dtype, shape: open }) => {
    const shape = open.map((size) => (size === 0 ? 1 : size));
    const values = Uint8Array.from(
      { length: shape.reduce((product, size) => product * size, 1) },
      (_, i) => (i * 37) % 256,
    );
    if (dtype === DType.Uint8) return { dtype, shape, data: values };
    if (dtype !== DType.Float)
      throw new UsageError(`${name} takes numbers that cannot be made up: give an input with --input`);
    return { dtype, shape, data: new Uint8Array(Float32Array.from(values, (value) => value / 256).buffer) };
  });
}

/**
 * Runs a model on ONNX Runtime as nodes will, and gives its outputs.
 * @throws UnpublishableError if it makes other types or shapes than it says, or if a referee would compute something else.
 */
export async function goldenOutput(
  file: Uint8Array,
  { identity, program }: Identified,
  inputs: readonly Tensor[],
): Promise<Tensor[]> {
  if (!fits(inputs, identity.inputs)) throw new UnpublishableError("The golden input does not fit the model's inputs.");
  const named = identity.inputs.map(({ name }, i) => [name, inputs[i] ?? { dtype: 0, shape: [], data: NONE }] as const);
  const run = async (shown: readonly Tensor[]) => {
    const stated = shown.map((tensor, k) => [statedName(identity.outputs[k]?.name ?? ""), tensor] as const);
    const made = await runFile(file, [...named, ...stated.filter((_, k) => program?.stated.includes(k))]);
    return identity.outputs.flatMap(({ name }) => made.get(name) ?? []);
  };
  const outputs = [...(await settle(program ?? NOTHING_STATED, run))];
  if (!fits(outputs, identity.outputs))
    throw new UnpublishableError("The model makes other types or shapes than its file says: nodes would refuse it.");
  if (program === undefined) return outputs;
  const [judged, given] = [payloadRoot(new Executor(program).run(inputs, outputs)), payloadRoot(outputs)];
  if (judged !== given)
    throw new UnpublishableError(
      `ONNX Runtime makes ${given} of the golden input here, a referee ${judged}: no node could serve it safely.`,
    );
  return outputs;
}

const NONE = new Uint8Array();
const NOTHING_STATED = { outputs: [], stated: [] };
