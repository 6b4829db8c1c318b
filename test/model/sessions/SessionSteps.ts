import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { id, parseEther, ZeroAddress, ZeroHash } from "ethers";

import { type Session, SessionState } from "../../../packages/sdk/src/codecs/session.ts";
import { unpackSessionRules } from "../../../packages/sdk/src/codecs/sessionRules.ts";
import type { Random } from "../Random.ts";
import type { BroughtReceipt, BroughtVoucher, Call, Step } from "../steps.ts";
import type { World } from "../World.ts";
import { inUnits, type SessionModel, UNIT } from "./SessionModel.ts";
import { type Grant, leastCollateral } from "./SessionsModel.ts";

const DAY = 86_400;
const OWN_STAKE = parseEther("1000");
const MAX_LOCK = parseEther("150");
const LEAST_BALANCE = parseEther("200");
const MOST_LIVE = 5;
/** Sessions whose receipts and vouchers are brought again. */
const RECENT = 8;

/** A lie that somebody can prove. */
interface Lie {
  readonly session: number;
  readonly receipt: BroughtReceipt;
  game: number | undefined;
}

/** Makes the steps that open sessions, pay by vouchers, end them, and prove what was false. */
export class SessionSteps {
  private count = 0;
  private games = 0;
  private sequence = 0;
  private readonly lies: Lie[] = [];
  private isHot = false;
  /** The last opening that its payer has signed. */
  private brought: Call | undefined;

  constructor(
    private readonly random: Random,
    private readonly world: World,
  ) {}

  next(): Step {
    const { random } = this;
    const live = this.live();
    if (live.length === 0 || (live.length < MOST_LIVE && random.chance(0.15))) return this.opening();
    if (random.chance(0.08)) return this.afterTheEnd();
    const session = random.pick(live);
    const open = live.filter((number) => this.isOpen(number));
    const payable = open.length === 0 || random.chance(0.1) ? live : open;
    const paid = random.pick(payable);
    const makers: readonly (() => Step)[] = [
      () => this.payment(paid),
      () => this.payment(paid),
      () => this.payments(payable),
      () => this.topUp(paid),
      () => this.ending(session),
      () => this.settling(session),
      () => this.settling(session),
      () => this.lie(session),
      () => this.proof(),
      () => this.contradiction(session),
      () => this.money(),
    ];
    return random.pick(makers)();
  }

  /** The next step against a lie that somebody has just shown or challenged: most would come too late otherwise. */
  urgent(): Step | undefined {
    const isHot = this.isHot && this.random.chance(0.8);
    this.isHot = false;
    return isHot ? this.proof() : undefined;
  }

  private isOpen(number: number): boolean {
    const { state, endsAt } = this.world.session(number);
    return state === SessionState.Open && this.world.clock.now < endsAt;
  }

  private live(): number[] {
    return [...this.world.sessions].flatMap(([number, session]) => (session.isLive ? [number] : []));
  }

  // Openings

  private opening(): Step {
    const { random, world } = this;
    const { cast, clock } = world;
    const { node } = random.pick(cast.operators);
    const payer = random.pick(cast.requesters);
    const repair = this.repair(node, payer);
    if (repair !== undefined && random.chance(0.9)) return repair;
    const { signer } = world.staking.of(node);
    const deposit = inUnits(UNIT + random.amount(parseEther("20")));
    const session = ++this.count;
    const terms = this.spoilt(this.termsOf(payer, node));
    const consent = {
      signer: random.chance(0.03) || signer === ZeroAddress ? cast.stranger : signer,
      validUntil: clock.now + random.pick([60, 60, 60, 60, 60, 60, 0, -1]),
    };
    if (random.chance(0.3)) return this.signedOpening(session, terms, deposit, consent);
    const byKey = terms.key !== payer && random.chance(0.4);
    if (byKey && world.models.sessions.grantOf(payer, terms.key).limit < deposit && random.chance(0.7)) {
      return this.step(payer, { kind: "grantKey", key: terms.key, grant: this.grant() });
    }
    const from = byKey ? terms.key : random.chance(0.02) ? cast.stranger : payer;
    const given = random.chance(0.05) ? random.pick([0n, deposit + 1n, deposit * 1_000n]) : deposit;
    const call: Call = { kind: "open", session, terms, deposit: given, consent, proof: this.proofFor(terms.versionId) };
    return this.step(from === ZeroAddress ? payer : from, call);
  }

