/** The same by ascending address of the node, as contracts want nodes listed. */
export const ascending = <One extends { readonly node: string }>(list: readonly One[]): One[] =>
  list.toSorted((a, b) => (BigInt(a.node) < BigInt(b.node) ? -1 : 1));
