/** What somebody has sent is not as the protocol says. */
export class OipFormatError extends Error {
  /** Which part of it, such as `inputs[0].shape`. */
  readonly place: string;
  readonly reason: string;

  constructor(place: string, reason: string) {
    super(`${place}: ${reason}.`);
    this.name = "OipFormatError";
    this.place = place;
    this.reason = reason;
  }
}

/** A tensor that JSON cannot hold bit by bit. */
export class NotInJsonError extends Error {
  readonly tensor: string;
  readonly reason: string;

  constructor(tensor: string, reason: string) {
    super(`"${tensor}" has no form in JSON, ${reason}: ask for it as binary data, with "binary_data": true.`);
    this.name = "NotInJsonError";
    this.tensor = tensor;
    this.reason = reason;
  }
}

/** A server says no. */
export class OipStatusError extends Error {
  /** Of HTTP. */
  readonly status: number;
  /** What the server gives as the reason: foreign text. */
  readonly reason: string;
  /** Seconds after which it wants to be asked again; undefined where it does not say. */
  readonly retryAfter: number | undefined;

  constructor(status: number, reason: string, retryAfter?: number) {
    super(`The server answers with HTTP status ${status}: ${reason}`);
    this.name = "OipStatusError";
    this.status = status;
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}

/** Whether a server has said no with this status. */
export const hasStatus = (error: unknown, status: number): error is OipStatusError =>
  error instanceof OipStatusError && error.status === status;
