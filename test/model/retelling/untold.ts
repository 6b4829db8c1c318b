import type { ToldContract } from "./Retelling.ts";

/** Getters that no event has to tell of: what they give was fixed at deployment. */
const FIXED = [
  "CLOCK_MODE",
  "COMMITMENTS",
  "COOL_DOWN_PERIOD",
  "DOMAIN_SEPARATOR",
  "GAME",
  "LEAST_WINDOW_PERIOD",
  "MANDATES",
  "MARKET",
  "MAX_PAUSE_PERIOD",
  "MONEY_CLOCK_FLOOR",
  "MOST_GAME_PERIOD",
  "MOST_INPUT_BYTES",
  "MOST_OUTPUT_BYTES",
  "OPTIMISTIC",
  "POLICY",
  "RECEIPTS",
  "REFEREED_POLICY",
  "REGISTRY",
  "SEED_DELAY_PERIOD",
  "STAKING",
  "THAW_PERIOD",
  "TOKEN",
  "decimals",
  "eip712Domain",
  "name",
  "supportsInterface",
  "symbol",
  "targets",
];

/** What these give follows from their arguments, the time, and what other getters give. */
const DERIVED = {
  token: ["clock"],
  registry: ["modelIdOf", "quote", "tokenURI", "versionIdOf"],
  commitments: ["authorOf", "checkLeaf", "rootOf", "roundIdOf", "sealOf", "statementIdOf", "tallyOf"],
  mandates: ["digestOf"],
  optimistic: ["disputableUntil"],
  scheduler: ["dueOf"],
  receipts: ["check", "disputableUntil", "hashOf", "statementIdOf"],
  disputes: ["bond", "challengeSealOf", "supplyPriceOf", "verdictOf"],
  sessions: ["royaltyOf"],
} as const;

/** No step of the play changes what these give. */
const UNPLAYED = {
  token: ["checkpoints", "delegates", "getPastTotalSupply", "getPastVotes", "getVotes", "numCheckpoints"],
  registry: ["getApproved", "isApprovedForAll"],
  commitments: ["batchPostedAt"],
  optimistic: ["servingOf"],
  disputes: ["finalSharersOf", "forfeited", "sealedInBlock", "sharersOf"],
} as const;

/** A permit, or a vote delegated by signature, uses a nonce, and its event is that of `approve` or `delegate`. */
const UNTOLD = { token: ["nonces"] } as const;

/** Only within one transaction is it anything but zero. */
const TRANSIENT = ["isConsumingScheduledOp"];

/** Getters that a retelling does not answer for. */
export function unanswered(contract: ToldContract): readonly string[] {
  const lists: readonly Partial<Record<ToldContract, readonly string[]>>[] = [DERIVED, UNPLAYED, UNTOLD];
  return [...FIXED, ...TRANSIENT, ...lists.flatMap((list) => list[contract] ?? [])];
}
