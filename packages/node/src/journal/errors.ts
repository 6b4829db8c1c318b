/** Two processes with one journal could contradict each other. */
export class JournalLockedError extends Error {
  constructor(readonly path: string) {
    super(`Another process holds the journal ${path}: stop it first.`);
    this.name = "JournalLockedError";
  }
}

/** A journal knows what one node has sealed on one chain, and nothing of any other. */
export class JournalForeignError extends Error {
  constructor(
    readonly path: string,
    readonly found: string,
    readonly expected: string,
  ) {
    super(`The journal ${path} is of ${found}, not of ${expected}: use another data folder for each node.`);
    this.name = "JournalForeignError";
  }
}
