import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { ZeroAddress } from "ethers";

import { loadFixture } from "../network.ts";
import { registered, type Registered } from "../staking.ts";

/** What holds of every function of NodeStaking that only the owner of a node may call. */
export function itIsForTheOwner(
  call: (suite: Registered, caller: HardhatEthersSigner, node: string) => Promise<ContractTransactionResponse>,
): void {
  context("when somebody else calls", () => {
    it("reverts for a stranger and for the signer, and names the owner", async () => {
      const suite = await loadFixture(registered);
      const { staking, owner, node, stranger, signer } = suite;
      for (const caller of [stranger, signer]) {
        await expect(call(suite, caller, node))
          .to.be.revertedWithCustomError(staking, "StakingNotNodeOwner")
          .withArgs(node, caller, owner);
      }
    });

    it("reverts for who owned the node before", async () => {
      const suite = await loadFixture(registered);
      const { staking, owner, node, stranger } = suite;
      await staking.connect(owner).proposeOwner(node, stranger);
      await staking.connect(stranger).acceptOwnership(node);
      await expect(call(suite, owner, node))
        .to.be.revertedWithCustomError(staking, "StakingNotNodeOwner")
        .withArgs(node, owner, stranger);
    });

    it("reverts for a node that does not exist", async () => {
      const suite = await loadFixture(registered);
      const { staking, stranger } = suite;
      await expect(call(suite, stranger, stranger.address))
        .to.be.revertedWithCustomError(staking, "StakingNotNodeOwner")
        .withArgs(stranger, stranger, ZeroAddress);
    });
  });
}
