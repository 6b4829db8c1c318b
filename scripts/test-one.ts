/**
 * Runs the tests whose path has a word in it, whatever the case, and no others.
 *
 *   npm run test:one -- staking
 */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { relative } from "node:path";

const CONTRACTS = "test/**/*.{test.ts,t.sol}";
const PACKAGES = "packages/*/test/**/*.test.ts";

function refuse(reason: string): never {
  console.error(reason);
  process.exit(2);
}

/** Ends this process with the code of a command that fails. */
function run(cwd: string, command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

const [word] = process.argv.slice(2);
if (word === undefined) refuse("Give a word of the path: npm run test:one -- staking");
const matching = (pattern: string): string[] =>
  globSync(pattern, { exclude: ["**/node_modules/**"] })
    .filter((path) => path.toLowerCase().includes(word.toLowerCase()))
    .sort();

const contracts = matching(CONTRACTS);
const packages = Map.groupBy(matching(PACKAGES), (path) => path.split("/").slice(0, 2).join("/"));
if (contracts.length + packages.size === 0) refuse(`No test has "${word}" in its path: see test and packages/*/test`);

if (contracts.length > 0) run(".", "hardhat", ["test", ...contracts]);
if (packages.size > 0) run(".", "tsc", ["-b", "packages/sdk", "packages/node", "packages/cli"]);
for (const [folder, files] of packages) run(folder, "node", ["--test", ...files.map((file) => relative(folder, file))]);
