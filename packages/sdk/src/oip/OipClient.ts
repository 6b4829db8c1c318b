import { HEADER_LENGTH } from "./body.ts";
import { OipStatusError } from "./errors.ts";
import { exchange, type Exchange, type ExchangedAnswer, parsed } from "./exchange.ts";
import { asObject } from "./fields.ts";
import { type ModelMetadata, readModelMetadata, readServerMetadata, type ServerMetadata } from "./metadata.ts";
import { encodeInferRequest, type EncodeInferRequestParameters } from "./request.ts";
import { decodeInferResponse, type InferResponse } from "./response.ts";

const DEFAULT_TIMEOUT = 30_000;
const DEFAULT_MOST_BYTES = 64 * 1024 * 1024;

/** Parameters of {@link OipClient}. */
export interface OipClientParameters {
  /** Base URL of the server, without `/v2`. */
  readonly url: string;
  /** Most milliseconds of one call; by default 30,000. */
  readonly timeout?: number;
  /** Most bytes of one answer; by default 64 MiB. */
  readonly mostBytes?: number;
}

/** Which model is meant. */
export interface ModelReference {
  readonly model: string;
  /** The server chooses unless given. */
  readonly version?: string | undefined;
}

/** What ends a call early. */
export interface Cancelling {
  readonly signal?: AbortSignal | undefined;
}

/** Parameters of {@link OipClient.infer}. */
export interface InferParameters extends ModelReference, EncodeInferRequestParameters, Cancelling {
  /** Sent along, such as what pays for the call. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer, and what came with it. */
export interface InferReply extends InferResponse {
  readonly headers: Headers;
}

/**
 * Calls a server of the Open Inference Protocol, version 2, over HTTP. What it answers is checked for its form and bounded in
 * length and time; whether it is true is another matter.
 *
 * Calls throw OipStatusError, OipFormatError, a RangeError for too long an answer, a `TimeoutError`, the reason of the signal, or
 * what `fetch` throws where there is no server.
 */
export class OipClient {
  readonly #server: Pick<Exchange, "url" | "timeout" | "mostBytes">;

  constructor({ url, timeout = DEFAULT_TIMEOUT, mostBytes = DEFAULT_MOST_BYTES }: OipClientParameters) {
    this.#server = { url: new URL(url).href, timeout, mostBytes };
  }

  /** Whether the server runs. */
  isLive(cancelling: Cancelling = {}): Promise<boolean> {
    return this.#probe("v2/health/live", cancelling);
  }

  /** Whether the server, and all of its models, can be called. */
  isReady(cancelling: Cancelling = {}): Promise<boolean> {
    return this.#probe("v2/health/ready", cancelling);
  }

  isModelReady({ model, version, signal }: ModelReference & Cancelling): Promise<boolean> {
    return this.#probe(`${pathOf(model, version)}/ready`, { signal });
  }

  async serverMetadata(cancelling: Cancelling = {}): Promise<ServerMetadata> {
    return readServerMetadata(await this.#json("v2", cancelling));
  }

  async modelMetadata({ model, version, signal }: ModelReference & Cancelling): Promise<ModelMetadata> {
    return readModelMetadata(await this.#json(pathOf(model, version), { signal }));
  }

  async infer(parameters: InferParameters): Promise<InferReply> {
    const { model, version, signal, headers } = parameters;
    const message = encodeInferRequest(parameters);
    const request = { method: "POST", headers: { ...headers, ...message.headers }, body: message.body };
    const answer = await this.#ask(`${pathOf(model, version)}/infer`, { signal }, request);
    const reply = decodeInferResponse(answer.body, answer.headers.get(HEADER_LENGTH));
    return { ...reply, headers: answer.headers };
  }

  async #probe(path: string, cancelling: Cancelling): Promise<boolean> {
    try {
      return !deniesItself((await this.#ask(path, cancelling)).body);
    } catch (error) {
      if (error instanceof OipStatusError) return false;
      throw error;
    }
  }

  async #json(path: string, cancelling: Cancelling): Promise<unknown> {
    const { body } = await this.#ask(path, cancelling);
    return parsed(body);
  }

  #ask(path: string, { signal }: Cancelling, request: Exchange["request"] = {}): Promise<ExchangedAnswer> {
    return exchange({ ...this.#server, path, request, signal });
  }
}

function pathOf(model: string, version: string | undefined): string {
  const path = `v2/models/${encodeURIComponent(model)}`;
  return version === undefined ? path : `${path}/versions/${encodeURIComponent(version)}`;
}

/** Some servers say no with a status of success. */
function deniesItself(body: Uint8Array): boolean {
  try {
    const { live, ready } = asObject("body", parsed(body));
    return live === false || ready === false;
  } catch {
    return false; // the status alone counts
  }
}
