/**
 * Builds the contracts from a clean clone of a commit, with a new installation of the packages of its lock file, and
 * compares the code with what is recorded of a deployment, or with what is compiled here.
 *
 *   npm run reproducible [-- deployments/84532/main.json]
 */
import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { keccak256 } from "ethers";
import { z } from "zod";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const Artifact = z.object({ contractName: z.string(), bytecode: z.string() });
const Recorded = z.object({
  commit: z.object({ id: z.string().regex(/^[0-9a-f]{40}$/), dirty: z.literal(false) }),
  creationCode: z.record(z.string(), z.string()),
});

const run = (folder: string, command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();

/** The hash of each contract's creation code that a folder has compiled. */
function creationCode(folder: string): Readonly<Record<string, string>> {
  const files = globSync(["artifacts/contracts/**/*.json", "artifacts/@openzeppelin/**/*.json"], { cwd: folder });
  const artifacts = files.map((file) => Artifact.parse(JSON.parse(readFileSync(join(folder, file), "utf8"))));
  return Object.fromEntries(
    artifacts
      .filter(({ bytecode }) => bytecode !== "0x")
      .map(({ contractName, bytecode }) => [contractName, keccak256(bytecode)]),
  );
}

const [path] = process.argv.slice(2);
const recorded =
  path === undefined
    ? { commit: { id: run(ROOT, "git", "rev-parse", "HEAD") }, creationCode: creationCode(ROOT) }
    : Recorded.parse(JSON.parse(readFileSync(path, "utf8")));
const clone = mkdtempSync(join(tmpdir(), "opg-clone-"));
try {
  run(clone, "git", "clone", "--quiet", "--no-hardlinks", ROOT, ".");
  run(clone, "git", "checkout", "--quiet", recorded.commit.id);
  run(clone, "npm", "ci", "--silent");
  run(clone, "npm", "run", "-s", "build:production");
  const built = creationCode(clone);
  const names = Object.keys(recorded.creationCode);
  const wrong = names.filter((name) => built[name] !== recorded.creationCode[name]);
  for (const name of wrong) {
    console.error(`${name}: recorded ${recorded.creationCode[name] ?? ""}, built ${built[name] ?? "nothing"}`);
  }
  console.log(`${names.length} contracts of ${recorded.commit.id}, ${wrong.length} of them otherwise`);
  if (names.length === 0 || wrong.length > 0) process.exitCode = 1;
} finally {
  rmSync(clone, { recursive: true });
}
