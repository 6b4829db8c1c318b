/** One step of a model with its inputs, small enough to judge every element of it. */
import { hexlify, ZeroHash } from "ethers";

import { MerkleTree } from "../../packages/sdk/src/codecs/merkle.ts";
import { payloadRoot } from "../../packages/sdk/src/codecs/payload.ts";
import type { Tensor } from "../../packages/sdk/src/codecs/tensor.ts";
import {
  bitsOf,
  type Case,
  type Evidence,
  Executor,
  fastKeccak,
  GRAPH_INPUT,
  graphRootOf,
  Layout,
  openCase,
  Opcode,
  openWords,
  PROFILE,
  type Profile,
  type Program,
  type ProgramStep,
  type Ref,
  type Spec,
  stepsRootOf,
} from "../../packages/sdk/src/onnx/index.ts";
import type { Random } from "../model/Random.ts";

export const FLOAT = 1;
export const UINT8 = 2;
export const INT64 = 7;

/** What a scene says of its step; the rest follows. */
export interface Act {
  readonly opcode: Opcode;
  readonly shape: readonly number[];
  readonly dtype?: number;
  readonly layout?: Layout;
  readonly attrs?: readonly (number | bigint)[];
  readonly constants?: Uint8Array;
}

/** A program whose last step is judged, with what an honest challenger knows. */
export interface Scene {
  readonly program: Program;
  readonly payload: readonly Tensor[];
  /** What the statement states, if the program reads it. */
  readonly outputs?: readonly Tensor[];
  readonly roots: readonly string[];
  readonly treeOf: (step: number) => MerkleTree;
  readonly index: number;
}

export const bits = (value: number): number => bitsOf(Math.fround(value));

const innerLayout = (shape: readonly number[]): Layout => (shape.length === 4 ? Layout.Image : Layout.Rows);

export function withConstants(
  step: Omit<ProgramStep["step"], "constRoot" | "constDepth">,
  constants: Uint8Array,
): ProgramStep {
  const tree = new MerkleTree(constants);
  const isNone = constants.length === 0;
  const commitment = { constRoot: isNone ? ZeroHash : hexlify(tree.root), constDepth: isNone ? 0 : tree.depth };
  return { step: { ...step, ...commitment }, constants, name: "" };
}

/** How a tensor of the payload enters the graph: quantised where it is of floats, else as it is. */
function entry({ dtype, shape }: Tensor, k: number): ProgramStep {
  const input: Ref = { from: GRAPH_INPUT + k, layout: Layout.Packed, dtype, shape };
  const [opcode, attrs] = dtype === FLOAT ? [Opcode.Quant, [BigInt(bits(1)), 0n]] : [Opcode.Move, []];
  const step = { opcode, layout: innerLayout(shape), dtype: UINT8, shape, inputs: [input], attrs };
  return withConstants(step, new Uint8Array());
}

/** A program of steps whose last is its output. */
export function programOf(
  payload: readonly Tensor[],
  steps: readonly ProgramStep[],
  profile: Profile = PROFILE,
): Program {
  const inputs: Spec[] = payload.map(({ dtype, shape }, k) => ({ name: `x${k}`, dtype, shape, step: 0 }));
  const last = steps.at(-1)?.step;
  if (last === undefined) throw new Error("A program has steps");
  const outputs: Spec[] = [{ name: "y", dtype: last.dtype, shape: last.shape, step: steps.length - 1 }];
  const stepsRoot = stepsRootOf(
    steps.map(({ step }) => step),
    profile,
  );
  const program = { profile, inputs, outputs, stated: [], steps, stepsRoot };
  return { ...program, graphRoot: graphRootOf(program) };
}

/** A step on tensors of bytes, each of which a step before it brings into the graph. */
export function scene(act: Act, ...payload: readonly Tensor[]): Scene {
  const { opcode, shape, dtype = UINT8, layout = innerLayout(shape), attrs = [], constants = new Uint8Array() } = act;
  const entries = payload.map(entry);
  const inputs: Ref[] = entries.map(({ step }, from) => ({
    from,
    layout: step.layout,
    dtype: UINT8,
    shape: step.shape,
  }));
  const step = { opcode, layout, dtype, shape, inputs, attrs: attrs.map(BigInt) };
  return played(programOf(payload, [...entries, withConstants(step, constants)]), payload);
}

