/** Cases for a referee: one element of one tensor with all that it is computed from. */
import { concat, getBytes, hexlify } from "ethers";

import { MerkleTree, WORD } from "../codecs/merkle.ts";
import { payloadRoot } from "../codecs/payload.ts";
import { type Tensor, tensorRoot } from "../codecs/tensor.ts";
import { encodeStep } from "./graph.ts";
import { fastKeccak } from "./keccak.ts";
import { GRAPH_INPUT, type Program, type ProgramStep } from "./program.ts";
import { elementAt, type Read, readsOf } from "./reads.ts";

/** Words of one tree and what proves them. */
export interface Opening {
  readonly words: readonly string[];
  readonly siblings: readonly string[];
}

/** What `IReferee.faulty` takes. */
export interface Case {
  readonly traceRoot: string;
  readonly inputRoot: string;
  readonly nodeRoot: string;
  readonly step: string;
  readonly word: number;
  readonly offset: number;
  readonly accused: Opening;
  readonly inputRoots: readonly string[];
  readonly inputPaths: readonly (readonly string[])[];
  readonly inputs: readonly Opening[];
  readonly constants: Opening;
}

/** What a challenger holds: the statement's input, its own trace, and of the node's tensor at least the accused word. */
export interface Evidence {
  /** What the statement is about. */
  readonly payload: readonly Tensor[];
  /** Data root of each step's tensor. */
  readonly roots: readonly string[];
  /** The challenger's own tensor of a step. */
  readonly treeOf: (step: number) => MerkleTree;
  /** What the node says that the step makes. */
  readonly nodeRoot: string;
  /** The accused word of it. */
  readonly accused: Opening;
}

const NOTHING: Opening = { words: [], siblings: [] };

/** Words of a tree, with their proof. */
export function openWords(tree: MerkleTree, leaves: readonly number[]): Opening {
  if (leaves.length === 0) return NOTHING;
  return {
    words: leaves.map((leaf) => hexlify(tree.word(leaf))),
    siblings: tree.multiproof(leaves).map((sibling) => hexlify(sibling)),
  };
}

/** The roots of a trace as a tree. */
export function traceTree(roots: readonly string[]): MerkleTree {
  return treeOver(getBytes(concat(roots)));
}

/** Trees over constants and payloads, which do not change while many elements of a step are opened. */
const known = new WeakMap<Uint8Array, MerkleTree>();

function knownTree(data: Uint8Array): MerkleTree {
  const tree = known.get(data) ?? treeOver(data);
  known.set(data, tree);
  return tree;
}

const treeOver = (data: Uint8Array): MerkleTree => new MerkleTree(data, fastKeccak);

/**
 * The case against one element: the bytes from `offset` on in word `word` of the tensor of step `index`.
 * @throws RangeError if the program has no such step, or no element begins there.
 */
export function openCase(program: Program, evidence: Evidence, index: number, word: number, offset: number): Case {
  const programStep = program.steps[index];
  if (programStep === undefined) throw new RangeError(`The program has no step ${index}.`);
  const { payload, roots, nodeRoot, accused } = evidence;
  const trace = traceTree(roots);
  return {
    traceRoot: hexlify(trace.root),
    inputRoot: payloadRoot(payload),
    nodeRoot,
    step: encodeStep(programStep.step, index),
    word,
    offset,
    accused,
    ...openReads(programStep, evidence, trace, word, offset),
  };
}

type Opened = Pick<Case, "inputRoots" | "inputPaths" | "inputs" | "constants">;

function openReads(
  { step, constants }: ProgramStep,
  { payload, treeOf }: Evidence,
  trace: MerkleTree,
  word: number,
  offset: number,
): Opened {
  const element = elementAt(step, word, offset);
  if (element === undefined) return { inputRoots: [], inputPaths: [], inputs: [], constants: NOTHING };

  const fromOf = (input: number): number => step.inputs[input]?.from ?? 0;
  const treeFrom = (from: number): MerkleTree =>
    from < GRAPH_INPUT ? treeOf(from) : knownTree(payloadData(payload, from));
  const byteOf = (input: number, place: number): number =>
    treeFrom(fromOf(input)).word(Math.floor(place / WORD))[place % WORD] ?? 0;
  const reads = readsOf(step, element, byteOf);

  const pathOf = (from: number): string[] =>
    from < GRAPH_INPUT ? trace.path(from).map((sibling) => hexlify(sibling)) : payload.map(tensorRoot);
  const each = <T>(open: (from: number, read: Read) => T): T[] =>
    reads.inputs.map((read) => open(fromOf(read.input), read));
  return {
    inputRoots: each((from) => hexlify(treeFrom(from).root)),
    inputPaths: each(pathOf),
    inputs: each((from, { leaves }) => openWords(treeFrom(from), leaves)),
    constants: openWords(knownTree(constants), reads.constants),
  };
}

function payloadData(payload: readonly Tensor[], from: number): Uint8Array {
  const tensor = payload[from - GRAPH_INPUT];
  if (tensor === undefined) throw new RangeError(`The payload has no tensor ${from - GRAPH_INPUT}.`);
  return tensor.data;
}
