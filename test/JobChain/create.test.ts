import { expect } from "chai";
import { concat, id, keccak256, ZeroAddress, ZeroHash } from "ethers";

import { LinkState } from "../../packages/sdk/src/codecs/link.ts";
import { packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { chaining, planOfOne, planOfSeveral, TestLink } from "../support/links.ts";
import { loadFixture, time } from "../support/network.ts";
import { namedOrder } from "../support/optimistic.ts";

const FIRST = id("first job");

describe("JobChain.create", () => {
  const given = () => loadFixture(chaining);

  context("given an order of the caller that waits for a job", () => {
    it("keeps one slot of it, says all of it, and takes no money", async () => {
      const suite = await given();
      const { jobChain, optimistic, token, requester } = suite;
      const before = await optimistic.accountOf(requester);
      const link = await TestLink.of(suite, await planOfOne(suite, "market", FIRST));
      await expect(link.createAs(requester))
        .to.emit(jobChain, "LinkCreated")
        .withArgs(link.id, requester, FIRST, Object.values(link.packed), link.order);
      expect(await link.state()).to.deep.equal({ state: LinkState.Waiting, jobId: ZeroHash });
      expect(await optimistic.accountOf(requester)).to.deep.equal(before);
      expect(await token.balanceOf(jobChain)).to.equal(0n);
    });

    it("names it as a call would that only looks", async () => {
      const suite = await given();
      const { packed, order, id: expected } = await TestLink.of(suite, await planOfOne(suite, "optimistic", FIRST));
      expect(await suite.jobChain.connect(suite.requester).create.staticCall(packed, order)).to.equal(expected);
    });

    it("takes orders of several nodes, too, and first jobs of both markets", async () => {
      const suite = await given();
      for (const source of ["market", "optimistic"] as const) {
        const link = await TestLink.create(suite, await planOfSeveral(suite, source, FIRST));
        expect((await link.state()).state).to.equal(LinkState.Waiting);
      }
    });
  });

  it("reverts for anybody but the owner, and names both [T212]", async () => {
    const suite = await given();
    const link = await TestLink.of(suite, await planOfOne(suite, "market", FIRST));
    await expect(link.createAs(suite.thief))
      .to.be.revertedWithCustomError(suite.jobChain, "ChainNotOwner")
      .withArgs(suite.thief, suite.requester);
  });

  it("reverts for an order that somebody else would pay, and names both [T212]", async () => {
    const suite = await given();
    const { jobChain, requester, thief } = suite;
    const plan = await planOfOne(suite, "market", FIRST);
    const terms = { ...plan.terms, owner: thief.address };
    await expect((await TestLink.of(suite, { ...plan, terms })).createAs(thief))
      .to.be.revertedWithCustomError(jobChain, "ChainWrongRequester")
      .withArgs(requester, thief);
    const nobody = packOptimisticOrder(namedOrder(suite, { requester: ZeroAddress }));
    await expect((await TestLink.of(suite, { terms, order: nobody })).createAs(thief))
      .to.be.revertedWithCustomError(jobChain, "ChainWrongRequester")
      .withArgs(ZeroAddress, thief);
  });

  it("reverts for a first job in no market, and names it", async () => {
    const suite = await given();
    const { jobChain, requester, sessions } = suite;
    const plan = await planOfOne(suite, "market", FIRST);
    for (const source of [ZeroAddress, await sessions.getAddress()]) {
      const link = await TestLink.of(suite, { ...plan, terms: { ...plan.terms, source } });
      await expect(link.createAs(requester))
        .to.be.revertedWithCustomError(jobChain, "ChainUnknownMarket")
        .withArgs(source);
    }
  });

  it("reverts for an order of no market", async () => {
    const suite = await given();
    const { jobChain, requester } = suite;
    const plan = await planOfOne(suite, "market", FIRST);
    for (const [order, length] of [
      ["0x", 0],
      [concat([(await TestLink.of(suite, plan)).order, "0x00"]), 257],
    ] as const) {
      const { packed } = await TestLink.of(suite, plan, { orderHash: keccak256(order) });
      await expect(jobChain.connect(requester).create(packed, order))
        .to.be.revertedWithCustomError(jobChain, "MarketUnknownOrder")
        .withArgs(length);
    }
  });

  it("reverts for the hash of another order, and names both", async () => {
    const suite = await given();
    const plan = await planOfOne(suite, "market", FIRST);
    const right = await TestLink.of(suite, plan);
    const wrong = await TestLink.of(suite, plan, { orderHash: id("another order") });
    await expect(wrong.createAs(suite.requester))
      .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongOrder")
      .withArgs(right.packed.orderHash, id("another order"));
  });

  it("reverts for one that could not be followed in this second, and takes one that could [T214]", async () => {
    const suite = await given();
    const { jobChain, requester } = suite;
    const plan = await planOfOne(suite, "market", FIRST);
    const expiresAt = (await time.latest()) + 100;
    const link = await TestLink.of(suite, { ...plan, terms: { ...plan.terms, expiresAt } });
    await time.setNextBlockTimestamp(expiresAt);
    await expect(link.createAs(requester))
      .to.be.revertedWithCustomError(jobChain, "ChainExpired")
      .withArgs(link.id, expiresAt);
    const later = { ...plan.terms, expiresAt: expiresAt + 2 };
    await time.setNextBlockTimestamp(expiresAt + 1);
    await TestLink.create(suite, { ...plan, terms: later });
  });

  it("reverts the second time, even when it was cancelled [T213]", async () => {
    const suite = await given();
    const { jobChain, requester } = suite;
    const link = await TestLink.create(suite, await planOfOne(suite, "market", FIRST));
    await expect(link.createAs(requester)).to.be.revertedWithCustomError(jobChain, "ChainLinkExists").withArgs(link.id);
    await link.cancel();
    await expect(link.createAs(requester)).to.be.revertedWithCustomError(jobChain, "ChainLinkExists").withArgs(link.id);
  });
});
