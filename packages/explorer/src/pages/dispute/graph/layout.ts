/** Where the steps of a model stand in a picture: from the inputs at the top down to the outputs, in layers. */
import type { Program } from "@opg-protocol/sdk/onnx";

/** References at or above this are inputs of the graph, as `GRAPH_INPUT` says. It is repeated so that no picture loads the compiler. */
const FIRST_INPUT = 0xff00;

export const NODE = { width: 240, height: 46, gapX: 28, gapY: 26, margin: 12 } as const;
/** How far a line that passes other layers swings out beside them. */
const SWING = 0.7 * NODE.width;
const TYPES: Readonly<Record<number, string>> = { 1: "float32", 2: "uint8", 7: "int64" };

/** An operator of the model, or one of its inputs. */
export interface GraphNode {
  /** Number of the step; of the k-th input `0xff00 + k`. */
  readonly id: number;
  readonly name: string;
  /** ONNX operator; undefined for an input or output of the graph. */
  readonly operator: string | undefined;
  /** Type and shape of what it makes. */
  readonly tensor: string;
  /** What it reads, by id. */
  readonly reads: readonly number[];
  /** Left and top, in units of the picture. */
  readonly x: number;
  readonly y: number;
}

/** A line from what makes a tensor to what reads it. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  /** Of an SVG path. */
  readonly path: string;
}

/** A model as a picture. */
export interface GraphLayout {
  /** Inputs first, then the steps in their order. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly width: number;
  readonly height: number;
}

type Unplaced = Omit<GraphNode, "x" | "y">;

/** Lays a compiled model out. Pure. */
export function layoutOf(program: Program): GraphLayout {
  const unplaced = nodesOf(program);
  const layers = orderedLayers(unplaced);
  const widest = layers.reduce((most, layer) => Math.max(most, layer.length), 1);
  const nodes = layers.flatMap((layer, row) =>
    layer.map((node, column) => placed(node, row, column, layer.length, widest)),
  );
  const edges = edgesOf(nodes);
  const swing = edges.some(({ isLong }) => isLong) ? SWING : 0;
  return {
    nodes: nodes.toSorted((a, b) => readingOrder(a.id) - readingOrder(b.id)),
    edges: edges.map(({ from, to, path }) => ({ from, to, path })),
    width: 2 * NODE.margin + widest * (NODE.width + NODE.gapX) - NODE.gapX + swing,
    height: 2 * NODE.margin + layers.length * (NODE.height + NODE.gapY) - NODE.gapY,
  };
}

const readingOrder = (id: number): number => (id >= FIRST_INPUT ? id - FIRST_INPUT - FIRST_INPUT : id);
const tensorText = (dtype: number, shape: readonly number[]): string =>
  `${TYPES[dtype] ?? `type ${dtype}`} [${shape.join(", ")}]`;

function nodesOf({ inputs, steps }: Program): readonly Unplaced[] {
  return [
    ...inputs.map(({ name, dtype, shape }, k) => ({
      id: FIRST_INPUT + k,
      name,
      operator: undefined,
      tensor: tensorText(dtype, shape),
      reads: [],
    })),
    ...steps.map(({ step, name, operator }, id) => ({
      id,
      name,
      operator,
      tensor: tensorText(step.dtype, step.shape),
      reads: [...new Set(step.inputs.map(({ from }) => from))],
    })),
  ];
}

/** A node's layer is the longest way to it. Inside a layer nodes stand in the order of what they read, so that few lines cross. */
function orderedLayers(nodes: readonly Unplaced[]): readonly (readonly Unplaced[])[] {
  const depths = new Map<number, number>();
  const layers: Unplaced[][] = [];
  // Steps come in an order in which each reads only earlier ones.
  for (const node of nodes) {
    const depth = node.reads.reduce((most, from) => Math.max(most, (depths.get(from) ?? 0) + 1), 0);
    depths.set(node.id, depth);
    (layers[depth] ??= []).push(node);
  }
  const places = new Map<number, number>();
  return layers.map((layer) => {
    const wish = ({ reads }: Unplaced): number =>
      reads.reduce((sum, from) => sum + (places.get(from) ?? 0), 0) / Math.max(1, reads.length);
    const ordered = layer.toSorted((a, b) => wish(a) - wish(b));
    ordered.forEach(({ id }, i) => places.set(id, i - (ordered.length - 1) / 2));
    return ordered;
  });
}

function placed(node: Unplaced, row: number, column: number, count: number, widest: number): GraphNode {
  const step = NODE.width + NODE.gapX;
  const x = NODE.margin + (column + (widest - count) / 2) * step;
  return { ...node, x, y: NODE.margin + row * (NODE.height + NODE.gapY) };
}

interface MeasuredEdge extends GraphEdge {
  readonly isLong: boolean;
}

function edgesOf(nodes: readonly GraphNode[]): readonly MeasuredEdge[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return nodes.flatMap((to) =>
    to.reads.flatMap((id) => {
      const from = byId.get(id);
      return from === undefined ? [] : [edge(from, to)];
    }),
  );
}

function edge(from: GraphNode, to: GraphNode): MeasuredEdge {
  const start = { x: from.x + NODE.width / 2, y: from.y + NODE.height };
  const end = { x: to.x + NODE.width / 2, y: to.y };
  const isLong = end.y - start.y > NODE.gapY;
  const bend = isLong ? SWING : 0;
  const middle = isLong ? NODE.gapY : NODE.gapY / 2;
  const path = `M${start.x},${start.y} C${start.x + bend},${start.y + middle} ${end.x + bend},${end.y - middle} ${end.x},${end.y}`;
  return { from: from.id, to: to.id, path, isLong };
}
