import type { Tensor } from "@opg-protocol/sdk";
import type * as Ort from "onnxruntime-web";

/** Runs an ONNX file on inputs by their names, and gives its outputs by theirs. */
export type RunModel = (file: Uint8Array, inputs: ReadonlyMap<string, Tensor>) => Promise<ReadonlyMap<string, Tensor>>;

/** The part of ONNX Runtime that is used: any of its builds for JavaScript fits. */
export type OrtModule = Pick<typeof Ort, "InferenceSession" | "Tensor" | "env">;

/** An input of a type that ONNX Runtime does not take from JavaScript. */
export class ElementTypeError extends Error {
  constructor(type: string) {
    super(`ONNX Runtime for JavaScript has no tensors of the element type ${type}.`);
    this.name = "ElementTypeError";
  }
}

/** A model was loaded and does not run on this input: so it is anywhere else. */
export class RunRefusedError extends Error {
  constructor(reason: string) {
    super(`ONNX Runtime Web does not run the model on this input: ${reason}`);
    this.name = "RunRefusedError";
  }
}

/** How ONNX Runtime names element types, by the number that ONNX gives them. */
const TYPES: Readonly<Record<number, Ort.Tensor.Type>> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  4: "uint16",
  5: "int16",
  6: "int32",
  7: "int64",
  9: "bool",
  10: "float16",
  11: "float64",
  12: "uint32",
  13: "uint64",
};

/** Bytes of an element, by which its numbers have to be aligned in memory. */
const VIEWS = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  float64: Float64Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
} as const;

/**
 * Unmodified ONNX Runtime on one thread. Every run loads its file anew: files are run once or twice here, and what is not kept
 * cannot be mixed up.
 */
export const ortRunner =
  (ort: OrtModule): RunModel =>
  async (file, inputs) => {
    const session = await ort.InferenceSession.create(file, { executionProviders: ["wasm"], logSeverityLevel: 4 });
    try {
      const feeds = Array.from(inputs, ([name, tensor]) => [name, toRuntime(ort, tensor)] as const);
      const results = await session.run(Object.fromEntries(feeds)).catch(refuse);
      return new Map(Object.entries(results).map(([name, tensor]) => [name, fromRuntime(tensor)]));
    } finally {
      await session.release();
    }
  };

/**
 * The runtime says of itself, with a code, what it refuses. What else is thrown is a fall of its WebAssembly, and what another
 * machine could allocate is no fault of the input; the latter is told by the message alone.
 */
function refuse(error: unknown): never {
  const reason = error instanceof Error ? error.message : "";
  const isToldByRuntime = /ERROR_CODE: \d+/.test(reason) && !/alloc|memory/i.test(reason);
  throw isToldByRuntime ? new RunRefusedError(reason) : error;
}

function toRuntime(ort: OrtModule, { dtype, shape, data }: Tensor): Ort.Tensor {
  const type = TYPES[dtype];
  // Half floats have an array type in some browsers alone, and the runtime then takes no other.
  if (type === undefined || !(type in VIEWS)) throw new ElementTypeError(type ?? String(dtype));
  const View = VIEWS[type as keyof typeof VIEWS];
  // A copy, because numbers of several bytes need aligned memory.
  return new ort.Tensor(type, new View(data.slice().buffer), shape);
}

function fromRuntime({ type, dims, data }: Ort.Tensor): Tensor {
  const dtype = Object.entries(TYPES).find(([, name]) => name === type)?.[0];
  if (dtype === undefined || !ArrayBuffer.isView(data)) throw new ElementTypeError(type);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  return { dtype: Number(dtype), shape: [...dims], data: bytes };
}
