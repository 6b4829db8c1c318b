/**
 * Completes package-lock.json so that `npm ci` works from Node 20 on, on every platform.
 * `npm run lock` rewrites the file, `npm run lock -- --check` fails when that would change it.
 */
import { readFileSync, writeFileSync } from "node:fs";

const FILE = "package-lock.json";
const raw = readFileSync(FILE, "utf8");
const lock = JSON.parse(raw);
const known = Object.keys(lock.packages);
const isKnown = (name) => known.some((key) => key.endsWith(`node_modules/${name}`));
const match = (name, words) => words.exec(name)?.slice(0, 1);

for (const entry of Object.values(lock.packages)) {
  // npm skips optional packages whose engines refuse the Node that runs npm, although Node 24 will run them.
  if (entry.optional && entry.os) delete entry.engines;
  // npm leaves optional packages of other platforms out of the lock when a registry lacks them, and misses them later.
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (!/^\d/.test(version) || isKnown(name)) continue;
    const os = match(name, /linux|darwin|win32/) ?? ["none"];
    const cpu = match(name.replace("amd64", "x64"), /x64|arm64/) ?? ["none"];
    const libc = match(name.replace("gnu", "glibc"), /glibc|musl/);
    lock.packages[`node_modules/${name}`] = { version, optional: true, os, cpu, ...(libc && { libc }) };
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")));

if (!process.argv.includes("--check")) writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
else if (JSON.stringify(JSON.parse(raw)) !== JSON.stringify(lock)) throw new Error("run `npm run lock`");
