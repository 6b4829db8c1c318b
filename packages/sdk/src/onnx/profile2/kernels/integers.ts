/** Tensors as arrays of their numbers. */
import { WORD } from "../../../codecs/merkle.ts";
import { tensorByteLength } from "../../../codecs/tensor.ts";
import { commit, elementSize, type Placed, placementOf, uncommit } from "../../layout.ts";
import { DType } from "../../model.ts";
import { CONSTANT, Layout, type ProgramStep, type Ref } from "../../program.ts";

/** The numbers of a tensor in an array of its type; truths are bytes. */
export type Integers = Uint8Array | Int32Array | BigInt64Array;

const ALIGNMENT = 8;

/** Bytes as numbers. */
function view(dtype: number, bytes: Uint8Array): Integers {
  const { buffer, byteOffset, length } = bytes.byteOffset % ALIGNMENT === 0 ? bytes : bytes.slice();
  if (dtype === DType.Int64) return new BigInt64Array(buffer, byteOffset, length / 8);
  if (dtype === DType.Int32) return new Int32Array(buffer, byteOffset, length / 4);
  return new Uint8Array(buffer, byteOffset, length);
}

/** The bytes of numbers. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** The bytes of a tensor row-major, without gaps; not copied where they lie so already. */
export function denseBytes(placed: Placed, words: Uint8Array): Uint8Array {
  const { layout, dtype, shape } = placed;
  const row = (shape.at(-1) ?? 1) * elementSize(dtype);
  const hasGaps = layout !== Layout.Packed && row % WORD !== 0;
  return hasGaps ? uncommit(placed, words) : words.subarray(0, tensorByteLength(placed));
}

/** The numbers of a tensor row-major, from its committed words. */
export const integersIn = (placed: Placed, words: Uint8Array): Integers =>
  view(placed.dtype, denseBytes(placed, words));

/** Zeros for a tensor of a type. */
export const zeros = (dtype: number, count: number): Integers =>
  view(dtype, new Uint8Array(count * elementSize(dtype)));

/** The committed words of numbers. */
export const committed = (placed: Placed, integers: Integers): Uint8Array => commit(placed, bytesOf(integers));

/** The committed words of the constants that a step refers to, by its inputs; nothing for its tensors. */
export function constantWords({ step, constants }: ProgramStep): readonly (Uint8Array | undefined)[] {
  let at = 0;
  return step.inputs.map((ref) => {
    if (ref.from !== CONSTANT) return undefined;
    const words = constants.subarray(at, at + placementOf(ref).byteLength);
    at += words.length;
    return words;
  });
}

/** What a step reads first. */
export function firstOf({ step }: ProgramStep): Ref {
  const [first] = step.inputs;
  if (first === undefined) throw new RangeError("A step that reads tensors has none.");
  return first;
}
