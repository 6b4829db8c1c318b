import { expect } from "chai";
import { encodeBytes32String, ZeroHash } from "ethers";

import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import { TestReferee__factory } from "../../typechain-types/index.ts";
import { LARGE, PROFILE, SMALL } from "../support/disputes.ts";
import { IDENTITY, released } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const MOST_STEPS = 4_096;
const JUDGED = { ...IDENTITY, profile: PROFILE, graphRoot: SMALL.graphRoot };
/** Words for the three steps of the model; what they are does not matter. */
const WORDS = [ZeroHash, ZeroHash, ZeroHash];

/** A game with a referee of the toy model's profile. */
async function refereed() {
  const suite = await released();
  const referee = await new TestReferee__factory(suite.deployer).deploy(PROFILE, 0);
  await suite.disputes.connect(suite.deployer).addReferee(referee);
  return { ...suite, referee };
}

describe("DisputeGame.admit", () => {
  const given = () => loadFixture(refereed);

  context("given a version of a profile that a referee judges", () => {
    it("admits it when anyone shows the header of its graph, and no other version of the model", async () => {
      const { disputes, referee, stranger, model } = await given();
      const version = versionId(model, JUDGED);
      await expect(disputes.connect(stranger).admit(model, JUDGED, SMALL.header, WORDS))
        .to.emit(disputes, "VersionAdmitted")
        .withArgs(version, referee);
      expect(await disputes.isAdmitted(version)).to.equal(true);
      expect(await disputes.isAdmitted(versionId(model, { ...JUDGED, artifactSize: 1n }))).to.equal(false);
    });

    it("reverts for the header of another graph and names both roots", async () => {
      const { disputes, stranger, model } = await given();
      const words = Array.from({ length: LARGE.words.length }, () => ZeroHash);
      await expect(disputes.connect(stranger).admit(model, JUDGED, LARGE.header, words))
        .to.be.revertedWithCustomError(disputes, "DisputeWrongGraph")
        .withArgs(LARGE.graphRoot, SMALL.graphRoot);
    });

    it("reverts for another number of steps, and for more than a challenge can hold", async () => {
      const { disputes, referee, stranger, model } = await given();
      const admit = (count: number) =>
        disputes.connect(stranger).admit(
          model,
          JUDGED,
          SMALL.header,
          Array.from({ length: count }, () => ZeroHash),
        );
      await expect(admit(2)).to.be.revertedWithCustomError(referee, "OpeningIsWrong");
      for (const count of [0, MOST_STEPS + 1]) {
        await expect(admit(count))
          .to.be.revertedWithCustomError(disputes, "DisputeOutOfBounds")
          .withArgs(encodeBytes32String("steps"), count, 1, MOST_STEPS);
      }
    });
  });

  context("given a version of a profile that nobody judges", () => {
    it("reverts and names the profile", async () => {
      const { disputes, stranger, model } = await given();
      const profile = encodeBytes32String("other/1");
      await expect(disputes.connect(stranger).admit(model, { ...JUDGED, profile }, SMALL.header, WORDS))
        .to.be.revertedWithCustomError(disputes, "DisputeNoReferee")
        .withArgs(profile);
    });
  });
});
