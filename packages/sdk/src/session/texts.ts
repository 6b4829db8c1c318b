/** Texts that a node sends while it writes them. */
import type { Tensor } from "../codecs/tensor.ts";
import { OipStatusError } from "../oip/errors.ts";
import { exchange, type Exchange } from "../oip/exchange.ts";
import { encodeInferRequest } from "../oip/request.ts";
import type { NamedTensor } from "../oip/tensors.ts";
import { SessionFormatError } from "./errors.ts";
import { EventReader, type ServerEvent } from "./events.ts";
import { objectIn, RECEIPT_HEADER } from "./headers.ts";

/** What a caller accepts who wants a text as it is written. */
export const EVENT_STREAM = "text/event-stream";
/** Events of such an answer: some bytes in hex, the headers that go with the whole, and why there is no whole. */
export const TextEvent = { Bytes: "bytes", End: "end", Error: "error" } as const;

/** Bytes of a stream for each byte of text that it can bring. */
const EVENT_BYTES = 256;
const LIMIT = "limit";
const HEX = /^([0-9a-f]{2})+$/;

/** A stream that broke off behind its first bytes. */
export class CutError extends Error {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, cause: unknown) {
    super(`The stream broke off behind ${bytes.length} bytes.`, { cause });
    this.name = "CutError";
    this.bytes = bytes;
  }
}

/** Parameters of {@link askText}. */
export interface AskTextParameters extends Pick<Exchange, "url" | "timeout" | "signal"> {
  readonly model: string;
  readonly inputs: readonly NamedTensor[];
  readonly headers: Readonly<Record<string, string>>;
  readonly watch: (bytes: Uint8Array) => void;
}

/** A text that came to its end. */
export interface TextReply {
  readonly outputs: readonly NamedTensor[];
  readonly headers: Headers;
}

/**
 * Calls a language model, and gives its text as it comes.
 * @throws CutError if it breaks off behind its first bytes; SessionFormatError for what is no such stream; else as `exchange`.
 */
export async function askText(parameters: AskTextParameters): Promise<TextReply> {
  const { url, timeout, signal, model, inputs, headers, watch } = parameters;
  const message = encodeInferRequest({ inputs });
  const text = new TextReader(inputs, watch);
  try {
    await exchange({
      url,
      path: `v2/models/${encodeURIComponent(model)}/infer`,
      request: {
        method: "POST",
        headers: { ...headers, ...message.headers, accept: EVENT_STREAM },
        body: message.body,
      },
      timeout,
      mostBytes: EVENT_BYTES * (text.room + EVENT_BYTES),
      signal,
      watch: (chunk) => {
        text.read(chunk);
      },
    });
    return text.reply();
  } catch (error) {
    const isCut = text.length > 0 && !(error instanceof OipStatusError || error instanceof SessionFormatError);
    throw isCut && signal?.aborted !== true ? new CutError(text.bytes, error) : error;
  }
}

/** Puts a text together from the events of a stream. Foreign bytes. */
class TextReader {
  readonly #watch: (bytes: Uint8Array) => void;
  readonly #events = new EventReader();
  readonly #window: Uint8Array;
  readonly #begin: number;
  #at: number;
  #end: Headers | undefined;

  constructor(inputs: readonly NamedTensor[], watch: (bytes: Uint8Array) => void) {
    this.#watch = watch;
    const prompt = promptOf(inputs);
    this.#window = new Uint8Array(prompt.window);
    this.#begin = this.#at = prompt.length;
  }

  /** Bytes that the window has room for. */
  get room(): number {
    return this.#window.length - this.#begin;
  }

  get length(): number {
    return this.#at - this.#begin;
  }

  get bytes(): Uint8Array {
    return this.#window.slice(this.#begin, this.#at);
  }

  read(chunk: Uint8Array): void {
    for (const event of this.#events.read(chunk)) this.#take(event);
  }

  reply(): TextReply {
    if (this.#end === undefined) throw new TypeError("the stream has no end");
    const text = { name: "text", dtype: 2, shape: [this.#window.length], data: this.#window };
    return { outputs: [text], headers: this.#end };
  }

  #take({ event, data }: ServerEvent): void {
    if (event === TextEvent.Error) throw new OipStatusError(500, String(objectIn("error", data).error));
    if (event === TextEvent.End) {
      const receipt = objectIn("end", data)[RECEIPT_HEADER];
      this.#end = new Headers(typeof receipt === "string" ? { [RECEIPT_HEADER]: receipt } : {});
      return;
    }
    if (event !== TextEvent.Bytes) return;
    if (!HEX.test(data)) throw new SessionFormatError("bytes", "bytes in hex");
    const bytes = Uint8Array.from(data.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    if (bytes.length > this.#window.length - this.#at)
      throw new SessionFormatError("bytes", "no more than the window has room for");
    this.#window.set(bytes, this.#at);
    this.#at += bytes.length;
    this.#watch(bytes);
  }
}

/**
 * The calls of which a beginning of a text is the whole answer, the longest first. Such a call is what a node has served of a
 * stream that broke off.
 * @param inputs of a language model, as `@opg-protocol/sdk/completions` makes them.
 */
export function* beginningsOf(inputs: readonly NamedTensor[]): Generator<readonly NamedTensor[]> {
  for (let lower = mostTextBytes(inputs) - 1; lower > 0; lower -= 1) yield beginningOf(inputs, lower);
}

/** Most bytes of the text that a call asks for. */
export function mostTextBytes(inputs: readonly NamedTensor[]): number {
  const { window, length } = promptOf(inputs);
  const limit = inputs.find(({ name }) => name === LIMIT)?.data ?? new Uint8Array(4);
  const end = Math.min(window, new DataView(limit.buffer, limit.byteOffset).getInt32(0, true));
  return Math.max(end - length, 0);
}

/** The call of which so many bytes of a text are the whole answer: the same prompt with a lower limit. */
export function beginningOf(inputs: readonly NamedTensor[], bytes: number): readonly NamedTensor[] {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setInt32(0, promptOf(inputs).length + bytes, true);
  return inputs.map((input) => (input.name === LIMIT ? { ...input, data } : input));
}

/** Bytes that an output of a language model holds: of its text, wherever the prompt leaves room for it. */
export const writtenBytes = ([output]: readonly Tensor[]): number =>
  (output?.data ?? []).filter((byte) => byte !== 0).length;

/** The bytes of a text that an output holds behind a call's prompt. */
export function textBytes(inputs: readonly NamedTensor[], [output]: readonly Tensor[]): Uint8Array {
  const behind = output?.data.subarray(promptOf(inputs).length) ?? new Uint8Array();
  const end = behind.indexOf(0);
  return end < 0 ? behind : behind.subarray(0, end);
}

/** A language model's prompt: its window, and how much of that it takes. */
function promptOf(inputs: readonly NamedTensor[]): { readonly window: number; readonly length: number } {
  const data = inputs.find(({ name }) => name === "prompt")?.data ?? new Uint8Array();
  const end = data.indexOf(0);
  return { window: data.length, length: end < 0 ? data.length : end };
}
