import type { OpenSessionOnChainParameters } from "../actions/sessions/opening.ts";
import type { Client } from "../client.ts";
import { untilAborted } from "../untilAborted.ts";
import { NoConsentError, NoNodeError, SessionEndedError, SessionUnsureError } from "./errors.ts";
import { connect, isRefused, openSession, type OpenSessionParameters } from "./openSession.ts";
import type { SessionClient, SessionAnswer, SessionInferParameters } from "./SessionClient.ts";
import { inOrder, readSignature, type VersionSignature } from "./signature.ts";

/** What every session of a pool has in common; each lasts as long as the rules, the node's lock, and a grant let it. */
type CommonParameters = Omit<OpenSessionParameters, "url" | "endsAt" | "opening">;

/** Parameters of {@link SessionPool}. */
export interface SessionPoolParameters extends CommonParameters {
  /** Doors of nodes that serve the version, the preferred one first. */
  readonly urls: readonly string[];
  /**
   * Seconds in which a node that has failed is called only when no other one answers, and one that did not want a session is not
   * asked for another; by default 60.
   */
  readonly restPeriod?: number;
  /**
   * Seconds in which no other session is opened with a node whose last one has ended before its time; by default 3,600. Each
   * costs gas, and its deposit waits until it is settled.
   */
  readonly reopenPeriod?: number;
}

/** That a node is not asked. */
interface Bar {
  readonly reason: Error;
  /** Unix milliseconds. */
  readonly until: number;
}

/** Calls the first of several nodes that answers, and opens a session with it when it is needed. */
export class SessionPool {
  readonly #client: Client;
  readonly #urls: readonly string[];
  readonly #restPeriod: number;
  readonly #reopenPeriod: number;
  readonly #parameters: CommonParameters;
  readonly #open = new Map<string, Promise<SessionClient>>();
  /** What was sent, and may be open. */
  readonly #unsure = new Map<string, OpenSessionOnChainParameters>();
  /** A node that has cheated needs no bar: its session stays, and takes no more calls. */
  readonly #bars = new Map<string, Bar>();
  /** When a node has failed last, unix milliseconds. */
  readonly #failedAt = new Map<string, number>();
  readonly #past: SessionClient[] = [];
  #signature: VersionSignature | undefined;
  /** One opening after the other: each reads the balance that it opens out of, and fills it. */
  #line: Promise<unknown> = Promise.resolve();

  constructor(client: Client, given: SessionPoolParameters) {
    const { urls, restPeriod = 60, reopenPeriod = 3_600, signature, ...parameters } = given;
    this.#client = client;
    this.#urls = urls;
    this.#restPeriod = restPeriod;
    this.#reopenPeriod = reopenPeriod;
    this.#parameters = parameters;
    this.#signature = signature;
  }

  /** Sessions that were opened, those that have ended first, and last those that may have been: all have to be closed, or settled. */
  async sessions(): Promise<readonly SessionClient[]> {
    const opened = await Promise.allSettled(this.#open.values());
    const unsure = [...this.#unsure].map(([url, opening]) =>
      connect(this.#client, { ...this.#parameters, url }, opening),
    );
    return [
      ...this.#past,
      ...opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
      ...unsure,
    ];
  }

  /**
   * Runs the version on an input. What a node fails to serve goes to the next one; a node that cheats is not called again. The
   * signal ends the call, not the opening of a session for it: the next call finds that.
   * @throws NoNodeError, SessionInputsError, TensorLengthError; the reason of the signal; what the provider throws.
   */
  async infer(parameters: SessionInferParameters): Promise<SessionAnswer> {
    parameters.signal?.throwIfAborted();
    // Opening a session costs money, and what the version does not take, no node answers.
    this.#signature ??= await readSignature(this.#client, this.#parameters.versionId);
    inOrder(parameters.inputs, this.#signature);
    const reasons = new Map<string, unknown>();
    for (const url of this.#inOrder()) {
      const bar = this.#bars.get(url);
      if (bar !== undefined && Date.now() < bar.until) {
        reasons.set(url, bar.reason);
        continue;
      }
      // Nobody pays for an answer that is not wanted any more.
      parameters.signal?.throwIfAborted();
      try {
        return await this.#call(url, parameters, this.#signature);
      } catch (error) {
        if (parameters.signal?.aborted === true) throw error;
        this.#failedAt.set(url, Date.now());
        if (error instanceof NoConsentError) this.#bar(url, error, this.#restPeriod);
        if (error instanceof SessionEndedError) this.#bar(url, error, this.#reopenPeriod);
        reasons.set(url, error);
      }
    }
    throw new NoNodeError(reasons);
  }

  #bar(url: string, reason: Error, period: number): void {
    this.#bars.set(url, { reason, until: Date.now() + period * 1_000 });
  }

  /** Who has failed lately comes last: nobody should wait for the same node with every call. */
  #inOrder(): readonly string[] {
    const since = Date.now() - this.#restPeriod * 1_000;
    const rests = (url: string) => (this.#failedAt.get(url) ?? 0) > since;
    return [...this.#urls.filter((url) => !rests(url)), ...this.#urls.filter(rests)];
  }

  /** Calls once more, in another session, where the time of the present one is over. */
  async #call(url: string, parameters: SessionInferParameters, signature: VersionSignature): Promise<SessionAnswer> {
    try {
      return await this.#callOnce(url, parameters, signature);
    } catch (error) {
      if (!(error instanceof SessionEndedError && error.isOver)) throw error;
      return this.#callOnce(url, parameters, signature);
    }
  }

  async #callOnce(
    url: string,
    parameters: SessionInferParameters,
    signature: VersionSignature,
  ): Promise<SessionAnswer> {
    const opening = this.#session(url, signature);
    const session = await untilAborted(opening, parameters.signal);
    try {
      return await session.infer(parameters);
    } catch (error) {
      // Calls that were made at once find the same end.
      if (error instanceof SessionEndedError && this.#open.get(url) === opening) {
        this.#open.delete(url);
        this.#past.push(session);
      }
      throw error;
    }
  }

  #session(url: string, signature: VersionSignature): Promise<SessionClient> {
    const present = this.#open.get(url);
    if (present !== undefined) return present;
    const unsure = this.#unsure.get(url);
    const again = unsure !== undefined && { opening: unsure };
    const opening = this.#line.then(() => openSession(this.#client, { ...this.#parameters, url, signature, ...again }));
    this.#line = opening.catch(() => undefined);
    this.#open.set(url, opening);
    opening.then(
      () => this.#unsure.delete(url),
      (error: unknown) => {
        // Asked again with the next call, unless there is a bar.
        this.#open.delete(url);
        if (error instanceof SessionUnsureError) this.#unsure.set(url, error.opening);
        if (isRefused(error)) this.#unsure.delete(url);
      },
    );
    return opening;
  }
}