  private termsOf(payer: string, node: string): Session {
    const { random, world } = this;
    const { sessions } = world.models;
    const versionId = world.refereed;
    const model = world.registered(versionId);
    const isAllowed = !model.restricted || model.allowed.has(payer);
    const rules = unpackSessionRules(sessions.rules);
    const callPrice = parseEther("0.01") + random.amount(parseEther("0.1"));
    const asked = isAllowed ? sessions.royaltyOf(versionId, payer, callPrice) : { payee: model.owner, royalty: 0n };
    return {
      versionId,
      payer,
      callPrice,
      node,
      collateral: leastCollateral(rules, callPrice) + random.amount(parseEther("2")),
      key: random.chance(0.5) ? payer : random.pick(world.cast.delegators),
      royaltyPayee: asked.payee,
      royalty: asked.royalty,
      endsAt: world.clock.now + random.between(20, 500),
      nonce: BigInt(this.count),
      rules,
    };
  }

  private spoilt(terms: Session): Session {
    const { random, world } = this;
    if (!random.chance(0.1)) return terms;
    const { rules, callPrice } = terms;
    const faults: readonly Partial<Session>[] = [
      { rules: { ...rules, feeBps: rules.feeBps + 1n } },
      { royalty: terms.royalty + 1n },
      { royaltyPayee: world.cast.stranger },
      { endsAt: world.clock.now },
      { endsAt: world.clock.now + Number(rules.maxSessionPeriod) + 1 },
      { collateral: leastCollateral(rules, callPrice) - 1n },
      { collateral: parseEther("600") },
      { callPrice: 0n, royalty: 0n },
      { key: ZeroAddress },
      { versionId: world.versions[0] },
      { versionId: id("unknown") },
      { nonce: BigInt(Math.max(1, this.count - 1)) },
    ];
    return { ...terms, ...random.pick(faults) };
  }

  private signedOpening(
    session: number,
    terms: Session,
    deposit: bigint,
    consent: { signer: string; validUntil: number },
  ) {
    const { random, world } = this;
    const signer = random.chance(0.05) ? world.cast.stranger : terms.payer;
    const relayFee = random.amount(parseEther("0.2"));
    const value = random.chance(0.7) ? deposit + relayFee : random.amount(deposit);
    const call: Call = { kind: "openSigned", session, terms, deposit, relayFee, value, signer, consent };
    // Brought again it says what it said, and brings nothing.
    const earlier = this.brought;
    this.brought = call;
    return this.step(world.cast.stranger, random.chance(0.1) && earlier !== undefined ? earlier : call);
  }

  /** What a node and a payer need so that sessions can be opened. */
  private repair(node: string, payer: string): Step | undefined {
    const { random, world } = this;
    const { staking, clock, addresses, cast, models } = world;
    const version = world.refereed;
    const model = world.registered(version);
    if (model.restricted && !model.allowed.has(payer)) {
      return this.step(model.owner, { kind: "setAllowed", version, requester: payer, allowed: true });
    }
    if (models.sessions.accounts.of(payer).balance < LEAST_BALANCE) {
      return this.step(payer, { kind: "deposit", ledger: "sessions", account: payer, amount: LEAST_BALANCE * 2n });
    }
    const books = staking.of(node);
    const { maxLock, used, endsAt } = models.sessions.seats.of(node, version);
    if (maxLock - used > MAX_LOCK / 4n && endsAt > clock.now + DAY) return undefined;
    const { cap, locked } = books.authorisation(addresses.sessions);
    if (cap < locked + MAX_LOCK) {
      return this.step(books.owner, { kind: "authorise", node, consumer: addresses.sessions, cap: locked + OWN_STAKE });
    }
    if (staking.backing(books) - books.locked < MAX_LOCK) {
      return this.step(cast.publisher, { kind: "stake", node, amount: OWN_STAKE / 4n });
    }
    const earliest = books.lock(addresses.sessions, version).endsAt;
    const end = Math.max(clock.now + (random.chance(0.1) ? 400 : 70 * DAY), earliest);
    const from = books.signer === ZeroAddress ? books.owner : books.signer;
    return this.step(from, { kind: "serveSessions", node, version, maxLock: used + MAX_LOCK, endsAt: end });
  }

  // Vouchers

  private payment(number: number): Step {
    const { random, world } = this;
    return this.step(world.cast.stranger, { kind: "redeem", voucher: this.voucher(number) }, random.pick([0, 0, 3]));
  }

  private payments(live: readonly number[]): Step {
    const { random, world } = this;
    const known = [...world.sessions.keys()].slice(-RECENT);
    const vouchers = Array.from({ length: random.between(1, 4) }, () =>
      this.voucher(random.pick(random.chance(0.8) ? live : known)),
    );
    // The same one twice is worth something once.
    const [first] = vouchers;
    const all = first !== undefined && random.chance(0.3) ? [...vouchers, first] : vouchers;
    return this.step(world.cast.stranger, { kind: "redeemMany", vouchers: all });
  }

