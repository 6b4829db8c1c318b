import { type Tensor, tensorByteLength } from "@opg-protocol/sdk";
import { DType, type Spec } from "@opg-protocol/sdk/onnx";

import { UsageError, readBytes } from "../files.ts";

/** A tensor as it stands in JSON. */
export interface JsonTensor {
  /** As ONNX numbers them: 1 float32, 2 uint8, 7 int64. */
  readonly dtype: number;
  readonly dims: readonly number[];
  /** Row-major, little-endian, in base64. */
  readonly data: string;
}

/** Reads the inputs of a model from a file, in the model's order. Those at the end that may be left out come if they are there. */
export function readTensors(
  path: string,
  specs: readonly Pick<Spec, "name">[],
  optional: readonly Pick<Spec, "name">[] = [],
): Tensor[] {
  const given = parse(path);
  const known = [...specs, ...optional];
  for (const name of given.keys())
    if (!known.some((spec) => spec.name === name)) throw new UsageError(`${path}: the model has no input ${name}`);
  const isAsked = ({ name }: Pick<Spec, "name">, i: number) => i < specs.length || given.has(name);
  return known.filter(isAsked).map(({ name }) => {
    const tensor = toTensor(given.get(name));
    if (tensor === undefined)
      throw new UsageError(`${path}: ${name} must be { "dtype": number, "dims": [number], "data": "base64" }`);
    const expected = tensorByteLength(tensor);
    if (tensor.data.length !== expected)
      throw new UsageError(
        `${path}: ${name} has ${tensor.data.length} bytes, but its type and dims ask for ${expected}`,
      );
    if (tensor.dtype === DType.Float && new Float32Array(tensor.data.slice().buffer).some(Number.isNaN))
      throw new UsageError(`${path}: ${name} holds a NaN, of which processors make different bytes`);
    return tensor;
  });
}

function parse(path: string): Map<string, unknown> {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(readBytes(path)));
    if (typeof json === "object" && json !== null) return new Map(Object.entries(json));
  } catch (error) {
    if (error instanceof UsageError) throw error;
  }
  throw new UsageError(`${path} is no JSON object`);
}

function toTensor(json: unknown): Tensor | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const { dtype, dims, data } = json as Partial<Record<keyof JsonTensor, unknown>>;
  const isSize = (size: unknown): size is number => Number.isSafeInteger(size);
  if (!isSize(dtype) || !Array.isArray(dims) || !dims.every(isSize) || typeof data !== "string") return undefined;
  return { dtype, shape: dims, data: new Uint8Array(Buffer.from(data, "base64")) };
}

/** Tensors by their names, as JSON has them. */
export function toJson(specs: readonly Spec[], tensors: readonly Tensor[]): Record<string, JsonTensor> {
  return Object.fromEntries(
    tensors.map(({ dtype, shape, data }, i) => [
      specs[i]?.name ?? "",
      { dtype, dims: shape, data: Buffer.from(data).toString("base64") },
    ]),
  );
}
