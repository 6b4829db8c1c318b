import { concat, encodeBytes32String, getBytes, hexlify } from "ethers";

import { MerkleTree } from "../../packages/sdk/src/codecs/merkle.ts";
import { payloadRoot } from "../../packages/sdk/src/codecs/payload.ts";
import { type Tensor, tensorByteLength, tensorRoot } from "../../packages/sdk/src/codecs/tensor.ts";
import {
  type Case,
  encodeHeader,
  encodeStep,
  Executor,
  fastKeccak,
  openCase,
  openWords,
  PROFILE,
  type Program,
  stepHash,
} from "../../packages/sdk/src/onnx/index.ts";
import { nth } from "./actors.ts";
import { GameTrace, type GameModel, type Lie } from "./toyModel.ts";
import { WordTree } from "./trees.ts";

const WORD_BYTES = 32;

export const ONNX = encodeBytes32String(PROFILE);

/** A compiled model and one input of it, as a game sees them. */
export class OnnxGame implements GameModel {
  private readonly executor: Executor;
  private readonly truth: readonly Uint8Array[];
  private readonly steps: WordTree;

  constructor(
    readonly program: Program,
    readonly payload: readonly Tensor[],
  ) {
    this.executor = new Executor(program);
    this.truth = [...this.executor.tensors(payload)].map(([, words]) => words);
    this.steps = new WordTree(program.steps.map(({ step }, index) => stepHash(step, index, program.profile)));
  }

  get header(): string {
    return encodeHeader(this.program);
  }

  get graphRoot(): string {
    return this.program.graphRoot;
  }

  get stepsRoot(): string {
    return this.program.stepsRoot;
  }

  get outputSteps(): readonly number[] {
    return this.program.outputs.map(({ step }) => step);
  }

  step(index: number): string {
    return encodeStep(nth(this.program.steps, index).step, index, this.program.profile);
  }

  stepPath(index: number): string[] {
    return this.steps.path(index);
  }

  outputTensors(tensors: readonly WordTree[]): string[] {
    return this.program.outputs.map(({ dtype, shape, step }) => {
      const data = getBytes(concat(nth(tensors, step).words));
      return tensorRoot({ dtype, shape, data: data.subarray(0, tensorByteLength({ dtype, shape })) });
    });
  }

  /** A trace in which the first byte of each lie's word has one bit changed. No later step follows from it. */
  readonly run = (lies: readonly Lie[] = []): GameTrace => {
    const tensors = this.truth.map((words, step) => {
      const changed = Uint8Array.from(words);
      for (const lie of lies) {
        const place = WORD_BYTES * lie.word;
        if (lie.step === step) changed[place] = (changed[place] ?? 0) ^ 1;
      }
      return new WordTree(wordsOf(changed));
    });
    return new GameTrace(this, payloadRoot(this.payload), tensors);
  };

  /** A trace in which one byte of one step's tensor is another, and everything after it follows as if it were true. */
  carryOn(step: number, place: number, byte: number): GameTrace {
    const tensors: WordTree[] = [];
    for (const [i, words] of this.executor.tensors(this.payload)) {
      if (i === step) words[place] = byte; // what later steps read
      tensors.push(new WordTree(wordsOf(words)));
    }
    return new GameTrace(this, payloadRoot(this.payload), tensors);
  }

  /** The bytes of a step's tensor, as they are committed. */
  truthOf(step: number): Uint8Array {
    return nth(this.truth, step);
  }

  /** The case against one byte of what a node has stated and laid down, made by the SDK out of a challenger's trace. */
  caseAgainst(laid: GameTrace, trace: GameTrace, step: number, word: number, offset: number): Case {
    const tree = new MerkleTree(getBytes(concat(nth(laid.tensors, step).words)), fastKeccak);
    const evidence = {
      payload: this.payload,
      outputRoot: laid.outputRoot,
      roots: trace.r,
      treeOf: (index: number) => new MerkleTree(nth(this.truth, index), fastKeccak),
      nodeRoot: hexlify(tree.root),
      accused: openWords(tree, [word]),
    };
    return openCase(this.program, evidence, step, word, offset);
  }
}

const wordsOf = (data: Uint8Array): string[] =>
  Array.from({ length: Math.ceil(data.length / WORD_BYTES) }, (_, i) =>
    hexlify(data.subarray(i * WORD_BYTES, (i + 1) * WORD_BYTES)),
  );
