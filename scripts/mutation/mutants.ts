/** The small mistakes that a person could make in a source, one at a time. */
import { type AstNode, childrenOf, isNode, placeOf } from "../solidity.ts";

/** One mistake. */
export interface Mutant {
  /** Path of the source. */
  readonly source: string;
  readonly line: number;
  /** Text of the source with the mistake in it. */
  readonly content: string;
  /** The same for the same mistake as long as its function stays as it is. */
  readonly key: string;
}

type Kind =
  "argument" | "arithmetic" | "boundary" | "comparison" | "condition" | "event" | "modifier" | "rounding" | "statement";

interface Edit {
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
  readonly after: string;
}

/** What stands in place of an operator or a function. */
const COMPARISONS: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "==": "!=",
  "!=": "==",
};
const CONDITIONS: Readonly<Record<string, string>> = { "&&": "||", "||": "&&" };
const ARITHMETIC: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "/",
  "<<": ">>",
  ">>": "<<",
  "&": "|",
  "|": "&",
  "^": "|",
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
  "|=": "&=",
  "&=": "|=",
  "<<=": ">>=",
  ">>=": "<<=",
};
const ROUNDING: Readonly<Record<string, string>> = {
  min: "max",
  max: "min",
  Ceil: "Floor",
  Floor: "Ceil",
  saturatingSub: "saturatingAdd",
};
const ASSEMBLY: Readonly<Record<string, readonly [Kind, string]>> = {
  add: ["arithmetic", "sub"],
  sub: ["arithmetic", "add"],
  mul: ["arithmetic", "div"],
  div: ["arithmetic", "mul"],
  and: ["arithmetic", "or"],
  or: ["arithmetic", "and"],
  xor: ["arithmetic", "or"],
  shl: ["arithmetic", "shr"],
  shr: ["arithmetic", "shl"],
  lt: ["comparison", "gt"],
  gt: ["comparison", "lt"],
  eq: ["comparison", "lt"],
};

/** All mistakes in a source, in the order of its text. */
export function mutantsOf(source: string, content: string, tree: readonly AstNode[]): Mutant[] {
  const bytes = Buffer.from(content);
  const seen = new Map<string, number>();
  return [...editsOf(bytes, tree, source)]
    .sort((a, b) => a.start - b.start)
    .map(({ kind, start, end, after, place }) => {
      const same = `${source} ${place} ${kind}: ${oneLine(text(bytes, start, end))} → ${oneLine(after)}`;
      const times = (seen.get(same) ?? 0) + 1;
      seen.set(same, times);
      return {
        source,
        line: text(bytes, 0, start).split("\n").length,
        content: text(bytes, 0, start) + after + text(bytes, end, bytes.length),
        key: times === 1 ? same : `${same} (${times})`,
      };
    });
}

const text = (bytes: Buffer, start: number, end: number): string => bytes.subarray(start, end).toString();
const oneLine = (code: string): string => code.replaceAll(/\s+/g, " ").trim();

const nodes = (value: unknown): AstNode[] => (Array.isArray(value) ? value.filter(isNode) : []);
const typeOf = ({ typeDescriptions }: AstNode): unknown =>
  (typeDescriptions as { typeString?: string } | undefined)?.typeString;

/** @param place What the nodes stand in. */
function* editsOf(
  bytes: Buffer,
  tree: readonly AstNode[],
  place: string,
): Generator<Edit & { readonly place: string }> {
  for (const node of tree) {
    const isNamed = node.nodeType === "FunctionDefinition" || node.nodeType === "ContractDefinition";
    const inside = isNamed ? String(node["name"] === "" ? node["kind"] : node["name"]) : place;
    const isCode = node.nodeType !== "ImportDirective" && node.nodeType !== "PragmaDirective";
    if (!isCode || node["contractKind"] === "interface") continue;
    for (const edit of editsAt(bytes, node)) yield { ...edit, place: inside };
    yield* editsOf(bytes, [...childrenOf(node)], inside);
  }
}

