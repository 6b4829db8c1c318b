import { PROFILE, type Profile } from "./program.ts";

/** Why a file is outside of the profile. */
export interface Refusal {
  /** Name of the node, or of its first output where it has none; empty if the file or the graph as a whole is meant. */
  readonly node: string;
  /** Its operator; empty where `node` is. */
  readonly operator: string;
  /** The attribute, input, output or field that the reason is about; empty if it is about the whole. */
  readonly attribute: string;
  /** What is wrong, with the values, and what is allowed. */
  readonly reason: string;
}

const SHOWN = 10;

/** A file is outside of a profile. The fields of the first reason are those of the error, too. */
export class ModelRefusedError extends Error implements Refusal {
  override readonly name = "ModelRefusedError";
  readonly node: string;
  readonly operator: string;
  readonly attribute: string;
  readonly reason: string;
  readonly profile: Profile;
  /** Every reason that was found, at least one. */
  readonly refusals: readonly Refusal[];

  constructor(first: Refusal, others: readonly Refusal[] = [], profile: Profile = PROFILE) {
    const all = [first, ...others];
    const lines = all.slice(0, SHOWN).map(sentence);
    if (all.length > SHOWN) lines.push(`and ${all.length - SHOWN} more`);
    super(`The model is outside of the profile ${profile}: ${lines.join("; ")}.`);
    this.node = first.node;
    this.operator = first.operator;
    this.attribute = first.attribute;
    this.reason = first.reason;
    this.profile = profile;
    this.refusals = all;
  }

  /** A reason that is about the file as a whole. */
  static ofFile(reason: string, attribute = "", profile: Profile = PROFILE): ModelRefusedError {
    return new ModelRefusedError({ node: "", operator: "", attribute, reason }, [], profile);
  }
}

function sentence({ node, operator, attribute, reason }: Refusal): string {
  const where = [operator, node, attribute].filter((part) => part !== "").join(" ");
  return where === "" ? reason : `${where}: ${reason}`;
}
