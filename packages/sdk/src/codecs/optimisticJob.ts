import { dataSlice, keccak256, toBeHex, ZeroAddress, ZeroHash } from "ethers";

import { abiEncode, taggedHash } from "./abi.ts";
import { packPair, paymentNonce, unpackPair } from "./job.ts";
import { type OptimisticRules, unpackOptimisticRules } from "./optimisticRules.ts";
import { inPriceUnits, PRICE_UNIT } from "./priceUnit.ts";
import { addressOf, packWord, unpackWord } from "./words.ts";

const SHAPE = {
  windowPeriod: 24,
  answerPeriod: 24,
  callbackGas: 32,
  nonce: 48,
  auditBps: 16,
  auctionDelay: 16,
  auctionRamp: 24,
  flags: 8,
  valueAtStake: 24,
  requestedAt: 40,
} as const;
const RECORD = { state: 8, second: 1, delivered: 1, tipGone: 1, unused: 5, price: 40, since: 40, who: 160 } as const;
/** Of a statement's id, as many as a record has room for. */
const STATEMENT_BYTES = 20;
/** The words of such a job, in their order. */
export const OPTIMISTIC_JOB_FIELDS = [
  "versionId",
  "inputRoot",
  "requester",
  "node",
  "callback",
  "royalty",
  "shape",
  "rules",
] as const;

/** The ABI type of a job for one node. */
export const OPTIMISTIC_JOB_TYPE = `tuple(${OPTIMISTIC_JOB_FIELDS.map((field) => `bytes32 ${field}`).join(", ")})`;

/** A job for one node as it travels in events and calldata. */
export type PackedOptimisticJob = Readonly<Record<(typeof OPTIMISTIC_JOB_FIELDS)[number], string>>;

/** What a requester orders of one node. Amounts in base units of OPG, times in seconds. */
export interface OptimisticOrder {
  /** Pays, may cancel, gets refunds. */
  readonly requester: string;
  readonly versionId: string;
  /** Payload root of the input. */
  readonly inputRoot: string;
  /** What the node earns; of an open job, the highest price. */
  readonly price: bigint;
  /** Who is to answer; left out, the job is open. */
  readonly node?: string;
  /** Of an open job: where the price begins. */
  readonly lowestPrice?: bigint;
  /** Of an open job: how long the price stays there, and in what time it rises. */
  readonly auctionDelay?: number;
  readonly auctionRamp?: number;
  readonly answerPeriod: number;
  /** How long the answer can be disputed. */
  readonly windowPeriod: number;
  /** Whole OPG that a false answer can cost the requester beyond the price. */
  readonly valueAtStake?: number;
  /** Chance that one more node is drawn and paid to answer, too, basis points: none, or 100 and more. */
  readonly auditBps?: number;
  /** Most that the model's owner may earn. */
  readonly maxRoyalty?: bigint;
  /** Contract that receives the result. */
  readonly callback?: string;
  readonly callbackGas?: number;
  /** For whoever delivers the result to `callback`. */
  readonly deliveryTip?: bigint;
  /** Whether `callback` takes an answer that is not final. */
  readonly provisional?: boolean;
  /** Tells orders apart that are equal otherwise. */
  readonly nonce?: bigint;
  /**
   * Since when the order stands, unix seconds, not in the future; by default since it is placed. The price of an open one rises
   * from then on, and whoever brings it knows the job that it becomes. Ignored where the job may be audited.
   */
  readonly since?: number;
}

/** A job with its fields unpacked: the order, and what the market filled in. */
export interface OptimisticJob extends Required<Omit<OptimisticOrder, "maxRoyalty" | "since">> {
  /** Unix seconds. */
  readonly requestedAt: number;
  /** What the model's owner earns, base units of OPG. */
  readonly royalty: bigint;
  readonly royaltyPayee: string;
  readonly rules: OptimisticRules;
}

/** States of a job for one node, as the market numbers them. From `Answered` on they are final. */
export const OptimisticState = {
  None: 0,
  Named: 1,
  Open: 2,
  Reserved: 3,
  Stated: 4,
  Answered: 5,
  Refused: 6,
  Unanswered: 7,
  Falsified: 8,
  Cancelled: 9,
  Undecided: 10,
} as const;
export type OptimisticState = (typeof OptimisticState)[keyof typeof OptimisticState];

