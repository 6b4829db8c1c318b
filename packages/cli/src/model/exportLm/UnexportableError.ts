/** Weights that no integer model can be made of. */
export class UnexportableError extends Error {
  override readonly name = "UnexportableError";
  /** What is at fault: a file, or a part of one. */
  readonly subject: string;

  constructor(subject: string, reason: string) {
    super(`${subject}: ${reason}.`);
    this.subject = subject;
  }
}