  /** Mostly a new one of the session's key; some are old, of others, too much, or of no session. */
  private voucher(number: number): BroughtVoucher {
    const { random, world } = this;
    const session = world.session(number);
    const { terms, redeemed, funded } = session;
    const room = session.mostRedeemable - redeemed;
    const more = redeemed + random.amount(room > 0n ? room : parseEther("1"));
    const amounts = [more, more, more, more + 1n, redeemed, funded * 2n, redeemed / 2n];
    const signer = random.chance(0.07) ? world.cast.stranger : terms.key;
    return { session: number, amount: random.pick(amounts), signer, isStray: random.chance(0.02) };
  }

  private topUp(number: number): Step {
    const { random, world } = this;
    const { terms } = world.session(number);
    const amount = inUnits(random.amount(parseEther("10"))) + (random.chance(0.1) ? 1n : 0n);
    const other = random.pick([...world.cast.requesters, world.cast.stranger]);
    const [from, payer] = random.pick([
      [terms.payer, terms.payer],
      [terms.key, terms.payer],
      [other, other],
      [other, terms.payer],
      [terms.payer, other],
    ] as const);
    const proof = this.proofFor(terms.versionId);
    return this.step(from, { kind: "topUpSession", session: number, payer, amount, proof });
  }

  // Ends

  private ending(number: number): Step {
    const { random, world } = this;
    const { terms } = world.session(number);
    const { signer, owner } = world.staking.of(terms.node);
    const callers = [terms.payer, terms.payer, terms.key, signer, owner, world.cast.stranger];
    const from = random.pick(callers);
    return this.step(from === ZeroAddress ? owner : from, { kind: "close", session: number });
  }

  /** Mostly when something is due, or a second before. */
  private settling(number: number): Step {
    const { random, world } = this;
    const session = world.session(number);
    const ends = session.state === SessionState.Open ? session.endsAt : session.releasableAt;
    const due = Math.min(ends, session.maturesAt ?? ends);
    const wait = Math.max(0, due - world.clock.now);
    // What is far away comes by itself.
    const seconds = wait > 60 || random.chance(0.2) ? 0 : random.chance(0.1) ? Math.max(0, wait - 1) : wait;
    const isStray = random.chance(0.02);
    return this.step(world.cast.stranger, { kind: "settleSession", session: number, isStray }, seconds);
  }

  private afterTheEnd(): Step {
    const { random, world } = this;
    const recent = [...world.sessions.keys()].slice(-RECENT);
    const number = random.pick(recent);
    const session = world.session(number);
    const { terms } = session;
    const receipt = this.receiptOf(number, session, true);
    const calls: readonly Call[] = [
      { kind: "redeem", voucher: this.voucher(number) },
      { kind: "settleSession", session: number, isStray: false },
      { kind: "close", session: number },
      { kind: "topUpSession", session: number, payer: terms.payer, amount: UNIT, proof: [] },
      { kind: "punishLie", session: number, receipt },
      { kind: "punishContradiction", session: number, first: receipt, second: { ...receipt, isLie: false } },
    ];
    return this.step(terms.payer, random.pick(calls));
  }

  // Lies

  private receiptOf(number: number, session: SessionModel, isLie: boolean): BroughtReceipt {
    const { random, world } = this;
    const { signer } = world.staking.of(session.terms.node);
    const horizon = Number(session.terms.rules.receiptHorizonPeriod);
    return {
      of: random.chance(0.03) ? random.pick([...world.sessions.keys()]) : number,
      sequence: ++this.sequence,
      isLie,
      price: random.chance(0.8) ? session.terms.callPrice : random.amount(parseEther("10")),
      issuedAt: world.clock.now + random.pick([0, 0, 0, 0, -5, 1, -horizon, 1 - horizon]),
      signer: random.chance(0.04) || signer === ZeroAddress ? world.cast.stranger : signer,
    };
  }

  /** The node states something, mostly what is false, and somebody shows it. */
  private lie(number: number): Step {
    const { random, world } = this;
    const session = world.session(number);
    const { signer } = world.staking.of(session.terms.node);
    const known = this.lies.findLast((lie) => lie.session === number);
    const again = known !== undefined && random.chance(0.2);
    const receipt = again
      ? { ...known.receipt, price: known.receipt.price }
      : this.receiptOf(number, session, random.chance(0.7));
    if (!again && receipt.isLie && receipt.of === number && receipt.signer === signer) {
      this.lies.push({ session: number, receipt, game: undefined });
      this.isHot = true;
    }
    return this.step(world.cast.stranger, { kind: "show", session: number, receipt });
  }

