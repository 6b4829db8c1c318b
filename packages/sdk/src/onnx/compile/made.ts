import { WORD } from "../../codecs/merkle.ts";
import { type Placed, placementOf } from "../layout.ts";
import { DType } from "../model.ts";
import { Layout, type Step } from "../program.ts";

/** A step before its constants are hashed. */
export type Made = Omit<Step, "constRoot" | "constDepth"> & { readonly constants?: Uint8Array };

/** Words of constants that a step, and all steps of a graph together, may have. */
export const MAX_CONSTANT_WORDS = 2 ** 26;

/** Words of a tensor in its committed layout; also of one that is too large to exist. */
export const wordsOf = (tensor: Placed): number => placementOf(tensor).byteLength / WORD;

/** The layout of a tensor between nodes. */
export const innerLayout = (shape: readonly number[]): Layout => (shape.length === 4 ? Layout.Image : Layout.Rows);

/** A `uint8` tensor between nodes. */
export const inner = (shape: readonly number[]) => ({ dtype: DType.Uint8, shape, layout: innerLayout(shape) });

/** Attributes as they are committed. */
export const attrsOf = (...values: readonly number[]): readonly bigint[] => values.map(BigInt);
