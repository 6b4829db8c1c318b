import { BinaryData, joinBody, type OipMessage, splitBody } from "./body.ts";
import { asObject, asOptionalText, type Fields, parametersOf, refuseTwins } from "./fields.ts";
import type { TensorForm } from "./request.ts";
import { type NamedTensor, readTensors, writeTensor } from "./tensors.ts";

/** What a model gives for a call. */
export interface InferResponse {
  readonly model: string | undefined;
  readonly version: string | undefined;
  /** That of the call. */
  readonly id: string | undefined;
  readonly parameters: Fields;
  readonly outputs: readonly NamedTensor[];
}

/** Parameters of {@link encodeInferResponse}. */
export interface EncodeInferResponseParameters {
  readonly model: string;
  readonly version?: string;
  readonly id?: string | undefined;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly outputs: readonly (NamedTensor & { readonly form: TensorForm })[];
}

/** @throws NotInJsonError, or TensorLengthError. */
export function encodeInferResponse(response: EncodeInferResponseParameters): OipMessage {
  const { model, version, id, parameters, outputs } = response;
  const head = JSON.stringify({ model_name: model, model_version: version, id, parameters }).slice(0, -1);
  const texts = outputs.map((output) => writeTensor(output, output.form === "binary"));
  const parts = outputs.filter(({ form }) => form === "binary").map(({ data }) => data);
  return joinBody(`${head},"outputs":[${texts.join(",")}]}`, parts);
}

/**
 * Reads an answer. Foreign bytes: the caller has bounded their length.
 * @param headerLength Value of the header `HEADER_LENGTH`, if there is one.
 * @throws OipFormatError
 */
export function decodeInferResponse(body: Uint8Array, headerLength?: string | null): InferResponse {
  const { json, binary } = splitBody(body, headerLength);
  const fields = asObject("body", json);
  const outputs = readTensors("outputs", fields.outputs, new BinaryData(binary));
  refuseTwins(
    "outputs",
    outputs.map(({ name }) => name),
  );
  return {
    model: asOptionalText("model_name", fields.model_name),
    version: asOptionalText("model_version", fields.model_version),
    id: asOptionalText("id", fields.id),
    parameters: parametersOf("body", fields),
    outputs,
  };
}
