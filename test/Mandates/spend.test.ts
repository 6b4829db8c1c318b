import { expect } from "chai";
import { MaxUint256 } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

/** An account that lets a spender use 10 units in a ledger, which is an account here: whoever calls is the ledger. */
async function allowed() {
  const suite = await loadFixture(protocol);
  const { mandates, requester, stranger, operators } = suite;
  const ledger = operators[0]?.owner;
  if (ledger === undefined) throw new Error("There are operators");
  await mandates.connect(requester).allow(ledger, stranger, 10n);
  const spend = (amount: bigint, caller = ledger) => mandates.connect(caller).spend(requester, stranger, amount);
  const cap = () => mandates.capOf(ledger, requester, stranger);
  return { ...suite, ledger, spend, cap };
}

describe("Mandates.spend", () => {
  it("lowers the cap by what is used, to the last unit, and says what is left [T159]", async () => {
    const { mandates, ledger, requester, stranger, spend, cap } = await allowed();
    await expect(spend(4n)).to.emit(mandates, "SpenderAllowed").withArgs(ledger, requester, stranger, 6);
    await spend(6n);
    expect(await cap()).to.equal(0);
  });

  it("reverts for a unit more, and names who, what is left and what was asked for [T159]", async () => {
    const { mandates, ledger, requester, stranger, spend, cap } = await allowed();
    await spend(4n);
    await expect(spend(7n))
      .to.be.revertedWithCustomError(mandates, "MandateCapTooLow")
      .withArgs(ledger, requester, stranger, 6, 7);
    expect(await cap()).to.equal(6);
  });

  it("never lowers the largest cap there is", async () => {
    const { mandates, ledger, requester, stranger, spend, cap } = await allowed();
    await mandates.connect(requester).allow(ledger, stranger, MaxUint256);
    await expect(spend(MaxUint256 - 1n)).not.to.emit(mandates, "SpenderAllowed");
    expect(await cap()).to.equal(MaxUint256);
  });

  it("is about the caller's own balances: nobody else can use a ledger's caps up [T159]", async () => {
    const { mandates, requester, stranger, thief, spend, cap } = await allowed();
    await expect(spend(1n, thief))
      .to.be.revertedWithCustomError(mandates, "MandateCapTooLow")
      .withArgs(thief, requester, stranger, 0, 1);
    expect(await cap()).to.equal(10);
  });
});
