/** Outputs that a statement states, as a model reads them and a case shows them. */
import { hashTensorRoots } from "../codecs/payload.ts";
import {
  hashTensorPreimage,
  type Tensor,
  tensorByteLength,
  type TensorPreimage,
  tensorRoot,
} from "../codecs/tensor.ts";
import type { Program, Spec } from "./program.ts";

/** A tensor that is known by its root alone. */
export interface TensorHash {
  readonly root: string;
}

/**
 * A tensor of an output that somebody states: whole, or what its root is the hash of where it is none of the model's types and
 * shapes, or its root where the model has no output at its place.
 */
export type StatedTensor = Tensor | TensorPreimage | TensorHash;

/** The root of a tensor. */
export function statedTensorRoot(tensor: StatedTensor): string {
  if ("data" in tensor) return tensorRoot(tensor);
  return "dataRoot" in tensor ? hashTensorPreimage(tensor) : tensor.root;
}

/** The root of an output of which not everything has to be there. */
export const statedPayloadRoot = (tensors: readonly StatedTensor[]): string =>
  hashTensorRoots(tensors.map(statedTensorRoot));

/** Whether a tensor has the type and shape of the model's output at its place: no other is right, whatever its bytes are. */
export function isOfSpec(
  tensor: StatedTensor | undefined,
  { dtype, shape }: Pick<Spec, "dtype" | "shape">,
): tensor is Tensor | TensorPreimage {
  return tensor !== undefined && "dtype" in tensor && tensor.dtype === dtype && String(tensor.shape) === String(shape);
}

/**
 * What a model is shown: the stated outputs, and zeros in place of one that is not of its type or shape. What is made of those is
 * of no account, because nothing is right that reads such an output.
 * @throws RangeError if the bytes of an output that is of its type and shape are not there.
 */
export function shownOutputs(
  { outputs, stated }: Pick<Program, "outputs" | "stated">,
  tensors: readonly StatedTensor[],
): readonly Tensor[] {
  if (stated.length === 0) return [];
  return outputs.map(({ dtype, shape }, k) => {
    const tensor = tensors[k];
    if (!isOfSpec(tensor, { dtype, shape }))
      return { dtype, shape, data: new Uint8Array(tensorByteLength({ dtype, shape })) };
    if ("data" in tensor) return tensor;
    throw new RangeError(`The bytes of the stated output ${k} are not there.`);
  });
}
