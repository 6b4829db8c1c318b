import { DType } from "../model.ts";
import { Layout, type Step } from "../program.ts";

/** A step before its constants are hashed. */
export type Made = Omit<Step, "constRoot" | "constDepth"> & { readonly constants?: Uint8Array };

/** Words of constants that a step, and all steps of a graph together, may have. */
export const MAX_CONSTANT_WORDS = 2 ** 26;

/** Words of a tensor in its committed layout; also of one that is too large to exist. */
export function wordsOf({ layout, dtype, shape }: Pick<Step, "layout" | "dtype" | "shape">): number {
  const size = dtype === DType.Int64 ? 8 : dtype === DType.Float ? 4 : 1;
  const axis = layout === Layout.Image ? 1 : shape.length - 1;
  const elements = shape.reduce((product, dimension) => product * dimension, 1);
  const row = layout === Layout.Packed ? elements : (shape[axis] ?? 1);
  return (elements / row) * Math.ceil((row * size) / 32);
}

/** The layout of a tensor between nodes. */
export const innerLayout = (shape: readonly number[]): Layout => (shape.length === 4 ? Layout.Image : Layout.Rows);

/** A `uint8` tensor between nodes. */
export const inner = (shape: readonly number[]) => ({ dtype: DType.Uint8, shape, layout: innerLayout(shape) });

/** Zeros and booleans of attributes as the int64 that they are committed as. */
export const attrsOf = (...values: readonly number[]): readonly bigint[] => values.map(BigInt);
