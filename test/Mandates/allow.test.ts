import { expect } from "chai";
import { parseEther } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const CAP = parseEther("3");

describe("Mandates.allow", () => {
  it("lets a spender use a balance in one ledger up to a cap, and says so [T159]", async () => {
    const { mandates, market, optimistic, requester, stranger } = await loadFixture(protocol);
    await expect(mandates.connect(requester).allow(market, stranger, CAP))
      .to.emit(mandates, "SpenderAllowed")
      .withArgs(market, requester, stranger, CAP);
    expect(await mandates.capOf(market, requester, stranger)).to.equal(CAP);
    expect(await mandates.capOf(optimistic, requester, stranger)).to.equal(0);
    expect(await mandates.capOf(market, stranger, requester)).to.equal(0);
  });

  it("replaces what was allowed before", async () => {
    const { mandates, market, requester, stranger } = await loadFixture(protocol);
    await mandates.connect(requester).allow(market, stranger, CAP);
    await mandates.connect(requester).allow(market, stranger, 1n);
    expect(await mandates.capOf(market, requester, stranger)).to.equal(1);
  });

  it("has a cap for each spender", async () => {
    const { mandates, market, requester, stranger, thief } = await loadFixture(protocol);
    await mandates.connect(requester).allow(market, stranger, CAP);
    await mandates.connect(requester).allow(market, thief, 1n);
    expect(await mandates.capOf(market, requester, stranger)).to.equal(CAP);
    expect(await mandates.capOf(market, requester, thief)).to.equal(1);
  });
});
