import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { parseEther, type Signer, ZeroAddress, ZeroHash } from "ethers";

import { Transport } from "../../packages/sdk/src/codecs/commitment.ts";
import {
  CONSENT_TYPES,
  RECEIPT_TYPES,
  type Receipt,
  receiptsDomain,
  receiptStatementId,
  sessionsDomain,
  VOUCHER_TYPES,
  voucherMessage,
} from "../../packages/sdk/src/codecs/receipt.ts";
import {
  packSession,
  type PackedSession,
  type Session,
  sessionId,
  unpackSessionRecord,
} from "../../packages/sdk/src/codecs/session.ts";
import { unpackSessionRules } from "../../packages/sdk/src/codecs/sessionRules.ts";
import { type CompactSignature, compactOf } from "../../packages/sdk/src/codecs/signature.ts";
import { nth } from "./actors.ts";
import { BALANCE, CLOCKS, gameOf, INPUT, SMALL } from "./disputes.ts";
import { LOCK_PERIOD, MAX_LOCK, OWN_STAKE, ROYALTY } from "./fixtures.ts";
import { time } from "./network.ts";
import { HONEST, IDENTITY_OF_TOY, LYING, type Offering, offering } from "./optimistic.ts";
import { chainId } from "./payments.ts";

export const CALL_PRICE = parseEther("1");
export const COLLATERAL = parseEther("200");
export const DEPOSIT = parseEther("100");
export const SESSION_PERIOD = 1_000;
/** Of a consent, seconds. */
export const CONSENT_PERIOD = 60;

/** Nodes that let stake answer for sessions, and a payer whose balance is full. */
export const conversing = async () => conversingOn(await offering());

/** The same on a suite with other parameters. */
export async function conversingOn(suite: Offering) {
  const { sessions, staking, token, deployer, requester, nodes, version } = suite;
  await token.connect(deployer).approve(staking, OWN_STAKE * BigInt(nodes.length));
  for (const operator of nodes) {
    await staking.connect(deployer).stake(operator.node, OWN_STAKE);
    await staking.connect(operator.owner).authorise(operator.node, sessions, OWN_STAKE);
    const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
    await sessions.connect(operator.signer).serve(operator.node, version, MAX_LOCK, endsAt);
  }
  await token.connect(deployer).approve(sessions, BALANCE);
  await sessions.connect(deployer).deposit(requester, BALANCE);
  return suite;
}

let sessionCount = 0n;

/** A session of the requester with the first node, with the fields that matter to a test replaced. */
async function sessionOf(suite: Offering, changes: Partial<Session> = {}): Promise<Session> {
  sessionCount += 1n;
  return {
    versionId: suite.version,
    payer: suite.requester.address,
    callPrice: CALL_PRICE,
    node: suite.first.node,
    collateral: COLLATERAL,
    key: suite.delegator.address,
    royaltyPayee: suite.publisher.address,
    royalty: ROYALTY,
    endsAt: (await time.latest()) + SESSION_PERIOD,
    nonce: sessionCount,
    rules: unpackSessionRules((await suite.sessions.governed()).rules),
    ...changes,
  };
}

/** What a node's signer says to a session. */
export async function consentTo(suite: Offering, id: string, signer: Signer = suite.first.signer, validUntil?: number) {
  const until = validUntil ?? (await time.latest()) + CONSENT_PERIOD;
  const domain = sessionsDomain(await chainId(), await suite.sessions.getAddress());
  const message = { sessionId: id, validUntil: until };
  return { validUntil: until, signature: compactOf(await signer.signTypedData(domain, CONSENT_TYPES, message)) };
}

/** A signature that nobody has made, beside a batch. */
const NO_SIGNATURE: CompactSignature = { r: ZeroHash, vs: ZeroHash };
const NO_BATCH = { poster: ZeroAddress, root: ZeroHash, count: 0n };

/** A session, and what a test does with it. The requester pays, the delegator's account is the key. */
export class TestSession {
  private constructor(
    readonly suite: Offering,
    readonly fields: Session,
    readonly packed: PackedSession,
    readonly id: string,
    private readonly chain: bigint,
  ) {}

  /** One that is agreed on, and not opened. */
  static async agree(suite: Offering, changes: Partial<Session> = {}): Promise<TestSession> {
    const fields = await sessionOf(suite, changes);
    const packed = packSession(fields);
    const chain = await chainId();
    return new TestSession(suite, fields, packed, sessionId(chain, await suite.sessions.getAddress(), packed), chain);
  }

  /** What another contract calls it, or this one another session. */
  idOf(sessions: string, packed = this.packed): string {
    return sessionId(this.chain, sessions, packed);
  }

  static async open(suite: Offering, changes: Partial<Session> = {}, deposit = DEPOSIT): Promise<TestSession> {
    const session = await TestSession.agree(suite, changes);
    await session.openAs(suite.requester, deposit);
    return session;
  }

