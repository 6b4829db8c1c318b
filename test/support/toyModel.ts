import { AbiCoder, concat, id, keccak256, toBeHex, ZeroHash } from "ethers";

import { taggedHash } from "../../packages/sdk/src/codecs/abi.ts";
import { nth } from "./actors.ts";
import { WordTree } from "./trees.ts";

const abi = AbiCoder.defaultAbiCoder();
/** The depth at which a tensor's tree is laid down: that of its words, if they are few. */
const levelsOf = (depth: number): number => (depth <= 8 ? depth : Math.min(Math.ceil(depth / 2), 8));
const BYTES_DTYPE = 2;
const WORD_BYTES = 32;
/** A group of a trace is a subtree over so many steps. */
const GROUP_STEPS = 64;
const GROUP_LEVELS = 6;

/** One wrong word of one step's tensor. */
export interface Lie {
  readonly step: number;
  readonly word: number;
}

/** A compiled model, as a game sees it. */
export interface GameModel {
  readonly header: string;
  readonly graphRoot: string;
  readonly stepsRoot: string;
  /** The step that makes each output. */
  readonly outputSteps: readonly number[];
  step(index: number): string;
  stepPath(index: number): string[];
  /** Tensor roots of the outputs, given the tensors of all steps. */
  outputTensors(tensors: readonly WordTree[]): string[];
}

/** What `TestReferee` judges: step i makes `words[i]` words, each a hash of its place and of the step before. */
export class ToyModel implements GameModel {
  private readonly steps: WordTree;

  constructor(readonly words: readonly number[]) {
    this.steps = new WordTree(words.map((_, index) => keccak256(this.step(index))));
  }

  get header(): string {
    return abi.encode(
      ["uint256", "uint256", "bytes32"],
      [this.words.length, nth(this.words, this.words.length - 1), this.steps.root],
    );
  }

  get graphRoot(): string {
    return keccak256(this.header);
  }

  get stepsRoot(): string {
    return this.steps.root;
  }

  get outputSteps(): readonly number[] {
    return [this.words.length - 1];
  }

  step(index: number): string {
    return abi.encode(["uint256", "uint256"], [index, nth(this.words, index)]);
  }

  stepPath(index: number): string[] {
    return this.steps.path(index);
  }

  /** There is one output, of bytes: what the last step makes. */
  outputTensors(tensors: readonly WordTree[]): string[] {
    const last = tensors.length - 1;
    const shape = [WORD_BYTES * nth(this.words, last)];
    return [taggedHash("OPG/tensor", ["uint8", "uint32[]", "bytes32"], [BYTES_DTYPE, shape, nth(tensors, last).root])];
  }

  /** Runs the model; where there are lies, later steps follow from them as if they were true. */
  run(inputRoot: string, lies: readonly Lie[] = []): GameTrace {
    const tensors: WordTree[] = [];
    this.words.forEach((count, step) => {
      const before = tensors.at(-1)?.root ?? inputRoot;
      const right = (word: number) => keccak256(abi.encode(["uint256", "uint256", "bytes32"], [step, word, before]));
      const lied = (word: number) => lies.some((lie) => lie.step === step && lie.word === word);
      const words = Array.from({ length: count }, (_, word) => (lied(word) ? id(`lie ${word}`) : right(word)));
      tensors.push(new WordTree(words));
    });
    return new GameTrace(this, inputRoot, tensors);
  }
}

/** All tensors that one side says the model makes. */
export class GameTrace {
  readonly r: readonly string[];
  private readonly tree: WordTree;

  constructor(
    readonly model: GameModel,
    readonly inputRoot: string,
    readonly tensors: readonly WordTree[],
  ) {
    this.r = tensors.map(({ root }) => root);
    this.tree = new WordTree(this.r);
  }

  /** By which the trace is known. */
  get root(): string {
    return keccak256(concat(["0x01", this.tree.root, toBeHex(this.tree.depth, 32)]));
  }

  path(index: number): string[] {
    return this.tree.path(index);
  }

  /** Roots of its groups. */
  get groups(): string[] {
    const count = Math.ceil(this.r.length / GROUP_STEPS);
    return this.tree.nodes(this.tree.depth - GROUP_LEVELS).slice(0, count);
  }

  /** What opens the data root of each output. */
  get outputs(): { readonly words: string[]; readonly siblings: string[] }[] {
    return this.model.outputSteps.map((step) => ({ words: [nth(this.r, step)], siblings: this.path(step) }));
  }

  /** The data roots of a group, padding included. */
  group(group: number): string[] {
    return Array.from({ length: GROUP_STEPS }, (_, i) => this.r[GROUP_STEPS * group + i] ?? ZeroHash);
  }

  groupPath(group: number): string[] {
    return this.tree.path(group, GROUP_LEVELS);
  }

  get outputTensors(): string[] {
    return this.model.outputTensors(this.tensors);
  }

  get outputRoot(): string {
    return taggedHash("OPG/payload", ["bytes32[]"], [this.outputTensors]);
  }

  /** What a node lays down of a tensor: its words if they are few, else the roots of its parts. */
  nodes(step: number): readonly string[] {
    const tensor = nth(this.tensors, step);
    const levels = levelsOf(tensor.depth);
    return levels < tensor.depth ? tensor.nodes(levels) : tensor.words;
  }

  /** The words of one part, padding included. */
  chunk(step: number, chunk: number): string[] {
    const { words, depth } = nth(this.tensors, step);
    const size = 2 ** (depth - levelsOf(depth));
    return Array.from({ length: size }, (_, i) => words[chunk * size + i] ?? ZeroHash);
  }

  chunkPath(step: number, chunk: number): string[] {
    const tensor = nth(this.tensors, step);
    return tensor.path(chunk, tensor.depth - levelsOf(tensor.depth));
  }

  /** The first step whose tensor another trace has differently. */
  firstUnlike(other: GameTrace): number | undefined {
    const step = this.r.findIndex((root, i) => root !== other.r[i]);
    return step < 0 ? undefined : step;
  }

  /** The first group whose root another trace has differently. */
  firstUnlikeGroup(other: GameTrace): number | undefined {
    const group = this.groups.findIndex((root, i) => root !== other.groups[i]);
    return group < 0 ? undefined : group;
  }

  /** The first word of a step that another trace has differently. */
  firstUnlikeWord(other: GameTrace, step: number): number | undefined {
    const word = nth(this.tensors, step).words.findIndex((w, i) => w !== nth(other.tensors, step).words[i]);
    return word < 0 ? undefined : word;
  }
}
