/**
 * Runs forge itself and ends as it does: the command of its npm package ends with 0 even when tests fail.
 *
 *   node scripts/forge.ts coverage
 */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

/** The path of the executable for this machine. */
export function forge(): string {
  const [path] = globSync("node_modules/@foundry-rs/forge-*/bin/forge", { cwd: ROOT });
  if (path === undefined) throw new Error("There is no forge for this machine in node_modules: run `npm ci`");
  return join(ROOT, path);
}

if (import.meta.main) process.exitCode = spawnSync(forge(), process.argv.slice(2), { stdio: "inherit" }).status ?? 1;
