import { concat, keccak256 } from "ethers";

/** Siblings on the way from a node of one level of a tree up to the root. */
export function pathOver(level: readonly string[], index: number): string[] {
  const path: string[] = [];
  let nodes = level;
  for (let at = index; nodes.length > 1; at >>= 1) {
    path.push(nodes[at ^ 1] ?? "");
    nodes = Array.from({ length: nodes.length / 2 }, (_, i) =>
      keccak256(concat(["0x01", nodes[2 * i] ?? "", nodes[2 * i + 1] ?? ""])),
    );
  }
  return path;
}
