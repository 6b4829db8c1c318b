/** Cases for a referee: one element of one tensor with all that it is computed from. */
import { concat, getBytes, hexlify, keccak256, toBeHex, ZeroHash } from "ethers";

import { MerkleTree, WORD } from "../codecs/merkle.ts";
import { payloadRoot } from "../codecs/payload.ts";
import { type Tensor, type TensorPreimage, tensorPreimage } from "../codecs/tensor.ts";
import { inputOf } from "./geometry.ts";
import { encodeStep } from "./graph.ts";
import { fastKeccak } from "./keccak.ts";
import { elementSize } from "./layout.ts";
import { integerReadsOf } from "./profile2/reads.ts";
import {
  CONSTANT,
  GRAPH_INPUT,
  INTEGER_PROFILE,
  PROFILE,
  type Profile,
  type Program,
  type ProgramStep,
  type Ref,
  STATED_OUTPUT,
  type Step,
} from "./program.ts";
import { elementAt, type Reads, readsOf, type Sight } from "./reads.ts";
import { isOfSpec, type StatedTensor, statedTensorRoot } from "./stated.ts";

/** Words of one tree and what proves them. */
export interface Opening {
  readonly words: readonly string[];
  readonly siblings: readonly string[];
}

/** What `IReferee.faulty` takes. */
export interface Case {
  readonly traceRoot: string;
  readonly inputRoot: string;
  readonly outputRoot: string;
  readonly nodeRoot: string;
  readonly step: string;
  readonly word: number;
  readonly offset: number;
  readonly witness: number;
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
  /** Payload root of the output that the statement states. */
  readonly outputRoot: string;
  /** The tensors of that output, for a model that reads them. */
  readonly outputs?: readonly StatedTensor[];
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
/** Of padding. */
const NO_READS: Reads = { inputs: [], constants: [] };

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

/** The root by which a trace is known: the depth of its tree is mixed in, so that all paths have one length. */
export const rootOfTrace = ({ depth, root }: MerkleTree): string =>
  keccak256(concat(["0x01", root, toBeHex(depth, WORD)]));

/** Trees over constants and payloads, which do not change while many elements of a step are opened. */
const known = new WeakMap<Uint8Array, MerkleTree>();

function knownTree(data: Uint8Array): MerkleTree {
  const tree = known.get(data) ?? treeOver(data);
  known.set(data, tree);
  return tree;
}

const treeOver = (data: Uint8Array): MerkleTree => new MerkleTree(data, fastKeccak);

type ReadsOf = (step: Step, made: readonly number[], sight: Sight) => Reads;

const READS: Readonly<Record<Profile, ReadsOf>> = { [PROFILE]: readsOf, [INTEGER_PROFILE]: integerReadsOf };

/**
 * The case against one element: the bytes from `offset` on in word `word` of the tensor of step `index`.
 * @throws RangeError if the program has no such step, or no element begins there; or if the step reads what the statement
 * states and that is not there.
 */
export function openCase(program: Program, evidence: Evidence, index: number, word: number, offset: number): Case {
  const programStep = program.steps[index];
  if (programStep === undefined) throw new RangeError(`The program has no step ${index}.`);
  const { payload, outputRoot, roots, nodeRoot, accused } = evidence;
  const trace = traceTree(roots);
  const opener = new Opener(programStep, evidence, trace);
  return {
    traceRoot: rootOfTrace(trace),
    inputRoot: payloadRoot(payload),
    outputRoot,
    nodeRoot,
    step: encodeStep(programStep.step, index, program.profile),
    word,
    offset,
    accused,
    ...opener.open(READS[program.profile], word, offset),
  };
}

type Opened = Pick<Case, "witness" | "inputRoots" | "inputPaths" | "inputs" | "constants">;

/** Opens what elements of a step are computed from. */
class Opener {
  readonly #of: ProgramStep;
  readonly #evidence: Evidence;
  readonly #trace: MerkleTree;
  /** Of earlier steps: each is asked for once, as it may have to be computed. */
  readonly #trees = new Map<number, MerkleTree>();

  constructor(of: ProgramStep, evidence: Evidence, trace: MerkleTree) {
    this.#of = of;
    this.#evidence = evidence;
    this.#trace = trace;
  }

