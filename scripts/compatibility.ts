/**
 * Compares the ABIs and the storage of the built contracts with those of the last release, and fails if the pending changesets
 * ask for less than the differences do: a removed or changed function, event, error or field of storage is a major version
 * (before 1.0.0 a minor one), an added one a minor version. Writes what they show into releases/next.json, which is
 * committed, so that every such change is seen where it is reviewed.
 *
 *   npm run compatibility
 *   npm run compatibility:release    once, when a version is released: keeps what it shows in releases/<version>.json
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";

import { differencesOf, isEnough, levelOf, pendingLevel, type Surfaces } from "./release/difference.ts";
import { builtSurfaces } from "./release/surfaces.ts";

interface Release {
  readonly version: string;
  readonly contracts: Surfaces;
}

const CHANGESETS = ".changeset/*.md";
const NEXT = "next";
const pathOf = (version: string) => `releases/${version}.json`;

/** The newest release that is kept. */
function lastRelease(): Release {
  const versions = globSync("[0-9]*.json", { cwd: "releases" }).map((file) => file.replace(/\.json$/, ""));
  const last = versions.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
  if (last === undefined) throw new Error("There is no release in releases/: run `npm run compatibility:release`");
  return JSON.parse(readFileSync(pathOf(last), "utf8")) as Release;
}

function keep(version: string, contracts: Surfaces): void {
  writeFileSync(pathOf(version), `${JSON.stringify({ version, contracts } satisfies Release, null, 2)}\n`);
}

const built = await builtSurfaces();
keep(NEXT, built);
if (process.env.RELEASE === "1") {
  const { version } = JSON.parse(readFileSync("packages/sdk/package.json", "utf8")) as { readonly version: string };
  keep(version, built);
  console.log(`${pathOf(version)} says what ${Object.keys(built).length} contracts show`);
} else {
  const { version, contracts } = lastRelease();
  const differences = differencesOf(contracts, built);
  for (const { contract, removed, added } of differences) {
    console.log(contract);
    for (const line of removed) console.log(`  - ${line}`);
    for (const line of added) console.log(`  + ${line}`);
  }
  const needed = levelOf(differences, version);
  const asked = pendingLevel(globSync(CHANGESETS).map((file) => readFileSync(file, "utf8")));
  console.log(`since ${version}: ${needed} needed, ${asked} asked for by changesets`);
  if (!isEnough(asked, needed)) {
    throw new Error(`The differences to ${version} need a changeset that says ${needed}: \`npm run changeset\`.`);
  }
}