  async openAs(sender: HardhatEthersSigner, deposit = DEPOSIT, proof: readonly string[] = []) {
    const consent = await consentTo(this.suite, this.id, this.operator.signer);
    return this.suite.sessions.connect(sender).open(this.packed, deposit, consent, [...proof]);
  }

  get operator() {
    const found = this.suite.nodes.find(({ node }) => node === this.fields.node);
    if (found === undefined) throw new Error(`${this.fields.node} is none of the nodes`);
    return found;
  }

  async record() {
    return unpackSessionRecord(await this.suite.sessions.sessionOf(this.id));
  }

  /** A voucher of the session's key, with what its redemption needs. */
  async voucher(amount: bigint, key: Signer = this.suite.delegator) {
    const domain = sessionsDomain(await chainId(), await this.suite.sessions.getAddress());
    const message = voucherMessage({ sessionId: this.id, amount });
    const signature = compactOf(await key.signTypedData(domain, VOUCHER_TYPES, message));
    return { session: this.packed, amount, signature };
  }

  async redeem(amount: bigint) {
    return this.suite.sessions.connect(this.suite.stranger).redeem(await this.voucher(amount));
  }

  close(sender: Signer) {
    return this.suite.sessions.connect(sender).close(this.packed);
  }

  settle() {
    return this.suite.sessions.connect(this.suite.stranger).settle(this.packed);
  }

  /** What the node states about a call. */
  async receipt(changes: Partial<Receipt> = {}): Promise<Receipt> {
    return {
      sessionId: this.id,
      sequence: 1n,
      versionId: this.fields.versionId,
      inputRoot: INPUT,
      outputRoot: HONEST.outputRoot,
      price: CALL_PRICE,
      issuedAt: await time.latest(),
      ...changes,
    };
  }

  /** A receipt that says what is false. */
  lie(changes: Partial<Receipt> = {}): Promise<Receipt> {
    return this.receipt({ outputRoot: LYING.outputRoot, ...changes });
  }

  /** That the node's signer has made a receipt. */
  async signed(receipt: Receipt, signer: Signer = this.operator.signer) {
    const domain = receiptsDomain(await chainId(), await this.suite.receipts.getAddress());
    const signature = compactOf(await signer.signTypedData(domain, RECEIPT_TYPES, receipt));
    return { signature, batch: NO_BATCH, index: 0n, path: [] };
  }

  async show(receipt: Receipt, signer?: Signer) {
    const { receipts, sessions, stranger } = this.suite;
    return receipts.connect(stranger).show(sessions, this.packed, receipt, await this.signed(receipt, signer));
  }

  async statementId(receipt: Receipt): Promise<string> {
    const { commitments, receipts } = this.suite;
    const contracts = { commitments: await commitments.getAddress(), receipts: await receipts.getAddress() };
    return receiptStatementId(await chainId(), contracts, this.fields.node, receipt);
  }

  /** Disputes a receipt that was shown; the node lets the clock run out. */
  async refute(receipt: Receipt, challengers: readonly HardhatEthersSigner[]): Promise<void> {
    const { disputes, receipts, model, stranger } = this.suite;
    const statement = {
      consumer: await receipts.getAddress(),
      jobId: this.id,
      attempt: receipt.sequence,
      modelId: model,
      version: IDENTITY_OF_TOY,
      inputRoot: receipt.inputRoot,
      node: this.fields.node,
      outputRoot: receipt.outputRoot,
      transport: Transport.Direct,
    };
    for (const challenger of challengers) {
      await disputes.connect(challenger).challenge(statement, SMALL.header, [...HONEST.r], ZeroHash);
    }
    const opened = await disputes.queryFilter(disputes.filters.Challenged(await this.statementId(receipt)));
    const [deciding, ...others] = opened.map(({ args }) => gameOf(args.game));
    if (deciding === undefined) throw new Error("Nobody challenges");
    await time.increase(CLOCKS.respond + 1);
    await disputes.connect(stranger).timeout(deciding);
    for (const other of others) await disputes.connect(stranger).close(other, deciding);
  }

  /** Shows two receipts that contradict each other. */
  async contradict(sender: Signer, first: Receipt, second: Receipt) {
    const proofs = await Promise.all([first, second].map((receipt) => this.signed(receipt)));
    return this.suite.sessions
      .connect(sender)
      .punishContradiction(this.packed, first, nth(proofs, 0), second, nth(proofs, 1));
  }

  /** The end of the notice that the payer gives in the next block. */
  async noticeEnd(): Promise<number> {
    return (await time.latest()) + Number(this.fields.rules.closeNoticePeriod);
  }

  punishLie(receipt: Receipt) {
    return this.suite.sessions.connect(this.suite.stranger).punishLie(this.packed, receipt);
  }

  /** That a leaf of a batch is a receipt; nobody needs a signature beside it. */
  static inBatch(batch: { poster: string; root: string; count: bigint }, index: bigint, path: readonly string[]) {
    return { signature: NO_SIGNATURE, batch, index, path: [...path] };
  }
}
