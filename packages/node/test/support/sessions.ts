/** Sessions in which a test is the payer, and the chain says what the test wants. */
import { join } from "node:path";

import {
  type Client,
  packSession,
  packSessionRules,
  payloadRoot,
  PRICE_UNIT,
  type Session,
  type SessionRecord,
  sessionIdOf,
  SessionState,
  type SignedReceipt,
  signReceipt,
  signVoucher,
  type Tensor,
} from "@opg-protocol/sdk";
import { callHeaders } from "@opg-protocol/sdk/session";
import { getAddress, id, Wallet } from "ethers";

import type { VersionConfig } from "../../dist/config/Config.js";
import { type Admission, AdmissionRefusedError } from "../../dist/door/Admission.js";
import type { Executable } from "../../dist/execute/Executor.js";
import { SessionAdmission } from "../../dist/sessions/SessionAdmission.js";
import { type BookedSession, SessionBook } from "../../dist/sessions/SessionBook.js";
import { SessionTable } from "../../dist/sessions/SessionTable.js";

export const PRICE = 5n * PRICE_UNIT;
export const VERSION = id("version");
export const KEY = new Wallet(id("session key"));
export const SIGNER = new Wallet(id("signer of the node"));
export const MARGIN = 60;
const addressOf = (name: string): string => getAddress(id(name).slice(0, 42));
export const NODE = addressOf("node");
export const now = (): number => Math.floor(Date.now() / 1_000);
export const RULES = {
  feeBps: 0n,
  royaltyCapBps: 0n,
  challengerShareBps: 5_000n,
  exposureBps: 10_000n,
  leastLockCalls: 400n,
  disputeBond: 1n,
  closeNoticePeriod: 10n,
  receiptHorizonPeriod: 40n,
  maxSessionPeriod: 100_000n,
  horizonPeriod: 200n,
};

export const bytes = (...values: number[]): Tensor => ({
  dtype: 2,
  shape: [values.length],
  data: Uint8Array.of(...values),
});

const NEVER = new AbortController().signal;

/** A version that takes and gives bytes. */
export const ECHO: Executable = {
  versionId: VERSION,
  path: "",
  digest: "",
  inputs: [{ name: "x", dtype: 2, shape: [0] }],
  outputs: [{ name: "y", dtype: 2, shape: [0] }],
};

const OPEN: SessionRecord = {
  state: SessionState.Open,
  funded: 1_000_000n * PRICE,
  redeemed: 0n,
  paid: 0n,
  marked: 0n,
  markedAt: 0,
  closesAt: 0,
};

/** The chain behind a node, as far as sessions ask it. */
export class SessionChain {
  readonly records = new Map<string, SessionRecord>();
  /** Times that a record was read. */
  reads = 0;
  maxLock = 10_000n * PRICE;
  used = 0n;
  endsAt = now() + 1_000_000;
  /** Wei. */
  gasPrice = 1_000_000_000n;
  /** Is called before a record is read. */
  before: (sessionId: string) => Promise<void> = () => Promise.resolve();
  readonly client: Client;

  constructor() {
    const sessions = {
      sessionOf: async (sessionId: string) => {
        this.reads += 1;
        await this.before(sessionId);
        return wordOf(this.records.get(sessionId));
      },
      governed: () => Promise.resolve({ rules: packSessionRules(RULES), treasury: NODE }),
      servingOf: () => {
        const { maxLock, used, endsAt } = this;
        return Promise.resolve({ weight: 0n, maxLock, used, earned: 0n, endsAt: BigInt(endsAt) });
      },
    };
    const provider = { getFeeData: () => Promise.resolve({ gasPrice: this.gasPrice }) };
    const staking = {
      standingOf: () => Promise.resolve({ signer: SIGNER.address, stakeThen: 1n, covered: true }),
      signerAt: () => Promise.resolve(SIGNER.address),
    };
    const addresses = { sessions: addressOf("sessions"), receipts: addressOf("receipts") };
    this.client = { chainId: 31_337n, addresses, sessions, staking, provider } as unknown as Client;
  }

  set(sessionId: string, changes: Partial<SessionRecord> = {}): void {
    this.records.set(sessionId, { ...(this.records.get(sessionId) ?? OPEN), ...changes });
  }
}

/** As InferenceSessions packs it. */
function wordOf(record: SessionRecord | undefined): bigint {
  if (record === undefined) return 0n;
  const { state, funded, redeemed, paid, marked, markedAt, closesAt } = record;
  const amounts = [funded, redeemed, paid, marked].map((amount) => amount / PRICE_UNIT);
  let word = 0n;
  let shift = 0n;
  for (const [value, bits] of [BigInt(state), ...amounts, BigInt(markedAt), BigInt(closesAt)].map(
    (part, i) => [part, [8n, 44n, 44n, 44n, 44n, 36n, 36n][i] ?? 0n] as const,
  )) {
    word |= value << shift;
    shift += bits;
  }
  return word;
}

