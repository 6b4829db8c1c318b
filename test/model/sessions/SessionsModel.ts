import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { encodeBytes32String, ZeroHash } from "ethers";

import { type Session, SessionState, VoucherFault } from "../../../packages/sdk/src/codecs/session.ts";
import {
  packSessionRules,
  type SessionRules,
  unpackSessionRules,
} from "../../../packages/sdk/src/codecs/sessionRules.ts";
import type { AccountBook } from "../AccountBook.ts";
import { atomically, type Revertible, saveMap, together } from "../atomically.ts";
import type { Clock } from "../Clock.ts";
import type { GuardianModel } from "../GuardianModel.ts";
import type { Ledger } from "../Ledger.ts";
import { demand } from "../Refusal.ts";
import type { RegistryModel } from "../RegistryModel.ts";
import type { SeatBook } from "../SeatBook.ts";
import type { StakingModel } from "../StakingModel.ts";
import type { DisputesModel } from "./DisputesModel.ts";
import type { MadeReceipt, ReceiptsModel } from "./ReceiptsModel.ts";
import { inUnits, part, SessionModel, UNIT } from "./SessionModel.ts";

const OPG = 10n ** 18n;
const MOST_AMOUNT = (1n << 96n) - 1n;
const MOST_FUNDED = ((1n << 44n) - 1n) * UNIT;
const MOST_LOCK_PERIOD = 90 * 86_400;
const MOST_ADDRESS = (1n << 160n) - 1n;

export interface SessionConstants {
  readonly chainId: bigint;
  readonly address: string;
  readonly admin: string;
  /** Versions that DisputeGame has admitted. */
  readonly admitted: readonly string[];
  /** Longest game, and the time in which challengers enter among the sharers. */
  readonly disputePeriod: number;
  readonly clockFloor: number;
}

/** What a payer lets a key do. */
export interface Grant {
  readonly limit: bigint;
  readonly expiresAt: number;
  /** Of the list of versions. */
  readonly versionsRoot: string;
}

/** What a node has said to a session. */
export interface Consent {
  readonly signer: string;
  readonly validUntil: number;
}

/** A voucher with what its redemption needs. */
export interface Brought {
  readonly session: SessionModel;
  readonly amount: bigint;
  readonly signer: string;
}

/** Refused, and why; amounts since the session was opened. */
interface VoucherRefusal {
  readonly fault: VoucherFault;
  readonly redeemed: bigint;
  readonly most: bigint;
}

type Report = (event: string, ...args: readonly (string | bigint | number)[]) => void;

/** What IInferenceSessions says, as a plain state machine. Every function that sends takes its caller first. */
export class SessionsModel implements Revertible {
  private readonly sessions = new Map<string, SessionModel>();
  private readonly grants = new Map<string, Grant>();

  constructor(
    readonly constants: SessionConstants,
    public rules: string,
    readonly accounts: AccountBook,
    readonly seats: SeatBook,
    readonly receipts: ReceiptsModel,
    private readonly disputes: DisputesModel,
    private readonly clock: Clock,
    private readonly token: Ledger,
    private readonly registry: RegistryModel,
    private readonly staking: StakingModel,
    private readonly guardian: GuardianModel,
    private readonly note: (what: string) => void,
  ) {}

  serve(caller: string, node: string, version: string, maxLock: bigint, endsAt: number): void {
    demand(this.constants.admitted.includes(version), "SessionsVersionNotAdmitted", version);
    this.seats.serve(caller, node, version, maxLock, endsAt);
  }

  // Keys

  grantOf(payer: string, key: string): Grant {
    return this.grants.get(`${payer} ${key}`) ?? { limit: 0n, expiresAt: 0, versionsRoot: ZeroHash };
  }

  grantKey(caller: string, key: string, grant: Grant): void {
    this.grants.set(`${caller} ${key}`, grant);
  }

  // Money in

  open(caller: string, terms: Session, deposit: bigint, consent: Consent, proof: readonly string[]): SessionModel {
    return atomically([this], () => {
      this.useGrant(caller, terms.payer, terms, deposit, proof);
      return this.begin(terms, deposit, consent);
    });
  }

