/**
 * A query of the compiler, cut down to what its goal depends on. Only facts are left out, so what is without a model here is
 * without one there.
 */
import { apart } from "./tuples.ts";
import { factsOf, isList, numberOf, parse, print, rewrite, variablesOf, FALSE, TRUE, type Term } from "./terms.ts";

export interface Query {
  readonly datatypes: readonly Term[];
  /** Sorts of the variables. */
  readonly sorts: ReadonlyMap<string, Term>;
  readonly facts: readonly Term[];
  /** What must have no model together with the facts. */
  readonly goal: readonly Term[];
}

/** Names of the values of a counterexample: they are defined for it alone. */
const SHOWN = "EVALEXPR";

function commandsOf(text: string): { sorts: Map<string, Term>; datatypes: Term[]; asserted: Term[] } {
  const sorts = new Map<string, Term>();
  const datatypes: Term[] = [];
  const asserted: Term[] = [];
  for (const command of parse(text)) {
    if (!isList(command)) continue;
    const [head, name, ...rest] = command;
    if (head === "declare-datatypes") datatypes.push(command);
    else if (typeof name === "string" && head === "declare-const") sorts.set(name, rest[0] ?? TRUE);
    else if (typeof name === "string" && head === "declare-fun")
      sorts.set(name, print(rest[0] ?? []) === "()" ? (rest[1] ?? TRUE) : ["->", ...rest]);
    else if (head === "assert" && name !== undefined && !print(name).startsWith(`(= ${SHOWN}`)) {
      if (!print(name).startsWith(`(= |${SHOWN}`)) asserted.push(name);
    }
  }
  return { sorts, datatypes, asserted };
}

/** What the facts say outright of a variable: that it is true, false, a number or another variable. */
function saidOf(fact: Term, isFree: (name: Term | undefined) => name is string): [string, Term] | undefined {
  if (isFree(fact)) return [fact, TRUE];
  if (!isList(fact)) return undefined;
  const [head, a = TRUE, b = TRUE] = fact;
  if (head === "not" && isFree(a)) return [a, FALSE];
  if (head !== "=") return undefined;
  if (isFree(a) && (typeof b === "string" || numberOf(b) !== undefined)) return [a, b];
  if (isFree(b) && (typeof a === "string" || numberOf(a) !== undefined)) return [b, a];
  return undefined;
}

function substituted(facts: readonly Term[], isFree: (name: Term | undefined) => name is string): Term[] {
  let rest = [...facts];
  for (;;) {
    const replaced = new Map<string, Term>();
    const followed = (term: Term): Term => {
      let last = term;
      for (let next = replaced.get(print(last)); next !== undefined; next = replaced.get(print(last))) last = next;
      return last;
    };
    for (const fact of rest) {
      const said = saidOf(fact, isFree);
      if (said === undefined) continue;
      const [left, right] = [followed(said[0]), followed(said[1])];
      if (print(left) === print(right)) continue;
      if (isFree(left)) replaced.set(left, right);
      else if (isFree(right)) replaced.set(right, left);
    }
    if (replaced.size === 0) return rest;
    const whole = new Map([...replaced.keys()].map((name) => [name, followed(name)]));
    rest = [...new Map(rest.flatMap((fact) => factsOf(rewrite(fact, whole))).map((f) => [print(f), f])).values()];
  }
}

export function queryOf(text: string): Query {
  const { sorts, datatypes, asserted } = commandsOf(text);
  const isVariable = (name: string): boolean => sorts.has(name);
  const all = asserted.flatMap((fact) => factsOf(rewrite(fact, new Map())).flatMap(factsOf));
  // The compiler looks for a way to get there with the assertion false, and says the latter last.
  const goal = all.slice(-1);
  if (!goal.every((term) => isList(term) && term[0] === "not"))
    throw new Error("The query has no negated goal at its end");
  const kept = new Set(goal.flatMap((term) => [...variablesOf(term, isVariable)]));
  const isFree = (name: Term | undefined): name is string =>
    typeof name === "string" && isVariable(name) && !kept.has(name);
  const take = apart(datatypes, sorts);
  const facts = substituted(
    substituted(all.slice(0, -1), isFree).flatMap((fact) => factsOf(rewrite(take(fact), new Map()))),
    isFree,
  );

  // What shares variables with the goal, however far away.
  const named = facts.map((fact) => variablesOf(fact, isVariable));
  const places = new Map<string, number[]>();
  for (const [index, names] of named.entries())
    for (const name of names) places.set(name, [...(places.get(name) ?? []), index]);
  const near = new Set(kept);
  const taken = new Set<number>();
  for (const name of near)
    for (const index of places.get(name) ?? []) {
      if (taken.has(index)) continue;
      taken.add(index);
      for (const other of named[index] ?? []) near.add(other);
    }
  return {
    datatypes,
    sorts: new Map([...near].map((name) => [name, sorts.get(name) ?? TRUE])),
    facts: facts.filter((_, index) => taken.has(index)),
    goal,
  };
}

/** What the compiler makes up to say that something wraps: the rest, and how often. */
const WRAP = /^[km]_\d+_\d+_\d+$/;

/** The query without definitions that nothing refers to. */
export function withoutUnused(query: Query): Query {
  let { facts } = query;
  const isVariable = (name: string): boolean => query.sorts.has(name);
  const goal = new Set(query.goal.flatMap((term) => [...variablesOf(term, isVariable)]));
  for (;;) {
    const named = facts.map((fact) => variablesOf(fact, isVariable));
    const uses = new Map<string, number>();
    for (const [index, names] of named.entries()) {
      const fact = facts[index];
      // A bound alone gives a variable no use.
      const isBound =
        isList(fact) &&
        (fact[0] === ">=" || fact[0] === "<=") &&
        numberOf(fact[2]) !== undefined &&
        typeof fact[1] === "string";
      for (const name of names) uses.set(name, (uses.get(name) ?? 0) + (isBound && WRAP.test(name) ? 0 : 1));
    }
    const isIdle = (name: Term | undefined): boolean =>
      typeof name === "string" && isVariable(name) && !goal.has(name) && (uses.get(name) ?? 0) < 2;
    const kept = facts.filter((fact, index) => {
      if (isList(fact) && fact[0] === "=" && (isIdle(fact[1]) || isIdle(fact[2]))) return false;
      const wraps = [...(named[index] ?? [])].filter((name) => WRAP.test(name));
      return wraps.length === 0 || !wraps.every(isIdle);
    });
    if (kept.length === facts.length) return { ...query, facts };
    facts = kept;
  }
}

/** The query over unbounded integers, as the compiler asks it. */
export const overIntegers = ({ datatypes, sorts, facts, goal }: Query): string =>
  [
    ...datatypes.map(print),
    ...[...sorts].map(([name, sort]) =>
      isList(sort) && sort[0] === "->"
        ? `(declare-fun ${name} ${print(sort[1] ?? [])} ${print(sort[2] ?? [])})`
        : `(declare-const ${name} ${print(sort)})`,
    ),
    ...[...facts, ...goal].map((fact) => `(assert ${print(fact)})`),
    "(check-sat)",
  ].join("\n");
