/**
 * Runs the examples as users would: packs the packages of this repository, copies each example into an empty folder,
 * installs it there from the tarballs, everything else as its lock file says, and runs its `npm test`. An example is a
 * folder of examples/ that has a lock file.
 *
 *   npm run examples [-- name ...]
 */
import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";

import { forge } from "./forge.ts";

const ROOT = join(import.meta.dirname, "..");
const OURS = "node_modules/@opg-protocol/";

interface Lock {
  /** By the folder into which npm puts them. */
  readonly packages: Readonly<Record<string, { readonly version: string; readonly resolved?: string }>>;
}

const readLock = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Lock;
const lockIn = (folder: string) => readLock(join(folder, "package-lock.json"));
const versionIn = (folder: string) =>
  (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly version: string }).version;

/** What users of Foundry have: forge, and a compiler, which forge would download. */
const foundry = (): Readonly<Record<string, string>> => ({
  PATH: [dirname(forge()), process.env.PATH].join(delimiter),
  FOUNDRY_SOLC: join(ROOT, "tools/solc"),
  FOUNDRY_OFFLINE: "true",
});

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

/** Packs those of our packages that lock files name; gives the tarballs by the folders into which npm puts them. */
function pack(locks: readonly Lock[], target: string): ReadonlyMap<string, string> {
  const ours = locks.flatMap(({ packages }) => Object.entries(packages)).filter(([place]) => place.startsWith(OURS));
  const versions = new Map(ours.map(([place, { version }]) => [place, version]));
  const tarballs = [...versions].map(([place, version]) => {
    const name = place.slice("node_modules/".length);
    console.log(`packing ${name}`);
    run("npm", ["pack", "--workspace", name, "--pack-destination", target], ROOT);
    return [place, join(target, `${name.slice(1).replace("/", "-")}-${version}.tgz`)] as const;
  });
  return new Map(tarballs);
}

/** Makes the copy of an example take our packages from their tarballs, wherever in the tree they are needed. */
function useTarballs(folder: string, tarballs: ReadonlyMap<string, string>): void {
  const lock = lockIn(folder);
  const packages = { ...lock.packages };
  for (const [place, entry] of Object.entries(packages)) {
    const tarball = tarballs.get(place);
    if (tarball !== undefined) packages[place] = { ...entry, resolved: `file:${tarball}` };
  }
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ ...lock, packages }));
}

/** Fails if npm has installed what the committed lock file does not name, or in another version. */
function checkInstalled(folder: string, { packages }: Lock): void {
  const places = Object.keys(readLock(join(folder, "node_modules/.package-lock.json")).packages);
  if (places.length === 0) throw new Error(`npm has installed nothing in ${folder}`);
  for (const place of places) {
    const version = versionIn(join(folder, place));
    const locked = packages[place]?.version ?? "not at all";
    if (version !== locked) throw new Error(`${folder} has ${place} ${version}, its lock file has it ${locked}`);
  }
}

function test(example: string, tarballs: ReadonlyMap<string, string>, target: string): void {
  const began = performance.now();
  const folder = join(target, basename(example));
  const isSource = (path: string) => !["node_modules", "artifacts", "cache", "out"].includes(basename(path));
  cpSync(example, folder, { recursive: true, filter: isSource });
  useTarballs(folder, tarballs);
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
  checkInstalled(folder, lockIn(example));
  console.log(run("npm", ["test"], folder, foundry()).trimEnd());
  console.log(`${basename(example)}: passed after ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

const wanted = process.argv.slice(2);
const examples = globSync("examples/*/package-lock.json", { cwd: ROOT })
  .map((file) => join(ROOT, dirname(file)))
  .filter((folder) => wanted.length === 0 || wanted.includes(basename(folder)))
  .sort();
if (examples.length === 0) throw new Error(`There is no example called ${wanted.join(" or ")}`);

const target = mkdtempSync(join(tmpdir(), "opg-examples-"));
try {
  const tarballs = join(target, "tarballs");
  mkdirSync(tarballs);
  const packed = pack(examples.map(lockIn), tarballs);
  for (const example of examples) test(example, packed, target);
} finally {
  rmSync(target, { recursive: true, force: true });
}