/** Equal in all processes of a test: sessions are known by what their fields hash to. */
const TOMORROW = (Math.floor(now() / 86_400) + 2) * 86_400;

/** A session of its own for each number. */
export const sessionWith = (number: number, changes: Partial<Session> = {}): Session => ({
  versionId: VERSION,
  payer: addressOf("payer"),
  callPrice: PRICE,
  node: NODE,
  collateral: 1_000_000n * PRICE,
  key: KEY.address,
  royaltyPayee: addressOf("owner"),
  royalty: 0n,
  endsAt: TOMORROW,
  nonce: BigInt(number),
  rules: RULES,
  ...changes,
});

/** A book, a table and an admission over them, with sessions that the node has consented to. */
export class SessionBench {
  readonly chain: SessionChain;
  readonly book: SessionBook;
  readonly table: SessionTable;
  readonly admission: SessionAdmission;
  /** What the node asks for a byte of a text. */
  tokenPrice: bigint | undefined;

  readonly #folder: string;

  constructor(folder: string, others: Admission = NOBODY, chain = new SessionChain()) {
    this.#folder = folder;
    this.chain = chain;
    this.book = SessionBook.open(join(folder, "sessions.sqlite"));
    this.table = new SessionTable(this.chain.client, this.book);
    const offers = { offer: () => ({ id: VERSION, floorPrice: 0n, sessions: this.#terms() }) };
    const modules = { client: this.chain.client, signer: SIGNER, book: this.book, table: this.table, offers, others };
    this.admission = new SessionAdmission(modules, { margin: MARGIN, waiting: 1 });
  }

  #terms(): NonNullable<VersionConfig["sessions"]> {
    const { tokenPrice } = this;
    return { price: PRICE, maxLock: this.chain.maxLock, ...(tokenPrice !== undefined && { tokenPrice }) };
  }

  /** The same node as it is after its process has ended and another one has begun. */
  restarted(): SessionBench {
    this.book.close();
    return new SessionBench(this.#folder, NOBODY, this.chain);
  }

  /** Consents to a session that the chain then has; gives its id. */
  async open(number: number, changes: Partial<Session> = {}): Promise<string> {
    const packed = packSession(sessionWith(number, changes));
    const sessionId = sessionIdOf(this.chain.client, packed);
    await this.book.consent(sessionId, packed, now());
    this.chain.set(sessionId);
    return sessionId;
  }

  /** What pays for a call. */
  async paid(sessionId: string, sequence: bigint, amount = sequence * PRICE, key = KEY): Promise<Headers> {
    const voucher = await signVoucher(this.chain.client, key, { sessionId, amount });
    return new Headers(callHeaders({ sequence, voucher }));
  }

  /** A call from its head to its ticket. */
  async admit(headers: Headers, input: Tensor = bytes(1), versionId = VERSION, signal = NEVER) {
    const caller = await this.admission.identify({ versionId, headers, address: "127.0.0.1" });
    return caller.admit({ versionId, byteLength: 1, inputs: [input], inputRoot: payloadRoot([input]), signal });
  }

  /** A call that is answered; gives the headers of the answer. */
  async serve(sessionId: string, sequence: bigint, input: Tensor = bytes(1), output: Tensor = bytes(2)) {
    const ticket = await this.admit(await this.paid(sessionId, sequence), input);
    return ticket.complete({ outputs: [output], outputRoot: payloadRoot([output]) });
  }
}

/** What the book is given when a call is answered, without the rest of the node. */
export async function servedCall(
  client: Pick<Client, "chainId" | "addresses">,
  booked: BookedSession,
  disputableUntil = 0,
) {
  const { sessionId, next: sequence } = booked;
  const input = bytes(Number(sequence & 255n), Number((sequence >> 8n) & 255n));
  const inputRoot = payloadRoot([input]);
  const receipt: SignedReceipt = await signReceipt(client, SIGNER, {
    sessionId,
    sequence,
    versionId: VERSION,
    inputRoot,
    outputRoot: inputRoot,
    price: PRICE,
    issuedAt: now(),
  });
  const voucher = await signVoucher(client, KEY, { sessionId, amount: sequence * PRICE });
  return { receipt, voucher, inputs: [input], outputs: [input], disputableUntil };
}

const NOBODY: Admission = {
  identify: () => Promise.reject(new AdmissionRefusedError(402, "This node answers calls that a voucher pays for.")),
};
