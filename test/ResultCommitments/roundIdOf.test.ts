import { expect } from "chai";
import { id } from "ethers";

import { roundId } from "../../packages/sdk/src/codecs/commitment.ts";
import { loadFixture } from "../support/network.ts";
import { round } from "../support/rounds.ts";

describe("ResultCommitments.roundIdOf", () => {
  context("given a consumer's job", () => {
    it("is the hash that the SDK makes, for this chain and contract", async () => {
      const {
        commitments,
        round: { key, roundId },
      } = await loadFixture(round);
      expect(await commitments.roundIdOf(key.consumer, key.jobId, key.attempt, key.versionId, key.inputRoot)).to.equal(
        roundId,
      );
    });

    it("differs as soon as any field does [T044]", async () => {
      const {
        commitments,
        round: { key },
        stranger,
      } = await loadFixture(round);
      const variants = [
        key,
        { ...key, consumer: stranger.address },
        { ...key, jobId: id("another job") },
        { ...key, attempt: 1 },
        { ...key, versionId: id("another version") },
        { ...key, inputRoot: id("another input") },
      ];
      const ids = await Promise.all(
        variants.map((v) => commitments.roundIdOf(v.consumer, v.jobId, v.attempt, v.versionId, v.inputRoot)),
      );
      expect(ids).to.deep.equal(variants.map(roundId));
      expect(new Set(ids).size).to.equal(variants.length);
    });
  });
});
