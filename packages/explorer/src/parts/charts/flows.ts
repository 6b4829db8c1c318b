import type { Valued } from "./labels.ts";

/** Where something flows from or to. */
export interface FlowNode {
  readonly id: string;
  readonly label: string;
}

/** How much flows from one node to another. */
export interface FlowLink {
  readonly from: string;
  readonly to: string;
  readonly value: number;
}

/** Flows as Recharts wants them: links by the place of their nodes. */
export interface IndexedFlows {
  readonly nodes: { readonly name: string }[];
  readonly links: { readonly source: number; readonly target: number; readonly value: number }[];
}

/**
 * Leaves out what does not flow and who has no part in it. Nothing if flows go round in a circle, which the chart cannot
 * lay out: they are then in the table alone.
 */
export function indexFlows(nodes: readonly FlowNode[], links: readonly FlowLink[]): IndexedFlows | undefined {
  const flowing = links.filter(({ value }) => value > 0);
  const used = nodes.filter(({ id }) => flowing.some(({ from, to }) => from === id || to === id));
  const place = new Map(used.map(({ id }, index) => [id, index]));
  const indexed = flowing.flatMap(({ from, to, value }) => {
    const [source, target] = [place.get(from), place.get(to)];
    return source === undefined || target === undefined ? [] : [{ source, target, value }];
  });
  if (goesRound(used.length, indexed)) return undefined;
  return { nodes: used.map(({ label }) => ({ name: label })), links: indexed };
}

/** Takes away, again and again, nodes that nothing flows into; a circle is what remains. */
function goesRound(count: number, links: IndexedFlows["links"]): boolean {
  let [left, rest] = [Array.from({ length: count }, (_, index) => index), links];
  for (;;) {
    const fed = new Set(rest.map(({ target }) => target));
    const next = left.filter((index) => fed.has(index));
    if (next.length === left.length) return left.length > 0;
    left = next;
    rest = rest.filter(({ source }) => fed.has(source));
  }
}

/** Flows as named values, for labels and tables. */
export function flowNames(nodes: readonly FlowNode[], links: readonly FlowLink[]): Valued[] {
  const nameOf = (id: string): string => nodes.find((node) => node.id === id)?.label ?? id;
  return links.map(({ from, to, value }) => ({ label: `${nameOf(from)} → ${nameOf(to)}`, value }));
}
