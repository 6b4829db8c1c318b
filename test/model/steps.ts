import type { Order } from "../../packages/sdk/src/codecs/job.ts";

import type { OrderBounds } from "../../packages/sdk/src/codecs/mandate.ts";
import type { OptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import type { Session } from "../../packages/sdk/src/codecs/session.ts";
import type { SchedulePlan } from "./orders/SchedulesModel.ts";
import type { Consent, Grant } from "./sessions/SessionsModel.ts";
import type { StakingParameters } from "./StakingModel.ts";
import type { LedgerName, ServedLedger } from "./views.ts";

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
interface AtLedger {
  readonly ledger: LedgerName;
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

/** A seal as somebody brings it: signed by whom, or with a signature that nobody can have made. */
export interface BroughtSeal extends OfNode {
  readonly output: number;
  readonly signer: string;
  readonly isGarbled: boolean;
}
/** A reveal as somebody brings it. */
export interface BroughtReveal extends OfNode {
  readonly output: number;
  readonly isSaltless: boolean;
}

/** How what is given of a packed round differs from what was packed. */
export type PackFault = "none" | "missing" | "reversed" | "repeated" | "later";

/** Sessions, schedules, offers and games have numbers as jobs have. A stray one differs in its nonce, so nobody knows it. */
interface OfSession {
  readonly session: number;
}
interface OfSchedule {
  readonly schedule: number;
}
interface OfOffer {
  readonly offer: number;
}
export interface BroughtVoucher extends OfSession {
  readonly amount: bigint;
  readonly signer: string;
  readonly isStray: boolean;
}
/** A receipt of a session, which can name another one. */
export interface BroughtReceipt {
  readonly of: number;
  readonly sequence: number;
  readonly isLie: boolean;
  readonly price: bigint;
  readonly issuedAt: number;
  readonly signer: string;
}
interface Placed {
  readonly order: OptimisticOrder;
  readonly inputBytes: number;
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
  request: OfJob & { order: Order; inputBytes: number };
  cancel: OfJob;
  commit: WithOutput & { blank: boolean };
  commitSigned: OfJob & { seals: readonly BroughtSeal[] };
  advance: WithSeats;
  settle: WithSeats;
  expire: WithSeats;
  revealAndSettle: WithSeats & WithOutput;
  deliver: OfJob & { output: number };
  reclaimTip: OfJob;
  serve: OfServing & { weight: bigint; maxLock: bigint; endsAt: number };
  unserve: OfServing;
  refreshServing: OfServing;
  // ResultCommitments
  reveal: WithOutput & { attempt: number };
  revealMany: OfJob & { attempt: number; reveals: readonly BroughtReveal[] };
  unpack: OfJob & { attempt: number; fault: PackFault };
  // JobRelay
  sealMany: OfJob & { seals: readonly BroughtSeal[] };
  revealPackedAndSettle: OfJob & { attempt: number; output: number; isSaltless: boolean; fault: PackFault };
  relayReveals: WithSeats & { attempt: number; reveals: readonly BroughtReveal[] };
  // Balances, and what is served, wherever there are some
  deposit: AtLedger & { account: string; amount: bigint };
  withdraw: AtLedger & { to: string; amount: bigint };
  spend: AtLedger & { owner: string; to: string; amount: bigint };
  collectFees: AtLedger & { accounts: readonly string[] };
  claim: OfServing & { ledger: ServedLedger };
  // Mandates, and the market for one node
  allow: AtLedger & { spender: string; cap: bigint };
  cancelNonce: { nonce: bigint };
  requestOffer: OfOffer & Placed;
  requestFor: OfOffer & Placed & { signed: Placed; signer: string; bounds: OrderBounds; repay: bigint };
  cancelOffer: OfOffer;
  expireOffer: OfOffer;
  // JobScheduler; a run's job, or offer, gets a number, too
  createSchedule: OfSchedule & { plan: SchedulePlan; budget: bigint };
  changeSchedule: OfSchedule & { successor: number; plan: SchedulePlan };
  trigger: OfSchedule & { run: number; isStray: boolean };
  topUpSchedule: OfSchedule & { amount: bigint };
  setPaused: OfSchedule & { paused: boolean };
  cancelSchedule: OfSchedule;
  setSchedulerRules: { rules: string };
  setSource: { isFair: boolean };
  // InferenceSessions
  serveSessions: OfServing & { maxLock: bigint; endsAt: number };
  unserveSessions: OfServing;
  grantKey: { key: string; grant: Grant };
  open: OfSession & { terms: Session; deposit: bigint; consent: Consent; proof: readonly string[] };
  openSigned: OfSession & {
    terms: Session;
    deposit: bigint;
    relayFee: bigint;
    value: bigint;
    signer: string;
    consent: Consent;
  };
  topUpSession: OfSession & { payer: string; amount: bigint; proof: readonly string[] };
  redeem: { voucher: BroughtVoucher };
  redeemMany: { vouchers: readonly BroughtVoucher[] };
  close: OfSession;
  settleSession: OfSession & { isStray: boolean };
  punishLie: OfSession & { receipt: BroughtReceipt };
  punishContradiction: OfSession & { first: BroughtReceipt; second: BroughtReceipt };
  setSessionRules: { rules: string; marginPeriod: number };
  // ReceiptBook and DisputeGame
  show: OfSession & { receipt: BroughtReceipt };
  challenge: OfSession & { receipt: BroughtReceipt; game: number };
  timeout: { game: number };
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
  setTreasury: AtLedger & { treasury: string };
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
  /** Of the step's block, wei; left out, it is low. */
  readonly baseFee?: bigint;
  readonly from: string;
  readonly call: Call;
}

/** A step on one line, as a failure prints it. */
export function printStep(step: Step): string {
  return JSON.stringify(step, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}
