import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { Interface, type InterfaceAbi } from "ethers";
import { artifacts } from "hardhat";

import { publishedArtifacts } from "../publishedArtifacts.ts";
import type { Surface, Surfaces } from "./difference.ts";

interface StorageField {
  readonly slot: string;
  readonly offset: number;
  readonly label: string;
  readonly type: string;
}

interface Layout {
  readonly storage: readonly StorageField[];
}

/** What solc says of a contract's fields: those that stay, and those that a transaction forgets. */
interface Layouts {
  readonly storageLayout: Layout;
  readonly transientStorageLayout: Layout;
}

interface LayoutOutput {
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, Layouts>>>>;
}

const LAYOUTS: readonly (keyof Layouts)[] = ["storageLayout", "transientStorageLayout"];

const { compile } = createRequire(import.meta.url)("solc") as { readonly compile: (input: string) => string };

/** What the contracts that were built last show of themselves. */
export async function builtSurfaces(): Promise<Surfaces> {
  const layouts = await storageLayouts();
  const surfaces = (await publishedArtifacts()).map(({ contractName, abi }): [string, Surface] => [
    contractName,
    { abi: signaturesOf(abi as InterfaceAbi), storage: layouts.get(contractName) ?? [] },
  ]);
  return Object.fromEntries(surfaces.sort(([a], [b]) => a.localeCompare(b, "en")));
}

const signaturesOf = (abi: InterfaceAbi) =>
  new Interface(abi).fragments
    .filter(({ type }) => type !== "constructor")
    .map((fragment) => fragment.format("full"))
    .sort();

// Types of structs, enums and ids end with the number that their syntax tree happens to have.
const lineOf = ({ slot, offset, label, type }: StorageField) =>
  `${slot}:${offset} ${type.replaceAll(/\)\d+/g, ")")} ${label}`;

/** The fields of each contract, by its name. The compiler writes no code for them, so that it takes seconds. */
async function storageLayouts(): Promise<ReadonlyMap<string, readonly string[]>> {
  const layouts = new Map<string, readonly string[]>();
  for (const id of await artifacts.getAllBuildInfoIds()) {
    const path = await artifacts.getBuildInfoPath(id);
    if (path === undefined) throw new Error(`There is no build info ${id}: run \`npm run build\``);
    const { input } = JSON.parse(await readFile(path, "utf8")) as { readonly input: { readonly settings: object } };
    const settings = { ...input.settings, viaIR: false, outputSelection: { "*": { "*": LAYOUTS } } };
    const output = JSON.parse(compile(JSON.stringify({ ...input, settings }))) as LayoutOutput;
    for (const named of Object.values(output.contracts ?? {})) {
      for (const [name, { storageLayout, transientStorageLayout }] of Object.entries(named)) {
        const transient = transientStorageLayout.storage.map((field) => `transient ${lineOf(field)}`);
        layouts.set(name, [...storageLayout.storage.map(lineOf), ...transient]);
      }
    }
  }
  return layouts;
}
