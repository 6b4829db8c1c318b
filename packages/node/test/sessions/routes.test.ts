import { strict as assert } from "node:assert";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, it } from "node:test";

import { consentSigner, packSession, type Session, sessionIdOf, signVoucher } from "@opg-protocol/sdk";
import { callHeaders, readReceiptText } from "@opg-protocol/sdk/session";
import { id, Wallet } from "ethers";
import type { Hono } from "hono";

import type { VersionConfig } from "../../dist/config/Config.js";
import { Consents, MOST_UNOPENED } from "../../dist/sessions/Consents.js";
import { sessionRoutes } from "../../dist/sessions/sessionRoutes.js";
import { temporaryFolder } from "../support/folder.ts";
import { KEY, NODE, PRICE, RULES, SessionBench, sessionWith, SIGNER, VERSION } from "../support/sessions.ts";

const LEAST = 400n * PRICE + 4n * 10n ** 18n; // 400 calls, and four bonds of one OPG
const fit = (changes: Partial<Session> = {}) => sessionWith(1, { collateral: LEAST, ...changes });

describe("What a node says about sessions", () => {
  const folder = temporaryFolder();
  let bench: SessionBench;
  let sessions: NonNullable<VersionConfig["sessions"]>;
  let routes: Hono;
  beforeEach(() => {
    bench = new SessionBench(mkdtempSync(join(folder, "book-")));
    bench.chain.maxLock = 10n * LEAST;
    const { book, chain } = bench;
    sessions = { price: PRICE, maxLock: 10n * LEAST, mostCollateral: 2n * LEAST };
    const offers = {
      offer: (versionId: string) => (versionId === VERSION ? { id: VERSION, floorPrice: 0n, sessions } : undefined),
    };
    const consents = new Consents({ client: chain.client, signer: SIGNER, book, offers }, NODE);
    routes = sessionRoutes(NODE, { client: chain.client, consents, book });
  });
  const ask = async (path: string, init?: RequestInit) => {
    const response = await routes.request(path, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const propose = (session: Session) =>
    ask("/sessions", { method: "POST", body: JSON.stringify(packSession(session)) });

  it("is what it asks for calls of a version, if it takes any", async () => {
    const offer = { node: NODE, versionId: VERSION, callPrice: `${PRICE}`, mostCollateral: `${2n * LEAST}` };
    assert.deepEqual(await ask(`/offers/${VERSION.toUpperCase().replace("0X", "0x")}`), { status: 200, body: offer });
    const none = { status: 404, body: { error: "This node takes no calls of that version." } };
    assert.deepEqual(await ask(`/offers/${id("other")}`), none);
    sessions = { ...sessions, tokenPrice: 7n };
    assert.deepEqual((await ask(`/offers/${VERSION}`)).body, { ...offer, tokenPrice: "7" });
  });

  it("is a consent that its signer has signed, and the session is in its book before", async () => {
    const { status, body } = await propose(fit());
    assert.equal(status, 200);
    const { client } = bench.chain;
    const sessionId = sessionIdOf(client, packSession(fit()));
    const { validUntil, signature } = body as { validUntil: number; signature: { r: string; vs: string } };
    assert.equal(consentSigner(client, sessionId, { validUntil, signature }), SIGNER.address);
    const ahead = validUntil - Date.now() / 1_000;
    assert.ok(ahead > 590 && ahead <= 600, `${ahead} s`);
    assert.deepEqual(bench.book.find(sessionId)?.session, packSession(fit()));
    assert.equal(bench.book.find(sessionId)?.isOpened, false); // it is when the chain says so
  });

  const refusals: readonly (readonly [what: string, session: () => Session, reason: () => string])[] = [
    [
      "of a version that it does not offer",
      () => fit({ versionId: id("other") }),
      () => "This node takes no calls of that version.",
    ],
    ["with another node", () => fit({ node: KEY.address }), () => `This is node ${NODE}.`],
    [
      "for less than it asks",
      () => fit({ callPrice: PRICE - 10n ** 12n }),
      () => `A call costs ${PRICE} base units of OPG.`,
    ],
    [
      "under other rules",
      () => fit({ rules: { ...RULES, feeBps: 1n } }),
      () => "The rules have changed: draft it anew.",
    ],
    [
      "with too little collateral",
      () => fit({ collateral: LEAST - 1n }),
      () => `The collateral must be ${LEAST} to ${2n * LEAST} base units of OPG.`,
    ],
    [
      "with too much collateral",
      () => fit({ collateral: 2n * LEAST + 1n }),
      () => `The collateral must be ${LEAST} to ${2n * LEAST} base units of OPG.`,
    ],
    [
      "that outlasts its lock",
      () => fit({ endsAt: bench.chain.endsAt }),
      () => `The session must end by ${bench.chain.endsAt - 200} (unix seconds).`,
    ],
    [
      "for which its lock has no room any more",
      () => {
        bench.chain.used = 9n * LEAST + 1n;
        return fit();
      },
      () => `The collateral must be ${LEAST} to ${LEAST - 1n} base units of OPG.`,
    ],
  ];
  for (const [what, session, reason] of refusals) {
    it(`is no to a session ${what}`, async () => {
      const given = session();
      assert.deepEqual(await propose(given), { status: 422, body: { error: reason() } });
      assert.equal(bench.book.find(sessionIdOf(bench.chain.client, packSession(given))), undefined);
    });
  }

  it("is what is wrong with a text that is no session", async () => {
    const { key, ...rest } = packSession(fit());
    const refused = await ask("/sessions", { method: "POST", body: JSON.stringify({ ...rest, key: `${key}00` }) });
    assert.deepEqual(refused, { status: 400, body: { error: "key must be an address." } });
    const long = await routes.request("/sessions", { method: "POST", body: " ".repeat(5_000) });
    assert.equal(long.status, 413);
  });

  it("lets who only asks neither keep others out nor fill the disk [T103]", async () => {
    const asked = await Promise.all(Array.from({ length: 30 }, (_, i) => propose(fit({ nonce: BigInt(i) }))));
    const statuses = asked.map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 200).length, 8); // the others are told to come again
    assert.ok(statuses.every((status) => status === 200 || status === 429));
    assert.equal((await propose(fit({ nonce: 99n }))).status, 200);
  });

  it("gives no further consent while its book is full of sessions that nobody has opened [T103]", async () => {
    const packed = packSession(fit());
    const asked = Array.from({ length: MOST_UNOPENED }, (_, i) => bench.book.consent(`${i}`, packed, 0));
    await Promise.all(asked);
    assert.equal((await propose(fit())).status, 429);
    assert.equal(bench.book.unopened, MOST_UNOPENED); // whoever has asked before can still open
    bench.book.forgetUnopened(1);
    assert.equal((await propose(fit())).status, 200);
  });

  it("is the receipt of a call to who holds the session's key, and nothing to anybody else", async () => {
    const session = await bench.open(1);
    const given = await bench.serve(session, 1n);
    const { client } = bench.chain;
    const question = async (sequence: bigint, key = KEY, sessionId = session) =>
      ask("/receipts", {
        headers: callHeaders({ sequence, voucher: await signVoucher(client, key, { sessionId, amount: 0n }) }),
      });
    const { status, body } = await question(1n);
    assert.equal(status, 200);
    assert.deepEqual(readReceiptText(JSON.stringify(body)), readReceiptText(given["opg-receipt"] ?? ""));
    const none = { status: 404, body: { error: "This node has served no such call to you." } };
    assert.deepEqual(await question(2n), none);
    assert.deepEqual(await question(1n, new Wallet(id("stranger"))), none);
    assert.deepEqual(await question(1n, KEY, id("other session")), none);
    assert.equal((await ask("/receipts")).status, 400);
  });
});
