/** What either side sends in a game, worked out from its own run of the model. Nothing here asks or tells the chain. */
import { concat, getBytes, hexlify } from "ethers";

import { MerkleTree, WORD } from "../../codecs/merkle.ts";
import { elementSize } from "../../onnx/layout.ts";
import {
  type Case,
  CONSTANT,
  encodeHeader,
  encodeStep,
  fastKeccak,
  openCase,
  type Opening,
  stepHash,
  rootOfTrace,
  traceTree,
} from "../../onnx/index.ts";
import type { ChallengeParameters } from "./challenges.ts";
import type { Answer, AnswerChallengeParameters, ShowPartParameters } from "./games.ts";
import { laidPathOf, laidRootOf, type LaidTrace } from "./groups.ts";
import { pathOver } from "./pathOver.ts";
import type { TracedRun } from "./TracedRun.ts";

/** Levels of a tree that are laid down at once, at most. */
const MOST_LEVELS = 8;

/** What a node has laid down of its tensor, as the events `Answered` and `Shown` carry it. */
export interface LaidTensor {
  /** Number of the step. */
  readonly index: number;
  readonly answer: Answer;
  /** All words, or the roots of its parts. */
  readonly nodes: readonly string[];
  /** The words below one of these nodes, once they are shown. */
  readonly part: { readonly chunk: number; readonly words: readonly string[] } | undefined;
}

/** What a challenger lays down. */
export function openingOf({ program, trace }: TracedRun): Pick<ChallengeParameters, "header" | "roots"> {
  return { header: encodeHeader(program), roots: trace.roots };
}

/** The root by which a trace is known: what a seal commits to. */
export const traceRootOf = ({ trace }: TracedRun): string => rootOfTrace(traceTree(trace.roots));

/**
 * A node's answer to a challenge: the first step that it makes differently, and its own tensor of it.
 * @param laid what the challenger has laid down.
 * @returns undefined if the run makes every step of that as the challenger does: then the statement is false, or the wrong group
 * was entered.
 */
export function answerTo(run: TracedRun, laid: LaidTrace): Omit<AnswerChallengeParameters, "game"> | undefined {
  const { program, trace } = run;
  const index = trace.roots.findIndex((root, i) => root !== (laidRootOf(laid, i) ?? root));
  const [step, root] = [program.steps[index]?.step, laidRootOf(laid, index)];
  if (step === undefined || root === undefined) return undefined;
  const hashes = getBytes(concat(program.steps.map((each, i) => stepHash(each.step, i, program.profile))));
  const tree = run.tree(index);
  const levels = levelsOf(tree.depth);
  return {
    index,
    root,
    rootPath: laidPathOf(laid, index),
    step: encodeStep(step, index, program.profile),
    stepPath: new MerkleTree(hashes, fastKeccak).path(index).map((node) => hexlify(node)),
    nodes: levels === tree.depth ? wordsOf(tree) : tree.nodesAt(levels).map((node) => hexlify(node)),
  };
}

/**
 * Which part of a node's tensor a challenger asks for: the first one that it makes differently.
 * @throws RangeError if it makes none differently.
 */
export function partToPick(run: TracedRun, { index, nodes }: Pick<LaidTensor, "index" | "nodes">): number {
  const tree = run.tree(index);
  const own = tree.nodesAt(levelsOf(tree.depth));
  const chunk = own.findIndex((node, i) => hexlify(node) !== nodes[i]);
  if (chunk < 0) throw new RangeError(`What was laid down of step ${index} is what this run makes.`);
  return chunk;
}

/** The part of its tensor that a node was asked for. */
export function partOf(run: TracedRun, index: number, chunk: number): Pick<ShowPartParameters, "words" | "path"> {
  const tree = run.tree(index);
  const height = tree.depth - levelsOf(tree.depth);
  const count = 2 ** height;
  return {
    words: Array.from({ length: count }, (_, i) => hexlify(tree.word(chunk * count + i))),
    path: tree.path(chunk, height).map((node) => hexlify(node)),
  };
}

/**
 * The case against the first element of what a node has laid down that this run makes differently.
 * @param outputRoot of what the node has stated.
 * @returns undefined if that is not seen yet: its part has to be picked and shown, or there is none.
 */
export function caseAgainst(run: TracedRun, laid: LaidTensor, outputRoot: string): Case | undefined {
  const { program, inputs, stated: outputs, trace } = run;
  const { index, answer } = laid;
  const step = program.steps[index]?.step;
  const { first, words, above } = shownOf(laid);
  if (step === undefined || words.length === 0) return undefined;
  const reads = step.inputs.map(({ from }) => from).filter((from) => from < CONSTANT);
  const trees = run.trees(new Set([index, ...reads]));
  const treeOf = (from: number) => trees.get(from) ?? run.tree(from);

  const own = treeOf(index);
  const size = elementSize(step.dtype);
  for (const [i, word] of words.entries()) {
    const right = own.word(first + i);
    const byte = getBytes(word).findIndex((value, at) => value !== right[at]);
    if (byte < 0) continue;
    const shown = new MerkleTree(getBytes(concat(words)), fastKeccak);
    const siblings = [...shown.path(i).map((node) => hexlify(node)), ...above];
    const accused: Opening = { words: [word], siblings };
    const { nodeRoot } = answer;
    const evidence = { payload: inputs, outputRoot, outputs, roots: trace.roots, treeOf, nodeRoot, accused };
    return openCase(program, evidence, index, first + i, byte - (byte % size));
  }
  return undefined;
}

/** The words that are known of what was laid down, where they begin, and what proves their subtree. */
export function shownOf({ answer, nodes, part }: LaidTensor) {
  if (levelsOf(answer.depth) === answer.depth) return { first: 0, words: nodes, above: [] };
  if (part === undefined) return { first: 0, words: [], above: [] };
  const { chunk, words } = part;
  return { first: chunk * words.length, words, above: pathOver(nodes, chunk) };
}

/**
 * The depth at which the nodes of a tensor's tree are laid down: that of its words where these are few. Else there are about as
 * many parts as words in each, which is where both together are fewest.
 */
const levelsOf = (depth: number): number =>
  depth <= MOST_LEVELS ? depth : Math.min(Math.ceil(depth / 2), MOST_LEVELS);

const wordsOf = (tree: MerkleTree): string[] =>
  Array.from({ length: tree.words.length / WORD }, (_, i) => hexlify(tree.word(i)));
