/**
 * What the model checker reads of a file and of all that it imports: each function and constant that its contract can reach, at
 * its place and character for character, and blanks instead of the others. The checker looks into every function of every
 * file, needed or not, which takes it minutes.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type AstNode, childrenOf, placeOf } from "../solidity.ts";
import { STAND_INS } from "./standins.ts";

type Compile = (input: string, callbacks: { import: (path: string) => object }) => string;

interface Node extends AstNode {
  readonly id: number;
  readonly name?: string;
  readonly constant?: boolean;
  readonly referencedDeclaration?: number;
  readonly declaration?: number;
  readonly contractKind?: string;
  readonly parameters?: {
    readonly parameters: readonly { readonly typeDescriptions: { readonly typeString: string } }[];
  };
  readonly body?: Node;
}
interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly sources: Readonly<Record<string, { readonly ast: Node }>>;
}
export type Sources = Readonly<Record<string, { readonly content: string }>>;

const ROOT = join(import.meta.dirname, "../..");
const LOOPS = new Set(["ForStatement", "WhileStatement", "DoWhileStatement"]);

function read(path: string): string | undefined {
  const found = [path, join(ROOT, path), join(ROOT, "node_modules", path)].find((place) => existsSync(place));
  return found === undefined ? undefined : readFileSync(found, "utf8");
}

const below = (value: unknown): Generator<Node> => childrenOf(value) as Generator<Node>;

function* within(node: Node): Generator<Node> {
  yield node;
  for (const child of below(node)) yield* within(child);
}

/** What a node names: of assembly the compiler lists it apart. */
function* namedIn(node: Node): Generator<number> {
  const values: unknown[] = [node];
  for (let value = values.pop(); value !== undefined; value = values.pop()) {
    if (typeof value !== "object" || value === null) continue;
    for (const [key, inner] of Object.entries(value))
      if ((key === "referencedDeclaration" || key === "declaration") && typeof inner === "number") yield inner;
      else if (typeof inner === "object" && inner !== null) values.push(inner);
  }
}

const isCut = (node: Node): boolean =>
  node.nodeType === "FunctionDefinition" || (node.nodeType === "VariableDeclaration" && node.constant === true);

function nameOf(library: Node, node: Node): string {
  const types = node.parameters?.parameters.map((parameter) => parameter.typeDescriptions.typeString) ?? [];
  return `${library.name ?? ""}.${node.name ?? ""}(${types.join(",")})`;
}

export function sourcesOf(file: string, content: string, compile: Compile): Sources {
  const contents = new Map([[file, content]]);
  const input = {
    language: "Solidity",
    sources: { [file]: { content } },
    settings: { evmVersion: "osaka", outputSelection: { "*": { "": ["ast"] } } },
  };
  const given = (path: string): object => {
    const text = read(path);
    if (text === undefined) return { error: `There is no ${path}` };
    contents.set(path, text);
    return { contents: text };
  };
  const output = JSON.parse(compile(JSON.stringify(input), { import: given })) as Output;
  for (const { severity, formattedMessage } of output.errors ?? [])
    if (severity === "error") throw new Error(formattedMessage);

  const nodes = new Map<number, Node>();
  const paths = new Map<Node, string>();
  const libraryOf = new Map<Node, Node>();
  for (const [path, { ast }] of Object.entries(output.sources))
    for (const node of within(ast)) {
      nodes.set(node.id, node);
      paths.set(node, path);
      if (node.nodeType === "ContractDefinition") for (const member of below(node)) libraryOf.set(member, node);
    }
  const standInOf = (node: Node): string | undefined => {
    const library = libraryOf.get(node);
    const isTheirs = paths.get(node)?.startsWith("@openzeppelin/") === true;
    return library === undefined || !isTheirs ? undefined : STAND_INS.get(nameOf(library, node));
  };

  const reached = new Set<Node>();
  const waiting = [...below(output.sources[file]?.ast)];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    const isReplaced = standInOf(node) !== undefined;
    if (isReplaced) continue;
    for (const inner of within(node)) {
      if (LOOPS.has(inner.nodeType))
        throw new Error(
          `${paths.get(node) ?? ""} has a loop in ${node.name ?? ""}: of a loop the checker sees a few turns alone`,
        );
    }
    for (const id of namedIn(node)) {
      const named = nodes.get(id);
      if (named !== undefined && (isCut(named) || named.nodeType !== "ContractDefinition")) waiting.push(named);
    }
  }

  return Object.fromEntries(
    [...contents].map(([path, text]) => {
      let bytes = Buffer.from(text, "utf8");
      const members = [...within(output.sources[path]?.ast ?? { id: 0, nodeType: "", src: "" })]
        .filter((node) => isCut(node) && libraryOf.has(node) && (!reached.has(node) || standInOf(node) !== undefined))
        .sort((a, b) => placeOf(b)[0] - placeOf(a)[0]);
      for (const node of members) {
        const standIn = reached.has(node) ? standInOf(node) : undefined;
        const [from, to] = placeOf(standIn === undefined ? node : (node.body ?? node));
        if (standIn !== undefined)
          bytes = Buffer.concat([bytes.subarray(0, from), Buffer.from(standIn), bytes.subarray(to)]);
        else if (path !== file) {
          // A constant ends with a semicolon that is not a part of it, and blanks keep what follows in its line.
          const end = node.nodeType === "FunctionDefinition" ? to : to + 1;
          for (let at = from; at < end; ++at) if (bytes[at] !== 10) bytes[at] = 32;
        }
      }
      // What documents nothing any more is no documentation.
      return [
        path,
        {
          content: bytes
            .toString("utf8")
            .replace(/\/\/\/|\/\*\*/g, (mark) =>
              path === file ? mark : mark.length === 3 && mark === "///" ? "// " : "/* ",
            ),
        },
      ];
    }),
  );
}