function editsAt(bytes: Buffer, node: AstNode): Edit[] {
  switch (node.nodeType) {
    case "BinaryOperation":
      return operatorEdits(bytes, node, "leftExpression", "rightExpression");
    case "Assignment":
      return operatorEdits(bytes, node, "leftHandSide", "rightHandSide");
    case "UnaryOperation":
      return node["operator"] === "!" ? [{ kind: "condition", ...first(node, 1), after: "" }] : [];
    case "Conditional":
      return swap(bytes, "condition", node["trueExpression"] as AstNode, node["falseExpression"] as AstNode);
    case "Literal":
      return literalEdits(bytes, node);
    case "MemberAccess":
      return memberEdits(node);
    case "FunctionCall":
      return argumentEdits(bytes, node);
    case "ModifierInvocation":
      return node["kind"] === "modifierInvocation" ? [{ kind: "modifier", ...whole(node), after: "" }] : [];
    case "EmitStatement":
      return [removal(bytes, node, "event")];
    case "IfStatement":
      return isNode(node["falseBody"]) ? [] : [removal(bytes, node, "statement")];
    case "ExpressionStatement":
      return [removal(bytes, node, "statement")];
    case "YulFunctionCall":
      return yulEdits(node);
    default:
      return [];
  }
}

const whole = (node: AstNode) => ({ start: placeOf(node)[0], end: placeOf(node)[1] });
const first = (node: AstNode, length: number) => ({ start: placeOf(node)[0], end: placeOf(node)[0] + length });

/** The statement with its semicolon, if it has one: a block without statements can stand wherever it stood. */
function removal(bytes: Buffer, node: AstNode, kind: Kind): Edit {
  const { start, end } = whole(node);
  return { kind, start, end: text(bytes, end, end + 1) === ";" ? end + 1 : end, after: "{}" };
}

/** Operators have no place of their own in the tree: they stand between their operands. */
function operatorEdits(bytes: Buffer, node: AstNode, left: string, right: string): Edit[] {
  const operator = String(node["operator"]);
  const kinds = { comparison: COMPARISONS, condition: CONDITIONS, arithmetic: ARITHMETIC };
  const between = placeOf(node[left] as AstNode)[1];
  const start = bytes.indexOf(operator, between);
  if (start < 0 || start >= placeOf(node[right] as AstNode)[0]) return [];
  return Object.entries(kinds).flatMap(([kind, others]) => {
    const after = others[operator];
    return after === undefined ? [] : [{ kind: kind as Kind, start, end: start + operator.length, after }];
  });
}

/** A number more by one, and the other truth. */
function literalEdits(bytes: Buffer, node: AstNode): Edit[] {
  const { start, end } = whole(node);
  const literal = text(bytes, start, end);
  if (node["kind"] === "bool") return [{ kind: "condition", start, end, after: literal === "true" ? "false" : "true" }];
  if (node["kind"] !== "number" || !/^(0x[\da-f]{1,8}|[\d_]+)$/i.test(literal)) return [];
  return [{ kind: "boundary", start, end, after: String(BigInt(literal.replaceAll("_", "")) + 1n) }];
}

function memberEdits(node: AstNode): Edit[] {
  const name = String(node["memberName"]);
  const after = ROUNDING[name];
  const { end } = whole(node);
  return after === undefined ? [] : [{ kind: "rounding", start: end - name.length, end, after }];
}

/** Neighbours of one type change places, and a division that rounds up rounds down. */
function argumentEdits(bytes: Buffer, node: AstNode): Edit[] {
  const given = nodes(node["arguments"]);
  const { start, end } = whole(node);
  const [dividend, divisor] = given.map((argument) => text(bytes, ...placeOf(argument)));
  const callee = (node["expression"] as AstNode)["memberName"];
  const down: Edit[] =
    callee === "ceilDiv" ? [{ kind: "rounding", start, end, after: `((${dividend}) / (${divisor}))` }] : [];
  const swaps = given.slice(1).flatMap((argument, i) => {
    const before = given[i];
    return before !== undefined && typeOf(before) === typeOf(argument) ? swap(bytes, "argument", before, argument) : [];
  });
  return [...down, ...swaps];
}

function swap(bytes: Buffer, kind: Kind, one: AstNode, other: AstNode): Edit[] {
  const [start, oneEnd] = placeOf(one);
  const [otherStart, end] = placeOf(other);
  const [left, between, right] = [
    text(bytes, start, oneEnd),
    text(bytes, oneEnd, otherStart),
    text(bytes, otherStart, end),
  ];
  return left === right ? [] : [{ kind, start, end, after: right + between + left }];
}

function yulEdits(node: AstNode): Edit[] {
  const callee = node["functionName"] as AstNode;
  const [kind, after] = ASSEMBLY[String(callee["name"])] ?? [];
  return kind === undefined || after === undefined ? [] : [{ kind, ...whole(callee), after }];
}
