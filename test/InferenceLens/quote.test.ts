import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { packOrder } from "../../packages/sdk/src/codecs/job.ts";
import { unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import { ROYALTY, servedByThree } from "../support/fixtures.ts";
import { orderOf, TestJob } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";

describe("InferenceLens.quote", () => {
  const given = () => loadFixture(servedByThree);

  context("given the suite as it is deployed", () => {
    it("says what the very same order then takes, and under which numbers it lives", async () => {
      const suite = await given();
      const { inferenceLens, market, publisher } = suite;
      expect(await inferenceLens.MARKET()).to.equal(market);
      const order = orderOf(suite, { auditBps: 500 });
      const quote = await inferenceLens.quote(packOrder(order));
      const job = await TestJob.request(suite, order);
      expect(quote.escrow).to.equal(job.escrow);
      expect(unpackRules(quote.rules)).to.deep.equal(job.fields.rules);
      expect([quote.royalty, quote.royaltyPayee, quote.refereed]).to.deep.equal([ROYALTY, publisher.address, false]);
      expect(quote.mostInputBytes).to.equal(await market.MOST_INPUT_BYTES());
      expect(quote.mostOutputBytes).to.equal(await market.MOST_OUTPUT_BYTES());
    });
  });

  context("when the market would refuse the order", () => {
    it("reverts and names the term", async () => {
      const suite = await given();
      await expect(suite.inferenceLens.quote(packOrder(orderOf(suite, { quorum: 16 }))))
        .to.be.revertedWithCustomError(suite.market, "MarketTermOutOfBounds")
        .withArgs(encodeBytes32String("quorum"), 16, 2, 15);
    });
  });
});
