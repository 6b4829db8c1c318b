/** Threats and invariants as the documents have them, and the tests whose titles name them. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Patches that each take out a defence against a threat: `T001.patch`, and `T001.<defence>.patch` of one that has several. */
export const CONTROLS = "test/controls";
const DOCUMENTS = ["docs/threats.md", "docs/invariants.md"];
const TESTS = ["test/**/*.{ts,sol}", "packages/*/{test,e2e}/**/*.ts"];
/** Tests of scripts that read these, which write documents and tests of their own. */
const EXCLUDED = ["test/scripts/**"];
/** Where behaviours are written that several tests have. */
const SUPPORT = "test/support/";
/** `| T001 ★ | what | … | tests |` */
const ROW = /^\| ([TID]\d{2,3})( ★)? *\|.*\| ([^|]+?) *\|$/gm;
const IDS = String.raw`\[((?:[TID]\d{2,3} ?)+)\]`;
/** At the end of a title in TypeScript, and of a line of the comment above a test in Solidity. */
const NAMED = new RegExp(String.raw`${IDS}(?:["'\`]|\.?$)`, "gm");
/** With the name of the test or contract below that comment. */
const NAMED_BELOW = new RegExp(String.raw`///.*?${IDS}[^\n]*\n(?:\s*///[^\n]*\n)*\s*(?:function|contract) (\w+)`, "g");
const IMPORTED = /from "(\.[^"]+)"/g;

export interface Threat {
  readonly id: string;
  /** Whether it could cost somebody else's funds, make a false result final, or leave money stuck for good. */
  readonly isCritical: boolean;
  readonly document: string;
  /** What proves it, as the document says. */
  readonly proof: string;
}

export const controlsOf = (id: string): readonly string[] => globSync(`${CONTROLS}/${id}{,.*}.patch`).sort();

const read = (path: string): string => readFileSync(path, "utf8");

const rowsOf = (document: string): Threat[] =>
  [...read(document).matchAll(ROW)].map(([, id = "", star, proof = ""]) => ({
    id,
    isCritical: star !== undefined,
    document,
    proof,
  }));

export function readThreats(): readonly Threat[] {
  const threats = DOCUMENTS.flatMap(rowsOf);
  if (threats.length === 0) throw new Error("No threats and invariants were found");
  return threats;
}

/** The numbers in titles of each file, and in those of the behaviours that it has. */
export function readTitles(): ReadonlyMap<string, ReadonlySet<string>> {
  const own = new Map(
    globSync(TESTS, { exclude: EXCLUDED })
      .sort()
      .map((path) => [path, [...read(path).matchAll(NAMED)].flatMap(([, ids = ""]) => ids.trim().split(" "))]),
  );
  const behavioursOf = (path: string): string[] =>
    [...read(path).matchAll(IMPORTED)]
      .map(([, imported = ""]) => join(dirname(path), imported))
      .filter((imported) => imported.startsWith(SUPPORT));
  return new Map(
    [...own].map(([path, ids]) => [
      path,
      new Set([...ids, ...behavioursOf(path).flatMap((file) => own.get(file) ?? [])]),
    ]),
  );
}

/** Names of the Solidity tests of a file, or of whole contracts of tests, above which a number stands. */
export const solidityNamesOf = (path: string, id: string): readonly string[] =>
  [...read(path).matchAll(NAMED_BELOW)].filter(([, ids = ""]) => ids.includes(id)).map(([, , name = ""]) => name);
