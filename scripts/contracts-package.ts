/**
 * Puts into packages/contracts what npm publishes: the sources as they are in contracts/, without those of tests, and the
 * ABIs of their build. Runs before `npm pack` and `npm publish` do; nothing of it is committed.
 *
 *   npm pack -w @opg-protocol/contracts
 */
import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { artifacts } from "hardhat";

const ROOT = join(import.meta.dirname, "..");
const SOURCES = join(ROOT, "contracts");
const PACKAGE = join(ROOT, "packages/contracts");

/** What belongs to the package's folder itself. */
const KEPT = new Set(["package.json", "README.md"]);
/** All contracts but those of tests, and bases, whose ABIs are parts of others. */
const CALLED = /^contracts\/(?!test\/|base\/)/;

function clear(): void {
  for (const entry of globSync("*", { cwd: PACKAGE })) {
    if (!KEPT.has(entry)) rmSync(join(PACKAGE, entry), { recursive: true });
  }
}

function copySources(): number {
  const sources = globSync("**/*.sol", { cwd: SOURCES }).filter((path) => !path.startsWith("test/"));
  for (const source of sources) cpSync(join(SOURCES, source), join(PACKAGE, source));
  cpSync(join(ROOT, "LICENSE"), join(PACKAGE, "LICENSE"));
  return sources.length;
}

/** One array for each contract and interface that has functions. */
async function writeAbis(): Promise<number> {
  const folder = join(PACKAGE, "abi");
  mkdirSync(folder);
  const written = new Set<string>();
  for (const fullName of await artifacts.getAllFullyQualifiedNames()) {
    if (!CALLED.test(fullName)) continue;
    const { abi, contractName } = await artifacts.readArtifact(fullName);
    if (!(abi as readonly { readonly type: string }[]).some(({ type }) => type === "function")) continue;
    if (written.has(contractName)) throw new Error(`Two contracts are called ${contractName}: rename one of them`);
    written.add(contractName);
    writeFileSync(join(folder, `${contractName}.json`), `${JSON.stringify(abi, null, 2)}\n`);
  }
  return written.size;
}

clear();
const sources = copySources();
const abis = await writeAbis();
console.log(`${sources} sources and ${abis} ABIs are in packages/contracts`);
