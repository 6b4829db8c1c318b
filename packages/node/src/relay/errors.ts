/** What was handed in is not taken. */
export class RefusedError extends Error {
  constructor(
    /** Of HTTP. */
    readonly status: 401 | 402 | 404 | 409 | 425 | 503,
    reason: string,
  ) {
    super(reason);
    this.name = "RefusedError";
  }
}
