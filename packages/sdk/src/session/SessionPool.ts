import type { Client } from "../client.ts";
import { BadReceiptError, NoConsentError, SessionEndedError } from "./errors.ts";
import { openSession, type OpenSessionParameters } from "./openSession.ts";
import type { SessionClient, SessionAnswer, SessionInferParameters } from "./SessionClient.ts";

/** Parameters of {@link SessionPool}. */
export interface SessionPoolParameters extends Omit<OpenSessionParameters, "url"> {
  /** Doors of nodes that serve the version, the preferred one first. */
  readonly urls: readonly string[];
}

/** No node that was named has answered. */
export class NoNodeError extends Error {
  /** Why, by URL. */
  readonly reasons: ReadonlyMap<string, unknown>;

  constructor(reasons: ReadonlyMap<string, unknown>) {
    const texts = [...reasons].map(
      ([url, reason]) => `${url}: ${reason instanceof Error ? reason.message : String(reason)}`,
    );
    super(`None of ${reasons.size} nodes has answered. ${texts.join(" ")}`);
    this.name = "NoNodeError";
    this.reasons = reasons;
  }
}

/** Calls the first of several nodes that answers, and opens a session with it when it is needed. */
export class SessionPool {
  readonly #client: Client;
  readonly #urls: readonly string[];
  readonly #parameters: Omit<OpenSessionParameters, "url">;
  readonly #open = new Map<string, Promise<SessionClient>>();
  readonly #lost = new Map<string, unknown>();

  constructor(client: Client, { urls, ...parameters }: SessionPoolParameters) {
    this.#client = client;
    this.#urls = urls;
    this.#parameters = parameters;
  }

  /** Sessions that were opened. */
  async sessions(): Promise<readonly SessionClient[]> {
    const opened = await Promise.allSettled(this.#open.values());
    return opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  }

  /**
   * Runs the version on an input. What a node fails to serve goes to the next one; a node that cheats is not called again.
   * @throws NoNodeError; the reason of the signal.
   */
  async infer(parameters: SessionInferParameters): Promise<SessionAnswer> {
    const reasons = new Map<string, unknown>();
    for (const url of this.#urls) {
      const lost = this.#lost.get(url);
      if (lost !== undefined) {
        reasons.set(url, lost);
        continue;
      }
      // Opening a session costs money: nobody pays for an answer that is not wanted any more.
      parameters.signal?.throwIfAborted();
      try {
        return await (await this.#session(url)).infer(parameters);
      } catch (error) {
        if (parameters.signal?.aborted === true) throw error;
        if (error instanceof BadReceiptError || error instanceof SessionEndedError) this.#lost.set(url, error);
        reasons.set(url, error);
      }
    }
    throw new NoNodeError(reasons);
  }

  #session(url: string): Promise<SessionClient> {
    const present = this.#open.get(url);
    if (present !== undefined) return present;
    const opening = openSession(this.#client, { ...this.#parameters, url });
    this.#open.set(url, opening);
    // A node that did not want to, or was not there, is asked again with the next call.
    opening.catch((error: unknown) => {
      this.#open.delete(url);
      if (error instanceof NoConsentError) this.#lost.set(url, error);
    });
    return opening;
  }
}
