import { hexlify } from "ethers";

import { MerkleTree } from "../codecs/merkle.ts";
import { type Tensor, tensorByteLength, TensorLengthError } from "../codecs/tensor.ts";
import { fastKeccak } from "./keccak.ts";
import { type Kernel, kernelOf } from "./kernels/index.ts";
import { commit, uncommit } from "./layout.ts";
import { GRAPH_INPUT, Layout, type Program, type Spec, STATED_OUTPUT } from "./program.ts";

const FLOAT = 1;

/** What a run leaves behind for a dispute. */
export interface Trace {
  readonly outputs: readonly Tensor[];
  /** Data root of the tensor of each step, in the order of the steps. */
  readonly roots: readonly string[];
}

/** Inputs, or outputs that a statement states, that are not what the model declares. */
export class InputMismatchError extends Error {
  readonly given: readonly Pick<Tensor, "dtype" | "shape">[];
  readonly expected: readonly Spec[];

  constructor(given: readonly Tensor[], expected: readonly Spec[], what = "inputs") {
    const list = (tensors: readonly Pick<Tensor, "dtype" | "shape">[]) =>
      tensors.map(({ dtype, shape }) => `dtype ${dtype} [${shape.join(", ")}]`).join("; ");
    super(`The ${what} are ${list(given)}: must be ${list(expected)}.`);
    this.name = "InputMismatchError";
    this.given = given;
    this.expected = expected;
  }
}

/** A float input that holds a NaN: what becomes of it differs between processors, so the profile has no output for it. */
export class NaNInputError extends Error {
  readonly input: string;
  readonly index: number;

  constructor(input: string, index: number) {
    super(`Element ${index} of the input ${input} is NaN: give a number, or an infinity.`);
    this.name = "NaNInputError";
    this.input = input;
    this.index = index;
  }
}

/**
 * Runs a compiled model bit for bit as unmodified ONNX Runtime does, and makes the trace that a dispute is about. Tensors are held as
 * they are committed, so that a trace only has to hash them, and are dropped after their last use.
 */
export class Executor {
  readonly program: Program;
  readonly #kernels: readonly Kernel[];
  readonly #uses: ReturnType<typeof usesOf>;
  readonly #outputSteps: ReadonlySet<number>;

  constructor(program: Program) {
    this.program = program;
    this.#kernels = program.steps.map((step) => kernelOf(step, program.profile));
    this.#uses = usesOf(program);
    this.#outputSteps = new Set(program.outputs.map(({ step }) => step));
  }

  /**
   * The outputs of the model.
   * @param stated the outputs that a statement states. A model that reads them, in order to say whether they are right, needs
   * all of them; others read none.
   * @throws InputMismatchError, TensorLengthError or NaNInputError if the tensors are none that the model can have.
   */
  run(inputs: readonly Tensor[], stated: readonly Tensor[] = []): Tensor[] {
    return this.#execute(inputs, stated, () => undefined);
  }

  /** The outputs, and the root of every step's tensor. Throws as `run` does. */
  trace(inputs: readonly Tensor[], stated: readonly Tensor[] = []): Trace {
    const roots: string[] = [];
    const outputs = this.#execute(inputs, stated, (words) => {
      roots.push(hexlify(new MerkleTree(words, fastKeccak).root));
    });
    return { outputs, roots };
  }

  /** The committed words of one step's tensor: runs up to it. Throws as `run` does. */
  words(inputs: readonly Tensor[], step: number, stated: readonly Tensor[] = []): Uint8Array {
    for (const [i, words] of this.tensors(inputs, stated)) if (i === step) return words;
    throw new RangeError(`The model has no step ${step}, but ${this.program.steps.length} steps.`);
  }

  #execute(inputs: readonly Tensor[], stated: readonly Tensor[], show: (words: Uint8Array) => void): Tensor[] {
    const kept = new Map<number, Uint8Array>();
    for (const [i, words] of this.tensors(inputs, stated)) {
      show(words);
      if (this.#outputSteps.has(i)) kept.set(i, words);
    }
    return this.program.outputs.map(({ dtype, shape, step }) => {
      const data = uncommit({ layout: Layout.Packed, dtype, shape }, kept.get(step) ?? new Uint8Array());
      return { dtype, shape, data };
    });
  }

  /** Runs step by step and gives the committed words of what each makes, the first one's first. Throws as `run` does. */
  *tensors(
    inputs: readonly Tensor[],
    stated: readonly Tensor[] = [],
  ): Generator<readonly [step: number, words: Uint8Array]> {
    const tensors = new Map<number, Uint8Array>();
    const { program } = this;
    commitInputs(program.inputs, inputs, "inputs").forEach((words, k) => tensors.set(GRAPH_INPUT + k, words));
    if (program.stated.length > 0)
      commitInputs(program.outputs, stated, "stated outputs").forEach((words, k) =>
        tensors.set(STATED_OUTPUT + k, words),
      );
    for (const [i, kernel] of this.#kernels.entries()) {
      const { read, done } = this.#uses[i] ?? { read: [], done: [] };
      const words = kernel(read.map((from) => tensors.get(from) ?? new Uint8Array()));
      tensors.set(i, words);
      for (const from of done) tensors.delete(from);
      yield [i, words];
    }
  }
}

/** What each step reads, and which tensors nobody reads after it. */
function usesOf({ steps }: Program) {
  const lastUses = new Map<number, number>();
  for (const [i, { step }] of steps.entries())
    for (const from of [i, ...step.inputs.map((ref) => ref.from)]) lastUses.set(from, i);
  return steps.map(({ step }, i) => ({
    read: step.inputs.map(({ from }) => from),
    done: [...lastUses].filter(([, last]) => last === i).map(([from]) => from),
  }));
}

/** The committed words of inputs, once they are known to be some that the model can have. */
function commitInputs(specs: readonly Spec[], inputs: readonly Tensor[], what: string): Uint8Array[] {
  const fits = ({ dtype, shape }: Spec, i: number) =>
    inputs[i]?.dtype === dtype && inputs[i].shape.join() === shape.join();
  if (inputs.length !== specs.length || !specs.every(fits)) throw new InputMismatchError(inputs, specs, what);
  return inputs.map((tensor, i) => {
    const expected = tensorByteLength(tensor);
    if (tensor.data.length !== expected) throw new TensorLengthError(tensor, tensor.data.length, expected);
    if (tensor.dtype === FLOAT) refuseNaN(specs[i]?.name ?? "", tensor.data);
    return commit({ layout: Layout.Packed, ...tensor }, tensor.data);
  });
}

function refuseNaN(name: string, data: Uint8Array): void {
  const floats = new DataView(data.buffer, data.byteOffset, data.length);
  for (let at = 0; at < data.length; at += 4)
    if (Number.isNaN(floats.getFloat32(at, true))) throw new NaNInputError(name, at / 4);
}
