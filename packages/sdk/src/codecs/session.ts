import { taggedHash } from "./abi.ts";
import { packPair, unpackPair } from "./job.ts";
import { inPriceUnits, PRICE_UNIT } from "./priceUnit.ts";
import { packSessionRules, type SessionRules, unpackSessionRules } from "./sessionRules.ts";
import { packWord, unpackWord } from "./words.ts";

const SHAPE = { endsAt: 40, nonce: 216 } as const;
const RECORD = { state: 8, funded: 44, redeemed: 44, paid: 44, marked: 44, markedAt: 36, closesAt: 36 } as const;
const FIELDS = ["versionId", "payer", "node", "key", "royalty", "shape", "rules"] as const;
const TYPES = ["bytes32", "bytes32", "bytes32", "address", "bytes32", "bytes32", "bytes32"] as const;

/** The ABI type of a session. */
export const SESSION_TYPE = `tuple(${FIELDS.map((field, i) => `${TYPES[i]} ${field}`).join(", ")})`;

/** Base units of OPG that can be put into one session in its life. */
export const MOST_SESSION_FUNDS = (2n ** 44n - 1n) * PRICE_UNIT;

/** A session as it travels in events and calldata. */
export type PackedSession = Readonly<Record<(typeof FIELDS)[number], string>>;

/** What payer and node agree on before a session is opened. Amounts in base units of OPG, times in unix seconds. */
export interface Session {
  /** What the node runs. */
  readonly versionId: string;
  readonly payer: string;
  /** Of one call; royalty and collateral follow it. */
  readonly callPrice: bigint;
  readonly node: string;
  /** What the node loses for one lie. */
  readonly collateral: bigint;
  /** Signs vouchers. */
  readonly key: string;
  /** Owner of the model, and what it earns of a call. */
  readonly royaltyPayee: string;
  readonly royalty: bigint;
  /** Vouchers are worth nothing from then on. */
  readonly endsAt: number;
  /** Tells sessions apart that are equal otherwise. */
  readonly nonce: bigint;
  readonly rules: SessionRules;
}

/** States of a session, as the contract numbers them. */
export const SessionState = { None: 0, Open: 1, Closed: 2, Released: 3, Falsified: 4 } as const;
export type SessionState = (typeof SessionState)[keyof typeof SessionState];

/** Why a voucher was left out, as the contract numbers it. */
export const VoucherFault = { None: 0, NoSession: 1, NotByKey: 2, NothingNew: 3 } as const;
export type VoucherFault = (typeof VoucherFault)[keyof typeof VoucherFault];

/** What storage keeps of a session. Amounts are sums since it was opened, base units of OPG; times are unix seconds. */
export interface SessionRecord {
  readonly state: SessionState;
  readonly funded: bigint;
  readonly redeemed: bigint;
  /** Final, and paid out. */
  readonly paid: bigint;
  /** What is final a receipt's horizon after `markedAt`. */
  readonly marked: bigint;
  readonly markedAt: number;
  /** Zero while nobody has asked to close. */
  readonly closesAt: number;
}

/** A session in seven words. */
export function packSession(session: Session): PackedSession {
  return {
    versionId: session.versionId,
    payer: packPair(session.payer, session.callPrice),
    node: packPair(session.node, session.collateral),
    key: session.key,
    royalty: packPair(session.royaltyPayee, session.royalty),
    shape: packWord(SHAPE, { endsAt: BigInt(session.endsAt), nonce: session.nonce }),
    rules: packSessionRules(session.rules),
  };
}

/** The fields of a session. */
export function unpackSession(session: PackedSession): Session {
  const payer = unpackPair(session.payer);
  const node = unpackPair(session.node);
  const royalty = unpackPair(session.royalty);
  const shape = unpackWord(SHAPE, session.shape);
  return {
    versionId: session.versionId,
    payer: payer.account,
    callPrice: payer.amount,
    node: node.account,
    collateral: node.amount,
    key: session.key,
    royaltyPayee: royalty.account,
    royalty: royalty.amount,
    endsAt: Number(shape.endsAt),
    nonce: shape.nonce,
    rules: unpackSessionRules(session.rules),
  };
}

/** The fields of a session's slot. */
export function unpackSessionRecord(word: bigint): SessionRecord {
  const fields = unpackWord(RECORD, word);
  return {
    state: Number(fields.state) as SessionState,
    funded: fields.funded * PRICE_UNIT,
    redeemed: fields.redeemed * PRICE_UNIT,
    paid: fields.paid * PRICE_UNIT,
    marked: fields.marked * PRICE_UNIT,
    markedAt: Number(fields.markedAt),
    closesAt: Number(fields.closesAt),
  };
}

/** The id of a session: what its fields hash to on this chain and contract. */
export function sessionId(chainId: bigint, sessions: string, session: PackedSession): string {
  return taggedHash("OPG/session", ["uint256", "address", SESSION_TYPE], [chainId, sessions, valuesOf(session)]);
}

/** From then on no voucher can be redeemed, unix seconds. */
export const sessionEndOf = (session: Pick<Session, "endsAt">, record: Pick<SessionRecord, "closesAt">): number =>
  record.closesAt === 0 ? session.endsAt : record.closesAt;

/** Least collateral of a session with this price of a call, base units of OPG. */
export const leastSessionCollateral = (rules: SessionRules, callPrice: bigint): bigint =>
  rules.leastLockCalls * callPrice + 4n * rules.disputeBond * OPG;

/** How much vouchers can claim in all at present, base units of OPG: money that is there, covered by what answers for it. */
export function mostRedeemable(
  session: Pick<Session, "collateral" | "rules">,
  record: Pick<SessionRecord, "funded" | "paid">,
): bigint {
  const most = record.paid + inPriceUnits((session.collateral * session.rules.exposureBps) / 10_000n);
  return record.funded < most ? record.funded : most;
}

const OPG = 10n ** 18n;
const valuesOf = (session: PackedSession) => FIELDS.map((field) => session[field]);
