/** A node's door on this machine that serves as it should, or not; and the chain behind it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { hexlify, id, toBeHex, type TransactionRequest, Wallet, ZeroAddress } from "ethers";

import { signReceipt, type SignedReceipt } from "../../src/actions/sessions/receipts.ts";
import { sessionIdOf } from "../../src/actions/sessions/sessions.ts";
import { voucherSigner } from "../../src/actions/sessions/vouchers.ts";
import type { Client } from "../../src/client.ts";
import { payloadRoot } from "../../src/codecs/payload.ts";
import type { Receipt } from "../../src/codecs/receipt.ts";
import { PRICE_UNIT } from "../../src/codecs/priceUnit.ts";
import { packSession, type Session, SessionState } from "../../src/codecs/session.ts";
import { packWord } from "../../src/codecs/words.ts";
import { interfaces } from "../../src/contracts.ts";
import { decodeInferRequest, encodeInferResponse, HEADER_LENGTH, type NamedTensor } from "../../src/oip/index.ts";
import {
  beginningOf,
  MemorySessionStore,
  readCallHeaders,
  readReceiptQuestion,
  RECEIPT_HEADER,
  SessionClient,
  type SessionClientParameters,
  textBytes,
  TextEvent,
  writeReceipt,
} from "../../src/session/index.ts";
import { LocalServer } from "../LocalServer.ts";
import { addressOf, clientOf } from "../support.ts";

export const PRICE = 5n * PRICE_UNIT;
export const VERSION = id("version");
export const NODE = addressOf("node");
export const KEY = new Wallet(id("session key"));
export const SIGNER = new Wallet(id("signer of the node"));
const RECORD = { state: 8, funded: 44, redeemed: 44, paid: 44, marked: 44, markedAt: 36, closesAt: 36 } as const;

/** An input of its own for each number. */
export const input = (number: number): readonly NamedTensor[] => [
  { name: "x", dtype: 2, shape: [2], data: Uint8Array.of(number & 255, (number >> 8) & 255) },
];
export const SIGNATURE = { inputs: [{ name: "x", dtype: 2, shape: [0] }], outputs: [{ name: "y" }] };
const outputs = (inputs: readonly NamedTensor[]): NamedTensor[] =>
  inputs.map(({ data }, i) => ({
    name: i === 0 ? "y" : `y${i}`,
    dtype: 2,
    shape: [data.length],
    data: data.map((byte) => byte ^ 255),
  }));

/** What the chain says. */
export class TestStanding {
  state: number = SessionState.Open;
  funded = 1_000n * PRICE;
  closesAt = 0;
  signer = SIGNER.address;
  /** Signed for the node before then, unix seconds. */
  earlier: { readonly signer: string; readonly until: number } = { signer: ZeroAddress, until: 0 };
  covered = true;
  asked = 0;

  client(): Client {
    const call = ({ data }: TransactionRequest): Promise<string> => {
      const text = String(data);
      const read = (contract: "sessions" | "staking", name: string, values: readonly unknown[]) =>
        interfaces[contract].encodeFunctionResult(name, values as never);
      if (text.startsWith(interfaces.sessions.getFunction("sessionOf").selector)) {
        this.asked += 1;
        return Promise.resolve(read("sessions", "sessionOf", [this.#record()]));
      }
      if (text.startsWith(interfaces.staking.getFunction("signerAt").selector)) {
        const [, time] = interfaces.staking.decodeFunctionData("signerAt", text);
        const { signer, until } = this.earlier;
        return Promise.resolve(read("staking", "signerAt", [time < until ? signer : this.signer]));
      }
      return Promise.resolve(read("staking", "standingOf", [this.signer, 10n ** 24n, this.covered]));
    };
    return clientOf({ call });
  }

  #record(): bigint {
    const { state, funded, closesAt } = this;
    const fields = { redeemed: 0n, paid: 0n, marked: 0n, markedAt: 0n };
    const units = { state: BigInt(state), funded: funded / PRICE_UNIT, closesAt: BigInt(closesAt), ...fields };
    return BigInt(packWord(RECORD, units));
  }
}

export const FIELDS: Session = {
  versionId: VERSION,
  payer: addressOf("payer"),
  callPrice: PRICE,
  node: NODE,
  collateral: 1_000n * PRICE,
  key: KEY.address,
  royaltyPayee: addressOf("owner"),
  royalty: 0n,
  endsAt: Math.floor(Date.now() / 1_000) + 86_400,
  nonce: 1n,
  rules: {
    feeBps: 0n,
    royaltyCapBps: 0n,
    challengerShareBps: 5_000n,
    exposureBps: 10_000n,
    leastLockCalls: 400n,
    disputeBond: 1n,
    closeNoticePeriod: 10n,
    receiptHorizonPeriod: 40n,
    maxSessionPeriod: 1_000n,
    horizonPeriod: 200n,
  },
};

/** What the door makes of a call: what it signs, whether it serves at all, and whether it says so. */
export interface Conduct {
  readonly receipt?: (receipt: Receipt) => Receipt;
  readonly signer?: Wallet;
  /** In place of the outputs. */
  readonly body?: string;
  /** In place of the header with the receipt; null leaves it out. */
  readonly header?: string | null;
  /** Hangs up before anything is served, or after it. */
  readonly hangsUp?: "before" | "after";
  /** Says no with this status, and serves nothing. */
  readonly status?: number;
  /** With that, when to come again, seconds. */
  readonly retryAfter?: number;
  /** Sends so many bytes of a stream, serves that beginning, and hangs up. */
  readonly cutsAt?: number;
  /** Milliseconds that it takes. */
  readonly delay?: number;
  /** Answers anew what it has answered, and with this. */
  readonly outputs?: (outputs: NamedTensor[]) => NamedTensor[];
}

export class TestDoor {
  readonly standing = new TestStanding();
  readonly client = this.standing.client();
  readonly packed = packSession(FIELDS);
  readonly sessionId = sessionIdOf(this.client, this.packed);
  /** Calls that it has served. */
  readonly served = new Map<bigint, SignedReceipt>();
  readonly requests: string[] = [];
  /** Most that a voucher has allowed it to claim. */
  best = 0n;
  conduct: () => Conduct = () => ({});
  /** In place of a receipt that somebody asks for. */
  says: string | undefined;
  /** One call after the other, as a node serves a session. */
  #line: Promise<void> = Promise.resolve();
  readonly #server = new LocalServer((request, response) => {
    void this.#answer(request, response);
  });