/** A step on a tensor of the payload itself. */
export function openingScene(act: Act, tensor: Tensor): Scene {
  const { opcode, shape, layout = innerLayout(shape), attrs = [] } = act;
  const inputs: Ref[] = [{ from: GRAPH_INPUT, layout: Layout.Packed, dtype: tensor.dtype, shape: tensor.shape }];
  const step = { opcode, layout, dtype: UINT8, shape, inputs, attrs: attrs.map(BigInt) };
  return played(programOf([tensor], [withConstants(step, new Uint8Array())]), [tensor]);
}

/** A program that was run, on an input and on what a statement states. */
export function played(program: Program, payload: readonly Tensor[], stated: readonly Tensor[] = []): Scene {
  const executor = new Executor(program);
  const trees = program.steps.map((_, step) => new MerkleTree(executor.words(payload, step, stated), fastKeccak));
  const treeOf = (step: number): MerkleTree => {
    const tree = trees[step];
    if (tree === undefined) throw new RangeError(`There is no step ${step}`);
    return tree;
  };
  return { program, payload, roots: trees.map(({ root }) => hexlify(root)), treeOf, index: program.steps.length - 1 };
}

/** The case against one element, of the honest tensor unless another one is given. */
export function caseOf(scene: Scene, word: number, offset: number, accused?: MerkleTree): Case {
  const { program, payload, outputs, roots, treeOf, index } = scene;
  const tree = accused ?? treeOf(index);
  const evidence: Evidence = {
    payload,
    outputRoot: outputs === undefined ? ZeroHash : payloadRoot(outputs),
    ...(outputs && { outputs }),
    roots,
    treeOf,
    nodeRoot: hexlify(tree.root),
    accused: openWords(tree, [word]),
  };
  return openCase(program, evidence, index, word, offset);
}

/** A tensor of random bytes. */
export function bytes(random: Random, ...shape: readonly number[]): Tensor {
  const data = Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.int(256));
  return { dtype: UINT8, shape, data };
}

/** A tensor of given floats, by their bits. */
export function floats(values: readonly number[], ...shape: readonly number[]): Tensor {
  const data = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => {
    data.setUint32(4 * i, value, true);
  });
  return { dtype: FLOAT, shape, data: new Uint8Array(data.buffer) };
}

/** What one channel or column of products has beside its weights. */
export interface Head {
  readonly bias?: number;
  readonly scale: number;
  readonly zero: number;
}

function headWord({ bias = 0, scale, zero }: Head): Uint8Array {
  const word = new Uint8Array(32);
  const view = new DataView(word.buffer);
  view.setInt32(0, bias);
  view.setUint32(4, bits(scale));
  word[8] = zero;
  return word;
}

/** Constants of a DOT or an ungrouped CONV: for each channel its weights, pixel by pixel. */
export function denseConstants(heads: readonly Head[], weights: readonly (readonly Uint8Array[])[]): Uint8Array {
  return joined(heads.flatMap((head, i) => [headWord(head), ...(weights[i] ?? []).map(reversedWords)]));
}

/** Constants of a grouped CONV: for each channel its weights, packed. */
export function packedConstants(heads: readonly Head[], weights: readonly Uint8Array[]): Uint8Array {
  return joined(heads.flatMap((head, i) => [headWord(head), padded(weights[i] ?? new Uint8Array())]));
}

/** Whole words, the eight groups of each in reverse order. */
export function reversedWords(weights: Uint8Array): Uint8Array {
  const words = padded(weights);
  return words.map((_, i) => words[i - (i % 32) + 4 * (7 - Math.floor((i % 32) / 4)) + (i % 4)] ?? 0);
}

function padded(data: Uint8Array): Uint8Array {
  const words = new Uint8Array(Math.ceil(data.length / 32) * 32);
  words.set(data);
  return words;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
