/** Texts that a node sends while it writes them. */
import { getBytes } from "ethers";

import { hashTensorRoots } from "../codecs/payload.ts";
import { type Tensor, tensorRoot } from "../codecs/tensor.ts";
import { endIn, numberTensor, outputOf, promptIn, untilZero } from "../completions/layout.ts";
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
    const { window, prompt } = promptIn(inputs);
    this.#window = new Uint8Array(window);
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
    return { outputs: [outputOf(this.#window)], headers: this.#end };
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
    const bytes = getBytes(`0x${data}`);
    if (bytes.length > this.#window.length - this.#at)
      throw new SessionFormatError("bytes", "no more than the window has room for");
    this.#window.set(bytes, this.#at);
    this.#at += bytes.length;
    this.#watch(bytes);
  }
}

/**
 * The call with this root of which a beginning of a text is the whole answer; undefined if there is none. Such a call is what a
 * node has served of a stream that broke off.
 * @param inputs of a language model, as `@opg-protocol/sdk/completions` makes them.
 */
export function beginningWith(inputs: readonly NamedTensor[], inputRoot: string): readonly NamedTensor[] | undefined {
  const roots = new Map<Tensor, string>(inputs.map((input) => [input, tensorRoot(input)])); // all have these but the limit
  for (let bytes = mostTextBytes(inputs) - 1; bytes > 0; bytes -= 1) {
    const beginning = beginningOf(inputs, bytes);
    if (hashTensorRoots(beginning.map((input) => roots.get(input) ?? tensorRoot(input))) === inputRoot)
      return beginning;
  }
  return undefined;
}

/** Most bytes of the text that a call asks for. */
export const mostTextBytes = (inputs: readonly NamedTensor[]): number =>
  Math.max(endIn(inputs) - promptIn(inputs).prompt.length, 0);

/** The call of which so many bytes of a text are the whole answer: the same prompt with a lower limit. */
export function beginningOf(inputs: readonly NamedTensor[], bytes: number): readonly NamedTensor[] {
  const limit = { name: "limit", ...numberTensor(promptIn(inputs).prompt.length + bytes) };
  return inputs.map((input) => (input.name === limit.name ? limit : input));
}

/** Bytes that an output of a language model holds: of its text, wherever the prompt leaves room for it. */
export const writtenBytes = ([output]: readonly Tensor[]): number =>
  (output?.data ?? []).filter((byte) => byte !== 0).length;

/** The bytes of a text that an output holds behind a call's prompt. */
export const textBytes = (inputs: readonly NamedTensor[], [output]: readonly Tensor[]): Uint8Array =>
  untilZero(output?.data.subarray(promptIn(inputs).prompt.length) ?? new Uint8Array());
