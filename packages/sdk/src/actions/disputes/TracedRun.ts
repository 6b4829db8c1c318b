import { MerkleTree } from "../../codecs/merkle.ts";
import type { Tensor } from "../../codecs/tensor.ts";
import {
  type Executor,
  fastKeccak,
  type Program,
  shownOutputs,
  type StatedTensor,
  type Trace,
} from "../../onnx/index.ts";

/**
 * A run of a compiled model as one side of a dispute holds it. The tensors of its steps are made again when one is asked for, so
 * that a large model needs no more memory than its run.
 */
export class TracedRun {
  readonly executor: Executor;
  readonly inputs: readonly Tensor[];
  /** The tensors of the output that the disputed statement states, for a model that reads them; empty for others. */
  readonly stated: readonly StatedTensor[];
  /** What the model is shown of them: zeros in place of what is not of its types and shapes. */
  readonly shown: readonly Tensor[];
  readonly trace: Trace;

  /** Runs the model. Throws as `Executor.trace` and `shownOutputs` do. */
  constructor(executor: Executor, inputs: readonly Tensor[], stated: readonly StatedTensor[] = []) {
    this.executor = executor;
    this.inputs = inputs;
    this.stated = stated;
    this.shown = shownOutputs(executor.program, stated);
    this.trace = executor.trace(inputs, this.shown);
  }

  get program(): Program {
    return this.executor.program;
  }

  /** The tree over the tensor of a step. */
  tree(step: number): MerkleTree {
    return new MerkleTree(this.executor.words(this.inputs, step, this.shown), fastKeccak);
  }

  /** The trees over the tensors of several steps, made in one run. */
  trees(steps: ReadonlySet<number>): ReadonlyMap<number, MerkleTree> {
    const trees = new Map<number, MerkleTree>();
    for (const [step, words] of this.executor.tensors(this.inputs, this.shown)) {
      if (steps.has(step)) trees.set(step, new MerkleTree(words, fastKeccak));
      if (trees.size === steps.size) break;
    }
    return trees;
  }
}
