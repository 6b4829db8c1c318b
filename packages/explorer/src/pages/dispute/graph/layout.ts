/** Where the steps of a model stand in a picture: from the inputs at the top down to the outputs, in layers. */
import { CONSTANT, GRAPH_INPUT, type Program, STATED_OUTPUT, statedName } from "@opg-protocol/sdk/onnx";

import { dtypeName } from "../../../entities/tensorSpecs.ts";

export const NODE = { width: 240, height: 46, gapX: 28, gapY: 26, margin: 12 } as const;
/** How far a line that passes other layers swings out beside them. */
const SWING = 0.7 * NODE.width;

/** An operator of the model, or one of its inputs; what a statement says of an output, which a model can read, is one, too. */
export interface GraphNode {
  /** Number of the step, or the reference of steps to the input. */
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
  const order = new Map(unplaced.map(({ id }, i) => [id, i]));
  const placeIn = ({ id }: GraphNode): number => order.get(id) ?? 0;
  const swing = edges.some(({ isLong }) => isLong) ? SWING : 0;
  return {
    nodes: nodes.toSorted((a, b) => placeIn(a) - placeIn(b)),
    edges: edges.map(({ from, to, path }) => ({ from, to, path })),
    width: 2 * NODE.margin + widest * (NODE.width + NODE.gapX) - NODE.gapX + swing,
    height: 2 * NODE.margin + layers.length * (NODE.height + NODE.gapY) - NODE.gapY,
  };
}

const tensorText = (dtype: number, shape: readonly number[]): string => `${dtypeName(dtype)} [${shape.join(", ")}]`;

function nodesOf({ inputs, outputs, stated, steps }: Program): readonly Unplaced[] {
  const given = (id: number, name: string, { dtype, shape }: Program["inputs"][number]): Unplaced => ({
    id,
    name,
    operator: undefined,
    tensor: tensorText(dtype, shape),
    reads: [],
  });
  return [
    ...inputs.map((spec, k) => given(GRAPH_INPUT + k, spec.name, spec)),
    ...outputs.flatMap((spec, k) =>
      stated.includes(k) ? [given(STATED_OUTPUT + k, statedName(spec.name), spec)] : [],
    ),
    ...steps.map(({ step, name, operator }, id) => ({
      id,
      name,
      operator,
      tensor: tensorText(step.dtype, step.shape),
      reads: [...new Set(step.inputs.map(({ from }) => from).filter((from) => from !== CONSTANT))],
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
