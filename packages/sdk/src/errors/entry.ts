/**
 * How a parameter of an error is shown: an amount of OPG, a point in time (unix seconds), a number of seconds, a short
 * text in 32 bytes, the state of a job. Any other is shown as it is.
 */
export type Unit = "OPG" | "time" | "seconds" | "text" | "state";

/** What is known of a custom error. */
export interface ErrorEntry {
  /** As in Solidity, with the names of the parameters and without the word `error`. */
  readonly signature: string;
  /** Units of those parameters that have one. */
  readonly units: Readonly<Record<string, Unit>>;
  /** What happened, in one sentence. */
  readonly notice: string;
  /** What to do next. */
  readonly fix: string;
}
