/**
 * The process in which foreign models run: unmodified ONNX Runtime, nothing else. It has no keys, no environment, and
 * Node's permission model leaves it no file but its own code and the store of checked models.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import { InferenceSession, Tensor } from "onnxruntime-node";

import { runToFixedPoint, UnsettledError } from "./fixedPoint.ts";
import type { RunReply, RunRequest, WireTensor } from "./protocol.ts";

/** How ONNX Runtime names element types, by the number that ONNX gives them. */
const TYPE_NAMES: Readonly<Record<number, Tensor.Type>> = {
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

// Newer versions of Node have arrays of float16, which ONNX Runtime prefers but its binding cannot read.
Reflect.deleteProperty(globalThis, "Float16Array");

/** Models that are kept loaded; the one that was not used for longest goes first. */
const MOST_SESSIONS = 8;
const sessions = new Map<string, InferenceSession>();

process.on("message", (request: RunRequest) => {
  void run(request).then(reply);
});
reply({ kind: "ready" });

async function run(request: RunRequest): Promise<RunReply> {
  let session: InferenceSession;
  try {
    session = await load(request);
  } catch (error) {
    return { kind: "failed", reason: reasonOf(error) };
  }
  try {
    const feeds = Object.fromEntries(request.inputs.map(({ name, tensor }) => [name, toRuntime(tensor)]));
    const results = await runToFixedPoint(session, feeds, request.outputs);
    return { kind: "outputs", outputs: request.outputs.map((name) => fromRuntime(results[name])) };
  } catch (error) {
    const reason = reasonOf(error);
    // What another machine could allocate is no fault of the input; ONNX Runtime tells it by its message alone.
    const isInputsFault = !(error instanceof UnsettledError) && !/alloc|memory/i.test(reason);
    return { kind: isInputsFault ? "refused" : "failed", reason };
  }
}

async function load({ path, digest }: RunRequest): Promise<InferenceSession> {
  const known = sessions.get(digest);
  if (known !== undefined) {
    sessions.delete(digest);
    sessions.set(digest, known);
    return known;
  }
  // What is checked is what is loaded: these very bytes.
  const bytes = await readFile(path);
  const given = `0x${createHash("sha256").update(bytes).digest("hex")}`;
  if (given !== digest) throw new Error(`the file has changed: its sha-256 is ${given}`);
  const session = await InferenceSession.create(bytes, { executionProviders: ["cpu"] });
  const [oldest] = sessions.keys();
  if (sessions.size >= MOST_SESSIONS && oldest !== undefined) {
    await sessions.get(oldest)?.release();
    sessions.delete(oldest);
  }
  sessions.set(digest, session);
  return session;
}

function toRuntime({ dtype, shape, data }: WireTensor): Tensor {
  const type = TYPE_NAMES[dtype];
  if (type === undefined) throw new Error(`element type ${dtype} is not supported`);
  // A copy, because typed arrays of wider elements need aligned memory.
  const bytes = data.slice().buffer;
  return new Tensor(type, viewOf(type, bytes), shape);
}

function viewOf(type: Tensor.Type, bytes: ArrayBuffer) {
  switch (type) {
    case "float32":
      return new Float32Array(bytes);
    case "float64":
      return new Float64Array(bytes);
    case "int8":
      return new Int8Array(bytes);
    case "int16":
      return new Int16Array(bytes);
    case "uint16":
    case "float16":
      return new Uint16Array(bytes);
    case "int32":
      return new Int32Array(bytes);
    case "uint32":
      return new Uint32Array(bytes);
    case "int64":
      return new BigInt64Array(bytes);
    case "uint64":
      return new BigUint64Array(bytes);
    default:
      return new Uint8Array(bytes);
  }
}

function fromRuntime(tensor: Tensor | undefined): WireTensor {
  if (tensor === undefined) throw new Error("an output is missing");
  const dtype = Object.entries(TYPE_NAMES).find(([, name]) => name === tensor.type)?.[0];
  const { data } = tensor;
  if (dtype === undefined || Array.isArray(data)) throw new Error(`outputs of type ${tensor.type} are not supported`);
  const { buffer, byteOffset, byteLength } = data;
  return { dtype: Number(dtype), shape: tensor.dims, data: new Uint8Array(buffer, byteOffset, byteLength).slice() };
}

function reply(message: RunReply): void {
  process.send?.(message);
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
