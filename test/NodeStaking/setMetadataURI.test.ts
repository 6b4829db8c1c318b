import { expect } from "chai";

import { itIsForTheOwner } from "../support/behaviours/nodeOwner.ts";
import { loadFixture } from "../support/network.ts";
import { registered } from "../support/staking.ts";

const URI = "ipfs://bafkreigh2akiscaildc";

describe("NodeStaking.setMetadataURI", () => {
  context("given a node", () => {
    it("moves its description", async () => {
      const { staking, owner, node } = await loadFixture(registered);
      await expect(staking.connect(owner).setMetadataURI(node, URI))
        .to.emit(staking, "NodeMetadataSet")
        .withArgs(node, URI);
      expect(await staking.metadataURIOf(node)).to.equal(URI);
    });

    it("takes the description away", async () => {
      const { staking, owner, node } = await loadFixture(registered);
      await staking.connect(owner).setMetadataURI(node, "");
      expect(await staking.metadataURIOf(node)).to.equal("");
    });
  });

  itIsForTheOwner(({ staking }, caller, node) => staking.connect(caller).setMetadataURI(node, URI));
});
