/** The program of a version's file, and what it is shown. */
import type { Tensor } from "@opg-protocol/sdk";
import {
  compile,
  compileNearest,
  type Executor,
  INTEGER_PROFILE,
  PROFILE,
  type Profile,
  type Program,
  settle,
  shownOutputs,
} from "@opg-protocol/sdk/onnx";
import { encodeBytes32String } from "ethers";

/** Profiles, by how versions name them. */
const PROFILES: ReadonlyMap<string, Profile> = new Map(
  ([PROFILE, INTEGER_PROFILE] as const).map((profile) => [encodeBytes32String(profile), profile]),
);

/** The profile that a version names; undefined if it names none, or one that this page does not know. */
export const profileOf = (name: string): Profile | undefined => PROFILES.get(name);

/**
 * Compiles a file for a profile, or else for the one that it lies within.
 * @throws ModelRefusedError
 */
export const programOf = (file: Uint8Array, profile: Profile | undefined): Program =>
  profile === undefined ? compileNearest(file) : compile(file, profile);

/**
 * What a model is shown of its own outputs: what was stated or, where nobody gives that, what the model settles on. Nothing if it
 * reads none of them.
 * @throws UnsettledError; as `Executor.run` does.
 */
export async function shownTo(
  executor: Executor,
  inputs: readonly Tensor[],
  stated: readonly Tensor[] | undefined,
): Promise<readonly Tensor[]> {
  const { program } = executor;
  if (program.stated.length === 0) return [];
  if (stated !== undefined) return shownOutputs(program, stated);
  return settle(program, (shown) => executor.run(inputs, shown));
}