  /** The next step against one of the last lies: a challenge, the end of the node's clock, the punishment. */
  private proof(): Step {
    const { random, world } = this;
    const open = this.lies.filter(({ session }) => world.sessions.get(session)?.isLive === true).slice(-RECENT);
    const lie = random.chance(0.7) ? open.at(-1) : open[random.int(open.length)];
    if (lie === undefined) return this.money();
    this.isHot = true;
    const { cast, clock, models, games } = world;
    const session = world.session(lie.session);
    const opened = lie.game === undefined ? undefined : games.get(lie.game);
    const punish: Call = { kind: "punishLie", session: lie.session, receipt: lie.receipt };
    if (random.chance(0.1)) return this.step(cast.stranger, punish);
    if (opened === undefined) {
      lie.game = ++this.games;
      const receipt = random.chance(0.05) ? { ...lie.receipt, isLie: false } : lie.receipt;
      const challenge: Call = { kind: "challenge", session: lie.session, receipt, game: lie.game };
      return this.step(random.pick(cast.delegators), challenge);
    }
    const statement = opened.struct.statementId;
    if (models.disputes.isFalse(statement)) return this.step(cast.stranger, punish, random.pick([0, 5, 5]));
    const wait = Math.max(0, opened.deadline + 1 - clock.now);
    const seconds = random.chance(0.2) ? Math.max(0, wait - 1) : wait;
    // What becomes final meanwhile is what a lie is punished too late for.
    const late = session.maturesAt === undefined ? 0 : random.pick([0, 0, 0, 40]);
    const game = lie.game ?? 0;
    return this.step(cast.stranger, { kind: "timeout", game }, seconds + late);
  }

  private contradiction(number: number): Step {
    const { random, world } = this;
    const session = world.session(number);
    // Rarely one that holds: it ends the session.
    const first = this.receiptOf(number, session, true);
    const second = { ...first, isLie: random.chance(0.6), sequence: first.sequence + (random.chance(0.3) ? 1 : 0) };
    const from = random.pick([world.cast.stranger, ...world.cast.delegators]);
    return this.step(from, { kind: "punishContradiction", session: number, first, second });
  }

  // Keys and money

  private money(): Step {
    const { random, world } = this;
    const { cast, models, addresses, clock } = world;
    const payer = random.pick(cast.requesters);
    const { node } = random.pick(cast.operators);
    const version = random.chance(0.1) ? world.versions[0] : world.refereed;
    const { balance } = models.sessions.accounts.of(payer);
    const { signer, owner } = world.staking.of(node);
    const operator = signer === ZeroAddress || random.chance(0.1) ? owner : signer;
    const grant = this.grant();
    const { maxLock, used } = models.sessions.seats.of(node, version);
    const choices: readonly [string, Call][] = [
      [payer, { kind: "grantKey", key: random.pick(cast.delegators), grant }],
      [payer, { kind: "grantKey", key: random.pick(cast.delegators), grant }],
      [payer, { kind: "withdraw", ledger: "sessions", to: payer, amount: random.amount(balance / 10n) }],
      [payer, { kind: "withdraw", ledger: "sessions", to: payer, amount: balance + 1n }],
      [payer, { kind: "deposit", ledger: "sessions", account: payer, amount: random.amount(LEAST_BALANCE) }],
      [cast.stranger, { kind: "claim", ledger: "sessions", node, version }],
      [cast.stranger, { kind: "claim", ledger: "sessions", node, version }],
      [cast.stranger, { kind: "collectFees", ledger: "sessions", accounts: cast.requesters }],
      [cast.publisher, { kind: "donate", to: addresses.sessions, amount: random.amount(parseEther("5")) }],
      [operator, { kind: "unserveSessions", node, version }],
      [
        random.chance(0.1) ? cast.stranger : operator,
        {
          kind: "serveSessions",
          node,
          version,
          maxLock: random.pick([maxLock, used, used / 2n, MAX_LOCK * 10n]),
          endsAt: clock.now + random.pick([50 * DAY, 80 * DAY, 95 * DAY]),
        },
      ],
    ];
    const [from, call] = random.pick(choices);
    return this.step(from, call);
  }

  private grant(): Grant {
    const { random, world } = this;
    return {
      limit: random.pick([0n, parseEther("1000"), parseEther("1000"), random.amount(parseEther("30"))]),
      expiresAt: world.clock.now + random.pick([10 * DAY, 10 * DAY, 100]),
      versionsRoot: random.pick([ZeroHash, ZeroHash, this.list.root, id("another list")]),
    };
  }

  /** The versions for which some grants are. */
  private get list(): StandardMerkleTree<string[]> {
    return StandardMerkleTree.of(
      [this.world.refereed, ...this.world.versions].map((version) => [version]),
      ["bytes32"],
    );
  }

  private proofFor(version: string): string[] {
    const { list } = this;
    const index = [...list.entries()].find(([, [listed]]) => listed === version)?.[0];
    return index === undefined || this.random.chance(0.1) ? [] : list.getProof(index);
  }

  private step(from: string, call: Call, seconds = 0): Step {
    return { from, call, seconds, blocks: 0 };
  }
}
