/** S-expressions of SMT-LIB: reading, writing, and the simplifications that leave every meaning as it is. */
export type Term = string | readonly Term[];

const TOKEN = /\|[^|]*\||[()]|"[^"]*"|;[^\n]*|[^\s()|";]+/g;
const PLAIN = /^\|[A-Za-z_$.][\w$.]*\|$/;
const NUMERAL = /^\d+$/;

export const TRUE = "true";
export const FALSE = "false";

export const isList = (term: Term | undefined): term is readonly Term[] => Array.isArray(term);

export function parse(text: string): Term[] {
  const roots: Term[] = [];
  const open: Term[][] = [roots];
  for (const [token] of text.matchAll(TOKEN)) {
    const list = open.at(-1);
    if (list === undefined) throw new Error("A parenthesis closes nothing");
    if (token.startsWith(";")) continue;
    if (token === "(") {
      const inner: Term[] = [];
      list.push(inner);
      open.push(inner);
    } else if (token === ")") open.pop();
    else list.push(PLAIN.test(token) ? token.slice(1, -1) : token);
  }
  return roots;
}

export const print = (term: Term): string => (isList(term) ? `(${term.map(print).join(" ")})` : term);

/** The number that a term is, if it is written as one. */
export function numberOf(term: Term | undefined): bigint | undefined {
  if (typeof term === "string") return NUMERAL.test(term) ? BigInt(term) : undefined;
  if (term?.[0] !== "-" || term.length !== 2) return undefined;
  const inner = numberOf(term[1]);
  return inner === undefined ? undefined : -inner;
}

const numeral = (value: bigint): Term => (value < 0n ? ["-", String(-value)] : String(value));

const COMPARED: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  "=": (a, b) => a === b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

function sumOf(head: string, values: readonly bigint[]): bigint | undefined {
  const [first = 0n, ...rest] = values;
  if (head === "+") return rest.reduce((sum, value) => sum + value, first);
  if (head === "*") return rest.reduce((sum, value) => sum * value, first);
  if (head !== "-") return undefined;
  return rest.length === 0 ? -first : rest.reduce((sum, value) => sum - value, first);
}

function joined(head: "and" | "or", parts: readonly Term[]): Term {
  const [neutral, absorbing] = head === "and" ? [TRUE, FALSE] : [FALSE, TRUE];
  if (parts.includes(absorbing)) return absorbing;
  const rest = [...new Map(parts.filter((part) => part !== neutral).map((part) => [print(part), part])).values()];
  const [only = neutral] = rest;
  return rest.length < 2 ? only : [head, ...rest];
}

/** The compiler's word of an integer of either sign, which is what `int2bv` means anyway. */
function isWordOf(a: Term, b: Term, c: Term): boolean {
  if (!isList(a) || !isList(b) || !isList(c) || c[0] !== "bvneg" || a[0] !== ">=" || a[2] !== "0") return false;
  return print(c) === print(["bvneg", [b[0] ?? "", ["-", a[1] ?? ""]]]) && print(b[1] ?? "") === print(a[1] ?? "");
}

function folded(term: readonly Term[]): Term {
  const [head, a = TRUE, b = TRUE, c = TRUE] = term;
  if (typeof head !== "string") return term;
  if (head === "and" || head === "or") return joined(head, term.slice(1));
  if (head === "not") return a === TRUE ? FALSE : a === FALSE ? TRUE : term;
  if (head === "=>") return a === TRUE ? b : a === FALSE || b === TRUE ? TRUE : b === FALSE ? folded(["not", a]) : term;
  if (head === "ite" && isWordOf(a, b, c)) return b;
  // What a variable is after two branches.
  if (
    head === "ite" &&
    isList(b) &&
    isList(c) &&
    b[0] === "=" &&
    c[0] === "=" &&
    print(b[1] ?? "") === print(c[1] ?? "")
  )
    return ["=", b[1] ?? "", folded(["ite", a, b[2] ?? "", c[2] ?? ""])];
  if (head === "ite") return a === TRUE ? b : a === FALSE ? c : print(b) === print(c) ? b : term;
  if (head === "=" && a === TRUE) return b;
  if (head === "=" && b === TRUE) return a;
  if (head === "=" && a === FALSE) return folded(["not", b]);
  if (head === "=" && b === FALSE) return folded(["not", a]);
  if (head === "=" && print(a) === print(b)) return TRUE;
  if (head === "*" && term.slice(1).includes("0")) return "0";
  const values = term.slice(1).map(numberOf);
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length) return term;
  const [x, y] = known;
  const compared = COMPARED[head];
  if (compared !== undefined && x !== undefined && y !== undefined && known.length === 2)
    return compared(x, y) ? TRUE : FALSE;
  const sum = sumOf(head, known);
  return sum === undefined ? term : numeral(sum);
}

/** The term with its variables replaced, and with what follows from literals alone worked out. */
export function rewrite(term: Term, replaced: ReadonlyMap<string, Term>): Term {
  if (!isList(term)) return replaced.get(term) ?? term;
  return folded(term.map((part) => rewrite(part, replaced)));
}

/** The facts that a conjunction is made of. */
export function factsOf(term: Term): Term[] {
  if (term === TRUE) return [];
  return isList(term) && term[0] === "and" ? term.slice(1).flatMap(factsOf) : [term];
}

export function variablesOf(term: Term, isVariable: (name: string) => boolean, found = new Set<string>()): Set<string> {
  if (isList(term)) for (const part of term) variablesOf(part, isVariable, found);
  else if (isVariable(term)) found.add(term);
  return found;
}
