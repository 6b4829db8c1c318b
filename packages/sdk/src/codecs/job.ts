import { toBeHex, ZeroAddress, ZeroHash, keccak256 } from "ethers";

import { abiEncode, taggedHash } from "./abi.ts";
import { type Rules, unpackRules } from "./rules.ts";
import { addressOf, packWord, unpackWord } from "./words.ts";

const PAIR = { account: 160, amount: 96 } as const;
const SHAPE = {
  quorum: 8,
  auditBps: 16,
  collateralFactor: 16,
  sealPeriod: 24,
  callbackGas: 32,
  nonce: 40,
  windowPeriod: 24,
  requestedAt: 48,
  requestBlock: 48,
} as const;
const RECORD = {
  state: 8,
  seedBlockFixed: 8,
  delivered: 8,
  tipReclaimed: 8,
  seed: 128,
  seedBlock: 48,
  startedAt: 48,
} as const;

/** A settled job keeps the upper bits of its result's root where seed and seed block were. */
const RESULT_SHIFT = 256n - BigInt(RECORD.seed + RECORD.seedBlock);

/** The words of a job, in their order. */
export const JOB_FIELDS = ["versionId", "inputRoot", "requester", "callback", "royalty", "shape", "rules"] as const;

/** The ABI type of a job. */
export const JOB_TYPE = `tuple(${JOB_FIELDS.map((field) => `bytes32 ${field}`).join(", ")})`;

/** A job as it travels in events and calldata. */
export type PackedJob = Readonly<Record<(typeof JOB_FIELDS)[number], string>>;

/** What a requester orders. Amounts in base units of OPG, times in seconds. */
export interface Order {
  /** Pays, may cancel, gets refunds. */
  readonly requester: string;
  readonly versionId: string;
  /** Payload root of the input. */
  readonly inputRoot: string;
  /** What every node earns whose answer stands. */
  readonly seatPrice: bigint;
  /** Least number of agreeing nodes, 2 to 15. */
  readonly quorum: number;
  /** What a seat locks, in seat prices. */
  readonly collateralFactor: number;
  /** Length of one sealing step. */
  readonly sealPeriod: number;
  /** Chance, in basis points, that an agreement is checked by one more draw. */
  readonly auditBps?: number;
  /** Most that the model's owner may earn. */
  readonly maxRoyalty?: bigint;
  /** Contract that receives the result. */
  readonly callback?: string;
  readonly callbackGas?: number;
  /** For whoever delivers the result to `callback`. */
  readonly deliveryTip?: bigint;
  /** Seconds in which an answer can be disputed: for a version with a referee, and for no other. */
  readonly windowPeriod?: number;
  /** Tells orders apart that are equal otherwise, below 2^40. */
  readonly nonce?: bigint;
}

/** A job with its fields unpacked: the order, and what the market filled in. */
export interface Job extends Required<Omit<Order, "maxRoyalty">> {
  /** Unix seconds. */
  readonly requestedAt: number;
  readonly requestBlock: number;
  /** What the model's owner earns, base units of OPG. */
  readonly royalty: bigint;
  readonly royaltyPayee: string;
  readonly rules: Rules;
}

/** States of a job, as the market numbers them. From `Agreed` on they are final. */
export const JobState = {
  None: 0,
  Open: 1,
  Audit: 2,
  Appeal: 3,
  Agreed: 4,
  Decided: 5,
  Refused: 6,
  Undecided: 7,
  Unrevealed: 8,
  Unanswered: 9,
  Cancelled: 10,
} as const;
export type JobState = (typeof JobState)[keyof typeof JobState];

/** What storage keeps of a job. */
export interface JobRecord {
  readonly state: JobState;
  readonly seedBlockFixed: boolean;
  readonly delivered: boolean;
  readonly tipReclaimed: boolean;
  /** Of the running draw; 0 until it is recorded, and when the job is final. */
  readonly seed: bigint;
  /** 0 when the job is final. */
  readonly seedBlock: number;
  /** Of a final job with a result: the upper 22 bytes of its root, as 32 with zeros behind; else zero. */
  readonly result: string;
  /** Start of the running draw's sealing, unix seconds; of a final job, when it became final. */
  readonly startedAt: number;
}

/** Whether nothing can happen to a job in this state any more. */
export const isFinalState = (state: JobState): boolean => state > JobState.Appeal;

/** Whether a job that ended in this state has a result: an output, or an error on which the nodes agree. */
export const hasResult = (state: JobState): boolean =>
  state === JobState.Agreed || state === JobState.Decided || state === JobState.Refused;

/** An order as `request` takes it. */
export function packOrder(order: Order): PackedJob {
  return {
    versionId: order.versionId,
    inputRoot: order.inputRoot,
    requester: packPair(order.requester, order.seatPrice),
    callback: packPair(order.callback ?? ZeroAddress, order.deliveryTip ?? 0n),
    royalty: packPair(ZeroAddress, order.maxRoyalty ?? 0n),
    shape: packWord(SHAPE, {
      quorum: BigInt(order.quorum),
      auditBps: BigInt(order.auditBps ?? 0),
      collateralFactor: BigInt(order.collateralFactor),
      sealPeriod: BigInt(order.sealPeriod),
      callbackGas: BigInt(order.callbackGas ?? 0),
      nonce: order.nonce ?? 0n,
      windowPeriod: BigInt(order.windowPeriod ?? 0),
      requestedAt: 0n,
      requestBlock: 0n,
    }),
    rules: ZeroHash,
  };
}

