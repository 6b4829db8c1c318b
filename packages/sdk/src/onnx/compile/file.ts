import type { GraphMessage, Model, NodeMessage, TensorMessage } from "../model.ts";
import type { Rest } from "../modelWire.ts";
import type { Refusal } from "../modelRefused.ts";
import { MICROSOFT } from "./operators.ts";
import { nameOf } from "./NodeReader.ts";

const MAX_IR = 10;
const OPSETS = { first: 11, last: 21 };

/** Fields that are documentation: they change nothing of what a model computes. */
const DOCUMENTATION = {
  model: [2, 3, 4, 5, 6, 14],
  graph: [10, 13, 14, 16],
  node: [6, 9],
  attribute: [13],
  tensor: [12, 16],
  value: [3, 4],
} as const;
type Part = keyof typeof DOCUMENTATION;

/** Fields that the profile refuses, by what they hold. */
const REFUSED: Readonly<Partial<Record<Part, Readonly<Record<number, string>>>>> = {
  model: { 20: "training information", 25: "functions", 26: "a configuration of devices" },
  graph: { 15: "sparse initialisers" },
  node: { 8: "an overload of a function", 10: "a configuration of devices" },
  attribute: { 6: "a subgraph", 11: "subgraphs", 21: "a reference to a function's attribute", 22: "a sparse tensor" },
  tensor: { 3: "a segment", 6: "strings", 10: "doubles", 11: "uint64 values", 13: "external data" },
};

/** What is in a part of the file that may not be there. */
function foreign(part: Part, rest: readonly Rest[]): string[] {
  const documentation: readonly number[] = DOCUMENTATION[part];
  const ids = new Set(rest.map(({ id }) => id).filter((id) => !documentation.includes(id)));
  return [...ids].map(
    (id) => `holds ${REFUSED[part]?.[id] ?? `a field of number ${id}`}, which the profile does not allow`,
  );
}

/** What is wrong with a tensor's way of being stored. */
function storage(tensor: TensorMessage): string[] {
  const reasons = foreign("tensor", tensor.rest);
  const isExternal = (tensor.dataLocation ?? 0) !== 0 && !reasons.some((reason) => reason.includes("external"));
  return isExternal ? [...reasons, "holds external data, which the profile does not allow"] : reasons;
}

function ofNode(node: NodeMessage): Refusal[] {
  const at = { node: nameOf(node), operator: node.opType ?? "" };
  const own = foreign("node", node.rest).map((reason) => ({ ...at, attribute: "", reason }));
  const attributes = node.attribute.flatMap(({ name = "", rest, t }) =>
    [...foreign("attribute", rest), ...(t === undefined ? [] : storage(t))].map((reason) => ({
      ...at,
      attribute: name,
      reason,
    })),
  );
  return [...own, ...attributes];
}

function ofGraph(graph: GraphMessage): Refusal[] {
  const about = (attribute: string) => (reason: string) => ({ node: "", operator: "", attribute, reason });
  return [
    ...foreign("graph", graph.rest).map(about("graph")),
    ...graph.initializer.flatMap((tensor) => storage(tensor).map(about(tensor.name ?? ""))),
    ...[...graph.input, ...graph.output].flatMap(({ name = "", rest }) => foreign("value", rest).map(about(name))),
    ...graph.node.flatMap(ofNode),
  ];
}

/** Versions of operator sets, by domain; ONNX' own is the empty one. */
export function opsetsOf(model: Model): ReadonlyMap<string, number> {
  return new Map(model.opsetImport.map(({ domain = "", version = 0 }) => [canonical(domain), version]));
}

/** A domain without its second name. */
export const canonical = (domain: string): string => (domain === "ai.onnx" ? "" : domain);

/** What is wrong with a file before any node is looked at. */
export function fileRefusals(model: Model, graph: GraphMessage): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (attribute: string, reason: string) => {
    refusals.push({ node: "", operator: "", attribute, reason });
  };
  const { irVersion = 0, opsetImport } = model;
  if (irVersion < 3 || irVersion > MAX_IR) refuse("ir_version", `is ${irVersion}, not 3 to ${MAX_IR}`);
  const opsets = opsetsOf(model);
  if (opsets.size !== opsetImport.length) refuse("opset_import", "names a domain twice");
  const [own = 0, microsoft = 1] = [opsets.get(""), opsets.get(MICROSOFT)];
  if (own < OPSETS.first || own > OPSETS.last)
    refuse("opset_import", `has version ${own} of ai.onnx, not ${OPSETS.first} to ${OPSETS.last}`);
  if (microsoft !== 1) refuse("opset_import", `has version ${microsoft} of ${MICROSOFT}, not 1`);
  for (const reason of foreign("model", model.rest)) refuse("model", reason);
  return [...refusals, ...ofGraph(graph)];
}
