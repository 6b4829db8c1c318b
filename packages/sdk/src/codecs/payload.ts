import { AbiCoder, getBytes, hexlify } from "ethers";

import { abiEncode, taggedHash } from "./abi.ts";
import { type Tensor, tensorRoot } from "./tensor.ts";

const PAYLOAD = ["tuple(uint8 dtype, uint32[] shape, bytes data)[]"];

/**
 * Why there is no output: what the order carries is not the input that it commits to; the input's tensors are not of the
 * number, types and shapes that the model takes; or they are, and the model does not run on their values. An error is an
 * output, too: nodes agree on it like on any other, and a false `InputMalformed` can be refuted.
 */
export const PayloadError = { None: 0, InputMissing: 1, InputMalformed: 2, RefusedByModel: 3 } as const;
export type PayloadError = (typeof PayloadError)[keyof typeof PayloadError];

/** Commitment to an input or output: an ordered list of tensors. */
export function payloadRoot(tensors: readonly Tensor[]): string {
  return hashTensorRoots(tensors.map(tensorRoot));
}

/** The payload root of tensors of which only the roots are there. */
export function hashTensorRoots(roots: readonly string[]): string {
  return taggedHash("OPG/payload", ["bytes32[]"], [roots]);
}

/** The root that stands for an output that there is not. */
export function errorRoot(fault: PayloadError): string {
  return taggedHash("OPG/error", ["uint16"], [fault]);
}

/** The canonical error that a root stands for; `None` for an output proper. */
export function faultOf(root: string): PayloadError {
  const faults = [PayloadError.InputMissing, PayloadError.InputMalformed, PayloadError.RefusedByModel];
  return faults.find((fault) => errorRoot(fault) === root) ?? PayloadError.None;
}

/** A payload as it travels in calldata and over HTTP: `abi.encode(Tensor[])`. */
export function encodePayload(tensors: readonly Tensor[]): Uint8Array {
  return getBytes(abiEncode(PAYLOAD, [tensors.map(({ dtype, shape, data }) => [dtype, shape, data])]));
}

/**
 * Reads a payload back. Foreign bytes: the caller has bounded their length.
 * @throws an ethers error if they are no ABI encoding of tensors.
 */
export function decodePayload(bytes: Uint8Array): Tensor[] {
  const [tensors] = AbiCoder.defaultAbiCoder().decode(PAYLOAD, bytes) as unknown as [[bigint, bigint[], string][]];
  return Array.from(tensors, ([dtype, shape, data]) => ({
    dtype: Number(dtype),
    shape: Array.from(shape, Number),
    data: getBytes(data),
  }));
}

/** The one tensor that stands for raw bytes. */
export function bytesTensor(data: Uint8Array): Tensor {
  return { dtype: 2, shape: [data.length], data };
}

/** Whether the input of an order is the payload itself, and not the URI of it. */
export function isInlineInput(input: Uint8Array): boolean {
  return input[0] === 0;
}

/** The URI of an input as an order carries it. */
export function encodeInputURI(uri: string): string {
  return hexlify(new TextEncoder().encode(uri));
}