/** The fields of a job that was ordered. */
export function unpackJob(job: PackedJob): Job {
  const requester = unpackPair(job.requester);
  const callback = unpackPair(job.callback);
  const royalty = unpackPair(job.royalty);
  const shape = unpackWord(SHAPE, job.shape);
  return {
    requester: requester.account,
    versionId: job.versionId,
    inputRoot: job.inputRoot,
    seatPrice: requester.amount,
    quorum: Number(shape.quorum),
    collateralFactor: Number(shape.collateralFactor),
    sealPeriod: Number(shape.sealPeriod),
    auditBps: Number(shape.auditBps),
    callback: callback.account,
    callbackGas: Number(shape.callbackGas),
    deliveryTip: callback.amount,
    nonce: shape.nonce,
    windowPeriod: Number(shape.windowPeriod),
    requestedAt: Number(shape.requestedAt),
    requestBlock: Number(shape.requestBlock),
    royalty: royalty.amount,
    royaltyPayee: royalty.account,
    rules: unpackRules(job.rules),
  };
}

/** The fields of a job's slot. */
export function unpackRecord(word: bigint): JobRecord {
  const fields = unpackWord(RECORD, word);
  const state = Number(fields.state) as JobState;
  const isFinal = isFinalState(state);
  const root = fields.seed | (fields.seedBlock << BigInt(RECORD.seed));
  return {
    state,
    seedBlockFixed: fields.seedBlockFixed === 1n,
    delivered: fields.delivered === 1n,
    tipReclaimed: fields.tipReclaimed === 1n,
    seed: isFinal ? 0n : fields.seed,
    seedBlock: isFinal ? 0 : Number(fields.seedBlock),
    result: isFinal ? toBeHex(root << RESULT_SHIFT, 32) : ZeroHash,
    startedAt: Number(fields.startedAt),
  };
}

/** What the record of a settled job keeps of its result's root. */
export const resultOf = (outputRoot: string): string =>
  toBeHex((BigInt(outputRoot) >> RESULT_SHIFT) << RESULT_SHIFT, 32);

/** The id of a job: what its fields hash to on this chain and market. */
export function jobId(chainId: bigint, market: string, job: PackedJob): string {
  return taggedHash("OPG/job", ["uint256", "address", JOB_TYPE], [chainId, market, jobValues(job)]);
}

/** The ERC-3009 nonce of a payment that places an order. */
export function orderPaymentNonce(chainId: bigint, market: string, order: PackedJob, inputHash: string): string {
  return paymentNonce(chainId, market, encodedSubject(order, inputHash));
}

/** What a signature of an order and its input is about; same as `HashLib.orderSubject`. */
export const orderSubject = (order: PackedJob, inputHash: string): string =>
  keccak256(encodedSubject(order, inputHash));

const encodedSubject = (order: PackedJob, inputHash: string): string =>
  abiEncode([JOB_TYPE, "bytes32"], [jobValues(order), inputHash]);

/** The ERC-3009 nonce of a payment that is deposited for `account`; `salt` tells deposits apart. */
export function depositPaymentNonce(chainId: bigint, market: string, account: string, salt: string): string {
  return paymentNonce(chainId, market, abiEncode(["address", "bytes32"], [account, salt]));
}

/** The ERC-3009 nonce of a payment for what `subject`, ABI-encoded, says. */
export function paymentNonce(chainId: bigint, market: string, subject: string): string {
  return taggedHash("OPG/payment", ["uint256", "address", "bytes32"], [chainId, market, keccak256(subject)]);
}

/** An audit is a draw that one agreeing node ends. */
export const AUDIT_QUORUM = 1;

/** Most nodes that sit in a draw with this quorum; 1.5 times the quorum are expected. */
export const seatBound = (quorum: number): number => 3 * quorum + 3;

/** What a seat of a job locks, base units of OPG. */
export const collateralOf = (job: Pick<Job, "seatPrice" | "collateralFactor">): bigint =>
  job.seatPrice * BigInt(job.collateralFactor);

/** All that an order takes from its requester's balance at first; what is not used is refunded. */
export function escrowOf(
  job: Pick<Job, "seatPrice" | "quorum" | "auditBps" | "deliveryTip" | "royalty"> & {
    readonly rules: Pick<Rules, "feeBps">;
  },
): bigint {
  const seats = seatBound(job.quorum) + (job.auditBps > 0 ? seatBound(AUDIT_QUORUM) : 0);
  const pay = BigInt(seats) * job.seatPrice;
  return pay + (pay * job.rules.feeBps) / 10_000n + job.royalty + job.deliveryTip;
}

const jobValues = (job: PackedJob) => [
  job.versionId,
  job.inputRoot,
  job.requester,
  job.callback,
  job.royalty,
  job.shape,
  job.rules,
];

/** An account with an amount of OPG, as one word. */
export const packPair = (account: string, amount: bigint): string =>
  packWord(PAIR, { account: BigInt(account), amount });

/** The account and the amount in a word. */
export function unpackPair(word: string): { account: string; amount: bigint } {
  const { account, amount } = unpackWord(PAIR, word);
  return { account: addressOf(account), amount };
}
