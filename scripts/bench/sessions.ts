import { id, parseEther } from "ethers";

import { receiptHash } from "../../packages/sdk/src/codecs/receipt.ts";
import { BATCH_URI, largeBatchOf } from "../../test/support/batches.ts";
import { time } from "../../test/support/network.ts";
import type { Offering } from "../../test/support/optimistic.ts";
import { conversing, TestSession } from "../../test/support/sessions.ts";
import { figure, type Figure, type Figures } from "./figures.ts";

const MANY = 100;
const CALLS = 1_000n;
/** Of a path in a batch of 2^20 leaves. */
const DEPTH = 20;
/** So cheap that one node carries all sessions at once; the owner's part is capped at three tenths. */
const TERMS = { callPrice: parseEther("0.005"), royalty: parseEther("0.0015"), collateral: parseEther("6") };
/** Longer than all clocks behind the end of a session, seconds. */
const SETTLED_AFTER = 3_600;
const SESSION_DEPOSIT = parseEther("20");

/** What a session costs, move by move and by the call, and what shows its receipts. */
export async function sessionFigures(): Promise<Figures> {
  const suite = await conversing();
  // Fills all balances and slots.
  await wholeSession(suite);
  const { open, redeem, close, settle } = await wholeSession(suite);
  const whole = await figure("", open, redeem, close);
  return {
    "sessions.open": await figure("By the payer, out of its balance; not the node's first.", open),
    "sessions.redeem": await figure("A session's first voucher.", redeem),
    "sessions.close": await figure("By the node: what nobody has redeemed goes back at once.", close),
    "sessions.settle": await figure("Pays all that was redeemed, and lets the collateral go.", settle),
    ...(await manyFigures(suite)),
    "lifecycle.session.per1000": perOne(
      whole,
      Number(CALLS),
      `Per call of ${CALLS}: opened, redeemed once, closed; ${whole.gas} in all. What sessions.settle costs comes after it.`,
    ),
    ...(await receiptFigures(suite)),
  };
}

/** What a voucher costs among many, each the first of its session. */
async function manyFigures(suite: Offering): Promise<Figures> {
  const { sessions, stranger } = suite;
  const all = [];
  for (let i = 0; i < MANY; i++) all.push(await TestSession.open(suite, TERMS, SESSION_DEPOSIT));
  const vouchers = await Promise.all(all.map((session) => session.voucher(TERMS.callPrice)));
  const many = await figure("", await sessions.connect(stranger).redeemMany(vouchers));
  return {
    [`sessions.redeemMany.${MANY}`]: perOne(
      many,
      MANY,
      `Per voucher of ${MANY}, each the first of its session; ${many.gas} in all.`,
    ),
  };
}

/** What it costs to post many statements at once, and to show one. */
async function receiptFigures(suite: Offering): Promise<Figures> {
  const { commitments, receipts, sessions, first, stranger } = suite;
  const session = await TestSession.open(suite, TERMS, SESSION_DEPOSIT);
  const receipt = await session.receipt();
  const path = Array.from({ length: DEPTH }, (_, level) => id(`sibling ${level}`));
  const batch = largeBatchOf(first.signer.address, 0n, receiptHash(receipt), path);
  const post = await commitments.connect(first.signer).postBatch(batch.root, batch.count, BATCH_URI);
  const proof = TestSession.inBatch(batch, 0n, path);
  const shown = await receipts.connect(stranger).show(sessions, session.packed, receipt, proof);
  const checked = await commitments.checkLeaf.estimateGas(batch, 0n, receiptHash(receipt), path);
  const data = commitments.interface.encodeFunctionData("checkLeaf", [batch, 0n, receiptHash(receipt), path]);
  return {
    "batch.post": await figure(`2^${DEPTH} leaves, as much as one.`, post),
    [`batch.verifyInclusion.2^${DEPTH}`]: {
      gas: Number(checked),
      calldataBytes: (data.length - 2) / 2,
      note: "A view, as a transaction of its own.",
    },
    "receipts.show": await figure("Signed by the node.", await session.show(await session.receipt({ sequence: 2n }))),
    [`receipts.show.2^${DEPTH}`]: await figure(`A leaf of a batch of 2^${DEPTH}.`, shown),
  };
}

/** Opened, redeemed once, closed by the node, and settled when all is final. */
async function wholeSession(suite: Offering) {
  const session = await TestSession.agree(suite, TERMS);
  const open = await session.openAs(suite.requester, SESSION_DEPOSIT);
  const redeem = await session.redeem(CALLS * TERMS.callPrice);
  const close = await session.close(suite.first.signer);
  await time.increase(SETTLED_AFTER);
  return { open, redeem, close, settle: await session.settle() };
}

const perOne = ({ gas, calldataBytes }: Figure, count: number, note: string): Figure => ({
  gas: Math.ceil(gas / count),
  calldataBytes: Math.ceil(calldataBytes / count),
  note,
});
