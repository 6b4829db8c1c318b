import type { Client } from "../client.ts";
import { NoConsentError, NoNodeError, SessionEndedError } from "./errors.ts";
import { openSession, type OpenSessionParameters } from "./openSession.ts";
import type { SessionClient, SessionAnswer, SessionInferParameters } from "./SessionClient.ts";
import { inOrder, readSignature, type VersionSignature } from "./signature.ts";

/** Parameters of {@link SessionPool}. */
export interface SessionPoolParameters extends Omit<OpenSessionParameters, "url"> {
  /** Doors of nodes that serve the version, the preferred one first. */
  readonly urls: readonly string[];
  /** Seconds in which a node that has failed is called only when no other one answers; by default 60. */
  readonly restPeriod?: number;
}

/** Calls the first of several nodes that answers, and opens a session with it when it is needed. */
export class SessionPool {
  readonly #client: Client;
  readonly #urls: readonly string[];
  readonly #restPeriod: number;
  readonly #parameters: Omit<OpenSessionParameters, "url">;
  readonly #open = new Map<string, Promise<SessionClient>>();
  /** Who does not want these terms. A node that has cheated is not called again because its session takes no more calls. */
  readonly #unwilling = new Map<string, NoConsentError>();
  /** When a node has failed last, unix milliseconds. */
  readonly #failedAt = new Map<string, number>();
  readonly #past: SessionClient[] = [];

  #signature: VersionSignature | undefined;

  constructor(client: Client, { urls, restPeriod = 60, signature, ...parameters }: SessionPoolParameters) {
    this.#client = client;
    this.#urls = urls;
    this.#restPeriod = restPeriod;
    this.#parameters = parameters;
    this.#signature = signature;
  }

  /** Sessions that were opened, those whose time is over first: all have to be closed, or settled. */
  async sessions(): Promise<readonly SessionClient[]> {
    const opened = await Promise.allSettled(this.#open.values());
    return [...this.#past, ...opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []))];
  }

  /**
   * Runs the version on an input. What a node fails to serve goes to the next one; a node that cheats is not called again.
   * @throws NoNodeError, SessionInputsError, TensorLengthError; the reason of the signal; what the provider throws.
   */
  async infer(parameters: SessionInferParameters): Promise<SessionAnswer> {
    parameters.signal?.throwIfAborted();
    // Opening a session costs money, and what the version does not take, no node answers.
    this.#signature ??= await readSignature(this.#client, this.#parameters.versionId);
    inOrder(parameters.inputs, this.#signature);
    const reasons = new Map<string, unknown>();
    for (const url of this.#inOrder()) {
      const unwilling = this.#unwilling.get(url);
      if (unwilling !== undefined) {
        reasons.set(url, unwilling);
        continue;
      }
      // Opening a session costs money: nobody pays for an answer that is not wanted any more.
      parameters.signal?.throwIfAborted();
      try {
        return await this.#call(url, parameters);
      } catch (error) {
        if (parameters.signal?.aborted === true) throw error;
        this.#failedAt.set(url, Date.now());
        reasons.set(url, error);
      }
    }
    throw new NoNodeError(reasons);
  }

  /** Who has failed lately comes last: nobody should wait for the same node with every call. */
  #inOrder(): readonly string[] {
    const since = Date.now() - this.#restPeriod * 1_000;
    const rests = (url: string) => (this.#failedAt.get(url) ?? 0) > since;
    return [...this.#urls.filter((url) => !rests(url)), ...this.#urls.filter(rests)];
  }

  async #call(url: string, parameters: SessionInferParameters): Promise<SessionAnswer> {
    const opening = this.#session(url);
    const session = await opening;
    try {
      return await session.infer(parameters);
    } catch (error) {
      if (!(error instanceof SessionEndedError && error.isOver)) throw error;
      // Calls that were made at once find the same end.
      if (this.#open.get(url) === opening) {
        this.#open.delete(url);
        this.#past.push(session);
      }
      return (await this.#session(url)).infer(parameters);
    }
  }

  #session(url: string): Promise<SessionClient> {
    const present = this.#open.get(url);
    if (present !== undefined) return present;
    const opening = openSession(this.#client, {
      ...this.#parameters,
      url,
      ...(this.#signature && { signature: this.#signature }),
    });
    this.#open.set(url, opening);
    // A node that did not want to, or was not there, is asked again with the next call.
    opening.catch((error: unknown) => {
      this.#open.delete(url);
      if (error instanceof NoConsentError) this.#unwilling.set(url, error);
    });
    return opening;
  }
}
