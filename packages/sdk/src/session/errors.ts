import type { OpenSessionOnChainParameters } from "../actions/sessions/opening.ts";
import type { SignedReceipt } from "../actions/sessions/receipts.ts";
import type { TensorSpec } from "../codecs/model.ts";

/** What is wrong with a receipt, or with the answer that came with it. */
export type ReceiptFault =
  | "missing"
  | "malformed"
  | "session"
  | "sequence"
  | "version"
  | "input"
  | "output"
  | "price"
  | "time"
  | "signer"
  | "names"
  | "withheld"
  | "contradiction";

/**
 * A node's receipt does not bind it to the answer that it gave. Nothing more is paid in this session: close it, and call
 * another node.
 */
export class BadReceiptError extends Error {
  readonly sessionId: string;
  readonly sequence: bigint;
  readonly fault: ReceiptFault;
  readonly receipt: SignedReceipt | undefined;
  /** Of the same call, and says otherwise: with both, while they can be shown, `punishContradiction` takes the collateral. */
  readonly earlier: SignedReceipt | undefined;

  constructor(
    sessionId: string,
    sequence: bigint,
    fault: ReceiptFault,
    receipt?: SignedReceipt,
    earlier?: SignedReceipt,
  ) {
    super(
      `The node's receipt for call ${sequence} of session ${sessionId} is no good (${fault}): nothing more is paid here. ` +
        "Close the session, and call another node.",
    );
    this.name = "BadReceiptError";
    this.sessionId = sessionId;
    this.sequence = sequence;
    this.fault = fault;
    this.receipt = receipt;
    this.earlier = earlier;
  }
}

/** A receipt is of the future for the chain, on which it cannot be shown yet. */
export class ReceiptAheadError extends Error {
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Of the latest block, unix seconds. */
  readonly chainTime: number;

  constructor(issuedAt: number, chainTime: number) {
    super(
      `The receipt is of ${issuedAt}, and for the chain it is ${chainTime} (unix seconds): dispute it again when the chain has ` +
        "come so far, and until its horizon is over.",
    );
    this.name = "ReceiptAheadError";
    this.issuedAt = issuedAt;
    this.chainTime = chainTime;
  }
}

/** A call does not have the inputs that the version takes. */
export class SessionInputsError extends Error {
  readonly given: readonly TensorSpec[];
  /** A dimension of 0 is left open. */
  readonly expected: readonly TensorSpec[];

  constructor(given: readonly TensorSpec[], expected: readonly TensorSpec[]) {
    super(
      `The version takes the inputs ${listOf(expected)}, not ${listOf(given)}. Give them so; 0 stands for any number.`,
    );
    this.name = "SessionInputsError";
    this.given = given.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
    this.expected = expected;
  }
}

const listOf = (specs: readonly TensorSpec[]): string =>
  specs.map(({ name, dtype, shape }) => `${name} (dtype ${dtype}, shape [${shape.join(", ")}])`).join(", ");

/** Calls go no further in this session. */
export class SessionEndedError extends Error {
  readonly sessionId: string;
  readonly reason: string;
  /** It has come to the end on which both sides agreed: with the same node another one can be opened at once. */
  readonly isOver: boolean;

  constructor(sessionId: string, reason: string, isOver = false) {
    super(`Session ${sessionId} takes no more calls: ${reason}.`);
    this.name = "SessionEndedError";
    this.sessionId = sessionId;
    this.reason = reason;
    this.isOver = isOver;
  }
}

/** A call would be worth more than what is there for it, or than what answers for it. */
export class SessionShortError extends Error {
  readonly sessionId: string;
  /** OPG that vouchers would claim in all, base units. */
  readonly needed: bigint;
  /** OPG that they can claim at present, base units. */
  readonly most: bigint;

  constructor(sessionId: string, needed: bigint, most: bigint) {
    super(
      `Session ${sessionId} pays for ${most} base units of OPG at present, and the call needs ${needed} in all. ` +
        "Top it up; if the collateral is the bound, wait until what was redeemed is final, or open another session.",
    );
    this.name = "SessionShortError";
    this.sessionId = sessionId;
    this.needed = needed;
    this.most = most;
  }
}

/** A node has refused a session, has not answered as it should, or has a lock that runs out too soon for one. */
export class NoConsentError extends Error {
  readonly node: string;
  readonly reason: string;

  constructor(node: string, reason: string) {
    // A node speaks in sentences.
    const sentence = reason.endsWith(".") ? reason : `${reason}.`;
    super(`Node ${node} has not agreed to the session: ${sentence} Change its terms, or ask another node.`);
    this.name = "NoConsentError";
    this.node = node;
    this.reason = reason;
  }
}

/** A payer has granted a key no session, or none that lasts until a node would serve calls in it. */
export class GrantEndsError extends Error {
  readonly payer: string;
  readonly key: string;
  /** Unix seconds; zero if there is no grant. */
  readonly expiresAt: number;
  /** Seconds before the end of a session in which calls may be refused. */
  readonly margin: number;

  constructor(payer: string, key: string, expiresAt: number, margin: number) {
    super(
      `What ${payer} has granted the key ${key} ends at ${expiresAt} (unix seconds), and calls may be refused in the ${margin} s ` +
        "before the end of a session: have the payer call `grantKey` with a later `expiresAt`.",
    );
    this.name = "GrantEndsError";
    this.payer = payer;
    this.key = key;
    this.expiresAt = expiresAt;
    this.margin = margin;
  }
}

/** A session was sent to be opened, and nobody says whether it was. */
export class SessionUnsureError extends Error {
  readonly sessionId: string;
  /** What was sent: `openSession` finds it with that, or sends it once more. */
  readonly opening: OpenSessionOnChainParameters;

  constructor(sessionId: string, opening: OpenSessionOnChainParameters, cause: unknown) {
    super(
      `Whether session ${sessionId} was opened is not known: ${cause instanceof Error ? cause.message : String(cause)} ` +
        "Give `opening` of this error to `openSession`, which finds the session or sends it once more.",
      { cause },
    );
    this.name = "SessionUnsureError";
    this.sessionId = sessionId;
    this.opening = opening;
  }
}

/** No node that was named has answered. */
export class NoNodeError extends Error {
  /** Why, by URL. */
  readonly reasons: ReadonlyMap<string, unknown>;

  constructor(reasons: ReadonlyMap<string, unknown>) {
    const texts = [...reasons].map(
      ([url, reason]) => `${url}: ${reason instanceof Error ? reason.message : String(reason)}`,
    );
    super(`None of ${reasons.size} nodes has answered. ${texts.join(" ")}`);
    this.name = "NoNodeError";
    this.reasons = reasons;
  }
}

/** A header or a message about a session is not as the protocol says. */
export class SessionFormatError extends Error {
  /** Which part of it. */
  readonly place: string;

  constructor(place: string, expected: string) {
    super(`${place} must be ${expected}.`);
    this.name = "SessionFormatError";
    this.place = place;
  }
}
