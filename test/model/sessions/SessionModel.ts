import {
  packSession,
  type PackedSession,
  type Session,
  sessionId,
  SessionState,
} from "../../../packages/sdk/src/codecs/session.ts";

/** Amounts of sessions are whole millionths of OPG. */
export const UNIT = 10n ** 12n;
const BPS = 10_000n;

export const inUnits = (amount: bigint): bigint => amount - (amount % UNIT);
export const part = (amount: bigint, bps: bigint): bigint => (amount * bps) / BPS;

/** One session: what both sides have agreed on, which never changes, and what became of it. */
export class SessionModel {
  readonly packed: PackedSession;
  readonly id: string;
  state: SessionState = SessionState.Open;
  redeemed = 0n;
  /** Final, and paid out. */
  paid = 0n;
  /** What becomes final a receipt's horizon after `markedAt`. */
  marked = 0n;
  markedAt = 0;
  /** Zero while nobody has asked to close. */
  closesAt = 0;

  constructor(
    readonly terms: Session,
    place: { readonly chainId: bigint; readonly sessions: string },
    public funded: bigint,
  ) {
    this.packed = packSession(terms);
    this.id = sessionId(place.chainId, place.sessions, this.packed);
  }

  get isLive(): boolean {
    return this.state === SessionState.Open || this.state === SessionState.Closed;
  }

  /** From then on no voucher is worth anything. */
  get endsAt(): number {
    return this.closesAt === 0 ? this.terms.endsAt : this.closesAt;
  }

  /** From then on no verdict can come in. */
  get releasableAt(): number {
    return this.endsAt + Number(this.terms.rules.horizonPeriod);
  }

  /** When what waits is final; undefined where nothing waits. */
  get maturesAt(): number | undefined {
    return this.marked > this.paid ? this.markedAt + Number(this.terms.rules.receiptHorizonPeriod) : undefined;
  }

  /** Most that vouchers can have claimed now: what is there, as far as the collateral answers for what is not final. */
  get mostRedeemable(): bigint {
    const answered = this.paid + inUnits(part(this.terms.collateral, this.terms.rules.exposureBps));
    return this.funded < answered ? this.funded : answered;
  }

  /** All that was redeemed until now is to become final together. */
  mark(now: number): void {
    this.marked = this.redeemed;
    this.markedAt = now;
  }

  /** What storage keeps. @see the layout of SessionRecord in contracts/types/SessionTypes.sol */
  get record(): bigint {
    const amounts = [this.funded, this.redeemed, this.paid, this.marked];
    const packed = amounts.reduce(
      (word, amount, i) => word | ((amount / UNIT) << BigInt(8 + 44 * i)),
      BigInt(this.state),
    );
    return packed | (BigInt(this.markedAt) << 184n) | (BigInt(this.closesAt) << 220n);
  }

  /** What the contract still owes for it. */
  get owed(): bigint {
    return this.funded - this.paid;
  }
}
