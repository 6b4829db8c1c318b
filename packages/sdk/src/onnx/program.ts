/**
 * What a model is after compilation: a list of steps that a referee can judge one element of. The compiler makes it, the
 * executor runs it, openings for the referee are cut out of it.
 */
import type { IntegerOpcode } from "./profile2/program.ts";

/** Name of the profile of quantised models: versions carry it as `bytes32`, and the tags of steps and graphs begin with it. */
export const PROFILE = "onnx-int8/1";
/** Name of the profile of models in exact integers, language models among them. */
export const INTEGER_PROFILE = "onnx-int8/2";

/** What a file is compiled for. It says what opcodes and attributes mean. */
export type Profile = typeof PROFILE | typeof INTEGER_PROFILE;

/** What a step of the profile `onnx-int8/1` does. The numbers go into the graph root. */
export const Opcode = {
  Quant: 1,
  Conv: 2,
  Dot: 3,
  Add: 4,
  Gap: 5,
  MaxPool: 6,
  Lut: 7,
  Concat: 8,
  Move: 9,
  ArgMax: 10,
  Dequant: 11,
} as const;
export type Opcode = (typeof Opcode)[keyof typeof Opcode];

/** In which order the bytes of a tensor are committed. */
export const Layout = {
  /** Row-major without gaps: inputs and outputs of the graph. */
  Packed: 0,
  /** A row is the last axis; each row starts on a new word. Inner tensors of a rank other than 4. */
  Rows: 1,
  /** A row is one pixel's channels, in the order n, h, w; each on a new word. Inner tensors of rank 4 (N, C, H, W). */
  Image: 2,
} as const;
export type Layout = (typeof Layout)[keyof typeof Layout];

/** A reference to a constant of the step itself. References below this are steps. */
export const CONSTANT = 0xfd00;
/** References from this up to `GRAPH_INPUT` are what a statement says that an output is: the k-th is `STATED_OUTPUT + k`. */
export const STATED_OUTPUT = 0xfe00;
/** References at or above this are inputs of the graph: the k-th is `GRAPH_INPUT + k`. */
export const GRAPH_INPUT = 0xff00;

/** The input of a graph whose value is what a statement says that an output is. It is no part of the statement's input. */
export const statedName = (output: string): string => `${output}.stated`;

/** A tensor that a step reads. */
export interface Ref {
  /** Number of the step that makes it, `CONSTANT`, `STATED_OUTPUT + k` or `GRAPH_INPUT + k`. */
  readonly from: number;
  readonly layout: Layout;
  /** As ONNX numbers them. */
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** One step, exactly what its hash commits to. */
export interface Step {
  /** Of the profile that the program is of. */
  readonly opcode: Opcode | IntegerOpcode;
  /** Layout, type and shape of what it makes. */
  readonly layout: Layout;
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly inputs: readonly Ref[];
  /** int64; floats as their 32 bits. Order and meaning depend on the opcode. */
  readonly attrs: readonly bigint[];
  /** Root of the tree over the words of the step's constants; zero where it has none. */
  readonly constRoot: string;
  readonly constDepth: number;
}

/** Name, type and shape of an input or output of the graph. */
export interface Spec {
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
  /** The step that makes an output; 0 for inputs. */
  readonly step: number;
}

/** What a byte stands for: `(byte - zeroPoint) * scale`. */
export interface Quantisation {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** A step with what it needs to be run, and what people call it. */
export interface ProgramStep {
  readonly step: Step;
  /** The words of its constants, as they are committed. */
  readonly constants: Uint8Array;
  /** Name of the ONNX node that it comes from, or of the graph's input or output. */
  readonly name: string;
  /** What the file calls the tensor that it makes; none where the file has no such tensor. */
  readonly output?: string;
  /** ONNX operator of that node; none for an input or output of the graph. */
  readonly operator?: string;
  /** What the bytes of its tensor stand for, where the file says it. */
  readonly quantisation?: Quantisation;
}

/** A compiled model. */
export interface Program {
  readonly profile: Profile;
  /** Tensors of a statement's input payload. */
  readonly inputs: readonly Spec[];
  readonly outputs: readonly Spec[];
  /** Outputs, by number, that the graph reads as the statement has them, in order to say whether they are right. */
  readonly stated: readonly number[];
  readonly steps: readonly ProgramStep[];
  readonly stepsRoot: string;
  readonly graphRoot: string;
}
