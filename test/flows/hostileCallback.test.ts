import { expect } from "chai";

import { PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { CALLBACK_GAS, OUTPUT_ROOT, PAYLOAD, settledFor, TIP, withCallbacks } from "../support/callbacks.ts";
import { RIGHT, SALT, seatsOf, type TestJob } from "../support/jobs.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture } from "../support/network.ts";

type Suite = Awaited<ReturnType<typeof withCallbacks>>;

/** A final job whose result goes to `callback`, and what delivering it leads to. */
async function delivering(callbackOf: (suite: Suite) => { getAddress(): Promise<string> }) {
  const suite = await loadFixture(withCallbacks);
  const { market, stranger } = suite;
  const callback = await callbackOf(suite).getAddress();
  const job = await settledFor(suite, callback);
  const before = await ledgerOf(suite);
  const deliver = () => market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD);
  return { ...suite, suite, job, callback, before, deliver };
}

describe("A callback that means harm", () => {
  context("given one that calls the market back", () => {
    const guarded: readonly [name: string, call: (suite: Suite, job: TestJob) => string][] = [
      ["deliver", ({ market }, { packed }) => market.interface.encodeFunctionData("deliver", [packed, 0, PAYLOAD])],
      [
        "settle",
        ({ market, nodes }, { packed }) => market.interface.encodeFunctionData("settle", [packed, seatsOf(nodes)]),
      ],
      ["expire", ({ market }, { packed }) => market.interface.encodeFunctionData("expire", [packed, []])],
      ["withdraw", ({ market, thief }) => market.interface.encodeFunctionData("withdraw", [thief.address, 1n])],
      ["deposit", ({ market, thief }) => market.interface.encodeFunctionData("deposit", [thief.address, 1n])],
      [
        "collectFees",
        ({ market, requester }) => market.interface.encodeFunctionData("collectFees", [[requester.address]]),
      ],
      [
        "claim",
        ({ market, nodes, version }) =>
          market.interface.encodeFunctionData("claim", [seatsOf(nodes)[0] ?? "", version]),
      ],
      [
        "revealAndSettle",
        ({ market, nodes }, { packed }) =>
          market.interface.encodeFunctionData("revealAndSettle", [packed, seatsOf(nodes)[0] ?? "", RIGHT, SALT, []]),
      ],
    ];
    for (const [name, call] of guarded) {
      it(`is refused ${name} [T011 T088]`, async () => {
        const { suite, market, reentrant, stranger, job, before, deliver } = await delivering((s) => s.reentrant);
        await reentrant.arm(call(suite, job));
        const refusal = market.interface.encodeErrorResult("ReentrancyGuardReentrantCall", []);
        await expect(deliver())
          .to.emit(reentrant, "Reentered")
          .withArgs(false, refusal)
          .and.to.emit(market, "ResultDelivered")
          .withArgs(job.jobId, reentrant, stranger, TIP);
        expect(await changesSince(before, suite)).to.deep.equal({ stranger: TIP });
      });
    }

    it("finds the tip spoken for when it asks for it itself [T088]", async () => {
      const { suite, market, reentrant, job, before, deliver } = await delivering((s) => s.reentrant);
      const { startedAt } = await job.record();
      await reentrant.arm(market.interface.encodeFunctionData("reclaimTip", [job.packed]));
      const reclaimableAt = startedAt + 30 * 86_400;
      const refusal = market.interface.encodeErrorResult("MarketNoTipToReclaim", [job.jobId, reclaimableAt]);
      await expect(deliver()).to.emit(reentrant, "Reentered").withArgs(false, refusal);
      expect(await changesSince(before, suite)).to.deep.equal({ stranger: TIP });
    });
  });

  context("given one that burns all gas", () => {
    it("costs who delivers no more than the gas that the job names, and nobody anything else [T089 I38]", async () => {
      const { suite, market, stranger, job, callback, before, deliver } = await delivering((s) => s.burner);
      const transaction = await deliver();
      await expect(transaction).to.emit(market, "DeliveryFailed").withArgs(job.jobId, callback, stranger);
      const receipt = await transaction.wait();
      expect(receipt?.gasUsed).to.be.lessThan(BigInt(CALLBACK_GAS) + 120_000n);
      expect(await changesSince(before, suite)).to.deep.equal({});
      expect((await job.record()).delivered).to.equal(false);
    });
  });

  context("given one that returns a quarter of a megabyte", () => {
    it("is served, and nothing is copied back [T090]", async () => {
      const { suite, market, stranger, job, callback, before, deliver } = await delivering((s) => s.bomb);
      const transaction = await deliver();
      await expect(transaction).to.emit(market, "ResultDelivered").withArgs(job.jobId, callback, stranger, TIP);
      // Making the data costs 142,000 gas, and copying it would cost as much again.
      const receipt = await transaction.wait();
      expect(receipt?.gasUsed).to.be.lessThan(142_000n + 120_000n);
      expect(await changesSince(before, suite)).to.deep.equal({ stranger: TIP });
    });

    it("fails without harm if it comes with a revert [T090]", async () => {
      const { suite, market, stranger, job, callback, before, deliver } = await delivering((s) => s.revertingBomb);
      const transaction = await deliver();
      await expect(transaction).to.emit(market, "DeliveryFailed").withArgs(job.jobId, callback, stranger);
      const receipt = await transaction.wait();
      expect(receipt?.gasUsed).to.be.lessThan(142_000n + 120_000n);
      expect(await changesSince(before, suite)).to.deep.equal({});
    });
  });

  context("given an account without code", () => {
    it("counts as a failure, because nothing was served", async () => {
      const { suite, market, stranger, job, callback, before, deliver } = await delivering((s) => s.thief);
      await expect(deliver()).to.emit(market, "DeliveryFailed").withArgs(job.jobId, callback, stranger);
      expect(await changesSince(before, suite)).to.deep.equal({});
    });
  });

  for (const target of ["token", "staking", "market", "registry", "commitments", "access"] as const) {
    context(`given the protocol's own ${target} as the callback`, () => {
      it("does nothing there in the market's name [T091]", async () => {
        const { suite, market, stranger, job, callback, before, deliver } = await delivering((s) => s[target]);
        await expect(deliver()).to.emit(market, "DeliveryFailed").withArgs(job.jobId, callback, stranger);
        expect(await changesSince(before, suite)).to.deep.equal({});
        const [, leader] = await suite.commitments.roundOf(await job.roundId());
        expect(leader).to.equal(OUTPUT_ROOT);
      });
    });
  }
});
