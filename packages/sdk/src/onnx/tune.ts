import { floatsOf, integersOf, QUANTISED_TYPES, readConstant } from "./compile/constant.ts";
import { type AddScales, disagreement } from "./compile/addKernels.ts";
import { isScale, raised } from "./compile/scales.ts";
import { nameOf } from "./compile/NodeReader.ts";
import { DType, type GraphMessage, type NodeMessage, type TensorMessage, readModel, writeModel } from "./model.ts";
import { ModelRefusedError } from "./modelRefused.ts";

/** Units in the last place by which a scale is raised at a time, and how often that is tried. */
const [ULPS, TRIES] = [16, 1_000];

/** A scale that was raised. */
export interface Raise {
  /** Name of the `QLinearAdd`. */
  readonly node: string;
  readonly from: number;
  readonly to: number;
  /** Nodes that read the sum, and so its scale. */
  readonly readers: readonly string[];
}

/** A model whose sums are the same on every processor. */
export interface Tuned {
  /** The file; the given bytes where nothing had to change. */
  readonly model: Uint8Array;
  readonly raises: readonly Raise[];
}

/**
 * Makes every `QLinearAdd` portable: raises its output scale by 16 units in the last place, and the same scale where it is
 * next read, until all kernels of ONNX Runtime agree on all pairs of bytes. Says nothing about the rest of the profile.
 * @throws ModelRefusedError if the bytes are no ONNX file, or a sum stays different after 1,000 raises.
 */
export function tune(bytes: Uint8Array): Tuned {
  const model = readModel(bytes);
  if (model.graph === undefined) throw ModelRefusedError.ofFile("the file has no graph", "graph");
  const tuner = new Tuner(model.graph);
  const raises = tuner.run();
  return raises.length === 0
    ? { model: bytes, raises }
    : { model: writeModel({ ...model, graph: tuner.graph }), raises };
}

/** The input that holds the scale of what a node reads first. */
const next = (input: number): number | undefined => (input === 0 ? 1 : undefined);

/** For operators that read a quantised tensor: which input holds the scale of the tensor at an input. */
const SCALE_INPUTS: ReadonlyMap<string, (input: number) => number | undefined> = new Map([
  ["QLinearConv", next],
  ["QLinearMatMul", next],
  ["QGemm", next],
  ["QLinearAdd", (input) => (input === 0 || input === 3 ? input + 1 : undefined)],
  ["QLinearGlobalAveragePool", next],
  ["QLinearSigmoid", next],
  ["QLinearLeakyRelu", next],
  ["QLinearConcat", (input) => (input % 3 === 2 ? input + 1 : undefined)],
  ["DequantizeLinear", next],
]);

/** Operators whose output is quantised like their inputs. */
const SAME_SCALE = ["MaxPool", "Clip", "Concat", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Identity"];

/** A graph while its scales are raised. */
class Tuner {
  graph: GraphMessage;
  private readonly constants: Map<string, TensorMessage>;

  constructor(graph: GraphMessage) {
    this.graph = graph;
    const named = (tensor: TensorMessage) => [tensor.name ?? "", tensor] as const;
    const nodes = graph.node.flatMap(({ opType, attribute, output: [name = ""] }) =>
      opType === "Constant" ? attribute.flatMap(({ t }) => (t === undefined ? [] : [[name, t] as const])) : [],
    );
    this.constants = new Map([...graph.initializer.map(named), ...nodes]);
  }

  /** In order of the file, because a raise changes what later sums read. */
  run(): Raise[] {
    const raises: Raise[] = [];
    for (const index of this.graph.node.keys()) {
      const node = this.graph.node[index];
      const raise = node?.opType === "QLinearAdd" ? this.raise(node, index) : undefined;
      if (raise !== undefined) raises.push(raise);
    }
    return raises;
  }

  private raise(node: NodeMessage, index: number): Raise | undefined {
    const scales = this.scalesOf(node);
    if (scales === undefined || disagreement(scales) === undefined) return undefined;
    const to = portableScale(scales);
    if (to === undefined) {
      const reason = `stays different between processors after ${TRIES} raises`;
      throw new ModelRefusedError({ node: nameOf(node), operator: "QLinearAdd", attribute: "C_scale", reason });
    }
    const scale = this.addScale(node.input[6] ?? "", to);
    this.rewire(index, 6, scale);
    const readers = this.rewireReaders(node.output[0] ?? "", scale);
    return { node: nameOf(node), from: scales.sc, to, readers };
  }

  /** Nothing if the node is not one of the profile: that is for the compiler to say. */
  private scalesOf({ input }: NodeMessage): AddScales | undefined {
    const [sa, sb, sc] = [1, 4, 6].map((i) => this.value(input[i], DType.Float));
    const [za, zb, zc] = [2, 5, 7].map((i) => this.value(input[i], DType.Uint8));
    if (sa === undefined || sb === undefined || sc === undefined) return undefined;
    if (za === undefined || zb === undefined || zc === undefined) return undefined;
    return [sa, sb, sc].every(isScale) ? { sa, za, sb, zb, sc, zc } : undefined;
  }

  /** The one value of a constant of this type. */
  private value(name: string | undefined, dtype: number): number | undefined {
    const tensor = this.constants.get(name ?? "");
    const constant = tensor === undefined ? "" : readConstant(tensor, QUANTISED_TYPES);
    if (typeof constant === "string" || constant.dtype !== dtype) return undefined;
    const [only, ...others] = dtype === DType.Float ? floatsOf(constant) : integersOf(constant);
    return others.length === 0 ? only : undefined;
  }

  /** Adds a scale, named after the one that it stands in for: others may go on reading that. */
  private addScale(before: string, scale: number): string {
    let name = `${before}_tuned`;
    while (this.constants.has(name)) name += "_";
    const rawData = new Uint8Array(4);
    new DataView(rawData.buffer).setFloat32(0, scale, true);
    const absent = { floatData: undefined, int32Data: undefined, int64Data: undefined, dataLocation: undefined };
    const tensor: TensorMessage = { dims: [], dataType: DType.Float, ...absent, name, rawData, rest: [] };
    this.constants.set(name, tensor);
    this.graph = { ...this.graph, initializer: [...this.graph.initializer, tensor] };
    return name;
  }

  private rewire(index: number, input: number, name: string): void {
    const node = this.graph.node[index];
    if (node === undefined) return;
    const changed = { ...node, input: node.input.map((before, i) => (i === input ? name : before)) };
    this.graph = { ...this.graph, node: this.graph.node.with(index, changed) };
  }

  /** Lets all that read a tensor read its scale under another name. Gives their names. */
  private rewireReaders(tensor: string, scale: string): string[] {
    const readers: string[] = [];
    const tensors = new Set([tensor]); // grows while it is walked
    for (const read of tensors)
      for (const [index, { opType = "", input, output, name }] of this.graph.node.entries())
        for (const at of input.keys()) {
          if (input[at] !== read) continue;
          const place = SCALE_INPUTS.get(opType)?.(at);
          if (place === undefined) {
            if (SAME_SCALE.includes(opType)) tensors.add(output[0] ?? "");
            continue;
          }
          this.rewire(index, place, scale);
          readers.push(name ?? "");
        }
    return readers;
  }
}

/** The smallest raise of the output scale that makes all kernels agree. */
function portableScale(scales: AddScales): number | undefined {
  for (let step = 1; step <= TRIES; step++) {
    const sc = raised(scales.sc, ULPS * step);
    if (isScale(sc) && disagreement({ ...scales, sc }) === undefined) return sc;
  }
  return undefined;
}
