import { createHash } from "node:crypto";

import { type Tensor, type TensorSpec, type VersionIdentity, tensorByteLength } from "@opg-protocol/sdk";
import {
  ModelRefusedError,
  type Program,
  type ValueMessage,
  compileNearest,
  readModel,
  statedName,
} from "@opg-protocol/sdk/onnx";
import { ZeroHash, encodeBytes32String } from "ethers";

const FORMAT = "onnx";
/** Where ONNX says that the bytes of a tensor are in another file. */
const EXTERNAL = 1;

/** A file that no version can be made of. */
export class UnpublishableError extends Error {
  override readonly name = "UnpublishableError";
}

/** What a file says of itself. */
export interface Identified {
  readonly identity: VersionIdentity;
  /** What a referee judges by; undefined if the file is outside of every profile. */
  readonly program: Program | undefined;
}

export const sha256 = (bytes: Uint8Array): string => `0x${createHash("sha256").update(bytes).digest("hex")}`;

/**
 * Reads out of an ONNX file all that makes up the identity of a version.
 * @throws UnpublishableError, or ModelRefusedError if the bytes are no ONNX file.
 */
export function identify(file: Uint8Array): Identified {
  const program = judgeable(file);
  const { inputs, outputs } = signatureOf(file, program);
  const identity = {
    artifactDigest: sha256(file),
    artifactSize: BigInt(file.length),
    format: FORMAT,
    inputs,
    outputs,
    profile: program === undefined ? ZeroHash : encodeBytes32String(program.profile),
    graphRoot: program?.graphRoot ?? ZeroHash,
  };
  return { identity, program };
}

function signatureOf(file: Uint8Array, program: Program | undefined): Pick<VersionIdentity, "inputs" | "outputs"> {
  const { graph } = readModel(file);
  if (graph === undefined) throw new UnpublishableError("The file has no graph: export the model again.");
  const apart = graph.initializer.find(({ dataLocation }) => dataLocation === EXTERNAL);
  if (apart !== undefined)
    throw new UnpublishableError(
      `The weights ${apart.name ?? ""} are in another file: a version is one file, so export them into it.`,
    );
  const constants = graph.initializer.map(({ name }) => name); // older exporters list them among inputs
  // What a model is shown of its own outputs, nobody asks it.
  const shown = program?.stated.map((k) => statedName(program.outputs[k]?.name ?? "")) ?? [];
  const others = new Set([...constants, ...shown]);
  const inputs = graph.input.filter(({ name }) => !others.has(name));
  return { inputs: inputs.map(specOf), outputs: graph.output.map(specOf) };
}

/** Name, type and shape; dimensions that the file leaves open are 0. */
function specOf({ name = "", type }: ValueMessage): TensorSpec {
  const { elemType: dtype, shape } = type?.tensorType ?? {};
  if (dtype === undefined || shape === undefined)
    throw new UnpublishableError(`${name} has no type and shape in the file: export it with both.`);
  if (shape.dim.length === 0)
    throw new UnpublishableError(`${name} is a scalar: give it a shape of [1], a payload has no scalars.`);
  if (tensorByteLength({ dtype, shape: [1] }) === 0)
    throw new UnpublishableError(`${name} has elements of type ${dtype}, which no payload can hold.`);
  return { name, dtype, shape: shape.dim.map(({ value }) => value ?? 0) };
}

function judgeable(file: Uint8Array): Program | undefined {
  try {
    return compileNearest(file);
  } catch (error) {
    if (error instanceof ModelRefusedError) return undefined;
    throw error;
  }
}

/** Whether tensors are of the number, types and shapes that a signature names. */
export function fits(tensors: readonly Tensor[], signature: readonly TensorSpec[]): boolean {
  const isLike = ({ dtype, shape, data }: Tensor, spec: TensorSpec | undefined) =>
    dtype === spec?.dtype &&
    shape.length === spec.shape.length &&
    shape.every((size, axis) => spec.shape[axis] === 0 || spec.shape[axis] === size) &&
    data.length === tensorByteLength({ dtype, shape });
  return tensors.length === signature.length && tensors.every((tensor, i) => isLike(tensor, signature[i]));
}
