import type { GraphMessage, Model, NodeMessage, TensorMessage, ValueMessage } from "../model.ts";
import type { Rest } from "../modelWire.ts";
import type { Refusal } from "../modelRefused.ts";
import type { Profile } from "../program.ts";
import type { ConstantTypes } from "./constant.ts";
import { nameOf } from "./NodeReader.ts";

const MAX_IR = 10;

/** What a profile says of a file before any node is looked at. */
export interface FileRules {
  readonly profile: Profile;
  /** The first and the last version of operator sets, by domain; ONNX' own is the empty one and has to be there. */
  readonly opsets: Readonly<Record<string, readonly [first: number, last: number]>>;
  /** Whether a file may import other domains, of which it may use no operator. */
  readonly otherDomains: boolean;
  readonly constants: ConstantTypes;
  /** Why operators are not allowed, by their names, where there is more to say than that they are not. */
  readonly reasons: Readonly<Record<string, string>>;
  /** Nodes other than constants. */
  readonly mostNodes: number;
}

/** Fields that are documentation: they change nothing of what a model computes. */
const DOCUMENTATION = {
  model: [2, 3, 4, 5, 6, 14],
  graph: [10, 13, 14, 16],
  node: [6, 9],
  attribute: [13],
  tensor: [12, 16],
  value: [3, 4],
  type: [6],
  tensorType: [],
  shape: [],
  dimension: [3],
} as const;
type Part = keyof typeof DOCUMENTATION;

/** Fields that the profile refuses, by what they hold. */
const REFUSED: Readonly<Partial<Record<Part, Readonly<Record<number, string>>>>> = {
  model: { 20: "training information", 25: "functions", 26: "a configuration of devices" },
  graph: { 15: "sparse initialisers" },
  node: { 10: "a configuration of devices" },
  attribute: { 6: "a subgraph", 11: "subgraphs", 21: "a reference to a function's attribute", 22: "a sparse tensor" },
  tensor: { 3: "a segment", 6: "strings", 10: "doubles", 11: "uint64 values", 13: "external data" },
  type: { 4: "a sequence", 5: "a map", 8: "a sparse tensor", 9: "an optional value" },
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
  const overload =
    (node.overload ?? "") === "" ? [] : ["holds an overload of a function, which the profile does not allow"];
  const own = [...foreign("node", node.rest), ...overload].map((reason) => ({ ...at, attribute: "", reason }));
  const attributes = node.attribute.flatMap(({ name = "", rest, t }) =>
    [...foreign("attribute", rest), ...(t === undefined ? [] : storage(t))].map((reason) => ({
      ...at,
      attribute: name,
      reason,
    })),
  );
  return [...own, ...attributes];
}

/** What is wrong with the description of an input or output, at whatever depth. */
function ofValue({ rest, type }: ValueMessage): string[] {
  const tensor = type?.tensorType;
  return [
    ...foreign("value", rest),
    ...foreign("type", type?.rest ?? []),
    ...foreign("tensorType", tensor?.rest ?? []),
    ...foreign("shape", tensor?.shape?.rest ?? []),
    ...(tensor?.shape?.dim ?? []).flatMap((dimension) => foreign("dimension", dimension.rest)),
  ];
}

/** Nodes that have the name of an earlier one. Names may be left out, but ONNX Runtime loads none twice. */
function namesakes(nodes: readonly NodeMessage[]): Refusal[] {
  const seen = new Set<string>();
  return nodes.flatMap(({ name = "", opType: operator = "" }) => {
    if (name === "" || !seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ node: name, operator, attribute: "name", reason: "is the name of an earlier node, too" }];
  });
}

function ofGraph(graph: GraphMessage): Refusal[] {
  const about = (attribute: string) => (reason: string) => ({ node: "", operator: "", attribute, reason });
  return [
    ...foreign("graph", graph.rest).map(about("graph")),
    ...graph.initializer.flatMap((tensor) => storage(tensor).map(about(tensor.name ?? ""))),
    ...[...graph.input, ...graph.output].flatMap((value) => ofValue(value).map(about(value.name ?? ""))),
    ...graph.node.flatMap(ofNode),
    ...namesakes(graph.node),
  ];
}

/** Versions of operator sets, by domain; ONNX' own is the empty one. */
export function opsetsOf(model: Model): ReadonlyMap<string, number> {
  return new Map(model.opsetImport.map(({ domain = "", version = 0 }) => [canonical(domain), version]));
}

/** A domain without its second name. */
export const canonical = (domain: string): string => (domain === "ai.onnx" ? "" : domain);

/** What is wrong with a file before any node is looked at. */
export function fileRefusals(model: Model, graph: GraphMessage, rules: FileRules): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (attribute: string, reason: string) => {
    refusals.push({ node: "", operator: "", attribute, reason });
  };
  const { irVersion = 0, opsetImport } = model;
  if (irVersion < 3 || irVersion > MAX_IR) refuse("ir_version", `is ${irVersion}, not 3 to ${MAX_IR}`);
  const opsets = opsetsOf(model);
  if (opsets.size !== opsetImport.length) refuse("opset_import", "names a domain twice");
  for (const [domain, [first, last]] of Object.entries(rules.opsets)) {
    const version = opsets.get(domain) ?? (domain === "" ? 0 : first);
    const allowed = first === last ? String(first) : `${first} to ${last}`;
    if (version < first || version > last)
      refuse("opset_import", `has version ${version} of ${domain === "" ? "ai.onnx" : domain}, not ${allowed}`);
  }
  if (!rules.otherDomains)
    for (const domain of opsets.keys())
      if (!Object.hasOwn(rules.opsets, domain)) refuse("opset_import", `names ${domain}, not ai.onnx alone`);
  for (const reason of foreign("model", model.rest)) refuse("model", reason);
  return [...refusals, ...ofGraph(graph)];
}
