import type { Tensor } from "@opg-protocol/sdk";

/** A call of a model of which only the head has come. */
export interface Arrival {
  readonly versionId: string;
  readonly headers: Headers;
  /** Where the connection comes from; a proxy where there is one in front. */
  readonly address: string | undefined;
}

/** A call whose inputs fit the version, before anything is computed. */
export interface Call {
  readonly versionId: string;
  /** Of the body. */
  readonly byteLength: number;
  readonly inputs: readonly Tensor[];
  readonly inputRoot: string;
  /** Comes when the caller has left, or the call has been here too long without being run. */
  readonly signal: AbortSignal;
}

/** What was computed for a call: all outputs of the version, also those that the caller did not ask for. */
export interface Answer {
  /** What it is the answer to, with its root, where that is less than what the call asked for. */
  readonly beginning?: Pick<Call, "inputs" | "inputRoot">;
  readonly outputs: readonly Tensor[];
  readonly outputRoot: string;
  /** Bytes of a text; undefined where the version writes none. */
  readonly tokens?: number | undefined;
}

/** A call that is run. One of its two methods is called, once. */
export interface Ticket {
  /** What the call gave before, if it was answered before: it is not run again. */
  readonly outputs?: readonly Tensor[] | undefined;
  /** Whether an answer is paid for, also the beginning of one whose caller has left. */
  readonly isPaid?: boolean;

  /**
   * The answer is there. What it binds the node to is on disk when this returns.
   * @returns headers that go with the answer.
   */
  complete(answer: Answer): Promise<Readonly<Record<string, string>>>;

  /** There is no answer: the model refused, the run failed, or the caller has left. */
  release(): Promise<void>;
}

/** Somebody who may have calls waiting. */
export interface Caller {
  /** Calls of one key share one bound, so nobody may be able to come under a key of somebody else. */
  readonly key: string;

  /**
   * Lets a call in, or not. It may have to wait, until its signal says stop.
   * @throws AdmissionRefusedError, the signal's reason
   */
  admit(call: Call): Promise<Ticket>;
}

/** Decides who is answered, and for what. */
export interface Admission {
  /**
   * Whose call it is, told by its head alone. Keeps nothing: the body may never come.
   * @throws AdmissionRefusedError
   */
  identify(arrival: Arrival): Promise<Caller>;
}

/** A call is not answered, whatever it asks. */
export class AdmissionRefusedError extends Error {
  constructor(
    /** Of HTTP: who it is (401), what it pays (402), what it may (403), or what it had before (409). */
    readonly status: 401 | 402 | 403 | 409,
    readonly reason: string,
    /** That go with the refusal. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(reason);
    this.name = "AdmissionRefusedError";
  }
}