  /** A session whose payer sends nothing: `payment` brings money, and the sender earns a fee. */
  openSigned(
    caller: string,
    terms: Session,
    deposit: bigint,
    relayFee: bigint,
    consent: Consent,
    payment: { readonly value: bigint; readonly nonce: string; readonly signed: boolean },
  ): SessionModel {
    return atomically([this, this.token], () => {
      this.token.receive(terms.payer, this.constants.address, payment);
      this.accounts.credit(terms.payer, payment.value);
      this.accounts.move(terms.payer, caller, relayFee);
      return this.begin(terms, deposit, consent);
    });
  }

  topUp(caller: string, session: SessionModel, from: string, amount: bigint, proof: readonly string[]): void {
    this.checkKnown(session);
    this.checkState(session, session.state === SessionState.Open);
    demand(caller === from || from === session.terms.payer, "SessionsNotParty", session.id, caller);
    atomically([this], () => {
      this.useGrant(caller, from, session.terms, amount, proof);
      this.accounts.debit(from, amount);
      checkFunded(session.funded + amount);
    });
    session.funded += amount;
  }

  // Money out

  redeem(_caller: string, brought: Brought): void {
    const { session, amount } = brought;
    const refusal = this.tryRedeem(brought);
    if (refusal === undefined) return;
    const { fault, redeemed, most } = refusal;
    demand(false, "SessionsVoucherRefused", session.id, fault, amount, redeemed, most);
  }

  redeemMany(_caller: string, vouchers: readonly Brought[], report: Report): void {
    for (const brought of vouchers) {
      const refusal = this.tryRedeem(brought);
      if (refusal === undefined) continue;
      report("VoucherRefused", brought.session.id, refusal.fault, brought.amount, refusal.redeemed, refusal.most);
    }
  }

  close(caller: string, session: SessionModel): void {
    this.checkKnown(session);
    this.checkState(session, session.state === SessionState.Open);
    const { node, payer, key, rules } = session.terms;
    const byNode = this.staking.isOperator(node, caller);
    demand(byNode || caller === payer || caller === key, "SessionsNotParty", session.id, caller);
    const closesAt = this.clock.now + (byNode ? 0 : Number(rules.closeNoticePeriod));
    demand(closesAt < session.endsAt, "SessionsClosing", session.id, session.endsAt);
    session.closesAt = closesAt;
    if (byNode) this.advance(session);
  }

  settle(_caller: string, session: SessionModel): void {
    this.checkLive(session);
    demand(this.advance(session), "SessionsNothingDue", session.id);
  }

  // Lies

  punishLie(_caller: string, session: SessionModel, receipt: MadeReceipt): void {
    this.checkLive(session);
    const { node } = session.terms;
    const statement = this.receipts.statementOf(node, receipt);
    const shown = this.receipts.shownOf(statement);
    const isOwn = receipt.sessionId === session.id;
    demand(shown !== undefined && isOwn, "SessionsNotShown", session.id, statement);
    demand(this.disputes.isFalse(statement), "SessionsNotFalse", session.id, statement);
    const reporter = this.disputes.finalWinnerOf(statement);
    this.punish(session, shown.price, reporter);
    this.note("lie punished");
  }

  punishContradiction(caller: string, session: SessionModel, first: MadeReceipt, second: MadeReceipt): void {
    this.checkLive(session);
    const [one, other] = [first, second].map((receipt) => this.receipts.check(session, receipt).statement);
    const contradicts = first.sequence === second.sequence && one !== other;
    demand(contradicts, "SessionsNoContradiction", session.id, first.sequence, second.sequence);
    this.punish(session, first.price > second.price ? first.price : second.price, caller);
    this.note("contradiction punished");
  }

  // Governance

  /** The model knows numbers within their bounds only. */
  setRules(caller: string, rules: string, marginPeriod: number): void {
    const { admin, clockFloor, disputePeriod } = this.constants;
    demand(caller === admin, "AccessManagedUnauthorized", caller);
    within("marginPeriod", marginPeriod, Math.ceil(clockFloor / 2), 30 * 86_400);
    const numbers = unpackSessionRules(rules);
    const horizon = Number(numbers.receiptHorizonPeriod) + disputePeriod + marginPeriod;
    const { thawPeriod } = this.staking;
    demand(horizon < thawPeriod, "SessionsDeadlinesDoNotNest", horizon, thawPeriod - 1);
    const longest = Number(numbers.maxSessionPeriod) + horizon;
    demand(longest <= MOST_LOCK_PERIOD, "SessionsDeadlinesDoNotNest", longest, MOST_LOCK_PERIOD);
    this.rules = packSessionRules({ ...numbers, horizonPeriod: BigInt(horizon) });
  }

