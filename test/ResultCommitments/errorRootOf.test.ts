import { expect } from "chai";

import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { protocol } from "../support/fixtures.ts";
import { ethers, loadFixture } from "../support/network.ts";

describe("ResultCommitments.errorRootOf", () => {
  context("given a canonical error", () => {
    it("is the root that the SDK makes, and another one for each", async () => {
      const { commitments } = await loadFixture(protocol);
      const faults = Object.values(PayloadError);
      const roots = await Promise.all(faults.map((fault) => commitments.errorRootOf(fault)));
      expect(roots).to.deep.equal(faults.map(errorRoot));
      expect(new Set(roots).size).to.equal(faults.length);
    });
  });

  context("given a number that is no error", () => {
    it("reverts", async () => {
      const { commitments } = await loadFixture(protocol);
      await expect(commitments.errorRootOf(4)).to.be.revertedWithoutReason(ethers);
    });
  });
});
