import { expect } from "chai";
import { encodeBytes32String, ZeroAddress, ZeroHash } from "ethers";

import { TestReferee__factory } from "../../typechain-types/index.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const TOY = encodeBytes32String("toy/1");

describe("DisputeGame.addReferee", () => {
  async function given() {
    const suite = await loadFixture(protocol);
    const refereeOf = (profile: string) => new TestReferee__factory(suite.deployer).deploy(profile, 0);
    return { ...suite, refereeOf };
  }

  context("given a profile that nobody judges", () => {
    it("lets the referee judge it", async () => {
      const { disputes, deployer, refereeOf } = await given();
      const referee = await refereeOf(TOY);
      await expect(disputes.connect(deployer).addReferee(referee))
        .to.emit(disputes, "RefereeAdded")
        .withArgs(TOY, referee);
      expect(await disputes.refereeOf(TOY)).to.equal(referee);
    });
  });

  context("given a profile that has its referee", () => {
    it("reverts and names it: it is never replaced, not even by itself [T122 I07]", async () => {
      const { disputes, deployer, refereeOf } = await given();
      const referee = await refereeOf(TOY);
      await disputes.connect(deployer).addReferee(referee);
      for (const next of [await refereeOf(TOY), referee]) {
        await expect(disputes.connect(deployer).addReferee(next))
          .to.be.revertedWithCustomError(disputes, "DisputeRefereeTaken")
          .withArgs(TOY, referee);
      }
    });
  });

  context("given a referee of no profile", () => {
    it("reverts: zero is what versions without a referee have", async () => {
      const { disputes, deployer, refereeOf } = await given();
      await expect(disputes.connect(deployer).addReferee(await refereeOf(ZeroHash)))
        .to.be.revertedWithCustomError(disputes, "DisputeRefereeTaken")
        .withArgs(ZeroHash, ZeroAddress);
    });
  });

  context("when anybody but the access manager's admin adds one", () => {
    it("reverts [T124]", async () => {
      const { disputes, stranger, refereeOf } = await given();
      await expect(disputes.connect(stranger).addReferee(await refereeOf(TOY)))
        .to.be.revertedWithCustomError(disputes, "AccessManagedUnauthorized")
        .withArgs(stranger);
    });
  });
});
