import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { OptimisticState, packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { AuditedOffer, auditing } from "../support/audits.ts";
import { loadFixture, time } from "../support/network.ts";
import { ANSWER_PERIOD, LOWEST, namedOrder, PRICE, TestOffer } from "../support/optimistic.ts";

const NOBODY = { shareBps: 0, onlineBps: 10_000 };
const NOTHING = [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n];

/** A market with auditors, and what the lens says of a job in it. */
async function given() {
  const suite = await loadFixture(auditing);
  const seen = ({ packed }: TestOffer) => suite.lens.deterrenceOf(packed, NOBODY);
  return { ...suite, seen };
}

describe("OptimisticLens.deterrenceOf", () => {
  context("given a job whose attempt is under way", () => {
    it("gives the state with what answers in it, as its quote said [T148]", async () => {
      const { seen, ...suite } = await given();
      const order = namedOrder(suite, { auditBps: 500, valueAtStake: 3 });
      const quote = await suite.lens.quote(packOptimisticOrder(order), NOBODY);
      const offer = AuditedOffer.of(await TestOffer.request(suite, order));
      const { state, deterrence } = await seen(offer.job);
      expect(Number(state)).to.equal(OptimisticState.Named);
      expect(deterrence).to.deep.equal(quote.deterrence);
      await offer.seal(suite.first);
      const { used } = await suite.optimistic.servingOf(suite.first.node, suite.version);
      expect((await seen(offer.job)).deterrence.collateral).to.equal(used);
    });

    it("follows the price of an open job until a node reserves it", async () => {
      const { seen, ...suite } = await given();
      const offer = await TestOffer.open(suite);
      expect((await seen(offer)).deterrence.collateral).to.equal(offer.collateral(LOWEST));
      await time.increase(200);
      expect((await seen(offer)).deterrence.collateral).to.equal(offer.collateral(PRICE));
    });

    it("knows that a second attempt is never audited, and has no prize beyond it", async () => {
      const { seen, ...suite } = await given();
      const { job } = await AuditedOffer.open(suite, { auditBps: 500 });
      await job.reserve(suite.first);
      expect(Number((await seen(job)).state)).to.equal(OptimisticState.Reserved);
      await time.increase(ANSWER_PERIOD);
      await job.expire();
      const { prize } = job.late(LOWEST);
      const { state, deterrence } = await seen(job);
      expect(Number(state)).to.equal(OptimisticState.Open);
      expect(deterrence.gain).to.equal(prize);
      expect(deterrence.collateral).to.equal(30n * prize + parseEther("4"));
      expect(deterrence.auditBps).to.equal(0n);
      const reward = (deterrence.collateral - prize) / 2n;
      expect(deterrence.loss).to.equal(deterrence.collateral - (reward * 3n) / 4n);
      await job.reserve(suite.second);
      const { used } = await suite.optimistic.servingOf(suite.second.node, suite.version);
      expect((await seen(job)).deterrence.collateral).to.equal(used);
    });
  });

  context("given a job that is final, or none", () => {
    it("gives the state, and nothing that answers [T148]", async () => {
      const { seen, ...suite } = await given();
      const offer = await TestOffer.open(suite);
      await offer.cancel();
      expect(await seen(offer)).to.deep.equal([BigInt(OptimisticState.Cancelled), NOTHING]);
      const none = packOptimisticOrder(namedOrder(suite, { node: ZeroAddress }));
      expect(await suite.lens.deterrenceOf(none, NOBODY)).to.deep.equal([BigInt(OptimisticState.None), NOTHING]);
    });
  });
});
