/** The third job of the demonstration: a thousand calls, one settlement, and one false answer that costs its node all. */
import { readFileSync } from "node:fs";

import {
  findEvents,
  formatOpg,
  getSession,
  getVerdict,
  type Tensor,
  timeOutGame,
  TracedRun,
  Verdict,
} from "@opg-protocol/sdk";
import { compile, Executor } from "@opg-protocol/sdk/onnx";
import {
  type AnsweredCall,
  auditSession,
  MemorySessionStore,
  openSession,
  type SessionClient,
} from "@opg-protocol/sdk/session";
import { parseEther, type Provider } from "ethers";

import { eventually, receiptOf, untilTime } from "../chain.ts";
import { DIGITS, imageTensor, rank } from "../model.ts";
import type { Daemons } from "../nodes.ts";
import { during, say, show } from "../say.ts";
import { challengeReceipt, perform, type Venue, takeCollateral } from "./perform.ts";
import { drawSession, type SessionFigures } from "./report.ts";
import { CALLS, digitsIn, PRICE, type SessionCast, type SessionNode } from "./setup.ts";

export interface SessionDemoOptions extends Venue {
  /** What the model is to read: `loadPicture` makes it of a file. */
  readonly pixels: Uint8Array;
}

const COLLATERAL = parseEther("20");
const DEPOSIT = parseEther(PRICE) * BigInt(CALLS);
/** Calls of the lying node's session; more than the one that is false. */
const FEW = 30;

export const runSession = ({ pixels, ...venue }: SessionDemoOptions): Promise<void> =>
  perform(venue, {
    title: "OPG Protocol: a thousand calls, one settlement, and one false answer among them",
    preparing: "Release a model that can be judged, and start two nodes; one of them will lie once",
    subject: digitsIn,
    tell: (cast, provider, daemons) => tell(cast, provider, pixels, daemons),
    show: (figures) => {
      show("What it cost, and who was paid", drawSession(figures));
    },
    end: "Done. docs/sessions.md explains vouchers and receipts.",
  });

async function tell(
  cast: SessionCast,
  provider: Provider,
  pixels: Uint8Array,
  daemons: Daemons,
): Promise<SessionFigures> {
  const { payer } = cast;
  const from = await provider.getBlockNumber();
  const good = await open(cast, cast.honest, DEPOSIT);
  const took = await call(good.session, pixels, CALLS);
  const redeemed = await during("The node redeems the last voucher, which pays for all of them", () =>
    daemons.until(
      eventually(async () => (await findEvents(payer, "sessions", "VoucherRedeemed", [good.session.id], from))[0]),
    ),
  );
  if (redeemed.args.redeemed !== DEPOSIT) throw new Error("The voucher did not pay for all calls");

  const bad = await open(cast, cast.liar, parseEther("1"));
  await call(bad.session, pixels, FEW);
  const executor = new Executor(compile(readFileSync(DIGITS.artifact)));
  const audit = await during("The payer runs its calls again", () =>
    auditSession({
      calls: bad.store.calls,
      shareBps: 10_000,
      run: (inputs) => Promise.resolve(executor.run(inputs)),
    }),
  );
  const [lie] = audit.wrong;
  if (lie === undefined) throw new Error("The lie was not found");
  const truth = executor.run(lie.inputs);
  say(`Call ${lie.receipt.sequence} says ${digitIn(lie.outputs)}; the model says ${digitIn(truth)}`);
  const punished = await dispute(cast, provider, bad, lie, executor);

  const settled = await during("What the honest node has earned is final when nobody can dispute it any more", () =>
    daemons.until(
      eventually(async () => (await findEvents(payer, "sessions", "SessionSettled", [good.session.id], from))[0]),
    ),
  );
  const { gasUsed: openGas } = await receiptOf(provider, good.opened);
  const { gasUsed: redeemGas } = await receiptOf(provider, redeemed.transactionHash);
  const { pay, fee, royalty } = settled.args;
  const calls = good.store.calls.length;
  const lieAt = Number(lie.receipt.sequence);
  return { calls, milliseconds: took, openGas, redeemGas, pay, fee, royalty, lieAt, ...punished };
}

interface Opened {
  readonly session: SessionClient;
  readonly store: MemorySessionStore;
  /** The transaction that opened it. */
  readonly opened: string;
}

async function open({ payer, versionId }: SessionCast, node: SessionNode, deposit: bigint): Promise<Opened> {
  const store = new MemorySessionStore(CALLS);
  const session = await during(`Open a session of ${formatOpg(deposit)} OPG with the ${node.name}`, () =>
    openSession(payer, { versionId, url: node.url, deposit, collateral: COLLATERAL, store }),
  );
  const [event] = await findEvents(payer, "sessions", "SessionOpened", [session.id], 0);
  if (event === undefined) throw new Error("The session is not open");
  return { session, store, opened: event.transactionHash };
}

/** @returns Milliseconds. */
function call(session: SessionClient, pixels: Uint8Array, count: number): Promise<number> {
  return during(
    `Call the node ${count.toLocaleString("en")} times: voucher there, answer and receipt back`,
    async (update) => {
      const begin = performance.now();
      for (let number = 1; number <= count; number += 1) {
        await session.infer({ inputs: [{ name: "image", ...imageTensor(variant(pixels, number)) }] });
        if (number % 50 === 0) update(`${number} of ${count}`);
      }
      return performance.now() - begin;
    },
  );
}

/** A picture of its own for every call: one pixel is a little darker or brighter. */
function variant(pixels: Uint8Array, number: number): Uint8Array {
  const changed = Uint8Array.from(pixels);
  const at = number % changed.length;
  changed[at] = ((changed[at] ?? 0) + 1 + Math.floor(number / changed.length)) % 256;
  return changed;
}

async function dispute(
  cast: SessionCast,
  provider: Provider,
  { session }: Opened,
  { receipt, inputs }: AnsweredCall,
  executor: Executor,
) {
  const { payer } = cast;
  const { statement, game, deadline } = await challengeReceipt(cast, session, receipt, new TracedRun(executor, inputs));
  await during("The node has no run that leads to its answer: its clock runs out", () =>
    untilTime(provider, deadline + 1),
  );
  await timeOutGame(payer, { game });
  const verdict = await getVerdict(payer, { statement });
  if (verdict !== Verdict.False) throw new Error("The receipt is not found false");
  const punished = await takeCollateral(cast, provider, session, receipt, statement);
  const { record } = await getSession(payer, { sessionId: session.id });
  if (record.funded !== 0n) throw new Error("The session still holds money");
  return punished;
}

const digitIn = (outputs: readonly Tensor[]): number | undefined => outputs.map((output) => rank(output)[0]?.digit)[0];
