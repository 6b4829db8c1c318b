/** What a release shows of its contracts, how two releases differ, and what that asks of a version. */

/** A contract as others see it. */
export interface Surface {
  /** Functions, events and errors as in Solidity, sorted. */
  readonly abi: readonly string[];
  /** Fields of storage as `slot:offset type name`, in their order; those of transient storage after that word. */
  readonly storage: readonly string[];
}

export type Surfaces = Readonly<Record<string, Surface>>;

/** What changed for those who use a contract. */
export interface Difference {
  readonly contract: string;
  /** What was there and is no more, or no more in its place. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

export const LEVELS = ["none", "patch", "minor", "major"] as const;
export type Level = (typeof LEVELS)[number];

const linesOf = (surface: Surface | undefined): readonly string[] =>
  surface === undefined ? [] : [...surface.abi, ...surface.storage.map((field) => `storage ${field}`)];

/** What differs between two releases, contract by contract; those that are equal are left out. */
export function differencesOf(before: Surfaces, after: Surfaces): readonly Difference[] {
  const contracts = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return contracts
    .map((contract) => {
      const [old, now] = [linesOf(before[contract]), linesOf(after[contract])];
      const removed = old.filter((line) => !now.includes(line));
      const added = now.filter((line) => !old.includes(line));
      return { contract, removed, added };
    })
    .filter(({ removed, added }) => removed.length > 0 || added.length > 0);
}

/** The least that a release with these differences must raise of the version. Before 1.0.0, minor stands for major. */
export function levelOf(differences: readonly Difference[], lastVersion: string): Level {
  if (differences.length === 0) return "none";
  if (differences.every(({ removed }) => removed.length === 0)) return "minor";
  return lastVersion.startsWith("0.") ? "minor" : "major";
}

/**
 * The most that the pending changesets ask for.
 * @param texts their files, as `.changeset/*.md` has them.
 * @throws Error for a file without a line like `"@opg-protocol/sdk": minor` between its two rules.
 */
export function pendingLevel(texts: readonly string[]): Level {
  const asked = texts.flatMap((text) => {
    const head = /^---\n(.*?)\n?---\n/s.exec(text)?.[1];
    const levels = [...(head ?? "").matchAll(/^"@opg-protocol\/[a-z]+": (patch|minor|major)$/gm)].map(
      ([, level]) => level,
    );
    if (levels.length === 0) throw new Error(`This is no changeset, make one with \`npm run changeset\`:\n${text}`);
    return levels as Level[];
  });
  return asked.reduce<Level>((most, level) => (isEnough(most, level) ? most : level), "none");
}

/** Whether one level raises a version at least as much as another. */
export const isEnough = (asked: Level, needed: Level): boolean => LEVELS.indexOf(asked) >= LEVELS.indexOf(needed);
