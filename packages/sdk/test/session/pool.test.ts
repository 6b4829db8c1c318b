import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { afterEach, describe, it } from "node:test";

import { id } from "ethers";

import {
  askConsent,
  askOffer,
  askReceipt,
  auditSession,
  NoConsentError,
  NoNodeError,
  SessionPool,
} from "../../src/session/index.ts";
import { signVoucher } from "../../src/actions/sessions/vouchers.ts";
import { payloadRoot } from "../../src/codecs/payload.ts";
import { LocalServer } from "../LocalServer.ts";
import { clientOf } from "../support.ts";
import { FIELDS, input, KEY, NODE, SIGNATURE, TestDoor, VERSION } from "./support.ts";

const servers: LocalServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that says one thing to all. */
async function saying(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly url: string; readonly asked: () => number }> {
  let asked = 0;
  const server = new LocalServer((_, response) => {
    asked += 1;
    response.writeHead(status, headers).end(body);
  });
  servers.push(server);
  const { url } = await server.listen();
  return { url, asked: () => asked };
}

const signer = { getAddress: () => Promise.resolve(FIELDS.payer) };
const payer = clientOf({}, { signer: signer as never, account: FIELDS.payer });

describe("SessionPool", () => {
  const pool = (urls: readonly string[]) =>
    new SessionPool(payer, { urls, versionId: VERSION, deposit: 1n, signature: SIGNATURE });

  it("asks the next node where one is not there, says no, or has no such version, and says why of each", async () => {
    const refuses = await saying(422, '{"error":"too cheap"}');
    const lacks = await saying(404, "{}");
    const busy = await saying(503, '{"error":"stopping"}');
    const urls = [refuses.url, lacks.url, busy.url, "http://127.0.0.1:9"];
    const asked = pool(urls);
    const lost = await asked.infer({ inputs: input(1) }).catch((error: unknown) => error);
    assert.ok(lost instanceof NoNodeError);
    assert.deepEqual([...lost.reasons.keys()], urls);
    const [first, second, third] = [...lost.reasons.values()] as [NoConsentError, NoConsentError, Error];
    assert.deepEqual([first.reason, second.reason], ["too cheap", "it offers no sessions of this version"]);
    assert.match(third.message, /503: stopping/);
    // Who has said no is not asked again; who was busy, or not there, is.
    await assert.rejects(asked.infer({ inputs: input(1) }), { name: "NoNodeError" });
    assert.deepEqual([refuses.asked(), lacks.asked(), busy.asked()], [1, 1, 2]);
    assert.deepEqual(await asked.sessions(), []);
  });

  it("asks nobody for inputs that the version does not take, whatever is wrong with them", async () => {
    const { url, asked } = await saying(200, "{}");
    const [x] = input(1);
    assert.ok(x);
    const wrong = [[{ ...x, name: "y" }], [{ ...x, dtype: 3 }], [{ ...x, shape: [1, 2] }], [], [x, x]];
    for (const inputs of wrong) await assert.rejects(pool([url]).infer({ inputs }), { name: "SessionInputsError" });
    const short = { ...x, data: Uint8Array.of(1) };
    await assert.rejects(pool([url]).infer({ inputs: [short] }), { name: "TensorLengthError" });
    assert.equal(asked(), 0);
  });

  it("asks nobody once it is told to stop", async () => {
    const { url, asked } = await saying(200, "{}");
    await assert.rejects(pool([url]).infer({ inputs: input(1), signal: AbortSignal.abort() }), { name: "AbortError" });
    assert.equal(asked(), 0);
  });

  it("waits for no session once it is told to stop, and leaves its opening to the next call", async () => {
    const asked = Promise.withResolvers<undefined>();
    let said: ServerResponse | undefined;
    const server = new LocalServer((_, response) => {
      said = response;
      asked.resolve(undefined);
    });
    servers.push(server);
    const { url } = await server.listen();
    const calling = pool([url]);
    const given = new AbortController();
    const call = calling.infer({ inputs: input(1), signal: given.signal });
    await asked.promise;
    given.abort();
    await assert.rejects(call, { name: "AbortError" });
    const next = calling.infer({ inputs: input(1) });
    said?.writeHead(404).end("{}");
    await assert.rejects(next, { name: "NoNodeError", message: /offers no sessions/ });
  });
});

describe("NoConsentError", () => {
  it("says the reason as a sentence, whether or not the node has", () => {
    const expected = `Node ${NODE} has not agreed to the session: No. Change its terms, or ask another node.`;
    for (const reason of ["No", "No."]) {
      const error = new NoConsentError(NODE, reason);
      assert.deepEqual([error.message, error.reason], [expected, reason]);
    }
  });
});

