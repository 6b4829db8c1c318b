/**
 * Releases the packages: builds them from nothing, checks them as npm would publish them, and packs them. With `--publish` it
 * publishes them with provenance, which only a CI can do that has an identity token; no key is read or asked for.
 *
 *   npm run release                   a dry run: everything but the publishing
 *   npm run release -- --publish
 */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly repository?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A reason why nothing is released. */
class ReleaseRefusedError extends Error {
  constructor(reason: string, fix: string) {
    super(`${reason}: ${fix}`);
    this.name = "ReleaseRefusedError";
  }
}

function run(command: string, args: readonly string[], options: { readonly quiet?: boolean } = {}): string {
  const shown = [command, ...args].join(" ");
  if (options.quiet !== true) console.log(`\n==> ${shown}`);
  const { status, stdout } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", options.quiet === true ? "ignore" : "inherit"],
  });
  if (status !== 0) {
    console.log(stdout);
    throw new ReleaseRefusedError(`\`${shown}\` ended with ${String(status)}`, "see above, and run it alone.");
  }
  return stdout;
}

/** Packages that others can install, each behind those that it needs. */
function publishable(): readonly Manifest[] {
  const waiting = globSync("packages/*/package.json")
    .map((file) => JSON.parse(readFileSync(file, "utf8")) as Manifest)
    .filter((manifest) => manifest.private !== true);
  const ordered: Manifest[] = [];
  while (waiting.length > 0) {
    const names = waiting.map(({ name }) => name);
    const next = waiting.findIndex(({ dependencies = {} }) => !names.some((name) => name in dependencies));
    if (next < 0) throw new ReleaseRefusedError(`${names.join(", ")} need each other`, "take one dependency away.");
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}

function checkPublishing(manifests: readonly Manifest[]): void {
  if (process.env.ACTIONS_ID_TOKEN_REQUEST_URL === undefined) {
    throw new ReleaseRefusedError("There is no identity token", "publish from a CI job with `id-token: write`.");
  }
  const without = manifests.filter(({ repository }) => repository === undefined).map(({ name }) => name);
  if (without.length > 0) {
    throw new ReleaseRefusedError(
      `${without.join(", ")} name no repository`,
      "provenance needs `repository` in package.json.",
    );
  }
}

const isPublishing = process.argv.includes("--publish");
try {
  const manifests = publishable();
  if (isPublishing) checkPublishing(manifests);
  const changed = run("git", ["status", "--porcelain"], { quiet: true });
  if (isPublishing && changed !== "")
    throw new ReleaseRefusedError(`There are changes:\n${changed}`, "commit them first.");

  for (const file of globSync("packages/*/package.json")) {
    for (const made of globSync(`${dirname(file)}/{dist,*.tsbuildinfo}`)) rmSync(made, { recursive: true });
  }
  run("npm", ["run", "-s", "build"]);
  run("npm", ["run", "-s", "compatibility"]);
  run("npm", ["run", "-s", "check:packages"]);
  for (const { name, version } of manifests) {
    const how = isPublishing ? ["publish", "--provenance", "--access", "public"] : ["pack", "--dry-run"];
    run("npm", [...how, "--workspace", name]);
    console.log(`${isPublishing ? "published" : "would publish"} ${name} ${version}`);
  }
} catch (error) {
  if (!(error instanceof ReleaseRefusedError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
