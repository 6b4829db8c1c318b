import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { LinkState } from "../../packages/sdk/src/codecs/link.ts";
import { agreed, chaining, LIFE, planOfOne, TestLink } from "../support/links.ts";
import { loadFixture, time } from "../support/network.ts";

describe("JobChain.cancel", () => {
  async function given() {
    const suite = await loadFixture(chaining);
    return { suite, link: await TestLink.create(suite, await planOfOne(suite, "market", id("first job"))) };
  }

  it("ends a link that waits, and moves no money", async () => {
    const { suite, link } = await given();
    const { jobChain, optimistic, requester } = suite;
    const before = await optimistic.accountOf(requester);
    await expect(link.cancel()).to.emit(jobChain, "LinkCancelled").withArgs(link.id);
    expect(await link.state()).to.deep.equal({ state: LinkState.Cancelled, jobId: ZeroHash });
    expect(await optimistic.accountOf(requester)).to.deep.equal(before);
  });

  it("ends one that has expired", async () => {
    const { link } = await given();
    await time.increase(LIFE);
    await link.cancel();
    expect((await link.state()).state).to.equal(LinkState.Cancelled);
  });

  it("reverts for anybody but the owner, and names both [T212]", async () => {
    const { suite, link } = await given();
    await expect(link.cancel(suite.thief))
      .to.be.revertedWithCustomError(suite.jobChain, "ChainNotOwner")
      .withArgs(suite.thief, suite.requester);
  });

  it("reverts for a link that there is not, and for one that was cancelled", async () => {
    const { suite, link } = await given();
    const other = await TestLink.of(suite, await planOfOne(suite, "market", id("another job")));
    await expect(other.cancel())
      .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongState")
      .withArgs(other.id, LinkState.None);
    await link.cancel();
    await expect(link.cancel())
      .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongState")
      .withArgs(link.id, LinkState.Cancelled);
  });

  it("reverts for one that was followed: what it has ordered is the market's to cancel", async () => {
    const { suite } = await given();
    const { jobId, output } = await agreed(suite);
    const link = await TestLink.create(suite, await planOfOne(suite, "market", jobId));
    await link.follow(output);
    await expect(link.cancel())
      .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongState")
      .withArgs(link.id, LinkState.Followed);
  });
});
