/**
 * Proves that every threat and invariant of the documents is named by the title of a test, or by a step of CI that proves it;
 * that no title names one that is not there; and that the tests which the documents name exist. Lists those that nothing proves.
 *
 *   npm run trace
 */
import { existsSync, globSync, readFileSync } from "node:fs";

const DOCUMENTS = ["docs/threats.md", "docs/invariants.md"];
const CI = ".ci/run";
const TESTS = ["test/**/*.{test.ts,t.sol}", "test/support/**/*.ts", "packages/*/{test,e2e}/**/*.ts"];
/** `| T001 ★ | what | … | tests |` */
const ROW = /^\| ([TID]\d{2,3})( ★)? *\|.*\| ([^|]+?) *\|$/gm;
/** In a title of TypeScript, or in the comment above a test of Solidity. */
const NAMED = /(?:\b(?:it|describe|context)(?:\.\w+)?\(\s*["'`]|\/\/\/).*?\[((?:[TID]\d{2,3} ?)+)\]/g;
const CODE = /`([^`]+)`/g;
const NOTHING = "–";

interface Row {
  readonly id: string;
  readonly document: string;
  /** What proves it, as the document says. */
  readonly proof: string;
}

const read = (path: string): string => readFileSync(path, "utf8");

const rowsOf = (document: string): Row[] =>
  [...read(document).matchAll(ROW)].map(([, id = "", , proof = ""]) => ({ id, document, proof }));

const idsIn = (path: string): string[] =>
  [...read(path).matchAll(NAMED)].flatMap(([, ids = ""]) => ids.trim().split(" "));

/** Tests are named without the folder `test/` and without `.test.ts`. */
const isThere = (name: string): boolean =>
  [name, `test/${name}`, `test/${name}.test.ts`].some((path) => existsSync(path));

/** Commands that CI runs, as documents name them. */
const steps = new Set([CI, ...read(CI).replaceAll("npm run -s", "npm run").split("\n")]);
const rows = DOCUMENTS.flatMap(rowsOf);
if (rows.length === 0) throw new Error("No threats and invariants were found");
const named = new Map<string, string>();
for (const path of globSync(TESTS).sort()) for (const id of idsIn(path)) if (!named.has(id)) named.set(id, path);

function faultsOf({ id, document, proof }: Row): string[] {
  const codes = [...proof.matchAll(CODE)].map(([, code = ""]) => code);
  const where = `${document}: ${id}`;
  if (proof === NOTHING) return named.has(id) ? [`${where} has no test, and ${named.get(id) ?? ""} names it`] : [];
  const missing = codes.filter((code) => !steps.has(code) && !isThere(code));
  const isProven = named.has(id) || codes.some((code) => steps.has(code));
  return [
    ...missing.map((code) => `${where}: ${code} is not there`),
    ...(isProven ? [] : [`${where}: no title of a test names it, and no step of ${CI} proves it`]),
  ];
}

const known = new Set(rows.map(({ id }) => id));
const faults = [
  ...rows.flatMap(faultsOf),
  ...[...named].filter(([id]) => !known.has(id)).map(([id, path]) => `${path}: no document has ${id}`),
];
for (const fault of faults) console.error(fault);
const unproven = rows.filter(({ proof }) => proof === NOTHING).map(({ id }) => id);
console.log(
  `${rows.length} threats and invariants, ${named.size} of them in titles; nothing proves ${unproven.join(", ") || "none"}`,
);
if (faults.length > 0) process.exitCode = 1;
