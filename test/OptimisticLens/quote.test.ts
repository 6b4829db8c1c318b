import { expect } from "chai";
import { encodeBytes32String, parseEther } from "ethers";

import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import { packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { PRICE_UNIT } from "../../packages/sdk/src/codecs/priceUnit.ts";
import { unpackOptimisticRules } from "../../packages/sdk/src/codecs/optimisticRules.ts";
import { honestSeatChance, lieBalanceOf } from "../../packages/sdk/src/index.ts";
import { Random } from "../model/Random.ts";
import { AuditedOffer, auditing } from "../support/audits.ts";
import { IDENTITY, OWN_STAKE, ROYALTY } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { namedOrder, type Offering, offering, openOrder, PRICE, TestOffer } from "../support/optimistic.ts";

/** Everybody but the node is honest, and there. */
const NOBODY = { shareBps: 0, onlineBps: 10_000 };

/** Whole numbers are compared: the matchers take no others. */
const BILLION = 10n ** 9n;
const inBillionths = (chance: number) => BigInt(Math.round(chance * 1e9));

/** What the lens says of an order for the first node. */
const quoteOf = (suite: Offering, changes = {}, liar = NOBODY) =>
  suite.lens.quote(packOptimisticOrder(namedOrder(suite, changes)), liar);

describe("OptimisticLens.quote", () => {
  context("given an order that may be audited, and two nodes beside the one that answers", () => {
    const given = () => loadFixture(auditing);

    it("says what leaves the balance, and what then answers for the answer [T096]", async () => {
      const suite = await given();
      const terms = { auditBps: 500, valueAtStake: 7 };
      const quote = await quoteOf(suite, terms);
      const offer = await AuditedOffer.named(suite, terms);
      expect(quote.escrow).to.equal(offer.job.escrow);
      expect(quote.fee).to.equal(offer.fee());
      expect([quote.royalty, quote.royaltyPayee]).to.deep.equal([ROYALTY, suite.publisher.address]);
      expect(quote.rules).to.equal(offer.job.packed.rules);
      await offer.seal(suite.first);
      const { used } = await suite.optimistic.servingOf(suite.first.node, suite.version);
      expect(quote.deterrence.collateral).to.equal(used);
      expect(quote.deterrence.gain).to.equal(PRICE + parseEther("7"));
    });

    it("counts those who are enrolled, but for the node, from the second after they came", async () => {
      const suite = await given();
      const { roster, third, version } = suite;
      const weightOf = async (changes = {}) => (await quoteOf(suite, changes)).deterrence.auditorWeight;
      expect(await weightOf({ auditBps: 500 })).to.equal(2n * OWN_STAKE);
      const open = packOptimisticOrder(openOrder(suite, { auditBps: 500 }));
      expect((await suite.lens.quote(open, NOBODY)).deterrence.auditorWeight).to.equal(3n * OWN_STAKE);
      await roster.connect(third.signer).enrol(third.node, version, OWN_STAKE / 4n);
      await time.increase(1);
      expect(await weightOf({ auditBps: 500 })).to.equal(OWN_STAKE + OWN_STAKE / 4n);
    });

    it("agrees with the SDK about whether a lie pays, whatever is ordered", async () => {
      const suite = await given();
      const random = new Random(20_261_121);
      for (let i = 0; i < 40; i++) {
        const terms = {
          price: PRICE_UNIT * (1n + BigInt(random.int(50_000_000))),
          valueAtStake: random.chance(0.3) ? 0 : random.int(10_000),
          auditBps: random.between(100, 10_000),
        };
        const liar = { shareBps: random.int(10_001), onlineBps: random.int(10_001) };
        const quote = await quoteOf(suite, terms, liar);
        const { gain, honestWad, margin } = quote.deterrence;
        const rules = unpackOptimisticRules(quote.rules);
        const assumed = { share: liar.shareBps / 10_000, online: liar.onlineBps / 10_000 };
        expect(honestWad / BILLION).to.be.closeTo(inBillionths(honestSeatChance(rules, assumed)), 1n);
        const balance = lieBalanceOf({ ...terms, rules }, assumed);
        expect(((margin + gain) * BILLION) / gain).to.be.closeTo(inBillionths(balance), 10n);
      }
    });

    it("says that lying does not pay, and from which share of the weight on it does", async () => {
      const suite = await given();
      const terms = { auditBps: 500, valueAtStake: 1_000 };
      const marginAt = async (shareBps: number) =>
        (await quoteOf(suite, terms, { shareBps, onlineBps: 10_000 })).deterrence.margin;
      expect(await marginAt(0)).to.be.greaterThan(0n);
      expect(await marginAt(3_000)).to.be.greaterThan(0n);
      expect(await marginAt(4_000)).to.be.lessThan(0n);
    });

    it("gives the seat to nobody honest where all of the weight is the liar's, or all others are away", async () => {
      const suite = await given();
      for (const liar of [
        { shareBps: 10_000, onlineBps: 10_000 },
        { shareBps: 0, onlineBps: 0 },
      ]) {
        const { gain, honestWad, margin } = (await quoteOf(suite, { auditBps: 500 }, liar)).deterrence;
        expect([honestWad, margin]).to.deep.equal([0n, -gain]);
      }
    });

    it("reverts and names what cannot be a part", async () => {
      const suite = await given();
      for (const field of ["shareBps", "onlineBps"]) {
        await expect(quoteOf(suite, {}, { ...NOBODY, [field]: 10_001 }))
          .to.be.revertedWithCustomError(suite.lens, "MarketTermOutOfBounds")
          .withArgs(encodeBytes32String(field), 10_001, 0, 10_000);
      }
    });
  });

  context("given an order that may be audited, where nobody beside the node is enrolled", () => {
    it("says that no auditor is drawn, and that lying pays if nobody else looks [T096]", async () => {
      const suite = await loadFixture(offering);
      const { roster, first, version } = suite;
      await roster.connect(first.signer).enrol(first.node, version, OWN_STAKE);
      await time.increase(1);
      const { deterrence } = await quoteOf(suite, { auditBps: 500 });
      expect(deterrence.auditBps).to.equal(0n);
      expect(deterrence.auditorWeight).to.equal(0n);
      expect(deterrence.honestWad).to.equal(0n);
      expect(deterrence.margin).to.equal(-deterrence.gain);
    });
  });

  context("given an order that is never audited", () => {
    it("says which part of the lies must be found, and that nothing makes anybody look", async () => {
      const suite = await loadFixture(auditing);
      const quote = await quoteOf(suite, { valueAtStake: 10 });
      const offer = await TestOffer.named(suite, { valueAtStake: 10 });
      await offer.answer(suite.first);
      const { used } = await suite.optimistic.servingOf(suite.first.node, suite.version);
      const { gain, collateral, loss, auditBps, honestWad, breakEvenBps, margin } = quote.deterrence;
      expect(quote.escrow).to.equal(offer.escrow);
      expect(collateral).to.equal(used);
      expect([auditBps, honestWad, margin]).to.deep.equal([0n, 0n, -gain]);
      expect(breakEvenBps * loss).to.be.at.least(gain * 10_000n);
      expect((breakEvenBps - 1n) * loss).to.be.lessThan(gain * 10_000n);
    });
  });

  context("given what the market would not take", () => {
    it("reverts as the request would", async () => {
      const suite = await loadFixture(offering);
      const { lens } = suite;
      await expect(quoteOf(suite, { auditBps: 99 }))
        .to.be.revertedWithCustomError(lens, "MarketTermOutOfBounds")
        .withArgs(encodeBytes32String("auditBps"), 99, 100, 10_000);
      await expect(quoteOf(suite, { windowPeriod: 29 }))
        .to.be.revertedWithCustomError(lens, "MarketTermOutOfBounds")
        .withArgs(encodeBytes32String("windowPeriod"), 29, 30, 100);
      const plain = versionId(suite.model, IDENTITY);
      await expect(quoteOf(suite, { versionId: plain }))
        .to.be.revertedWithCustomError(lens, "MarketVersionNotRefereed")
        .withArgs(plain);
    });
  });
});
