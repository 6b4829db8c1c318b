/** Long traces: laid down in groups of steps first, and then the group that the node has entered. */
import { hexlify } from "ethers";

import { GROUP_STEPS } from "../../codecs/dispute.ts";
import { MerkleTree, WORD } from "../../codecs/merkle.ts";
import { encodeHeader, fastKeccak, openWords, traceTree } from "../../onnx/index.ts";
import type { ChallengeInGroupsParameters } from "./challenges.ts";
import type { LayGroupParameters } from "./games.ts";
import { pathOver } from "./pathOver.ts";
import type { TracedRun } from "./TracedRun.ts";

const GROUP_LEVELS = Math.log2(GROUP_STEPS);
/** With more steps groups cost less, though each side has one move more. */
const MOST_WHOLE_STEPS = 256;

/** What a challenger has laid down of its trace. */
export interface LaidTrace {
  /** Root of each group of 64 steps; undefined where all data roots were laid down at once. */
  readonly groups: readonly string[] | undefined;
  /** Number of the group that the node has entered, if it has. */
  readonly entered: number | undefined;
  /** Data root of each step from `firstStepOf` on: of all, or of the group once that is laid down, 64 with zero words behind. */
  readonly roots: readonly string[];
}

/** Whether a run's trace is laid down in groups. */
export const isLong = ({ program }: TracedRun): boolean => program.steps.length > MOST_WHOLE_STEPS;

/** The step whose data root is the first of those that were laid down. */
export const firstStepOf = ({ entered = 0 }: Pick<LaidTrace, "entered">): number => GROUP_STEPS * entered;

/** What the challenger has laid down as data root of a step; undefined as long as it has not. */
export const laidRootOf = (trace: LaidTrace, step: number): string | undefined =>
  trace.roots[step - firstStepOf(trace)];

/** What a challenger lays down of a trace of more than 64 steps. */
export function openingInGroups({
  program,
  trace,
}: TracedRun): Pick<ChallengeInGroupsParameters, "header" | "groups" | "outputs"> {
  const tree = traceTree(trace.roots);
  const outputs = program.outputs.map(({ step }) => openWords(tree, [step]));
  return { header: encodeHeader(program), groups: groupsOf(trace.roots), outputs };
}

/**
 * The group that a node enters: the first one that it makes differently.
 * @param groups what the challenger has laid down.
 * @returns undefined if the run makes every group as the challenger does: then the statement is false.
 */
export function groupToEnter({ trace }: TracedRun, groups: readonly string[]): number | undefined {
  const group = groupsOf(trace.roots).findIndex((root, i) => root !== groups[i]);
  return group < 0 ? undefined : group;
}

/** The group of its trace that a challenger was asked for. */
export function groupOf({ trace }: TracedRun, group: number): Pick<LayGroupParameters, "roots" | "path"> {
  const tree = traceTree(trace.roots);
  return {
    roots: Array.from({ length: GROUP_STEPS }, (_, i) => hexlify(tree.word(GROUP_STEPS * group + i))),
    path: tree.path(group, GROUP_LEVELS).map((node) => hexlify(node)),
  };
}

/** Siblings on the way from the data root of a step up to the root of the trace, as far as that was laid down. */
export function laidPathOf(trace: LaidTrace, step: number): string[] {
  const { groups, entered = 0, roots } = trace;
  const within = traceTree(roots).path(step - firstStepOf(trace));
  const path = within.map((node) => hexlify(node));
  return groups === undefined ? path : [...path, ...pathOver(withEmpty(groups), entered)];
}

function groupsOf(roots: readonly string[]): string[] {
  const tree = traceTree(roots);
  return Array.from({ length: Math.ceil(roots.length / GROUP_STEPS) }, (_, i) => hexlify(tree.node(GROUP_LEVELS, i)));
}

/** All groups that the tree has room for. */
function withEmpty(groups: readonly string[]): readonly string[] {
  const empty = hexlify(new MerkleTree(new Uint8Array(GROUP_STEPS * WORD), fastKeccak).root);
  return Array.from({ length: 2 ** Math.ceil(Math.log2(groups.length)) }, (_, i) => groups[i] ?? empty);
}
