import { expect } from "chai";

import { loadFixture } from "../support/network.ts";
import { registered } from "../support/staking.ts";

describe("NodeStaking.isOperator", () => {
  it("is the owner and the signer of the node, and nobody else", async () => {
    const { staking, owner, signer, node, other, stranger } = await loadFixture(registered);
    expect(await staking.isOperator(node, owner)).to.equal(true);
    expect(await staking.isOperator(node, signer)).to.equal(true);
    expect(await staking.isOperator(node, stranger)).to.equal(false);
    expect(await staking.isOperator(other.node, owner)).to.equal(false);
  });

  it("follows the node to its next owner, who is named by another address than the node", async () => {
    const { staking, owner, node, stranger } = await loadFixture(registered);
    await staking.connect(owner).proposeOwner(node, stranger);
    expect(await staking.isOperator(node, stranger)).to.equal(false);
    await staking.connect(stranger).acceptOwnership(node);
    expect(await staking.isOperator(node, stranger)).to.equal(true);
    expect(await staking.isOperator(node, owner)).to.equal(false);
  });
});
