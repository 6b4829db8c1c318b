/**
 * Proves that every threat and invariant of the documents is named by a title in one of the tests that its row names, or proven
 * by a step of CI; that no title names one that is not there; that what the rows name exists; and that each critical threat has
 * a patch that takes its defence out, which applies to the sources as they are. Lists those that nothing proves.
 *
 *   npm run traceability
 */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename } from "node:path";

import { CONTROLS, controlsOf, readThreats, readTitles, type Threat } from "./threats.ts";

const CI = ".ci/run";
const CODE = /`([^`]+)`/g;
const NOTHING = "–";

const titles = readTitles();

/** Whether a test, or one of a folder, has a title that names this. */
const names = (path: string, id: string): boolean =>
  [...titles].some(([test, ids]) => (test === path || test.startsWith(`${path}/`)) && ids.has(id));

/** Tests are named without the folder `test/` and without `.test.ts`. */
const pathOf = (name: string): string | undefined =>
  [name, `test/${name}`, `test/${name}.test.ts`].find((path) => existsSync(path));

/** Commands that CI runs, as documents name them. */
const steps = new Set([CI, ...readFileSync(CI, "utf8").replaceAll("npm run -s", "npm run").split("\n")]);
const rows = readThreats();
const named = new Map([...titles].reverse().flatMap(([path, ids]) => [...ids].map((id) => [id, path] as const)));

function faultsOf({ id, document, proof }: Threat): string[] {
  const where = `${document}: ${id}`;
  if (proof === NOTHING) return named.has(id) ? [`${where} has no test, and ${named.get(id) ?? ""} names it`] : [];
  const codes = [...proof.matchAll(CODE)].map(([, code = ""]) => code);
  const proofs = codes.filter((code) => !steps.has(code)).map((code) => ({ code, path: pathOf(code) }));
  const missing = proofs.filter(({ path }) => path === undefined);
  const isProven = proofs.length < codes.length || proofs.some(({ path }) => path !== undefined && names(path, id));
  return [
    ...missing.map(({ code }) => `${where}: ${code} is not there`),
    ...(isProven ? [] : [`${where}: no title of these tests names it, and no step of ${CI} proves it`]),
  ];
}

function controlFaultsOf({ id, document, isCritical }: Threat): string[] {
  if (!isCritical) return [];
  const patches = controlsOf(id);
  if (patches.length === 0) return [`${document}: ${id} has no patch in ${CONTROLS}`];
  return patches.flatMap((patch) => {
    const { status, stderr } = spawnSync("git", ["apply", "--check", patch], { encoding: "utf8" });
    return status === 0 ? [] : [`${patch} does not apply: ${stderr.trim()}`];
  });
}

const known = new Set(rows.map(({ id }) => id));
const critical = new Set(rows.filter(({ isCritical }) => isCritical).map(({ id }) => id));
const needless = globSync(`${CONTROLS}/*`).filter((patch) => !critical.has(basename(patch).split(".")[0] ?? ""));
const faults = [
  ...rows.flatMap((row) => [...faultsOf(row), ...controlFaultsOf(row)]),
  ...needless.map((patch) => `${patch}: no document has this as critical`),
  ...[...named].filter(([id]) => !known.has(id)).map(([id, path]) => `${path}: no document has ${id}`),
];
for (const fault of faults) console.error(fault);
const unproven = rows.filter(({ proof }) => proof === NOTHING).map(({ id }) => id);
console.log(
  `${rows.length} threats and invariants, ${named.size} of them in titles; nothing proves ${unproven.join(", ") || "none"}`,
);
if (faults.length > 0) process.exitCode = 1;
