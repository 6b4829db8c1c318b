/** What users give to be checked: foreign text, of which every part is looked at before it is used. */
import { type Batch, type CompactSignature, type Receipt, type Tensor, tensorByteLength } from "@opg-protocol/sdk";
import { type AnsweredCall, readReceiptText, SessionFormatError, writeReceipt } from "@opg-protocol/sdk/session";
import { decodeBase64, encodeBase64, getAddress, getBytes, isHexString } from "ethers";

/** A place in a batch, and the way from there to its root. */
export interface BatchPlace {
  readonly batch: Batch;
  readonly index: bigint;
  readonly path: readonly string[];
}

/** A receipt, and what is there beside it. */
export interface GivenReceipt {
  readonly receipt: Receipt;
  /** Of the node's signer. */
  readonly signature: CompactSignature | undefined;
  readonly place: BatchPlace | undefined;
  readonly inputs: readonly Tensor[] | undefined;
  readonly outputs: readonly Tensor[] | undefined;
}

/** A leaf of a batch that is looked up by its id. */
export interface GivenBatchLeaf {
  readonly batchId: string;
  readonly index: bigint;
  /** Hash of what the leaf states. */
  readonly statement: string;
  readonly path: readonly string[];
}

/** What was given is not what it must be. */
export class BadGivenError extends Error {
  constructor(place: string, expected: string, text = `${place} must be ${expected}.`) {
    super(text);
    this.name = "BadGivenError";
  }
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a receipt: the JSON of the header `opg-receipt`, or an object with that as `receipt` and, if they are there, `inputs`,
 * `outputs`, and the place in a batch as `batch`, `index` and `path`. {@link callText} writes it.
 * @throws BadGivenError that names the field.
 */
export function readReceipt(text: string): GivenReceipt {
  const whole = fieldsOf("What you gave", parsed(text));
  const receipt = "receipt" in whole ? fieldsOf("receipt", whole["receipt"]) : whole;
  const isSigned = receipt["signature"] !== undefined;
  const { signature, ...rest } = signedReceipt(isSigned ? receipt : { ...receipt, signature: NO_SIGNATURE });
  return {
    receipt: rest,
    signature: isSigned ? signature : undefined,
    place: whole["batch"] === undefined ? undefined : batchPlace(whole),
    inputs: tensorsIn("inputs", whole["inputs"]),
    outputs: tensorsIn("outputs", whole["outputs"]),
  };
}

/** An answered call of a session as text that {@link readReceipt} reads. */
export function callText({ receipt, inputs, outputs }: AnsweredCall): string {
  const write = ({ dtype, shape, data }: Tensor) => ({ dtype, shape, data: encodeBase64(data) });
  const fields = { receipt: parsed(writeReceipt(receipt)), inputs: inputs.map(write), outputs: outputs.map(write) };
  return JSON.stringify(fields, null, 2);
}

/**
 * Reads what a form has for a leaf of a batch.
 * @throws BadGivenError
 */
export function readBatchLeaf(
  form: Readonly<Record<"batchId" | "index" | "statement" | "path", string>>,
): GivenBatchLeaf {
  return {
    batchId: word("The id of the batch", form.batchId.trim()),
    index: count("The index", form.index.trim()),
    statement: word("The statement", form.statement.trim()),
    path: form.path
      .split(/[\s,"'[\]]+/)
      .filter((part) => part !== "")
      .map((part, i) => word(`Hash ${i + 1} of the path`, part)),
  };
}

const ZERO = `0x${"0".repeat(64)}`;
const NO_SIGNATURE: CompactSignature = { r: ZERO, vs: ZERO };

function signedReceipt(fields: Fields) {
  const texts = Object.entries(fields).map(([name, value]) => [name, isAmount(name) ? numberText(value) : value]);
  try {
    return readReceiptText(JSON.stringify(Object.fromEntries(texts)));
  } catch (error) {
    if (error instanceof SessionFormatError) throw new BadGivenError(error.place, "", error.message);
    throw error;
  }
}

const isAmount = (name: string): boolean => name === "sequence" || name === "price";

/** Some write decimal numbers without quotes; beyond 2^53 they would not be the same numbers any more. */
const numberText = (value: unknown): unknown =>
  typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;

function batchPlace(whole: Fields): BatchPlace {
  const { poster, root, count: leaves } = fieldsOf("batch", whole["batch"]);
  const { path } = whole;
  if (!Array.isArray(path)) throw new BadGivenError("path", "a list of hashes");
  return {
    batch: {
      poster: account("batch.poster", poster),
      root: word("batch.root", root),
      count: count("batch.count", leaves),
    },
    index: count("index", whole["index"]),
    path: path.map((hash, i) => word(`path[${i}]`, hash)),
  };
}

function tensorsIn(place: string, value: unknown): readonly Tensor[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new BadGivenError(place, "a list of tensors");
  return value.map((tensor: unknown, i) => tensorIn(`${place}[${i}]`, tensor));
}

function tensorIn(place: string, value: unknown): Tensor {
  const { dtype, shape, data } = fieldsOf(place, value);
  const isSize = (size: unknown): size is number => typeof size === "number" && Number.isInteger(size) && size > 0;
  if (!isSize(dtype)) throw new BadGivenError(`${place}.dtype`, "a number of an ONNX element type");
  if (!Array.isArray(shape) || !shape.every(isSize)) throw new BadGivenError(`${place}.shape`, "a list of sizes");
  const tensor = { dtype, shape, data: bytesIn(`${place}.data`, data) };
  const length = tensorByteLength(tensor);
  if (tensor.data.length !== length) throw new BadGivenError(`${place}.data`, `${length} bytes by its type and shape`);
  return tensor;
}

/** Bytes as base64, hex, a list, or what `JSON.stringify` makes of an array of bytes. */
function bytesIn(place: string, value: unknown): Uint8Array {
  const expected = "bytes: base64, hex with 0x, or a list of numbers";
  if (typeof value === "string") {
    if (isHexString(value)) return getBytes(value);
    try {
      return getBytes(decodeBase64(value));
    } catch {
      throw new BadGivenError(place, expected);
    }
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : Object.values(fieldsOf(place, value));
  const isByte = (byte: unknown): byte is number =>
    typeof byte === "number" && Number.isInteger(byte) && byte >= 0 && byte < 256;
  if (!list.every(isByte)) throw new BadGivenError(place, expected);
  return Uint8Array.from(list);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BadGivenError("What you gave", "JSON");
  }
}

function fieldsOf(place: string, value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new BadGivenError(place, "a JSON object");
}

function word(place: string, value: unknown): string {
  if (typeof value === "string" && isHexString(value, 32)) return value.toLowerCase();
  throw new BadGivenError(place, "32 bytes: 0x and 64 hex digits");
}

function account(place: string, value: unknown): string {
  try {
    return getAddress(String(value));
  } catch {
    throw new BadGivenError(place, "an address");
  }
}

function count(place: string, value: unknown): bigint {
  const text = numberText(value);
  if (typeof text === "string" && /^(0|[1-9][0-9]{0,77})$/.test(text)) return BigInt(text);
  throw new BadGivenError(place, "a decimal number");
}
