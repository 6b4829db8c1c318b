/** The syntax trees that the compiler of Solidity makes. */

/** A node with the fields that its kind has. `src` is `first byte:length:file`. */
export interface AstNode {
  readonly nodeType: string;
  readonly src: string;
  readonly [field: string]: unknown;
}

export const isNode = (value: unknown): value is AstNode =>
  typeof value === "object" && value !== null && "nodeType" in value;

/** The nodes right below one, or below anything else that has some in it. */
export function* childrenOf(value: unknown): Generator<AstNode> {
  if (typeof value !== "object" || value === null) return;
  for (const inner of Object.values(value))
    if (isNode(inner)) yield inner;
    else yield* childrenOf(inner);
}

/** Bytes of a node: the first, and the one behind it. */
export function placeOf({ src }: AstNode): readonly [from: number, to: number] {
  const [from = 0, length = 0] = src.split(":").map(Number);
  return [from, from + length];
}
