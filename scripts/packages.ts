/**
 * Checks every package as it would be published: its `exports`, `files` and types, out of the tarball that npm makes.
 *
 *   npm run check:packages
 */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: unknown;
}

const TOOLS = "tools/release/node_modules/.bin";

function check(tool: string, folder: string, options: readonly string[]): boolean {
  const { status, stdout, stderr } = spawnSync(resolve(TOOLS, tool), [".", ...options], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) console.error(`${stdout}${stderr}`);
  console.log(`${status === 0 ? "ok  " : "FAIL"}  ${tool}  ${folder}`);
  return status === 0;
}

/** Whether the package has TypeScript's types in its `exports`. */
const isTyped = ({ exports }: Manifest) => JSON.stringify(exports ?? {}).includes('"types"');

const folders = globSync("packages/*/package.json").sort();
const results = folders.flatMap((file) => {
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  if (manifest.private === true || manifest.exports === undefined) return [];
  const folder = dirname(file);
  // The tools do not run it when they pack.
  spawnSync("npm", ["run", "-s", "--if-present", "prepack"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  return [
    check("publint", folder, ["--strict"]),
    ...(isTyped(manifest) ? [check("attw", folder, ["--pack", "--profile", "esm-only"])] : []),
  ];
});
if (results.length === 0) throw new Error("No package has exports");
if (results.includes(false)) process.exitCode = 1;
