import { WORD } from "../../codecs/merkle.ts";
import { type Placed, placementOf } from "../layout.ts";
import { DType } from "../model.ts";
import { Layout, type Step } from "../program.ts";

/** A step before its constants are hashed. */
export type Made = Omit<Step, "constRoot" | "constDepth"> & { readonly constants?: Uint8Array };

/** Words of constants that a step, and all steps of a graph together, may have. */
export const MAX_CONSTANT_WORDS = 2 ** 26;

const MAX_RANK = 6;

/** Words of a tensor in its committed layout; also of one that is too large to exist. */
const wordsOf = (tensor: Placed): number => placementOf(tensor).byteLength / WORD;

/** The layout of a tensor between nodes. */
export const innerLayout = (shape: readonly number[]): Layout => (shape.length === 4 ? Layout.Image : Layout.Rows);

/** A `uint8` tensor between nodes. */
export const inner = (shape: readonly number[]) => ({ dtype: DType.Uint8, shape, layout: innerLayout(shape) });

/** Attributes as they are committed. */
export const attrsOf = (...values: readonly number[]): readonly bigint[] => values.map(BigInt);

/** What is too large about a tensor, if anything is. */
export function excessOf(tensor: Placed, mostWords: number): string | undefined {
  const { length } = tensor.shape;
  if (length < 1 || length > MAX_RANK) return `has rank ${length}, not 1 to ${MAX_RANK}`;
  const words = wordsOf(tensor);
  return words > mostWords ? `takes ${words} words, more than ${mostWords}` : undefined;
}
