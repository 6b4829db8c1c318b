import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";

import { loadFixture, time } from "../support/network.ts";
import { LOCKED, locked, SHARES_PER_ASSET, slash, THAW_PERIOD } from "../support/staking.ts";

/** Of each thaw, base units of OPG. */
const AMOUNT = 10n ** 18n;
const FEW = 2n;
const MANY = 40n;

/** What a slash takes of gas, and a withdrawal by the last thaw, behind so many thaws of one delegator. */
async function costs(thaws: bigint) {
  const suite = await loadFixture(locked);
  const { staking, node, delegator } = suite;
  for (let i = 0n; i < thaws; i += 1n) {
    await staking.connect(delegator).undelegate(node, AMOUNT * SHARES_PER_ASSET, 0n);
  }
  const slashed = await gasOf(slash(suite, LOCKED / 2n));
  await time.increase(THAW_PERIOD);
  const withdrawn = await gasOf(staking.connect(delegator).withdrawDelegation(node, thaws - 1n));
  return { slashed, withdrawn };
}

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<bigint> {
  const receipt = await (await sending).wait();
  if (receipt === null) throw new Error("No receipt");
  return receipt.gasUsed;
}

describe("A delegator with a long list of thaws", () => {
  it("makes neither a slash nor a withdrawal dearer [T035 I32]", async () => {
    expect(await costs(MANY)).to.deep.equal(await costs(FEW));
  });
});
