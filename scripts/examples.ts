/**
 * Runs the examples as users would: packs the packages of this repository, copies each example into an empty folder,
 * installs it there from the tarballs, and runs its `npm test`. An example is a folder of examples/ whose package.json
 * depends on a package of ours.
 *
 *   npm run examples [-- name ...]
 */
import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const SCOPE = "@opg-protocol/";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, unknown>>;
}

const manifestIn = (folder: string) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;

/**
 * What users of Foundry have: forge, here the executable itself, because the command of its npm package ends with 0 even
 * when tests fail; and a compiler, which forge would download.
 */
function foundry(): Readonly<Record<string, string>> {
  const [forge] = globSync("node_modules/@foundry-rs/forge-*/bin/forge", { cwd: ROOT });
  if (forge === undefined) throw new Error("There is no forge for this machine in node_modules: run `npm ci`");
  const path = [join(ROOT, dirname(forge)), process.env.PATH].join(delimiter);
  return { PATH: path, FOUNDRY_SOLC: join(ROOT, "tools/solc"), FOUNDRY_OFFLINE: "true" };
}

/** The packages of ours that a package needs. */
const needs = ({ dependencies, devDependencies }: Manifest): string[] =>
  Object.keys({ ...dependencies, ...devDependencies }).filter((name) => name.startsWith(SCOPE));

/** Without what npm tells the scripts that it runs: the example is a project of its own. */
const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!config_registry$)/i.test(name)));

/** Fails with what the command printed, or gives that. */
function run(
  command: string,
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const env = { ...environment(), HARDHAT_DISABLE_TELEMETRY: "true", ...more };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (status === 0) return stdout;
  console.error(stdout, stderr);
  throw new Error(`\`${[command, ...args].join(" ")}\` in ${cwd} ended with ${String(status)}`);
}

/** Packs a package and all of ours that it needs; gives the tarballs by the names of the packages. */
function pack(names: readonly string[], target: string): Map<string, string> {
  const folders = globSync("packages/*/package.json", { cwd: ROOT }).map((file) => join(ROOT, dirname(file)));
  const manifests = new Map(folders.map((folder) => [manifestIn(folder).name, manifestIn(folder)]));
  const tarballs = new Map<string, string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (tarballs.has(name)) continue;
    const manifest = manifests.get(name);
    if (manifest === undefined) throw new Error(`An example depends on ${name}, which is not in packages/`);
    console.log(`packing ${name}`);
    run("npm", ["pack", "--workspace", name, "--pack-destination", target], ROOT);
    tarballs.set(name, join(target, `${name.slice(1).replace("/", "-")}-${manifest.version}.tgz`));
    waiting.push(...needs(manifest));
  }
  return tarballs;
}

/** Makes the copy of an example take our packages from their tarballs, wherever in the tree they are needed. */
function useTarballs(folder: string, tarballs: ReadonlyMap<string, string>): void {
  const manifest = manifestIn(folder);
  const fromTarball = ([name, range]: [string, string]) => [name, tarballs.get(name) ?? range];
  const redirected = (dependencies: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(dependencies).map(fromTarball));
  const inner = [...tarballs].filter(([name]) => !needs(manifest).includes(name));
  const changed = {
    ...manifest,
    dependencies: redirected(manifest.dependencies),
    devDependencies: redirected(manifest.devDependencies),
    overrides: { ...manifest.overrides, ...Object.fromEntries(inner) },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(changed, null, 2));
}

function test(example: string, tarballs: ReadonlyMap<string, string>, target: string): void {
  const began = performance.now();
  const folder = join(target, basename(example));
  const isSource = (path: string) => !["node_modules", "artifacts", "cache", "out"].includes(basename(path));
  cpSync(example, folder, { recursive: true, filter: isSource });
  useTarballs(folder, tarballs);
  run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
  console.log(run("npm", ["test"], folder, foundry()).trimEnd());
  console.log(`${basename(example)}: passed after ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

const wanted = process.argv.slice(2);
const examples = globSync("examples/*/package.json", { cwd: ROOT })
  .map((file) => join(ROOT, dirname(file)))
  .filter((folder) => needs(manifestIn(folder)).length > 0)
  .filter((folder) => wanted.length === 0 || wanted.includes(basename(folder)))
  .sort();
if (examples.length === 0) throw new Error(`There is no example called ${wanted.join(" or ")}`);

const target = mkdtempSync(join(tmpdir(), "opg-examples-"));
try {
  const tarballs = join(target, "tarballs");
  mkdirSync(tarballs);
  const packed = pack(
    examples.flatMap((folder) => needs(manifestIn(folder))),
    tarballs,
  );
  for (const example of examples) test(example, packed, target);
} finally {
  rmSync(target, { recursive: true, force: true });
}
