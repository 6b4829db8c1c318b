import type { Tensor } from "../../codecs/tensor.ts";
import { valueOf } from "../GraphBuilder.ts";
import { DType, type GraphMessage, type Model, type NodeMessage, writeModel } from "../model.ts";
import type { Exhaustion } from "./exhaust.ts";

/** A node as a model of its own. */
export interface CutOut {
  readonly file: Uint8Array;
  readonly inputs: ReadonlyMap<string, Tensor>;
  readonly output: string;
}

/** Makes a model of one node and the constants that it reads. Its activations become inputs, whatever they were. */
export function cutOut(model: Model, node: NodeMessage, { inputs: tensors, places, shape }: Exhaustion): CutOut {
  const nameAt = (place: number) => `probe${place}`;
  const read = new Set(node.input.filter((_, i) => !places.includes(i)));
  const [output = ""] = node.output;
  const own = { ...node, input: node.input.map((name, i) => (places.includes(i) ? nameAt(i) : name)) };
  const inputs = new Map(places.map((place, k) => [nameAt(place), tensors[k] as Tensor]));
  const { node: nodes = [], initializer = [] } = model.graph ?? {};
  const graph: GraphMessage = {
    name: "probe",
    node: [...nodes.filter(({ opType, output: [name = ""] }) => opType === "Constant" && read.has(name)), own],
    initializer: initializer.filter(({ name = "" }) => read.has(name)),
    input: [...inputs].map(([name, tensor]) => valueOf(name, tensor.shape, tensor.dtype)),
    output: [valueOf(output, shape, DType.Uint8)],
    rest: [],
  };
  return { file: writeModel({ ...model, graph }), inputs, output };
}