  get url(): string {
    return this.#server.url;
  }

  get earned(): bigint {
    return BigInt(this.served.size) * PRICE;
  }

  get inferences(): number {
    return this.requests.filter((line) => line.startsWith("POST")).length;
  }

  async listen(): Promise<this> {
    await this.#server.listen();
    return this;
  }

  /** All calls that have come are dealt with. */
  idle(): Promise<void> {
    return this.#line;
  }

  close(): void {
    this.#server.close();
  }

  session(changes: Partial<SessionClientParameters> = {}): SessionClient {
    const { client, packed: session, url } = this;
    const opened = { client, session, url, key: KEY, store: new MemorySessionStore(), signature: SIGNATURE };
    return new SessionClient({ ...opened, ...changes });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = new Headers(request.headers as Record<string, string>);
    if (request.url === "/v1/receipts") {
      const { sequence, voucher } = readReceiptQuestion(headers);
      const receipt = voucherSigner(this.client, voucher) === KEY.address ? this.served.get(sequence) : undefined;
      response.writeHead(receipt === undefined ? 404 : 200).end(receipt && (this.says ?? writeReceipt(receipt)));
      return;
    }
    const turn = this.#line.then(() => this.#infer(headers, Buffer.concat(chunks), response));
    this.#line = turn;
    await turn;
  }

  async #infer(headers: Headers, body: Uint8Array, response: ServerResponse): Promise<void> {
    const conduct = this.conduct();
    const paid = readCallHeaders(headers);
    if (paid === undefined || voucherSigner(this.client, paid.voucher) !== KEY.address) throw new Error("not paid");
    if (paid.voucher.amount > this.best) this.best = paid.voucher.amount;
    if (conduct.hangsUp === "before") {
      response.destroy();
      return;
    }
    if (conduct.status !== undefined) {
      const again = conduct.retryAfter === undefined ? {} : { "retry-after": String(conduct.retryAfter) };
      response.writeHead(conduct.status, again).end(JSON.stringify({ error: "no" }));
      return;
    }
    if (conduct.delay !== undefined) await sleep(conduct.delay);
    const asked = decodeInferRequest(body, headers.get(HEADER_LENGTH) ?? undefined);
    const inputs = conduct.cutsAt === undefined ? asked.inputs : beginningOf(asked.inputs, conduct.cutsAt);
    const given = (conduct.outputs ?? ((same) => same))(outputs(inputs));
    const kept = conduct.outputs === undefined ? this.served.get(paid.sequence) : undefined;
    const inputRoot = payloadRoot(inputs);
    if ((kept ?? { inputRoot }).inputRoot !== inputRoot) {
      response.writeHead(409).end(JSON.stringify({ error: "another input" }));
      return;
    }
    const receipt = kept ?? (await this.#receipt(conduct, paid.sequence, inputRoot, payloadRoot(given)));
    this.served.set(paid.sequence, receipt);
    if (conduct.hangsUp === "after") {
      response.destroy();
      return;
    }
    if (conduct.cutsAt !== undefined) {
      const sent = textBytes(inputs, given).subarray(0, conduct.cutsAt);
      response.writeHead(200).end(`event: ${TextEvent.Bytes}\ndata: ${hexlify(sent).slice(2)}\n\n`);
      return;
    }
    const message = encodeInferResponse({
      model: VERSION,
      version: "1.0",
      outputs: given.map((y) => ({ ...y, form: "binary" })),
    });
    const text = conduct.header === undefined ? writeReceipt(receipt) : conduct.header;
    const receiptHeader = text !== null && { [RECEIPT_HEADER]: text };
    if (conduct.body !== undefined) response.writeHead(200, { ...receiptHeader }).end(conduct.body);
    else response.writeHead(200, { ...message.headers, ...receiptHeader }).end(message.body);
  }

  #receipt(conduct: Conduct, sequence: bigint, inputRoot: string, outputRoot: string): Promise<SignedReceipt> {
    const issuedAt = Math.floor(Date.now() / 1_000);
    const { sessionId } = this;
    const honest = { sessionId, sequence, versionId: VERSION, inputRoot, outputRoot, price: PRICE, issuedAt };
    return signReceipt(this.client, conduct.signer ?? SIGNER, (conduct.receipt ?? ((same) => same))(honest));
  }
}

/** Another word than this one. */
export const otherWord = (word: string): string => toBeHex(BigInt(word) ^ 1n, 32);
