import { fitsSpec, type TensorSpec } from "../codecs/model.ts";
import { bytesTensor } from "../codecs/payload.ts";
import type { Tensor } from "../codecs/tensor.ts";
import type { NamedTensor } from "../oip/tensors.ts";
import { CompletionOrderError, CompletionTextError, NoCompletionModelError } from "./errors.ts";
import { type CompletionInput, formOf, INPUTS, numberTensor, OUTPUT, outputOf, untilZero } from "./layout.ts";

/** Steps of a temperature from one whole number to the next. */
const TEMPERATURE_UNIT = 256;
const MOST_TEMPERATURE = 4;
const MOST_INT32 = 2 ** 31 - 1;

/** What a language model is asked. The same order has the same answer, whoever gives it. */
export interface CompletionOrder {
  /** What is continued. Its UTF-8 bytes are the model's tokens; a zero among them would end it. */
  readonly prompt: string;
  /** Most bytes of the answer; by default as many as the window has room for behind the prompt. */
  readonly limit?: number;
  /** Of chance, 32 bits with a sign; by default 0. Another one has another answer, unless the temperature is 0. */
  readonly seed?: number;
  /** From 0, always the likeliest byte and the default, to 4; taken to the nearest 256th. */
  readonly temperature?: number;
}

/** Inputs and outputs of a version, as its identity and its program have them. */
export interface CompletionSignature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly Pick<TensorSpec, "name">[];
}

/** The text that a statement holds. */
export interface CompletionText {
  /** As it was made. */
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8; what is none is U+FFFD there, as a model may make any bytes, and a limit may cut a character. */
  readonly text: string;
  /** Whether the model has ended it, and not the limit. */
  readonly isEnded: boolean;
}

/**
 * Positions of prompt and answer together, which a version has once and for all.
 * @throws NoCompletionModelError
 */
export function windowOf({ inputs, outputs }: CompletionSignature): number {
  const refuse = (reason: string) => new NoCompletionModelError(inputs, reason);
  const window = inputs.find(({ name }) => name === "prompt")?.shape[0] ?? 0;
  for (const name of INPUTS) {
    const given = inputs.find((input) => input.name === name);
    if (given === undefined) throw refuse(`it takes no ${name}`);
    if (window < 2 || !fitsSpec(given, formOf(name, window)))
      throw refuse(`its ${name} has dtype ${given.dtype} and shape [${given.shape.join(", ")}]`);
  }
  const [made] = outputs;
  if (inputs.length !== INPUTS.length) throw refuse(`it takes ${inputs.length} inputs`);
  if (outputs.length !== 1 || made?.name !== OUTPUT)
    throw refuse(`it makes ${outputs.map(({ name }) => name).join(", ")}`);
  return window;
}

/**
 * The input payload of an order, in the order of the version's signature.
 * @throws NoCompletionModelError, CompletionOrderError
 */
export function completionInputs(signature: CompletionSignature, order: CompletionOrder): readonly NamedTensor[] {
  const window = windowOf(signature);
  const { prompt, limit } = measured(window, order);
  const shown = new Uint8Array(window);
  shown.set(prompt);
  const tensors = {
    prompt: bytesTensor(shown),
    limit: numberTensor(prompt.length + limit),
    seed: numberTensor(seedOf(order)),
    temperature: numberTensor(temperatureOf(order)),
  };
  return signature.inputs.map(({ name }) => ({ name, ...tensors[name as CompletionInput] }));
}

/**
 * Most bytes of the answer to an order.
 * @throws NoCompletionModelError, CompletionOrderError
 */
export const limitOf = (signature: CompletionSignature, order: CompletionOrder): number =>
  measured(windowOf(signature), order).limit;

/**
 * A text as a statement holds it.
 * @throws NoCompletionModelError, CompletionOrderError; CompletionTextError if the window has no room for it.
 */
export function completionOutput(
  signature: CompletionSignature,
  order: CompletionOrder,
  bytes: Uint8Array,
): NamedTensor {
  const window = windowOf(signature);
  const { prompt } = measured(window, order);
  const room = window - prompt.length;
  if (bytes.length > room)
    throw new CompletionTextError(`it has ${bytes.length} bytes, and the window room for ${room}`);
  const data = new Uint8Array(window);
  data.set(bytes, prompt.length);
  return outputOf(data);
}

/**
 * The text that a statement holds. Foreign tensors: whether it is what the model says, `verifyCompletion` finds out.
 * @throws NoCompletionModelError, CompletionOrderError; CompletionTextError unless all else of the window is zeros.
 */
export function completionText(
  signature: CompletionSignature,
  order: CompletionOrder,
  outputs: readonly Tensor[],
): CompletionText {
  const window = windowOf(signature);
  const { prompt, limit } = measured(window, order);
  const [output] = outputs;
  if (
    outputs.length !== 1 ||
    output === undefined ||
    !fitsSpec(output, formOf("prompt", window)) ||
    output.data.length !== window
  )
    throw new CompletionTextError(`it must be one tensor of ${window} bytes`);
  const bytes = untilZero(output.data.subarray(prompt.length, prompt.length + limit)).slice();
  const stray = output.data.findIndex(
    (byte, at) => byte !== 0 && (at < prompt.length || at >= prompt.length + bytes.length),
  );
  if (stray >= 0)
    throw new CompletionTextError(`position ${stray} holds ${output.data[stray] ?? 0} outside of the text, not 0`);
  return { bytes, text: new TextDecoder().decode(bytes), isEnded: bytes.length < limit };
}

/** The bytes of the prompt, and how many an answer may have. */
function measured(window: number, order: CompletionOrder): { readonly prompt: Uint8Array; readonly limit: number } {
  const prompt = new TextEncoder().encode(order.prompt);
  if (prompt.length === 0) throw new CompletionOrderError("prompt", "is empty: a model continues at least one byte");
  if (prompt.includes(0)) throw new CompletionOrderError("prompt", "holds a zero byte, which would end it");
  const room = window - prompt.length;
  if (room < 1)
    throw new CompletionOrderError("prompt", `has ${prompt.length} bytes, and the window takes ${window - 1} at most`);
  const { limit = room } = order;
  if (!Number.isInteger(limit) || limit < 1 || limit > room)
    throw new CompletionOrderError(
      "limit",
      `is ${limit}, and behind this prompt the window has room for 1 to ${room} bytes`,
    );
  return { prompt, limit };
}

function seedOf({ seed = 0 }: CompletionOrder): number {
  if (Number.isInteger(seed) && seed >= -MOST_INT32 - 1 && seed <= MOST_INT32) return seed;
  throw new CompletionOrderError("seed", `is ${seed}, and must be a whole number of 32 bits with a sign`);
}

function temperatureOf({ temperature = 0 }: CompletionOrder): number {
  if (temperature >= 0 && temperature <= MOST_TEMPERATURE) return Math.round(temperature * TEMPERATURE_UNIT);
  throw new CompletionOrderError("temperature", `is ${temperature}, and must be from 0 to ${MOST_TEMPERATURE}`);
}
