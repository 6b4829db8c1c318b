import type { BlockTag } from "ethers";

/** An action that sends was called on a client that can only read. */
export class SignerMissingError extends Error {
  constructor() {
    super("This action sends a transaction or signs: give `createClient` a signer.");
    this.name = "SignerMissingError";
  }
}

type Subject =
  "game" | "job" | "link" | "model" | "node" | "pack" | "round" | "schedule" | "session" | "thaw" | "version";

/** What the chain knows nothing of. */
export class NotFoundError extends Error {
  readonly kind: Subject;
  readonly id: string;

  constructor(kind: Subject, id: string) {
    super(`There is no ${kind} ${id}: check the id, the chain and the addresses of the deployment.`);
    this.name = "NotFoundError";
    this.kind = kind;
    this.id = id;
  }
}

/** A side of a game has nothing that it could send. */
export class NothingToMoveError extends Error {
  readonly gameId: string;
  readonly reason: string;

  constructor(gameId: string, reason: string) {
    super(`There is no move in game ${gameId}: ${reason}.`);
    this.name = "NothingToMoveError";
    this.gameId = gameId;
    this.reason = reason;
  }
}

/** What was given to explain a game with belongs to another one. */
export class EvidenceMismatchError extends Error {
  readonly part: "model" | "input" | "statement";
  readonly given: string;
  readonly expected: string;

  constructor(part: EvidenceMismatchError["part"], given: string, expected: string) {
    super(`The ${part} is not that of the game: its root or id is ${given}, that of the game ${expected}.`);
    this.name = "EvidenceMismatchError";
    this.part = part;
    this.given = given;
    this.expected = expected;
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

/** A transaction was mined and had no effect, for a reason that has passed since. */
export class TransactionRevertedError extends Error {
  readonly transactionHash: string;

  constructor(transactionHash: string) {
    super(
      `Transaction ${transactionHash} reverted, but would not now: somebody else came first. Send it again if needed.`,
    );
    this.name = "TransactionRevertedError";
    this.transactionHash = transactionHash;
  }
}

/** The chain was reorganised further back than a cursor remembers. */
export class ReorganisedError extends Error {
  /** Events of this block and of later ones may not have happened; earlier ones may be concerned, too. */
  readonly blockNumber: number;

  constructor(blockNumber: number) {
    super(`The chain was reorganised at or before block ${blockNumber}: watch again from an earlier block.`);
    this.name = "ReorganisedError";
    this.blockNumber = blockNumber;
  }
}

/** The provider does not give a block that it must have: without it, nobody knows what time it is for the chain. */
export class NoBlockError extends Error {
  readonly block: BlockTag;

  constructor(block: BlockTag) {
    super(`The provider gives no block ${block}: wait until it has caught up, or ask another provider.`);
    this.name = "NoBlockError";
    this.block = block;
  }
}

/** Nobody who was asked has the bytes of an output. */
export class OutputUnavailableError extends Error {
  readonly outputRoot: string;
  /** Who was asked, and why that gave nothing. */
  readonly attempts: readonly string[];

  constructor(outputRoot: string, attempts: readonly string[]) {
    const tried = attempts.length === 0 ? "nobody was asked" : attempts.join("; ");
    super(`The output ${outputRoot} is stated, but its bytes were not found (${tried}): give other \`sources\`.`);
    this.name = "OutputUnavailableError";
    this.outputRoot = outputRoot;
    this.attempts = attempts;
  }
}

/** The provider is on another chain than the deployment. */
export class WrongChainError extends Error {
  readonly given: bigint;
  readonly expected: bigint;

  constructor(given: bigint, expected: bigint) {
    super(`The provider is on chain ${given}, the deployment on chain ${expected}: connect to that chain.`);
    this.name = "WrongChainError";
    this.given = given;
    this.expected = expected;
  }
}

/** The deployment has no faucet: there is none where OPG is worth something, and none that the client was not told of. */
export class NoFaucetError extends Error {
  constructor(chainId: bigint) {
    super(
      `The client knows of no faucet on chain ${chainId}: give \`createClient\` that of a deployment on a test network.`,
    );
    this.name = "NoFaucetError";
  }
}
