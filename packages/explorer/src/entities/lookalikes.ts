/** Signs that are taken for others at a glance. */
const TWINS: readonly (readonly [RegExp, string])[] = [
  [/0/g, "o"],
  [/[1i]/g, "l"],
  [/rn/g, "m"],
  [/vv/g, "w"],
  [/[^\p{L}\p{N}]/gu, ""],
];

/** What is left of a name when all that is easily overlooked is taken away; names with the same skeleton look alike. */
export function skeletonOf(name: string): string {
  const plain = name.normalize("NFKC").toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return TWINS.reduce((text, [sign, twin]) => text.replace(sign, twin), plain);
}

/** A name, and who gave it. */
export interface Named {
  readonly slug: string;
  readonly publisher: string;
}

/** Of some models those whose name looks like that of another publisher's model, each with the others. */
export function lookalikesOf<T extends Named>(models: readonly T[]): ReadonlyMap<T, readonly T[]> {
  const alike = new Map<T, readonly T[]>();
  for (const group of Map.groupBy(models, ({ slug }) => skeletonOf(slug)).values()) {
    for (const model of group) {
      const others = group.filter(({ publisher }) => publisher !== model.publisher);
      if (others.length > 0) alike.set(model, others);
    }
  }
  return alike;
}