/** What storage keeps of a job for one node. */
export interface OptimisticRecord {
  readonly state: OptimisticState;
  /** 1 after the first node has failed. */
  readonly attempt: number;
  readonly delivered: boolean;
  readonly tipGone: boolean;
  /** Base units of OPG. */
  readonly price: bigint;
  /** Beginning of the state, or in `Stated` until when what was stated can be disputed (exclusive); unix seconds. */
  readonly since: number;
  /** Who has reserved the job, or failed at it; undefined from `Stated` on. */
  readonly node: string | undefined;
  /** The first 20 bytes of the id of what was stated; undefined before `Stated`. */
  readonly statement: string | undefined;
}

/** An order as `request` takes it. */
export function packOptimisticOrder(order: OptimisticOrder): PackedOptimisticJob {
  return {
    versionId: order.versionId,
    inputRoot: order.inputRoot,
    requester: packPair(order.requester, order.price),
    node: packPair(order.node ?? ZeroAddress, order.lowestPrice ?? 0n),
    callback: packPair(order.callback ?? ZeroAddress, order.deliveryTip ?? 0n),
    royalty: packPair(ZeroAddress, order.maxRoyalty ?? 0n),
    shape: packWord(SHAPE, {
      windowPeriod: BigInt(order.windowPeriod),
      answerPeriod: BigInt(order.answerPeriod),
      callbackGas: BigInt(order.callbackGas ?? 0),
      nonce: order.nonce ?? 0n,
      auditBps: BigInt(order.auditBps ?? 0),
      auctionDelay: BigInt(order.auctionDelay ?? 0),
      auctionRamp: BigInt(order.auctionRamp ?? 0),
      flags: order.provisional === true ? 1n : 0n,
      valueAtStake: BigInt(order.valueAtStake ?? 0),
      requestedAt: BigInt(order.since ?? 0),
    }),
    rules: ZeroHash,
  };
}

/** The fields of a job that was ordered. */
export function unpackOptimisticJob(job: PackedOptimisticJob): OptimisticJob {
  const requester = unpackPair(job.requester);
  const node = unpackPair(job.node);
  const callback = unpackPair(job.callback);
  const royalty = unpackPair(job.royalty);
  const shape = unpackWord(SHAPE, job.shape);
  return {
    requester: requester.account,
    versionId: job.versionId,
    inputRoot: job.inputRoot,
    price: requester.amount,
    node: node.account,
    lowestPrice: node.amount,
    auctionDelay: Number(shape.auctionDelay),
    auctionRamp: Number(shape.auctionRamp),
    answerPeriod: Number(shape.answerPeriod),
    windowPeriod: Number(shape.windowPeriod),
    valueAtStake: Number(shape.valueAtStake),
    auditBps: Number(shape.auditBps),
    callback: callback.account,
    callbackGas: Number(shape.callbackGas),
    deliveryTip: callback.amount,
    provisional: shape.flags === 1n,
    nonce: shape.nonce,
    requestedAt: Number(shape.requestedAt),
    royalty: royalty.amount,
    royaltyPayee: royalty.account,
    rules: unpackOptimisticRules(job.rules),
  };
}

/** The fields of a job's slot. */
export function unpackOptimisticRecord(word: bigint): OptimisticRecord {
  const fields = unpackWord(RECORD, word);
  const state = Number(fields.state) as OptimisticState;
  const hasStatement = state >= OptimisticState.Stated;
  return {
    state,
    attempt: Number(fields.second),
    delivered: fields.delivered === 1n,
    tipGone: fields.tipGone === 1n,
    price: fields.price * PRICE_UNIT,
    since: Number(fields.since),
    node: hasStatement ? undefined : addressOf(fields.who),
    statement: hasStatement ? toBeHex(fields.who, STATEMENT_BYTES) : undefined,
  };
}

/** Whether this is what a job's record says was stated. */
export const isStated = ({ statement }: OptimisticRecord, statementId: string): boolean =>
  statement === dataSlice(statementId, 0, STATEMENT_BYTES);

