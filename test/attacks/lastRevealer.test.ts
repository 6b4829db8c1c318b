import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { entryOfSeal } from "../support/entries.ts";
import { servedByThree } from "../support/fixtures.ts";
import { PRICE, RIGHT, TestJob, WRONG } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf } from "../support/ledger.ts";
import { loadFixture } from "../support/network.ts";

/** Three have sealed, two of them the right output; sealing is over. */
async function liarAmongThree() {
  const suite = await servedByThree();
  const before = await ledgerOf(suite);
  const job = await (await TestJob.request(suite)).open();
  const [first, second, liar] = suite.nodes;
  if (first === undefined || second === undefined || liar === undefined) throw new Error("Too few nodes");
  await job.commit(first);
  await job.commit(second);
  await job.commit(liar, WRONG);
  await job.endSealing();
  return { suite, before, job, first, second, liar };
}

describe("A liar that waits for the reveals of the others", () => {
  it("cannot undo their agreement by silence, and pays them for the wait [T046]", async () => {
    const { suite, before, job, first, second } = await loadFixture(liarAmongThree);
    await job.reveal(first);
    await job.reveal(second);
    await job.endRevealing();
    await job.settle(suite.nodes);

    expect(await job.state()).to.equal(JobState.Agreed);
    const changes = await changesSince(before, suite);
    const absence = PRICE; // an eighth of eight prices
    expect(changes).to.deep.include(earningsOf([0, 1], PRICE + absence / 2n));
    expect(changes).to.include({ "node 2 own": -absence, "node 2 locked": -absence });
    expect(changes).not.to.have.any.keys("node 2 used", "node 2 earned");
    expectConserved(changes);
  });

  it("cannot change what it has sealed to what they reveal [T041 I34]", async () => {
    const { suite, job, first, liar } = await loadFixture(liarAmongThree);
    await job.reveal(first);
    await expect(job.reveal(liar))
      .to.be.revertedWithCustomError(suite.commitments, "CommitmentsMismatch")
      .withArgs(
        await job.roundId(),
        liar.node,
        entryOfSeal(await job.seal(liar, RIGHT)),
        entryOfSeal(await job.seal(liar, WRONG)),
      );
    await expect(job.commit(liar))
      .to.be.revertedWithCustomError(suite.commitments, "CommitmentsAlreadySealed")
      .withArgs(await job.roundId(), liar.node);
  });

  context("when its key is revoked meanwhile", () => {
    async function revoked() {
      const given = await liarAmongThree();
      await given.suite.staking.connect(given.liar.owner).revokeSigner(given.liar.node);
      return given;
    }

    it("still answers for the seal, which anybody who knows the salt can show [T039 T040]", async () => {
      const { suite, job, first, liar } = await loadFixture(revoked);
      await job.reveal(first);
      await expect(job.reveal(liar, WRONG))
        .to.emit(suite.commitments, "ResultRevealed")
        .withArgs(await job.roundId(), liar.node, WRONG);
    });

    it("lets the key take no further seat [T039]", async () => {
      const { suite, liar } = await loadFixture(revoked);
      const next = await (await TestJob.request(suite)).open();
      await expect(next.commit(liar))
        .to.be.revertedWithCustomError(suite.market, "MarketNotSigner")
        .withArgs(liar.node, liar.signer.address, ZeroAddress);
    });
  });
});
