import type { Tensor, TensorSpec } from "@opg-protocol/sdk";
import {
  datatypeOf,
  type InferRequest,
  isBinaryOnly,
  NotInJsonError,
  type RequestedOutput,
} from "@opg-protocol/sdk/oip";

import type { Executable } from "../execute/Executor.ts";
import { fits, holdsNaN } from "../jobs/Inputs.ts";
import { isWriter, type Signature } from "../jobs/texts.ts";
import { MisfitError } from "./errors.ts";

/**
 * The inputs of a call, in the order of the signature.
 * @throws MisfitError
 */
export function inputsOf({ inputs }: InferRequest, { inputs: signature, isJudged }: Executable): readonly Tensor[] {
  const stranger = inputs.find(({ name }) => !signature.some((spec) => spec.name === name));
  if (stranger !== undefined) throw new MisfitError(`The model has no input "${stranger.name}".`);
  const tensors = signature.map((spec) => {
    const given = inputs.find(({ name }) => name === spec.name);
    if (given === undefined) throw new MisfitError(`The input "${spec.name}" is missing.`);
    const { dtype, shape, data } = given;
    const tensor: Tensor = { dtype, shape, data };
    if (!fits([tensor], [spec])) {
      throw new MisfitError(`The input "${spec.name}" is ${formOf(tensor)}, and the model takes ${formOf(spec)}.`);
    }
    return tensor;
  });
  // Whatever the runtime makes of it here, the referee finds it wrong.
  if (isJudged === true && holdsNaN(tensors)) throw new MisfitError("An input has a float that is not a number.");
  return tensors;
}

/**
 * Which outputs go into the answer, and how.
 * @throws MisfitError, NotInJsonError before anything is computed, where types alone tell.
 */
export function wantedOutputs(request: InferRequest, { outputs: signature }: Executable): readonly RequestedOutput[] {
  const { outputs = signature.map(({ name }) => ({ name, form: request.form })) } = request;
  for (const { name, form } of outputs) {
    const spec = signature.find((known) => known.name === name);
    if (spec === undefined) throw new MisfitError(`The model has no output "${name}".`);
    const datatype = datatypeOf(spec.dtype) ?? "unknown";
    if (form === "json" && isBinaryOnly(datatype)) throw new NotInJsonError(name, `because it is ${datatype}`);
  }
  return outputs;
}

/** In words of the protocol, such as `UINT8 of shape [-1, 8]`. */
function formOf({ dtype, shape }: Pick<TensorSpec, "dtype" | "shape">): string {
  const dimensions = shape.map((dimension) => (dimension === 0 ? -1 : dimension));
  return `${datatypeOf(dtype) ?? dtype} of shape [${dimensions.join(", ")}]`;
}

/**
 * Sees to it that a text is asked of a language model.
 * @throws MisfitError
 */
export function checkWrites(signature: Signature): void {
  if (!isWriter(signature)) throw new MisfitError("The model writes no texts: ask for its whole answer.");
}
