/** Structs of the compiler's queries, taken apart into a variable for each field. */
import { isList, print, type Term } from "./terms.ts";

interface Datatype {
  readonly name: string;
  readonly fields: readonly { readonly accessor: string; readonly sort: Term }[];
}

const NOTHING: Term = [];

/** `(declare-datatypes ((name 0)) (((constructor (accessor sort) …))))` */
function datatypeOf(command: Term): Datatype {
  const [, names = NOTHING, bodies = NOTHING] = isList(command) ? command : [];
  const body = isList(bodies) && isList(bodies[0]) ? (bodies[0][0] ?? NOTHING) : NOTHING;
  const [name = "", ...fields] = isList(body) ? body : [body];
  if (!isList(names) || names.length !== 1 || typeof name !== "string") throw new Error("Unknown kind of datatype");
  return {
    name,
    fields: fields.map((field) => {
      const [accessor, sort = NOTHING] = isList(field) ? field : [];
      if (typeof accessor !== "string") throw new Error("Unknown kind of field");
      return { accessor, sort };
    }),
  };
}

/** Adds the variables of the fields to `sorts`, and gives the facts in terms of them. */
export function apart(commands: readonly Term[], sorts: Map<string, Term>): (fact: Term) => Term {
  const datatypes = new Map(commands.map(datatypeOf).map((type) => [type.name, type]));
  const accessors = new Map(
    [...datatypes.values()].flatMap((type) => type.fields.map((field, at) => [field.accessor, { ...field, at }])),
  );

  const field = (accessor: string, of: Term): Term => {
    const known = accessors.get(accessor);
    if (known === undefined) return [accessor, of];
    if (typeof of === "string") {
      if (!sorts.has(of)) return [accessor, of];
      const name = `|${`${of}.${accessor}`.replaceAll("|", "")}|`;
      sorts.set(name, known.sort);
      return name;
    }
    const [head, a = NOTHING, b = NOTHING, c = NOTHING] = of;
    if (head === "ite") return ["ite", a, field(accessor, b), field(accessor, c)];
    if (typeof head === "string" && datatypes.has(head)) return of[known.at + 1] ?? NOTHING;
    return [accessor, of];
  };

  const typeOf = (term: Term): Datatype | undefined => {
    if (typeof term === "string") return datatypes.get(print(sorts.get(term) ?? NOTHING));
    const [head, , then = NOTHING] = term;
    if (head === "ite") return typeOf(then);
    if (typeof head !== "string") return undefined;
    const known = accessors.get(head);
    return datatypes.get(known === undefined ? head : print(known.sort));
  };

  const taken = (term: Term): Term => {
    if (!isList(term)) return term;
    const parts = term.map(taken);
    const [head, a = NOTHING, b = NOTHING] = parts;
    if (typeof head === "string" && accessors.has(head) && parts.length === 2) return field(head, a);
    if (head !== "=") return parts;
    const type = typeOf(a);
    if (type === undefined) return parts;
    return ["and", parts, ...type.fields.map(({ accessor }) => taken(["=", field(accessor, a), field(accessor, b)]))];
  };
  return taken;
}