/** The id of a job for one node: what its fields hash to on this chain and market. */
export function optimisticJobId(chainId: bigint, market: string, job: PackedOptimisticJob): string {
  return taggedHash("OPG/job", ["uint256", "address", OPTIMISTIC_JOB_TYPE], [chainId, market, valuesOf(job)]);
}

/** The ERC-3009 nonce of a payment that places an order of one node. */
export function optimisticOrderPaymentNonce(
  chainId: bigint,
  market: string,
  order: PackedOptimisticJob,
  inputHash: string,
): string {
  return paymentNonce(chainId, market, encodedSubject(order, inputHash));
}

/** What a signature of an order and its input is about; same as `HashLib.optimisticOrderSubject`. */
export const optimisticOrderSubject = (order: PackedOptimisticJob, inputHash: string): string =>
  keccak256(encodedSubject(order, inputHash));

const encodedSubject = (order: PackedOptimisticJob, inputHash: string): string =>
  abiEncode([OPTIMISTIC_JOB_TYPE, "bytes32"], [valuesOf(order), inputHash]);

/** What a node would earn that reserved the open job at `time`, unix seconds. */
export function auctionPriceAt(
  job: Pick<OptimisticJob, "price" | "lowestPrice" | "auctionDelay" | "auctionRamp" | "requestedAt">,
  time: number,
): bigint {
  const risen = time - job.requestedAt - job.auctionDelay;
  if (risen <= 0) return job.lowestPrice;
  if (risen >= job.auctionRamp) return job.price;
  return inPriceUnits(job.lowestPrice + ((job.price - job.lowestPrice) * BigInt(risen)) / BigInt(job.auctionRamp));
}

/** What answers for an answer that earns `price`, base units of OPG. A second attempt is never audited. */
export function answerCollateralOf(
  job: Pick<OptimisticJob, "valueAtStake" | "auditBps" | "rules">,
  price: bigint,
  attempt = 0,
): bigint {
  const { deterrence, disputeBond } = job.rules;
  const gain = price + BigInt(job.valueAtStake) * OPG;
  const checkedBps = attempt === 0 && job.auditBps > 0 ? BigInt(job.auditBps) : UNAUDITED_BPS;
  const feared = (deterrence * gain * 10_000n) / (10n * checkedBps);
  const { penalty } = latePenaltyOf(job, price);
  return (feared > penalty ? feared : penalty) + 4n * disputeBond * OPG;
}

/** What answers for the answer of an auditor, base units of OPG. */
export function auditCollateralOf({ rules }: Pick<OptimisticJob, "rules">, price: bigint): bigint {
  return 2n * price + 4n * rules.disputeBond * OPG;
}

/** What a reservation without an answer costs, and what of it waits for a second node; base units of OPG. */
export function latePenaltyOf(
  { rules }: Pick<OptimisticJob, "rules">,
  price: bigint,
): { readonly penalty: bigint; readonly prize: bigint } {
  const penalty = price * rules.latePenaltyFactor;
  const part = (penalty * rules.finisherShareBps) / 10_000n;
  return { penalty, prize: part < MOST_PRICE ? part : MOST_PRICE };
}

/** All that an order takes from its requester's balance at first; what is not used is refunded. */
export function optimisticEscrowOf(
  job: Pick<OptimisticJob, "price" | "auditBps" | "royalty" | "deliveryTip"> & {
    readonly rules: Pick<OptimisticRules, "feeBps">;
  },
): bigint {
  const answer = job.price + (job.price * job.rules.feeBps) / 10_000n;
  return (job.auditBps > 0 ? 2n : 1n) * answer + job.royalty + job.deliveryTip;
}

const valuesOf = (job: PackedOptimisticJob) => OPTIMISTIC_JOB_FIELDS.map((field) => job[field]);

const OPG = 10n ** 18n;
/** What a record has room for. */
const MOST_PRICE = (2n ** 40n - 1n) * PRICE_UNIT;
/** The part of the answers that is assumed to be checked, in basis points. */
const UNAUDITED_BPS = 1_000n;