describe("What a door says of sessions", () => {
  it("is an offer, or nothing", async () => {
    const offer = { node: NODE, versionId: VERSION, callPrice: "5", mostCollateral: "7" };
    const { url } = await saying(200, JSON.stringify(offer));
    assert.deepEqual(await askOffer({ url, versionId: VERSION }), { ...offer, callPrice: 5n, mostCollateral: 7n });
    const byTheByte = await saying(200, JSON.stringify({ ...offer, tokenPrice: "2" }));
    assert.equal((await askOffer({ url: byTheByte.url, versionId: VERSION })).tokenPrice, 2n);
    for (const [field, value] of [
      ["node", "0x1"],
      ["callPrice", "-5"],
      ["tokenPrice", "-2"],
      ["mostCollateral", `${2n ** 96n}`],
      ["versionId", 3],
    ]) {
      const wrong = await saying(200, JSON.stringify({ ...offer, [String(field)]: value }));
      await assert.rejects(askOffer({ url: wrong.url, versionId: VERSION }), {
        name: "SessionFormatError",
        place: field,
      });
    }
  });

  it("is a consent, or nothing", async () => {
    const signature = { r: id("r"), vs: id("vs") };
    for (const validUntil of [0, 9, 2 ** 48 - 1]) {
      const { url } = await saying(200, JSON.stringify({ validUntil, signature }));
      assert.deepEqual(await askConsent({ url, session: FIELDS }), { validUntil, signature });
    }
    for (const validUntil of [-1, 0.5, 2 ** 48, "9", undefined]) {
      const { url } = await saying(200, JSON.stringify({ validUntil, signature }));
      await assert.rejects(askConsent({ url, session: FIELDS }), { name: "SessionFormatError", place: "validUntil" });
    }
  });

  it("is not followed elsewhere, and not read for ever", async () => {
    const other = await saying(200, "{}");
    const elsewhere = await saying(307, "{}", { location: other.url });
    await assert.rejects(askOffer({ url: elsewhere.url, versionId: VERSION }), TypeError);
    await assert.rejects(askConsent({ url: elsewhere.url, session: FIELDS }), TypeError);
    assert.deepEqual([elsewhere.asked(), other.asked()], [2, 0]);
    const long = await saying(200, " ".repeat(70_000));
    await assert.rejects(askOffer({ url: long.url, versionId: VERSION }), { name: "RangeError" });
  });

  it("is the receipt of a call to who holds the session's key, and to nobody else", async () => {
    const door = await new TestDoor().listen();
    const { url, sessionId, client } = door;
    const { receipt } = await door.session().infer({ inputs: input(1) });
    const own = await signVoucher(client, KEY, { sessionId, amount: 0n });
    assert.deepEqual(await askReceipt({ url, sequence: 1n, voucher: own }), receipt);
    assert.equal(await askReceipt({ url, sequence: 2n, voucher: own }), undefined);
    const voucher = { ...own, signature: { ...own.signature, r: id("r") } };
    assert.equal(await askReceipt({ url, sequence: 1n, voucher }), undefined);
    door.close();
  });
});

describe("auditSession", () => {
  const call = (number: number, isTrue = true) => ({
    inputs: input(number),
    outputs: input(number),
    receipt: { outputRoot: payloadRoot(input(isTrue ? number : number + 1)) } as never,
  });
  const run = (inputs: Parameters<Parameters<typeof auditSession>[0]["run"]>[0]) => Promise.resolve(inputs);

  it("runs all calls again, and names those whose answer differs", async () => {
    const calls = [call(1), call(2, false), call(3)];
    const audit = await auditSession({ calls, shareBps: 10_000, run });
    assert.deepEqual(audit, { seen: 3, checked: 3, wrong: [calls[1]] });
  });

  it("runs the share that it is told to, drawn by numbers that nobody can foresee", async () => {
    const calls = Array.from({ length: 4_000 }, () => call(1));
    const { seen, checked } = await auditSession({ calls, shareBps: 1_000, run });
    assert.equal(seen, 4_000);
    assert.ok(checked > 300 && checked < 500, `${checked} of 4,000`); // five standard deviations
    const numbers = [0.0999, 0.1, 0.9];
    const drawn = await auditSession({
      calls: calls.slice(0, 3),
      shareBps: 1_000,
      run,
      random: () => numbers.shift() ?? 1,
    });
    assert.equal(drawn.checked, 1);
    const none = await auditSession({ calls: [call(1, false)], shareBps: 0, run });
    assert.deepEqual(none, { seen: 1, checked: 0, wrong: [] });
  });
});
