/**
 * Writes every lock file: of the repository, of tools/ and of examples/. Each works with `npm ci` from Node 20 on, on every
 * platform and with every registry. `npm run lock` resolves what a package.json has changed and leaves the rest as it was,
 * `npm run lock -- --check` fails when something is to be written, and needs no network.
 */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const RESOLVE = "install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --silent";
/** What npm writes of a package into a lock file. */
const LOCKED = ["version", "license", "dependencies", "bin", "engines", "peerDependencies", "peerDependenciesMeta"];

const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const write = (file, lock) => writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
const match = (name, words) => words.exec(name)?.slice(0, 1);

const ours = new Map(globSync("packages/*/package.json").map((file) => [read(file).name, read(file)]));
const needs = ({ dependencies, devDependencies }) =>
  Object.keys({ ...dependencies, ...devDependencies })
    .filter((name) => ours.has(name))
    .flatMap((name) => [name, ...needs(ours.get(name))]);

/**
 * Examples take our packages as users do, by version: they are locked as they are in packages/, published or not, and without
 * `resolved` and `integrity`, which each build would change.
 */
function lockOurs(lock, folder) {
  for (const name of needs(read(join(folder, "package.json")))) {
    const key = `node_modules/${name}`;
    if (lock.packages[key]?.link) continue; // The repository itself has them in place.
    const locked = LOCKED.map((field) => [field, ours.get(name)[field]]);
    lock.packages[key] = { ...lock.packages[key], integrity: undefined, ...Object.fromEntries(locked) };
  }
}

/** Lets npm resolve what a package.json has changed. Our packages are there already, so it asks no registry for them. */
function resolve(file, folder) {
  const lock = existsSync(file) ? read(file) : { lockfileVersion: 3, requires: true, packages: { "": {} } };
  lockOurs(lock, folder);
  write(file, lock);
  execFileSync("npm", [...RESOLVE.split(" "), "--prefix", folder], { stdio: "inherit" });
}

function complete(lock, folder) {
  lockOurs(lock, folder);
  const known = Object.keys(lock.packages);
  const isKnown = (name) => known.some((key) => key.endsWith(`node_modules/${name}`));
  for (const entry of Object.values(lock.packages)) {
    // Whose registry or tarball that was is nobody else's; the hash says what is right.
    if (!entry.link) delete entry.resolved;
    // npm skips optional packages whose engines refuse the Node that runs npm, although Node 24 will run them.
    if (entry.optional && entry.os) delete entry.engines;
    // npm leaves optional packages of other platforms out of the lock when a registry lacks them, and misses them later.
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!/^\d/.test(version) || isKnown(name)) continue;
      const os = match(name, /linux|darwin|win32/) ?? ["none"];
      const cpu = match(name.replace("amd64", "x64"), /x64|arm64/) ?? ["none"];
      const libc = match(name.replace("gnu", "glibc"), /glibc|musl/);
      const dev = entry.dev && { dev: true };
      lock.packages[`node_modules/${name}`] = { version, cpu, ...dev, ...(libc && { libc }), optional: true, os };
    }
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")));
}

const isChecking = process.argv.includes("--check");
for (const folder of [".", ...globSync("{tools,examples}/*/package.json").map(dirname).sort()]) {
  const file = join(folder, "package-lock.json");
  if (!isChecking) resolve(file, folder);
  const lock = read(file);
  const before = JSON.stringify(lock);
  complete(lock, folder);
  if (!isChecking) write(file, lock);
  else if (JSON.stringify(lock) !== before) throw new Error(`${file} is stale: run \`npm run lock\``);
}
