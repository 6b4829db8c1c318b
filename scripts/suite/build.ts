/** The compiled contracts that are deployed: of the production profile, by the pinned compiler. */
import { readFile } from "node:fs/promises";

import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";
import type { Artifact, IgnitionModule } from "@nomicfoundation/ignition-core";
import { keccak256 } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { z } from "zod";

import { futuresOf } from "./module.ts";
import { SuiteError } from "./outcome.ts";
import type { Suite } from "./suite.ts";

export const PROFILE = "production";

/** What decides the bytecode beside the sources. */
export interface Compiler {
  readonly version: string;
  readonly viaIR: boolean;
  readonly evmVersion: string;
  readonly optimizer: { readonly enabled: boolean; readonly runs: number };
  readonly bytecodeHash: string;
}

const BuildInfo = z.object({
  solcLongVersion: z.string(),
  input: z.object({
    settings: z.object({
      viaIR: z.boolean().default(false),
      evmVersion: z.string(),
      optimizer: z.object({ enabled: z.boolean(), runs: z.number() }),
      metadata: z.object({ bytecodeHash: z.string() }),
    }),
  }),
});

/** Compiles as for deployment, and leaves the committed bindings alone: those are of the default profile. */
export async function buildForDeployment({ hre: { userConfig, config }, during }: Suite): Promise<void> {
  const options = { buildProfile: PROFILE, noTypechain: true };
  const production = await createHardhatRuntimeEnvironment(userConfig, options, config.paths.root);
  await during("compiles as for a deployment", 1, () =>
    production.tasks.getTask("build").run({ quiet: true, noTests: true }),
  );
}

/** The names of the contracts that a module deploys. */
export const contractsOf = (module: IgnitionModule): string[] => [
  ...new Set([...futuresOf(module)].flatMap((future) => ("contractName" in future ? [future.contractName] : []))),
];

/** The artifacts of what a module deploys, by name. */
export async function artifactsOf(
  hre: HardhatRuntimeEnvironment,
  names: readonly string[],
): Promise<Readonly<Record<string, Artifact>>> {
  const resolver = new HardhatArtifactResolver(hre.artifacts);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await resolver.loadArtifact(name)] as const)),
  );
}

/** The hash of each contract's creation code: two builds are the same if these are. */
export const codeHashes = (artifacts: Readonly<Record<string, Artifact>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(artifacts).map(([name, { bytecode }]) => [name, keccak256(bytecode)]));

/** With what an artifact was compiled. */
async function compilerOf({ artifacts }: HardhatRuntimeEnvironment, artifact: Artifact): Promise<Compiler> {
  const path = artifact.buildInfoId === undefined ? undefined : await artifacts.getBuildInfoPath(artifact.buildInfoId);
  if (path === undefined) throw wrongBuild(`${artifact.contractName} has no record of its build`);
  const { solcLongVersion, input } = BuildInfo.parse(JSON.parse(await readFile(path, "utf8")));
  const { viaIR, evmVersion, optimizer, metadata } = input.settings;
  return {
    version: solcLongVersion,
    viaIR,
    evmVersion,
    optimizer: { enabled: optimizer.enabled, runs: optimizer.runs },
    bytecodeHash: metadata.bytecodeHash,
  };
}

const wrongBuild = (what: string): SuiteError => new SuiteError(what, "npm run build:production");

/**
 * The compiler of all artifacts.
 * @throws SuiteError when one of them was compiled otherwise than the profile says.
 */
export async function checkedCompiler(
  hre: HardhatRuntimeEnvironment,
  artifacts: Readonly<Record<string, Artifact>>,
): Promise<Compiler> {
  const compilers = await Promise.all(Object.values(artifacts).map((artifact) => compilerOf(hre, artifact)));
  const [first] = compilers;
  if (first === undefined) throw wrongBuild("Nothing is compiled");
  const other = compilers.find((compiler) => JSON.stringify(compiler) !== JSON.stringify(first));
  if (other !== undefined)
    throw wrongBuild(`The artifacts are of two builds, ${describe(first)} and ${describe(other)}`);
  const pinned = hre.config.solidity.profiles[PROFILE]?.compilers[0];
  const settings = z.object({ viaIR: z.boolean(), evmVersion: z.string() }).parse(pinned?.settings);
  const expected = `${pinned?.version ?? ""}, ${settings.evmVersion}${settings.viaIR ? ", via IR" : ""}`;
  if (!describe(first).startsWith(expected)) {
    throw wrongBuild(`The artifacts are compiled by ${describe(first)}; deployed is what ${expected} makes`);
  }
  return first;
}

/** In a line. */
export const describe = ({ version, viaIR, evmVersion, optimizer }: Compiler): string =>
  `${version.replace(/\+.*$/, "")}, ${evmVersion}${viaIR ? ", via IR" : ""}, ${optimizer.runs} runs`;
