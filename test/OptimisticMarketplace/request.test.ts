import { expect } from "chai";
import { encodeBytes32String, parseEther, ZeroHash } from "ethers";

import {
  optimisticEscrowOf,
  optimisticJobId,
  OptimisticState,
  packOptimisticOrder,
  type OptimisticOrder,
  unpackOptimisticJob,
} from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { PRICE_UNIT } from "../../packages/sdk/src/codecs/priceUnit.ts";
import { DETAILS, IDENTITY, ROYALTY } from "../support/fixtures.ts";
import { INPUT_URI } from "../support/jobs.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { namedOrder, offering, openOrder, PRICE, TestOffer, type Offering } from "../support/optimistic.ts";
import { chainId } from "../support/payments.ts";
import { versionId } from "../../packages/sdk/src/codecs/model.ts";

const DAY = 86_400;
const MOST_PRICE = (2n ** 40n - 1n) * PRICE_UNIT;

type Bound = readonly [
  title: string,
  change: Partial<OptimisticOrder>,
  field: string,
  given: bigint | number,
  least: bigint | number,
  most: bigint | number,
];

const OF_ALL: readonly Bound[] = [
  ["a price of zero", { price: 0n, lowestPrice: 0n }, "price", 0, PRICE_UNIT, MOST_PRICE],
  [
    "a price that no record holds",
    { price: MOST_PRICE + PRICE_UNIT },
    "price",
    MOST_PRICE + PRICE_UNIT,
    PRICE_UNIT,
    MOST_PRICE,
  ],
  ["a window too short for a dispute", { windowPeriod: 29 }, "windowPeriod", 29, 30, 100],
  ["a window that outlasts locks", { windowPeriod: 101 }, "windowPeriod", 101, 30, 100],
  ["too little time to answer", { answerPeriod: 4 }, "answerPeriod", 4, 5, 60],
  ["too much time to answer", { answerPeriod: 61 }, "answerPeriod", 61, 5, 60],
  ["gas without a callback", { callbackGas: 1 }, "callbackGas", 1, 0, 0],
  ["a tip without a callback", { deliveryTip: 1n }, "deliveryTip", 1, 0, 0],
  ["a provisional answer without a callback", { provisional: true }, "flags", 1, 0, 0],
];
const OF_OPEN: readonly Bound[] = [
  [
    "a lowest price above the highest",
    { lowestPrice: PRICE + PRICE_UNIT },
    "lowestPrice",
    PRICE + PRICE_UNIT,
    0,
    PRICE,
  ],
  ["a long time at the lowest price", { auctionDelay: 3_601 }, "auctionDelay", 3_601, 0, 3_600],
  ["a price that jumps", { auctionRamp: 4 }, "auctionRamp", 4, 5, DAY],
  ["a price that rises for more than a day", { auctionRamp: DAY + 1 }, "auctionRamp", DAY + 1, 5, DAY],
];
const OF_NAMED: readonly Bound[] = [
  ["two prices for one node", { lowestPrice: PRICE_UNIT }, "lowestPrice", PRICE_UNIT, 0, 0],
  ["a delay for one node", { auctionDelay: 1 }, "auctionDelay", 1, 0, 0],
  ["a ramp for one node", { auctionRamp: 5 }, "auctionRamp", 5, 0, 0],
];

