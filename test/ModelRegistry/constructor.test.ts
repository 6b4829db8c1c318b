import { expect } from "chai";

import { ModelRegistry__factory } from "../../typechain-types/index.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const MOST_NOTICE_PERIOD = 30 * 86_400;
/** The ERC-165 id of ERC-721. */
const ERC721 = "0x80ac58cd";

describe("ModelRegistry.constructor", () => {
  const given = () => loadFixture(protocol);

  context("given a notice period within its bound", () => {
    it("keeps it, reports it, and obeys the access manager", async () => {
      const { access, deployer } = await given();
      const registry = await new ModelRegistry__factory(deployer).deploy(access, MOST_NOTICE_PERIOD);
      await expect(registry.deploymentTransaction()).to.emit(registry, "RoyaltyNoticeSet").withArgs(MOST_NOTICE_PERIOD);
      expect(await registry.royaltyNoticePeriod()).to.equal(MOST_NOTICE_PERIOD);
      expect(await registry.authority()).to.equal(access);
    });
  });

  context("given any", () => {
    it("is a collection of ERC-721 tokens", async () => {
      const { registry } = await given();
      expect(await Promise.all([registry.name(), registry.symbol()])).to.deep.equal(["OPG Model", "OPGM"]);
      expect(await registry.supportsInterface(ERC721)).to.equal(true);
    });
  });

  context("given a longer one", () => {
    it("reverts and names the bound", async () => {
      const { access, registry, deployer } = await given();
      await expect(new ModelRegistry__factory(deployer).deploy(access, MOST_NOTICE_PERIOD + 1))
        .to.be.revertedWithCustomError(registry, "RegistryNoticeTooLong")
        .withArgs(MOST_NOTICE_PERIOD + 1, MOST_NOTICE_PERIOD);
    });
  });
});
