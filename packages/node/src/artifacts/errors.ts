/** A place that must not be fetched from, or what it served was not acceptable. */
export class FetchRefusedError extends Error {
  constructor(
    readonly uri: string,
    readonly reason: string,
  ) {
    super(`${uri}: ${reason}`);
    this.name = "FetchRefusedError";
  }
}

/** What was fetched is not what was committed to. */
export class DigestMismatchError extends Error {
  constructor(
    readonly uri: string,
    readonly given: string,
    readonly expected: string,
  ) {
    super(`${uri} serves something else: its sha-256 is ${given}, not ${expected}.`);
    this.name = "DigestMismatchError";
  }
}

/** None of the places of a file has served it. */
export class UnavailableError extends Error {
  constructor(readonly causes: readonly Error[]) {
    super(`No mirror served it: ${causes.map(({ message }) => message).join("; ")}`);
    this.name = "UnavailableError";
  }
}
