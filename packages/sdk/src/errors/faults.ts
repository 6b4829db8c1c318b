/** An action that sends was called on a client that can only read. */
export class SignerMissingError extends Error {
  constructor() {
    super("This action sends a transaction or signs: give `createClient` a signer.");
    this.name = "SignerMissingError";
  }
}

/** What the chain knows nothing of. */
export class NotFoundError extends Error {
  readonly kind: "job" | "node" | "version";
  readonly id: string;

  constructor(kind: "job" | "node" | "version", id: string) {
    super(`There is no ${kind} ${id}: check the id, the chain and the addresses of the deployment.`);
    this.name = "NotFoundError";
    this.kind = kind;
    this.id = id;
  }
}

/** A transaction was mined without the event that it must emit. */
export class EventMissingError extends Error {
  readonly event: string;
  readonly transactionHash: string;

  constructor(event: string, transactionHash: string) {
    super(`Transaction ${transactionHash} has no event ${event}: check the addresses of the deployment.`);
    this.name = "EventMissingError";
    this.event = event;
    this.transactionHash = transactionHash;
  }
}