  open(reads: ReadsOf, word: number, offset: number): Opened {
    const { step, constants } = this.#of;
    const element = elementAt(step, word, offset);
    const shown = getBytes(this.#evidence.accused.words[0] ?? "0x");
    const accused = shown.subarray(offset, offset + elementSize(step.dtype));
    const read = element === undefined ? NO_READS : reads(step, element, { byteOf: this.#byteOf, accused });
    const tensors = (read.tensors ?? read.inputs.map(({ input }) => input)).map((input) => inputOf(step, input));
    return {
      witness: read.witness ?? 0,
      inputRoots: tensors.map((input) => this.#rootOf(input)),
      inputPaths: tensors.map(({ from }) => this.#pathOf(from)),
      inputs: read.inputs.map(({ input, leaves }) => this.#openInput(inputOf(step, input), leaves)),
      // Constants can be large: their tree is made where it is needed.
      constants: read.constants.length === 0 ? NOTHING : openWords(knownTree(constants), read.constants),
    };
  }

  readonly #byteOf = (input: number, place: number): number =>
    this.#treeOf(inputOf(this.#of.step, input))?.words[place] ?? 0;

  #rootOf(input: Ref): string {
    const unfit = this.#unfit(input);
    if (unfit !== undefined) return unfit.dataRoot;
    const tree = this.#treeOf(input);
    return tree === undefined ? ZeroHash : hexlify(tree.root);
  }

  #pathOf(from: number): string[] {
    return from < CONSTANT
      ? this.#trace.path(from).map((sibling) => hexlify(sibling))
      : this.#payloadOf(from).tensors.map(statedTensorRoot);
  }

  #openInput(input: Ref, leaves: readonly number[]): Opening {
    const unfit = this.#unfit(input);
    if (unfit !== undefined) return openPreimage(unfit);
    const tree = this.#treeOf(input);
    return tree === undefined ? NOTHING : openWords(tree, leaves);
  }

  /** What an input names; nothing if it is an output that the statement does not have, or not of that type and shape. */
  #treeOf(input: Ref): MerkleTree | undefined {
    const { from } = input;
    if (from < CONSTANT) return this.#treeOfStep(from);
    if (from < STATED_OUTPUT) return knownTree(this.#of.constants);
    const { tensors, place } = this.#payloadOf(from);
    const tensor = tensors[place];
    if (tensor === undefined && from >= GRAPH_INPUT) throw new RangeError(`The payload has no tensor ${place}.`);
    const isThere = tensor !== undefined && "data" in tensor && this.#unfit(input) === undefined;
    return isThere ? knownTree(tensor.data) : undefined;
  }

  #treeOfStep(from: number): MerkleTree {
    const tree = this.#trees.get(from) ?? this.#evidence.treeOf(from);
    this.#trees.set(from, tree);
    return tree;
  }

  /** What the root of a stated output is the hash of that is of another type or shape than the model's. */
  #unfit(input: Ref): TensorPreimage | undefined {
    if (input.from < STATED_OUTPUT || input.from >= GRAPH_INPUT) return undefined;
    const { tensors, place } = this.#payloadOf(input.from);
    const stated = tensors[place];
    if (stated === undefined || !("dtype" in stated) || isOfSpec(stated, input)) return undefined;
    return "data" in stated ? tensorPreimage(stated) : stated;
  }

  /** The payload that a reference leads into, and where. */
  #payloadOf(from: number): { readonly tensors: readonly StatedTensor[]; readonly place: number } {
    const { payload, outputs } = this.#evidence;
    if (from >= GRAPH_INPUT) return { tensors: payload, place: from - GRAPH_INPUT };
    if (outputs === undefined) throw new RangeError("The step reads the statement's output, which is not there.");
    return { tensors: outputs, place: from - STATED_OUTPUT };
  }
}

/** Type and dimensions of a stated output in place of words: no word of it is right. */
const openPreimage = ({ dtype, shape }: TensorPreimage): Opening => ({
  words: [],
  siblings: [dtype, ...shape].map((number) => toBeHex(number, WORD)),
});
