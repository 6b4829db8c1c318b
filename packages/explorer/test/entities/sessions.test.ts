import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { packSession, type Session, SessionState } from "@opg-protocol/sdk";

import { batchesOfNode, keyGrantsOf } from "../../src/entities/sessionParts.ts";
import { sessionOf, sessionsOf, stageOf, type SessionView } from "../../src/entities/sessions.ts";
import { EventIndex, type TimedEvent } from "../../src/history/EventIndex.ts";
import { address, event, hash, timeOf } from "../support/events.ts";

const OPG = 10n ** 18n;
const [payer, node, key, stranger] = [address(1), address(2), address(3), address(4)];
const id = hash("session");
const END = timeOf(1_000);

const fields: Session = {
  versionId: hash("version"),
  payer,
  callPrice: OPG / 100n,
  node,
  collateral: 40n * OPG,
  key,
  royaltyPayee: address(9),
  royalty: OPG / 1_000n,
  endsAt: END,
  nonce: 7n,
  rules: {
    feeBps: 100n,
    royaltyCapBps: 2_000n,
    challengerShareBps: 5_000n,
    exposureBps: 5_000n,
    leastLockCalls: 400n,
    disputeBond: 1n,
    closeNoticePeriod: 3_600n,
    receiptHorizonPeriod: 7_200n,
    maxSessionPeriod: 86_400n,
    horizonPeriod: 90_000n,
  },
};

const opened = (sessionId = id, block = 1) =>
  event(
    "SessionOpened",
    "sessions",
    { sessionId, payer, node, session: packSession(fields), deposit: 10n * OPG },
    { block },
  );

const settled = (state: bigint, pay: bigint, refund: bigint, block: number) =>
  event(
    "SessionSettled",
    "sessions",
    { sessionId: id, state, pay, fee: OPG / 10n, royalty: OPG / 5n, refund },
    { block },
  );

function sessionAfter(...events: readonly TimedEvent[]): SessionView {
  const session = sessionOf(EventIndex.of([opened(), ...events]), id);
  assert.ok(session !== undefined);
  return session;
}