describe("OptimisticMarketplace.request", () => {
  const given = () => loadFixture(offering);
  const send = ({ optimistic, requester }: Offering, order: OptimisticOrder) =>
    optimistic.connect(requester).request(packOptimisticOrder(order), INPUT_URI);

  context("given an order within bounds", () => {
    it("takes the escrow, fills in what the market knows and says all of it [T018 T083]", async () => {
      const suite = await given();
      const { optimistic, requester, publisher } = suite;
      const before = await ledgerOf(suite, optimistic);
      const job = await TestOffer.named(suite, { valueAtStake: 7 });
      const now = await time.latest();
      const { rules } = await optimistic.governed();
      expect(job.packed.rules).to.equal(rules);
      expect(unpackOptimisticJob(job.packed)).to.include({
        requestedAt: now,
        royalty: ROYALTY,
        royaltyPayee: publisher.address,
        valueAtStake: 7,
      });
      expect(job.jobId).to.equal(optimisticJobId(await chainId(), await optimistic.getAddress(), job.packed));
      expect(optimisticEscrowOf(job.fields)).to.equal(parseEther("2.15"));
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({ requester: -job.escrow });
      expect(await job.record()).to.include({ state: OptimisticState.Named, attempt: 0, price: 0n, since: now });
      await expect(send(suite, namedOrder(suite)))
        .to.emit(optimistic, "JobOffered")
        .withArgs(
          () => true,
          requester,
          suite.version,
          () => true,
          INPUT_URI,
        );
    });

    it("is open where it names no node", async () => {
      const job = await TestOffer.open(await given());
      expect((await job.record()).state).to.equal(OptimisticState.Open);
    });
  });

  for (const [kind, order, bounds] of [
    ["an open order", openOrder, [...OF_ALL, ...OF_OPEN]],
    ["an order for a node", namedOrder, [...OF_ALL, ...OF_NAMED]],
  ] as const) {
    context(`given ${kind}`, () => {
      for (const [title, change, field, value, least, most] of bounds) {
        it(`reverts for ${title} and names the bounds [T086 T087]`, async () => {
          const suite = await given();
          await expect(send(suite, order(suite, change)))
            .to.be.revertedWithCustomError(suite.optimistic, "MarketTermOutOfBounds")
            .withArgs(encodeBytes32String(field), value, least, most);
        });
      }
    });
  }

  context("given a price of a fraction of a unit", () => {
    it("reverts and names the unit", async () => {
      const suite = await given();
      await expect(send(suite, openOrder(suite, { price: PRICE + 1n })))
        .to.be.revertedWithCustomError(suite.optimistic, "MarketPriceNotWhole")
        .withArgs(PRICE + 1n, PRICE_UNIT);
    });
  });

  context("given no input root", () => {
    it("reverts and names the field", async () => {
      const suite = await given();
      await expect(send(suite, openOrder(suite, { inputRoot: ZeroHash })))
        .to.be.revertedWithCustomError(suite.optimistic, "MarketTermOutOfBounds")
        .withArgs(encodeBytes32String("inputRoot"), 0, 1, 2n ** 256n - 1n);
    });
  });

  context("given a version that no referee can judge", () => {
    it("reverts and names it: one node alone is believed only where it can be proven wrong", async () => {
      const suite = await given();
      const plain = versionId(suite.model, IDENTITY);
      expect(DETAILS.minor).to.equal(0);
      await expect(send(suite, openOrder(suite, { versionId: plain })))
        .to.be.revertedWithCustomError(suite.optimistic, "MarketVersionNotRefereed")
        .withArgs(plain);
    });
  });

  context("given a royalty above what the order accepts", () => {
    it("reverts and names both [T018]", async () => {
      const suite = await given();
      await expect(send(suite, openOrder(suite, { maxRoyalty: ROYALTY - 1n })))
        .to.be.revertedWithCustomError(suite.optimistic, "MarketRoyaltyTooHigh")
        .withArgs(ROYALTY, ROYALTY - 1n);
    });
  });

  context("given an order in somebody else's name", () => {
    const send = ({ optimistic, thief }: Offering, order: OptimisticOrder) =>
      optimistic.connect(thief).request(packOptimisticOrder(order), INPUT_URI);
    const ESCROW = parseEther("2.15");

    it("reverts and names what the caller may use of the requester's balance: nothing", async () => {
      const suite = await given();
      const { optimistic, mandates, requester, thief } = suite;
      await expect(send(suite, namedOrder(suite)))
        .to.be.revertedWithCustomError(mandates, "MandateCapTooLow")
        .withArgs(optimistic, requester, thief, 0, ESCROW);
    });

    context("when the requester lets the caller use the escrow", () => {
      it("takes the escrow out of balance and cap, and is the requester's job alone [T159]", async () => {
        const suite = await given();
        const { optimistic, mandates, requester, thief } = suite;
        await mandates.connect(requester).allow(optimistic, thief, ESCROW + 1n);
        const before = await ledgerOf(suite, optimistic);
        const sent = await send(suite, openOrder(suite));
        const job = TestOffer.from(suite, await sent.wait());
        expect(await changesSince(before, suite, optimistic)).to.deep.equal({ requester: -ESCROW });
        expect(await mandates.capOf(optimistic, requester, thief)).to.equal(1);
        await expect(job.cancel(thief))
          .to.be.revertedWithCustomError(optimistic, "MarketNotRequester")
          .withArgs(thief, requester);
        await job.cancel();
        expect(await changesSince(before, suite, optimistic)).to.deep.equal({});
        expect(await mandates.capOf(optimistic, requester, thief)).to.equal(1);
      });

      it("reverts for a unit less [T159]", async () => {
        const suite = await given();
        const { optimistic, mandates, requester, thief } = suite;
        await mandates.connect(requester).allow(optimistic, thief, ESCROW - 1n);
        await expect(send(suite, namedOrder(suite)))
          .to.be.revertedWithCustomError(mandates, "MandateCapTooLow")
          .withArgs(optimistic, requester, thief, ESCROW - 1n, ESCROW);
      });
    });
  });

  context("given the very same order in the same second", () => {
    it("reverts and names the job [T083]", async () => {
      const suite = await given();
      const order = openOrder(suite);
      const job = await TestOffer.request(suite, order);
      await time.setNextBlockTimestamp(job.fields.requestedAt);
      await expect(send(suite, order))
        .to.be.revertedWithCustomError(suite.optimistic, "MarketJobExists")
        .withArgs(job.jobId);
    });
  });

  context("given too small a balance", () => {
    it("reverts and names what is missing", async () => {
      const suite = await given();
      const { balance } = await suite.optimistic.accountOf(suite.requester);
      const price = 10_000n * 10n ** 18n;
      const needed = price + (price * 250n) / 10_000n + ROYALTY;
      await expect(send(suite, openOrder(suite, { price })))
        .to.be.revertedWithCustomError(suite.optimistic, "LedgerInsufficientBalance")
        .withArgs(suite.requester, balance, needed);
    });
  });
});
