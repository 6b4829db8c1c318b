import { expect } from "chai";
import { encodeBytes32String, id, parseEther } from "ethers";

import type { Order } from "../../packages/sdk/src/codecs/job.ts";
import { packOrder } from "../../packages/sdk/src/codecs/job.ts";
import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import { DETAILS } from "../support/fixtures.ts";
import { orderOf } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { IDENTITY_OF_TOY } from "../support/optimistic.ts";
import { FACTOR, refereedByThree, requestDisputable, WINDOW } from "../support/refereed.ts";

/** Two prices and four bonds, of 1 OPG each. */
const LEAST_FACTOR = 2n + 4n;

async function given(changes: Partial<Order> = {}) {
  const suite = await loadFixture(refereedByThree);
  const order = orderOf(suite, { windowPeriod: WINDOW, collateralFactor: FACTOR, ...changes });
  const { requester, shape } = packOrder(order);
  return { suite, check: () => suite.refereedPolicy.checkOrder(suite.version, requester, shape) };
}

describe("RefereedPolicy.checkOrder", () => {
  const bad: readonly [field: string, changes: Partial<Order>, least: bigint, most: bigint][] = [
    ["auditBps", { auditBps: 1 }, 0n, 0n],
    ["windowPeriod", { windowPeriod: 0 }, 30n, 100n],
    ["windowPeriod", { windowPeriod: 29 }, 30n, 100n],
    ["windowPeriod", { windowPeriod: 101 }, 30n, 100n],
    ["collateralFactor", { collateralFactor: Number(LEAST_FACTOR) - 1 }, LEAST_FACTOR, 65_535n],
  ];
  for (const [field, changes, least, most] of bad) {
    const value = Object.values(changes)[0] ?? 0;
    context(`when ${field} is ${value}`, () => {
      it("reverts and names it and its bounds, and so does an order [T087]", async () => {
        const { suite, check } = await given(changes);
        for (const refused of [check(), requestDisputable(suite, changes)]) {
          await expect(refused)
            .to.be.revertedWithCustomError(suite.refereedPolicy, "MarketTermOutOfBounds")
            .withArgs(encodeBytes32String(field), value, least, most);
        }
      });
    });
  }

  context("when nobody has admitted the version to disputes", () => {
    it("reverts and names it, and so does an order", async () => {
      const { suite } = await given();
      const { registry, refereedPolicy, publisher, model } = suite;
      const identity = { ...IDENTITY_OF_TOY, graphRoot: id("a graph that nobody knows") };
      const version = versionId(model, identity);
      await registry.connect(publisher).release(model, identity, { ...DETAILS, minor: 2 });
      const { requester, shape } = packOrder(orderOf(suite, { windowPeriod: WINDOW, collateralFactor: FACTOR }));
      for (const refused of [
        refereedPolicy.checkOrder(version, requester, shape),
        requestDisputable(suite, { versionId: version }),
      ]) {
        await expect(refused)
          .to.be.revertedWithCustomError(refereedPolicy, "PolicyVersionNotAdmitted")
          .withArgs(version);
      }
    });
  });

  context("when all are at their bounds", () => {
    it("takes them, and so does an order", async () => {
      for (const windowPeriod of [30, 100]) {
        const { suite, check } = await given({ windowPeriod, collateralFactor: Number(LEAST_FACTOR) });
        await check();
        const job = await requestDisputable(suite, { windowPeriod, collateralFactor: Number(LEAST_FACTOR) });
        expect(job.fields.windowPeriod).to.equal(windowPeriod);
      }
    });
  });

  context("when four bonds are no whole number of prices", () => {
    it("rounds up, so that the collateral covers them", async () => {
      const seatPrice = parseEther("7");
      const least = 2n + (4n * parseEther("1") + seatPrice - 1n) / seatPrice;
      const { check } = await given({ seatPrice, collateralFactor: Number(least) });
      await check();
      const { suite, check: checkLess } = await given({ seatPrice, collateralFactor: Number(least) - 1 });
      await expect(checkLess())
        .to.be.revertedWithCustomError(suite.refereedPolicy, "MarketTermOutOfBounds")
        .withArgs(encodeBytes32String("collateralFactor"), least - 1n, least, 65_535n);
    });
  });
});