  // Views

  /** What a model's owner asks of a call. */
  royaltyOf(version: string, payer: string, callPrice: bigint): { payee: string; royalty: bigint } {
    const { royalty, payee } = this.registry.quote(version, payer);
    const cap = part(callPrice, unpackSessionRules(this.rules).royaltyCapBps);
    return { payee, royalty: royalty < cap ? royalty : cap };
  }

  all(): SessionModel[] {
    return [...this.sessions.values()];
  }

  /** All that the contract owes: balances, fees, earnings, and what of its sessions is not paid. */
  owed(): bigint {
    const inSessions = this.all().reduce((sum, { owed }) => sum + owed, 0n);
    return inSessions + this.accounts.owed + this.seats.owed;
  }

  /** What an opening or a top-up changes beside the session. */
  save(): () => void {
    return together([saveMap(this.grants), saveMap(this.sessions), this.accounts.save(), this.seats.save()]);
  }

  private useGrant(caller: string, payer: string, terms: Session, amount: bigint, proof: readonly string[]): void {
    if (caller === payer) return;
    const grant = this.grantOf(payer, caller);
    const { limit, expiresAt, versionsRoot } = grant;
    const granted = amount <= limit && terms.endsAt <= expiresAt;
    demand(granted, "SessionsKeyNotGranted", payer, caller, amount, limit, terms.endsAt, expiresAt);
    const lists = () => StandardMerkleTree.verify(versionsRoot, ["bytes32"], [terms.versionId], [...proof]);
    demand(versionsRoot === ZeroHash || lists(), "SessionsVersionNotGranted", caller, terms.versionId, versionsRoot);
    this.grantKey(payer, caller, { ...grant, limit: limit - amount });
    this.note("key spent");
  }

  private begin(terms: Session, deposit: bigint, consent: Consent): SessionModel {
    const { chainId, address } = this.constants;
    const { now } = this.clock;
    this.guardian.checkOpen();
    const session = new SessionModel(terms, { chainId, sessions: address }, deposit);
    demand(session.packed.rules === this.rules, "SessionsOtherRules", session.packed.rules, this.rules);
    checkTerms(terms, now);
    checkFunded(deposit);
    demand(!this.sessions.has(session.id), "SessionsExists", session.id);
    const { payee, royalty } = this.royaltyOf(terms.versionId, terms.payer, terms.callPrice);
    const agreed = terms.royalty === royalty && terms.royaltyPayee === payee;
    demand(agreed, "SessionsOtherRoyalty", payee, royalty);

    const { signer, covered } = this.staking.of(terms.node);
    const consents = consent.signer === signer && now <= consent.validUntil;
    demand(consents, "SessionsNoConsent", session.id, signer, consent.validUntil);
    demand(covered, "MarketNodeNotCovered", terms.node);
    this.seats.take(terms.node, terms.versionId, terms.collateral, session.releasableAt);
    this.accounts.debit(terms.payer, deposit);
    this.sessions.set(session.id, session);
    return session;
  }

  private tryRedeem({ session, amount, signer }: Brought): VoucherRefusal | undefined {
    const known = this.sessions.has(session.id);
    const { redeemed } = session;
    if (!known || session.state !== SessionState.Open || this.clock.now >= session.endsAt) {
      return { fault: VoucherFault.NoSession, redeemed, most: 0n };
    }
    const most = session.mostRedeemable;
    const sum = inUnits(amount < most ? amount : most);
    if (sum <= redeemed) return { fault: VoucherFault.NothingNew, redeemed, most };
    if (signer !== session.terms.key) return { fault: VoucherFault.NotByKey, redeemed, most };
    if (sum < amount) this.note("voucher capped");
    session.redeemed = sum;
    if (session.marked === session.paid) session.mark(this.clock.now);
    return undefined;
  }

