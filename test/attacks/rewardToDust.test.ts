import { expect } from "chai";
import { parseEther } from "ethers";

import { protocol, registerNode } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

describe("A reward for a node whose stake has all left", () => {
  async function left() {
    const suite = await protocol();
    const { token, staking, deployer, delegator, operators } = suite;
    const [operator] = operators;
    if (operator === undefined) throw new Error("No operator");
    await registerNode(suite, operator);
    await token.connect(deployer).transfer(delegator, parseEther("10"));
    await token.connect(delegator).approve(staking, parseEther("10"));
    await token.connect(deployer).approve(staking, parseEther("1000"));
    await staking.connect(delegator).delegate(operator.node, parseEther("10"), 1n);
    await staking.connect(deployer).reward(operator.node, parseEther("1"));
    const [shares] = await staking.delegationOf(operator.node, delegator);
    await staking.connect(delegator).undelegate(operator.node, shares, 1n);
    const [own] = await staking.ownStakeOf(operator.node);
    await staking.connect(operator.owner).thaw(operator.node, own);
    return { ...suite, operator };
  }

  it("goes to the owner, not to the dust that delegators left behind [T025]", async () => {
    const { staking, deployer, operator } = await loadFixture(left);
    const before = await staking.earningsOf(operator.node);
    await staking.connect(deployer).reward(operator.node, parseEther("100"));
    expect((await staking.earningsOf(operator.node)) - before).to.equal(parseEther("100"));
  });
});
