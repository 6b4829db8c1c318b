/**
 * The process in which foreign models run: unmodified ONNX Runtime, nothing else. It has no keys, no environment, and
 * Node's permission model leaves it no file but its own code and the store of checked models.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import { InferenceSession, Tensor } from "onnxruntime-node";

import { runToFixedPoint, UnsettledError } from "./fixedPoint.ts";
import type { CheckedFile, NamedWireTensor, Reply, Request, RunRequest, WireTensor } from "./protocol.ts";
import { Sequences } from "./Sequences.ts";

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
const sequences = new Sequences();

process.on("message", (request: Request) => {
  void answer(request).then(reply);
});
reply({ kind: "ready" });

async function answer(request: Request): Promise<Reply> {
  let session: InferenceSession;
  try {
    session = await load(request);
    if (request.kind === "step") return { kind: "token", token: await sequences.step(session, request) };
  } catch (error) {
    return { kind: "failed", reason: reasonOf(error) };
  }
  return run(session, request);
}

async function run(session: InferenceSession, { inputs, outputs, drafts }: RunRequest): Promise<Reply> {
  try {
    const { results, runs } = await runToFixedPoint(session, feedsOf(inputs), outputs, feedsOf(drafts));
    return { kind: "outputs", outputs: outputs.map((name) => fromRuntime(results[name])), runs };
  } catch (error) {
    const reason = reasonOf(error);
    // What another machine could allocate is no fault of the input; ONNX Runtime tells it by its message alone.
    const isInputsFault = !(error instanceof UnsettledError) && !/alloc|memory/i.test(reason);
    return { kind: isInputsFault ? "refused" : "failed", reason };
  }
}

const feedsOf = (tensors: readonly NamedWireTensor[]) =>
  Object.fromEntries(tensors.map(({ name, tensor }) => [name, toRuntime(tensor)]));

async function load({ path, digest }: CheckedFile): Promise<InferenceSession> {
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

function reply(message: Reply): void {
  process.send?.(message);
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