describe("sessionsOf", () => {
  it("tells what payer and node have agreed on", () => {
    const { fields: read, funded, redeemed, endsAt } = sessionAfter();
    assert.equal(read.callPrice, OPG / 100n);
    assert.equal(read.node.toLowerCase(), node);
    assert.equal(read.rules.closeNoticePeriod, 3_600n);
    assert.deepEqual([funded, redeemed, endsAt], [10n * OPG, 0n, END]);
  });

  it("stays quick where somebody funds a session 100,000 times", () => {
    const one = event("SessionFunded", "sessions", { sessionId: id, from: stranger, amount: 1n }, { block: 2 });
    const many = Array.from({ length: 100_000 }, (_, i) => ({ ...one, logIndex: one.logIndex + i }));
    const start = performance.now();
    const session = sessionAfter(...many);
    assert.equal(session.moves.length, 100_001);
    assert.equal(session.funded, 10n * OPG + 100_000n);
    const ms = performance.now() - start;
    assert.ok(ms < 4_000, `${ms} ms`);
  });

  it("adds what came in, and takes the last sum that vouchers have claimed", () => {
    const session = sessionAfter(
      event("SessionFunded", "sessions", { sessionId: id, from: payer, amount: 5n * OPG }, { block: 2 }),
      event("VoucherRedeemed", "sessions", { sessionId: id, redeemed: 2n * OPG }, { block: 3 }),
      event("VoucherRedeemed", "sessions", { sessionId: id, redeemed: 3n * OPG }, { block: 4, tx: "last" }),
    );
    assert.deepEqual([session.funded, session.redeemed], [15n * OPG, 3n * OPG]);
    assert.equal(session.redeemedTx, hash("last"));
    assert.deepEqual(
      session.moves.map(({ amount }) => amount),
      [10n * OPG, 5n * OPG, 2n * OPG, OPG],
    );
  });

  it("follows a session from the wish to close to its release", () => {
    const closesAt = timeOf(100);
    const closing = event(
      "SessionClosing",
      "sessions",
      { sessionId: id, caller: payer, closesAt: BigInt(closesAt) },
      { block: 5 },
    );
    const session = sessionAfter(closing);
    assert.equal(stageOf(session, timeOf(6)), "closing");
    assert.equal(stageOf(session, closesAt), "ended");

    const closed = sessionAfter(closing, settled(BigInt(SessionState.Closed), 0n, 7n * OPG, 101));
    assert.equal(stageOf(closed, timeOf(101)), "closed");
    assert.equal(closed.refunded, 7n * OPG);

    const released = sessionAfter(
      closing,
      settled(BigInt(SessionState.Closed), 0n, 7n * OPG, 101),
      settled(BigInt(SessionState.Released), 2n * OPG, 0n, 200),
    );
    assert.equal(stageOf(released, timeOf(201)), "released");
    // Of both settlements, with fee and royalty.
    assert.equal(released.paid, 2n * OPG + 2n * (OPG / 10n) + 2n * (OPG / 5n));
  });

  it("knows that an open session is over when its end is past, though the chain has not been told", () => {
    const session = sessionAfter();
    assert.equal(stageOf(session, END - 1), "open");
    assert.equal(stageOf(session, END), "ended");
    assert.equal(session.state, SessionState.Open);
  });

  it("says of a lie that it is final", () => {
    const session = sessionAfter(
      event(
        "SessionFalsified",
        "sessions",
        { sessionId: id, node, refund: 9n * OPG, compensation: OPG, reporters: [stranger], reward: OPG },
        { block: 9 },
      ),
    );
    assert.equal(stageOf(session, END + 1), "falsified");
    assert.equal(session.refunded, 9n * OPG);
  });

  it("lists the newest first", () => {
    const index = EventIndex.of([opened(hash("a"), 1), opened(hash("b"), 2)]);
    assert.deepEqual(
      sessionsOf(index).map(({ sessionId }) => sessionId),
      [hash("b"), hash("a")],
    );
    assert.equal(sessionOf(index, hash("none")), undefined);
  });
});

describe("keyGrantsOf", () => {
  const granted = (limit: bigint, expiresAt: bigint, block: number) =>
    event("KeyGranted", "sessions", { payer, key, limit, expiresAt, versionsRoot: hash("list") }, { block });

  it("counts what is left of the last grant", () => {
    const index = EventIndex.of([
      granted(10n * OPG, 5_000n, 1),
      event("KeySpent", "sessions", { payer, key, amount: 4n * OPG, left: 6n * OPG }, { block: 2 }),
    ]);
    const [grant] = keyGrantsOf(index);
    assert.deepEqual([grant?.limit, grant?.left, grant?.isRevoked], [10n * OPG, 6n * OPG, false]);
    assert.equal(grant?.versionsRoot, hash("list"));
  });

  it("takes a grant of nothing for a revocation", () => {
    const revoked = event(
      "KeyGranted",
      "sessions",
      { payer, key, limit: 0n, expiresAt: 0n, versionsRoot: `0x${"0".repeat(64)}` },
      { block: 3 },
    );
    const grants = keyGrantsOf(EventIndex.of([granted(10n * OPG, 5_000n, 1), revoked]));
    assert.equal(grants.length, 1);
    assert.equal(grants[0]?.isRevoked, true);
    assert.equal(grants[0].versionsRoot, undefined);
  });
});

describe("What belongs to a session", () => {
  it("is the batches that its node's signers have posted since", () => {
    const signer = address(20);
    const posted = (poster: string, block: number) =>
      event(
        "BatchPosted",
        "commitments",
        { batchId: hash(`b${block}`), poster, root: hash("root"), count: 5n, uri: "https://a.example" },
        { block },
      );
    const index = EventIndex.of([
      event("SignerActivated", "staking", { node, signer }, { block: 1 }),
      posted(signer, 2),
      posted(signer, 6),
      posted(stranger, 7),
    ]);
    assert.deepEqual(
      batchesOfNode(index, node, timeOf(5)).map(({ batchId }) => batchId),
      [hash("b6")],
    );
  });
});
