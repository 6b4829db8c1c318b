import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Tensor, VersionIdentity } from "@opg-protocol/sdk";
import {
  compile,
  type Difference,
  INTEGER_PROFILE,
  ModelRefusedError,
  PROFILE,
  probeRuntime,
  probeVersion,
  type Profile as ProfileName,
  type Program,
  readModel,
} from "@opg-protocol/sdk/onnx";
import { encodeBytes32String } from "ethers";

import { sha256 } from "../artifacts/ArtifactStore.ts";
import type { Executor } from "../execute/Executor.ts";

const KNOWN = [PROFILE, INTEGER_PROFILE] as const;
/** Profiles, by how versions name them. */
const NAMES: ReadonlyMap<string, ProfileName> = new Map(KNOWN.map((name) => [encodeBytes32String(name), name]));

/** Input and output that a version was released with. */
export interface Golden {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** A version of a profile that must not be run here: what this machine would state of it could be judged false. */
export class ProfileError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "ProfileError";
  }
}

/** The profiles on this machine: whether the runtime computes as they say, and what versions of them compile to. */
export class Profile {
  private soundness: Promise<void> | undefined;

  constructor(
    /** The one folder that the runtime can read. */
    private readonly folder: string,
    private readonly executor: Executor,
  ) {}

  /**
   * The program of a version, whose file must have its graph root.
   * @throws ProfileError
   */
  async program({ profile, graphRoot }: VersionIdentity, path: string): Promise<Program> {
    const name = NAMES.get(profile);
    if (name === undefined)
      throw new ProfileError(`its profile ${profile} is neither of those known here, ${KNOWN.join(" and ")}`);
    const program = compiled(await readFile(path), name);
    if (program.graphRoot !== graphRoot) {
      throw new ProfileError(`its artifact has the graph root ${program.graphRoot}, not ${graphRoot} as it says`);
    }
    return program;
  }

  /**
   * Compares what the runtime makes here of hard cases of each profile, once, and of the version with what they must be.
   * @throws ProfileError that names the first difference.
   */
  async check(path: string, { profile }: Program, { inputs, outputs }: Golden): Promise<void> {
    await this.checkRuntime();
    refuse("the version", await probeVersion(await readFile(path), inputs, this.run, profile, outputs));
  }

  /** The part of `check` that is about the machine alone; made once. */
  checkRuntime(): Promise<void> {
    return (this.soundness ??= this.checkProfiles());
  }

  private async checkProfiles(): Promise<void> {
    for (const name of KNOWN) refuse(`the profile ${name}`, await probeRuntime(this.run, name));
  }

  /** Runs a file that is no version, in the process in which versions run. */
  private readonly run = async (
    file: Uint8Array,
    inputs: ReadonlyMap<string, Tensor>,
  ): Promise<ReadonlyMap<string, Uint8Array>> => {
    const digest = sha256(file);
    const path = join(this.folder, `${digest.slice(2)}.probe`);
    const specs = (names: readonly string[]) => names.map((name) => ({ name, dtype: 0, shape: [] }));
    const names = (readModel(file).graph?.output ?? []).map(({ name = "" }) => name);
    await writeFile(path, file, { mode: 0o600 });
    try {
      const version = { versionId: "probe", path, digest, inputs: specs([...inputs.keys()]), outputs: specs(names) };
      const outputs = await this.executor.run(version, [...inputs.values()]);
      return new Map(names.map((name, i) => [name, outputs[i]?.data ?? new Uint8Array()]));
    } finally {
      await rm(path);
    }
  };
}

function compiled(file: Uint8Array, profile: ProfileName): Program {
  try {
    return compile(file, profile);
  } catch (error) {
    if (error instanceof ModelRefusedError)
      throw new ProfileError(`its artifact is outside of ${profile}: ${error.message}`);
    throw error;
  }
}

function refuse(what: string, [first, ...others]: readonly Difference[]): void {
  if (first === undefined) return;
  const { name, element, ours, theirs } = first;
  const more = others.length === 0 ? "" : `, and ${others.length} more tensors`;
  throw new ProfileError(
    `this machine does not compute ${what} as it must: ${name}, element ${element}, gives ${theirs}, not ${ours}${more}`,
  );
}
