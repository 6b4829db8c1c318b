import { strict as assert } from "node:assert";
import { after, beforeEach, describe, it } from "node:test";

import { payloadRoot, receiptSigner, SessionState } from "@opg-protocol/sdk";
import { readReceiptText, RECEIPT_HEADER } from "@opg-protocol/sdk/session";
import { id, Wallet } from "ethers";

import { bytes, MARGIN, now, PRICE, SessionBench, SIGNER, VERSION } from "../support/sessions.ts";
import { temporaryFolder } from "../support/folder.ts";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";

const refused = (status: number, reason: string) => ({ name: "AdmissionRefusedError", status, reason });

describe("SessionAdmission", () => {
  const folder = temporaryFolder();
  let bench: SessionBench;
  let session: string;
  beforeEach(async () => {
    bench = new SessionBench(mkdtempSync(join(folder, "book-")));
    session = await bench.open(1);
  });
  after(() => {
    bench.book.close();
  });
  const receiptIn = (headers: Readonly<Record<string, string>>) => readReceiptText(headers[RECEIPT_HEADER] ?? "");

  it("binds the node to its answer, and keeps it before it is given", async () => {
    const receipt = receiptIn(await bench.serve(session, 1n, bytes(1), bytes(9)));
    const { client } = bench.chain;
    assert.equal(receiptSigner(client, receipt), SIGNER.address);
    assert.deepEqual(
      [receipt.sessionId, receipt.sequence, receipt.versionId, receipt.price],
      [session, 1n, VERSION, PRICE],
    );
    assert.deepEqual(
      [receipt.inputRoot, receipt.outputRoot],
      [bytes(1), bytes(9)].map((one) => payloadRoot([one])),
    );
    assert.deepEqual(bench.book.receipt(session, 1n), receipt);
    assert.deepEqual(await bench.book.tensors(receipt.inputRoot), [bytes(1)]);
    assert.deepEqual(await bench.book.tensors(receipt.outputRoot), [bytes(9)]);
    const booked = bench.book.find(session);
    assert.deepEqual([booked?.next, booked?.voucher?.amount], [2n, PRICE]);
  });

  const heads: readonly (readonly [what: string, status: number, reason: string, head: () => Promise<Headers>])[] = [
    ["nobody pays for", 402, "This node answers calls that a voucher pays for.", () => Promise.resolve(new Headers())],
    [
      "has headers that cannot be read",
      402,
      "opg-voucher must be amount;r;vs.",
      async () => {
        const headers = await bench.paid(session, 1n);
        headers.append("opg-voucher", "1;2;3;4");
        return headers;
      },
    ],
    [
      "names a session that is not there",
      402,
      "This node has no such session.",
      () => bench.paid(id("no session"), 1n),
    ],
    [
      "names a session that the node wants and the chain has not",
      402,
      "This node has no such session.",
      async () => {
        const other = await bench.open(2);
        bench.chain.records.delete(other);
        return bench.paid(other, 1n);
      },
    ],
    [
      "somebody else has signed for",
      401,
      "The voucher is not signed by the session's key.",
      () => bench.paid(session, 1n, PRICE, new Wallet(id("stranger"))),
    ],
  ];
  for (const [what, status, reason, head] of heads) {
    it(`refuses by its head alone a call that ${what}`, async () => {
      const arrival = { versionId: VERSION, headers: await head(), address: "127.0.0.1" };
      await assert.rejects(bench.admission.identify(arrival), refused(status, reason));
    });
  }

  const over = "The session is over, or so near its end that nothing more is served in it.";
  const calls: readonly (readonly [
    what: string,
    status: number,
    reason: () => string,
    call: () => Promise<unknown>,
  ])[] = [
    [
      "is for another version",
      409,
      () => `The session is for version ${VERSION}.`,
      async () => bench.admit(await bench.paid(session, 1n), bytes(1), id("another version")),
    ],
    [
      "is not the next one",
      409,
      () => "The next call is number 1.",
      async () => bench.admit(await bench.paid(session, 2n)),
    ],
    [
      "pays too little",
      402,
      () => `The voucher must be for ${PRICE} base units of OPG in all.`,
      async () => bench.admit(await bench.paid(session, 1n, PRICE - 1n)),
    ],
    [
      "pays with the voucher of the call before",
      402,
      () => `The voucher must be for ${2n * PRICE} base units of OPG in all.`,
      async () => {
        await bench.serve(session, 1n);
        return bench.admit(await bench.paid(session, 2n, PRICE));
      },
    ],
    [
      "there is no money for, whatever the voucher says [T103]",
      402,
      () => `The session pays ${PRICE} base units of OPG at present, ${2n * PRICE} are needed.`,
      async () => {
        bench.chain.set(session, { funded: PRICE });
        await bench.serve(session, 1n);
        return bench.admit(await bench.paid(session, 2n));
      },
    ],
    [
      "no collateral answers for any more [T106]",
      402,
      () => `The session pays ${PRICE} base units of OPG at present, ${2n * PRICE} are needed.`,
      async () => {
        const small = await bench.open(3, { collateral: PRICE });
        await bench.serve(small, 1n);
        return bench.admit(await bench.paid(small, 2n));
      },
    ],
    [
      "comes when the session is closed",
      402,
      () => over,
      async () => {
        bench.chain.set(session, { state: SessionState.Closed });
        return bench.admit(await bench.paid(session, 1n));
      },
    ],
    [
      "comes when what it earns could not be redeemed [T102]",
      402,
      () => over,
      async () => {
        bench.chain.set(session, { closesAt: now() + MARGIN - 1 });
        return bench.admit(await bench.paid(session, 1n));
      },
    ],
    [
      "repeats a number with another input",
      409,
      () => "Call 1 was served with another input.",
      async () => {
        await bench.serve(session, 1n, bytes(1));
        return bench.admit(await bench.paid(session, 1n), bytes(2));
      },
    ],
    [
      "repeats what nobody can dispute any more",
      409,
      () => "Call 1 was served too long ago.",
      async () => {
        await bench.serve(session, 1n);
        bench.book.prune(now() + 1_000);
        return bench.admit(await bench.paid(session, 1n));
      },
    ],
    [
      "comes when the chain knows more than the book: a backup was put back [T130]",
      409,
      () => "The node has lost its place in this session: close it, and open another.",
      async () => {
        bench.chain.set(session, { redeemed: 3n * PRICE });
        return bench.admit(await bench.paid(session, 1n));
      },
    ],
  ];
  for (const [what, status, reason, call] of calls) {
    it(`refuses a call that ${what}, and goes on with the next`, async () => {
      await assert.rejects(call(), (error: unknown) => {
        assert.deepEqual({ ...(error as object) }, { ...refused(status, reason()), headers: {} });
        return true;
      });
      const live = await bench.table.find(session);
      assert.equal(live?.calls, 0); // it holds no place
    });
  }

  it("looks again when there is too little money: more may have come", async () => {
    bench.chain.set(session, { funded: PRICE });
    await bench.serve(session, 1n);
    await assert.rejects(bench.serve(session, 2n), { status: 402 });
    bench.chain.set(session, { funded: 2n * PRICE });
    await bench.serve(session, 2n);
  });

  describe("where a byte of a text has its price", () => {
    const TOKEN = PRICE / 10n;
    const said = async (sequence: bigint, tokens: number | undefined, amount: bigint) => {
      const ticket = await bench.admit(await bench.paid(session, sequence, amount), bytes(Number(sequence)));
      const answer = { outputs: [bytes(2)], outputRoot: payloadRoot([bytes(2)]), tokens };
      return receiptIn(await ticket.complete(answer)).price;
    };
    beforeEach(() => {
      bench.tokenPrice = TOKEN;
    });

    it("takes that for each byte, for one at least, and no more than for any call", async () => {
      const lengths = [3, 0, 9, 10, 11, 1_000, undefined];
      const prices = [3n * TOKEN, TOKEN, 9n * TOKEN, PRICE, PRICE, PRICE, PRICE];
      let spent = 0n;
      for (const [i, tokens] of lengths.entries()) {
        assert.equal(await said(BigInt(i + 1), tokens, spent + PRICE), prices[i]);
        spent += prices[i] ?? 0n;
        assert.equal(bench.book.find(session)?.earned, spent);
      }
    });

    it("asks for what was used, and for a whole call ahead", async () => {
      await said(1n, 3, PRICE);
      const needed = 3n * TOKEN + PRICE;
      await assert.rejects(said(2n, 3, needed - 1n), {
        status: 402,
        reason: `The voucher must be for ${needed} base units of OPG in all.`,
      });
      assert.equal(await said(2n, 3, needed), 3n * TOKEN);
    });
  });

  it("gives a repeated call what it gave, with the receipt that it had, and does not run it again", async () => {
    const first = await bench.serve(session, 1n, bytes(1), bytes(9));
    const ticket = await bench.admit(await bench.paid(session, 1n));
    assert.deepEqual(ticket.outputs, [bytes(9)]);
    // Whatever the model would give now, the node says what it has said.
    assert.deepEqual(await ticket.complete({ outputs: [bytes(7)], outputRoot: payloadRoot([bytes(7)]) }), first);
    assert.equal(bench.book.find(session)?.next, 2n);
  });

  it("binds itself to nothing for a call that is not answered", async () => {
    const ticket = await bench.admit(await bench.paid(session, 1n));
    await ticket.release();
    assert.equal(bench.book.receipt(session, 1n), undefined);
    assert.equal(receiptIn(await bench.serve(session, 1n, bytes(2))).sequence, 1n);
  });

  it("runs one call of a session at a time, has one wait, and sends the others away", async () => {
    const first = await bench.admit(await bench.paid(session, 1n));
    const second = bench.admit(await bench.paid(session, 2n));
    const third = bench.admit(await bench.paid(session, 2n));
    await assert.rejects(third, { name: "CrowdedError", most: 2 });
    const other = await bench.open(2);
    await bench.serve(other, 1n); // nobody else waits for it
    await first.complete({ outputs: [bytes(2)], outputRoot: payloadRoot([bytes(2)]) });
    await (await second).release();
  });

  it("frees the place of a call that waits no longer, and not the turn of the one that runs", async () => {
    const first = await bench.admit(await bench.paid(session, 1n));
    const leaving = new AbortController();
    const waiting = bench.admit(await bench.paid(session, 2n), bytes(1), VERSION, leaving.signal);
    const reason = new Error("has hung up");
    leaving.abort(reason);
    await assert.rejects(waiting, reason);
    const next = bench.admit(await bench.paid(session, 2n));
    await first.complete({ outputs: [bytes(2)], outputRoot: payloadRoot([bytes(2)]) });
    await (await next).release();
    assert.equal((await bench.table.find(session))?.calls, 0);
  });

  it("never signs two answers of one call, however often they come at once [T107 D03]", async () => {
    const answers = await Promise.allSettled(
      [1, 2].map(async (number) => {
        const ticket = await bench.admit(await bench.paid(session, 1n), bytes(number));
        return receiptIn(await ticket.complete({ outputs: [bytes(number)], outputRoot: payloadRoot([bytes(number)]) }));
      }),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      ["fulfilled", "rejected"],
    );
  });

  it("asks the chain nothing about a call that the session's key has not signed", async () => {
    await assert.rejects(bench.serve(id("no session"), 1n), { status: 402 });
    const headers = await bench.paid(session, 1n, PRICE, new Wallet(id("stranger")));
    await assert.rejects(bench.admit(headers), { status: 401 });
    assert.equal(bench.chain.reads, 0);
  });

  it("asks the chain once for calls that come at once, and again for what was heard meanwhile", async () => {
    const headers = await bench.paid(session, 1n);
    let answer: () => void = () => undefined;
    bench.chain.before = () => new Promise<void>((resolve) => (answer = resolve));
    const identify = () => bench.admission.identify({ versionId: VERSION, headers, address: "127.0.0.1" });
    const callers = Promise.all([identify(), identify(), identify()]);
    assert.equal(bench.chain.reads, 1);
    bench.table.hear(session);
    bench.chain.before = () => Promise.resolve();
    answer();
    await callers;
    assert.equal(bench.chain.reads, 2);
  });

  it("asks the chain once for many calls, and again when something was heard", async () => {
    for (let sequence = 1n; sequence <= 5n; sequence += 1n)
      await bench.serve(session, sequence, bytes(Number(sequence)));
    assert.equal(bench.chain.reads, 1);
    bench.table.hear(session);
    await bench.serve(session, 6n);
    assert.equal(bench.chain.reads, 2);
  });

  it("serves nothing in a session that a reorganisation has taken away, until it is back", async () => {
    await bench.serve(session, 1n);
    const record = bench.chain.records.get(session);
    bench.chain.records.delete(session);
    bench.table.hearAll();
    await assert.rejects(bench.serve(session, 2n), refused(402, "This node has no such session."));
    await assert.rejects(bench.serve(session, 2n), { status: 402 });
    assert.ok(record);
    bench.chain.records.set(session, record);
    bench.table.hearAll();
    await bench.serve(session, 2n);
  });
});