  /** Does what is due; gives whether anything was. */
  private advance(session: SessionModel): boolean {
    const { now } = this.clock;
    let gained = 0n;
    let freed = 0n;
    let ends = false;
    const { maturesAt } = session;
    if (maturesAt !== undefined && now >= maturesAt) {
      gained = session.marked - session.paid;
      session.paid = session.marked;
      session.mark(now);
      this.note("voucher final");
    }
    if (session.state === SessionState.Open && now >= session.endsAt) {
      this.accounts.credit(session.terms.payer, session.funded - session.redeemed);
      session.funded = session.redeemed;
      this.enter(session, SessionState.Closed);
      ends = true;
    }
    if (session.state === SessionState.Closed && now >= session.releasableAt) {
      gained += session.redeemed - session.paid;
      session.paid = session.redeemed;
      session.marked = session.redeemed;
      freed = session.terms.collateral;
      this.enter(session, SessionState.Released);
      ends = true;
    }
    this.divide(session, gained, freed);
    return ends || gained > 0n;
  }

  /** Fee and royalty come out of what is final; the node has the rest. */
  private divide({ terms }: SessionModel, gained: bigint, freed: bigint): void {
    const fee = part(gained, terms.rules.feeBps);
    const royalty = (gained * terms.royalty) / terms.callPrice;
    this.seats.vacate(terms.node, terms.versionId, freed, gained - fee - royalty);
    this.accounts.credit(terms.royaltyPayee, royalty);
    this.accounts.of(terms.payer).fees += fee;
  }

  /** The node loses its collateral and what was not paid; the payer is made whole, who proved it shares, the rest burns. */
  private punish(session: SessionModel, price: bigint, reporter: string): void {
    const { node, versionId, collateral, callPrice, payer, rules } = session.terms;
    const refund = session.funded - session.paid;
    session.funded = session.paid;
    session.redeemed = session.paid;
    session.marked = session.paid;
    this.enter(session, SessionState.Falsified);
    this.seats.vacate(node, versionId, collateral, 0n);
    const { own, rewarded } = this.seats.slash(node, versionId, collateral, 0n, collateral);
    const harm = price < callPrice ? price : callPrice;
    const compensation = harm < rewarded ? harm : rewarded;
    const wanted = part(own - compensation, rules.challengerShareBps);
    const left = rewarded - compensation;
    const reward = wanted < left ? wanted : left;
    this.accounts.credit(reporter, reward);
    this.accounts.credit(payer, refund + compensation);
    this.token.burn(this.constants.address, left - reward);
  }

  private enter(session: SessionModel, state: SessionState): void {
    session.state = state;
    const name = Object.entries(SessionState).find(([, value]) => value === state)?.[0] ?? "";
    this.note(`session ${name}`);
    if (session.packed.rules !== this.rules) this.note(`session ${name} under replaced rules`);
  }

  private checkKnown(session: SessionModel): void {
    demand(this.sessions.has(session.id), "SessionsUnknown", session.id);
  }

  private checkLive(session: SessionModel): void {
    this.checkKnown(session);
    this.checkState(session, session.isLive);
  }

  private checkState(session: SessionModel, isRight: boolean): void {
    demand(isRight, "SessionsWrongState", session.id, session.state);
  }
}

function checkTerms({ callPrice, collateral, key, endsAt, rules }: Session, now: number): void {
  within("callPrice", callPrice, 1, MOST_AMOUNT);
  within("collateral", collateral, leastCollateral(rules, callPrice), MOST_AMOUNT);
  within("key", BigInt(key), 1, MOST_ADDRESS);
  within("endsAt", endsAt, now + 1, now + Number(rules.maxSessionPeriod));
}

/** What answers for a session at least. */
export const leastCollateral = (rules: SessionRules, callPrice: bigint): bigint =>
  rules.leastLockCalls * callPrice + 4n * rules.disputeBond * OPG;

function checkFunded(sum: bigint): void {
  within("funded", sum, UNIT, MOST_FUNDED);
  within("fraction", sum % UNIT, 0, 0);
}

type Amount = number | bigint;

function within(field: string, given: Amount, least: Amount, most: Amount): void {
  const isWithin = given >= least && given <= most;
  demand(isWithin, "SessionsOutOfBounds", encodeBytes32String(field), given, least, most);
}
