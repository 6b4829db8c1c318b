import type { Order } from "../../packages/sdk/src/codecs/job.ts";

import type { StakingParameters } from "./StakingModel.ts";

/** How the list of seats of a call differs from those who sealed. */
export type SeatFault = "none" | "missing" | "doubled" | "descending" | "foreign";

/** A job by the number that its request was given, so that a step still means the same when others are left out. */
interface OfJob {
  readonly job: number;
}
interface OfNode {
  readonly node: string;
}
interface OfServing extends OfNode {
  readonly version: string;
}
interface OfThaw extends OfNode {
  readonly thawId: number;
}
interface WithSeats extends OfJob {
  readonly fault: SeatFault;
}
/** Output roots are numbered; 0 stands for none. */
interface WithOutput extends OfJob, OfNode {
  readonly output: number;
}

/** What a caller can do, by the name of the function; `…Directly` goes to NodeStaking from a consumer without code. */
export interface Calls {
  // NodeStaking
  register: { ownStake: bigint; signer: string; consentFor: string; commissionBps: bigint };
  proposeOwner: OfNode & { nextOwner: string };
  acceptOwnership: OfNode;
  proposeSigner: OfNode & { signer: string; consentFor: string };
  activateSigner: OfNode;
  revokeSigner: OfNode;
  proposeCommission: OfNode & { commissionBps: bigint };
  stake: OfNode & { amount: bigint };
  thaw: OfNode & { amount: bigint };
  cancelThaw: OfThaw;
  withdrawStake: OfThaw;
  delegate: OfNode & { amount: bigint; leastShares: bigint };
  undelegate: OfNode & { shares: bigint; leastAmount: bigint };
  cancelUndelegate: OfThaw & { leastShares: bigint };
  withdrawDelegation: OfThaw;
  authorise: OfNode & { consumer: string; cap: bigint };
  lock: OfNode & { obligation: string; amount: bigint; endsAt: number };
  unlock: OfNode & { obligation: string; amount: bigint };
  release: OfNode & { consumer: string; obligation: string };
  slash: OfNode & { obligation: string; requested: bigint; harm: bigint; compensation: bigint };
  reward: OfNode & { amount: bigint };
  withdrawEarnings: OfNode;
  // InferenceMarketplace
  deposit: { account: string; amount: bigint };
  withdraw: { to: string; amount: bigint };
  collectFees: { accounts: readonly string[] };
  request: OfJob & { order: Order; inputBytes: number };
  cancel: OfJob;
  commit: WithOutput & { blank: boolean };
  advance: WithSeats;
  settle: WithSeats;
  expire: WithSeats;
  revealAndSettle: WithSeats & WithOutput;
  deliver: OfJob & { output: number };
  reclaimTip: OfJob;
  serve: OfServing & { weight: bigint; maxLock: bigint; endsAt: number };
  unserve: OfServing;
  refreshServing: OfServing;
  claim: OfServing;
  // ResultCommitments
  reveal: WithOutput & { attempt: number };
  // ModelRegistry
  registerModel: { slug: string };
  releaseVersion: { version: string; minor: number };
  setRoyalty: { version: string; royalty: bigint };
  setRestricted: { version: string; restricted: boolean };
  setAllowed: { version: string; requester: string; allowed: boolean };
  sellModel: { version: string; to: string };
  // Of whatever contract, for those alone whom the access manager lets
  pause: object;
  resume: object;
  setRules: { rules: string; marginPeriod: number };
  setTreasury: { treasury: string };
  setParameters: { parameters: StakingParameters };
  setRoyaltyNoticePeriod: { period: number };
  // Around the contracts
  donate: { to: string; amount: bigint };
  setRefuses: { refuses: boolean };
}

export type Kind = keyof Calls;
export type Call = { [K in Kind]: { readonly kind: K } & Readonly<Calls[K]> }[Kind];

/** One transaction, in a block of its own. */
export interface Step {
  /** Seconds that pass before it. */
  readonly seconds: number;
  /** Empty blocks before it. */
  readonly blocks: number;
  readonly from: string;
  readonly call: Call;
}

/** A step on one line, as a failure prints it. */
export function printStep(step: Step): string {
  return JSON.stringify(step, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}
