import { BinaryData, joinBody, type OipMessage, splitBody } from "./body.ts";
import { asList, asObject, asOptionalText, asText, flagOf, parametersOf, refuseTwins } from "./fields.ts";
import { MOST_TENSORS, type NamedTensor, readTensors, writeTensor } from "./tensors.ts";

/** How tensors travel: behind the JSON, or as its numbers. */
export type TensorForm = "binary" | "json";

/** An output that is asked for. */
export interface RequestedOutput {
  readonly name: string;
  readonly form: TensorForm;
}

/** A call of a model. */
export interface InferRequest {
  /** Comes back with the answer. */
  readonly id: string | undefined;
  readonly inputs: readonly NamedTensor[];
  /** Undefined for all outputs of the model, in the form that `form` says. */
  readonly outputs: readonly RequestedOutput[] | undefined;
  /** Of outputs that are not named. */
  readonly form: TensorForm;
}

/** Parameters of {@link encodeInferRequest}. */
export interface EncodeInferRequestParameters {
  readonly id?: string;
  readonly inputs: readonly NamedTensor[];
  /** Names of the outputs that are asked for; all unless given. */
  readonly outputs?: readonly string[];
  /** Of inputs and outputs; by default binary, which alone keeps every bit. */
  readonly form?: TensorForm;
}

/** @throws NotInJsonError, or TensorLengthError. */
export function encodeInferRequest(parameters: EncodeInferRequestParameters): OipMessage {
  const { id, inputs, outputs, form = "binary" } = parameters;
  const isBinary = form === "binary";
  const fields = [
    ...(id === undefined ? [] : [`"id":${JSON.stringify(id)}`]),
    ...(isBinary ? ['"parameters":{"binary_data_output":true}'] : []),
    `"inputs":[${inputs.map((tensor) => writeTensor(tensor, isBinary)).join(",")}]`,
    ...(outputs === undefined ? [] : [`"outputs":${JSON.stringify(outputs.map((name) => asked(name, isBinary)))}`]),
  ];
  return joinBody(`{${fields.join(",")}}`, isBinary ? inputs.map(({ data }) => data) : []);
}

const asked = (name: string, isBinary: boolean) => ({ name, ...(isBinary && { parameters: { binary_data: true } }) });

/**
 * Reads a call. Foreign bytes: the caller has bounded their length.
 * @param headerLength Value of the header `HEADER_LENGTH`, if there is one.
 * @throws OipFormatError
 */
export function decodeInferRequest(body: Uint8Array, headerLength?: string | null): InferRequest {
  const { json, binary } = splitBody(body, headerLength);
  const fields = asObject("body", json);
  const inputs = readTensors("inputs", fields.inputs, new BinaryData(binary));
  refuseTwins(
    "inputs",
    inputs.map(({ name }) => name),
  );
  const form = formOf(flagOf("body", parametersOf("body", fields), "binary_data_output"));
  const outputs = readOutputs(fields.outputs, form);
  return { id: asOptionalText("id", fields.id), inputs, outputs, form };
}

function readOutputs(value: unknown, form: TensorForm): readonly RequestedOutput[] | undefined {
  const list = value === undefined || value === null ? [] : asList("outputs", value, MOST_TENSORS);
  if (list.length === 0) return undefined;
  const outputs = list.map((item, i): RequestedOutput => {
    const place = `outputs[${i}]`;
    const fields = asObject(place, item);
    const isBinary = flagOf(place, parametersOf(place, fields), "binary_data");
    return { name: asText(`${place}.name`, fields.name), form: isBinary === undefined ? form : formOf(isBinary) };
  });
  refuseTwins(
    "outputs",
    outputs.map(({ name }) => name),
  );
  return outputs;
}

const formOf = (isBinary: boolean | undefined): TensorForm => (isBinary === true ? "binary" : "json");
