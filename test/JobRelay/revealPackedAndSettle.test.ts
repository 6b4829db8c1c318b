import { expect } from "chai";
import { id } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { nth } from "../support/actors.ts";
import { ROYALTY, servedByThree } from "../support/fixtures.ts";
import { all, packedByThree, PRICE, RIGHT, SALT, TestJob, WRONG } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { expectPacked, packIn, packWord, saltsOf } from "../support/packs.ts";

const MISSING = errorRoot(PayloadError.InputMissing);

describe("JobRelay.revealPackedAndSettle", () => {
  context("given what all have sealed, and all agree", () => {
    it("settles at once, whoever sends", async () => {
      const { relay, market, thief, job, pack } = await packedByThree();
      const fee = job.feeOf(3n * PRICE);
      const refund = job.escrow - 3n * PRICE - fee - ROYALTY;
      const { roundId, round } = pack;
      await expect(relay.connect(thief).revealPackedAndSettle(job.packed, roundId, round, RIGHT, saltsOf(pack, SALT)))
        .to.emit(market, "JobSettled")
        .withArgs(job.jobId, JobState.Agreed, RIGHT, refund, fee, ROYALTY, 3n * PRICE, 0n);
      expect(await job.state()).to.equal(JobState.Agreed);
    });

    it("makes no statement, and leaves the round packed", async () => {
      const { commitments, job, pack, nodes } = await packedByThree();
      await expect(job.settlePacked(pack)).not.to.emit(commitments, "ResultRevealed");
      for (const { node } of nodes) {
        expect(await commitments.hasStated(pack.roundId, node, RIGHT)).to.equal(false);
      }
      await expectPacked(commitments, pack);
    });

    it("ends it once [T082 I07]", async () => {
      const { market, job, pack } = await packedByThree();
      await job.settlePacked(pack);
      await expect(job.settlePacked(pack))
        .to.be.revertedWithCustomError(market, "MarketWrongState")
        .withArgs(job.jobId, JobState.Agreed);
    });

    for (const [outputRoot, state, pay] of [
      [RIGHT, "Agreed", PRICE],
      [MISSING, "Refused", PRICE / 5n],
    ] as const) {
      it(`pays as one whose nodes send everything themselves, where it ends with ${state} [I02]`, async () => {
        const results = [];
        for (const isPacked of [true, false]) {
          const suite = await loadFixture(servedByThree);
          const before = await ledgerOf(suite);
          const job = await (await TestJob.request(suite, { quorum: 3 })).open();
          if (isPacked) {
            const pack = await job.pack(suite.nodes, outputRoot);
            await job.endPackedSealing(pack);
            await job.settlePacked(pack, outputRoot);
          } else {
            await job.answer(all(suite.nodes, outputRoot));
            await job.settle(suite.nodes);
          }
          expect(await job.state()).to.equal(JobState[state]);
          const changes = await changesSince(before, suite);
          expectConserved(changes);
          results.push([(await job.record()).result, changes]);
        }
        expect(results[0]).to.deep.equal(results[1]);
        expect(nth(nth(results, 0), 1)).to.include(earningsOf([0, 1, 2], pay));
      });
    }
  });

  context("given an error on which all agree", () => {
    it("ends it refused, even where every agreement is audited", async () => {
      const { market, job, pack } = await packedByThree({ outputRoot: MISSING, auditBps: 10_000 });
      const pay = (3n * PRICE) / 5n;
      await expect(job.settlePacked(pack, MISSING))
        .to.emit(market, "JobSettled")
        .withArgs(job.jobId, JobState.Refused, MISSING, job.escrow - pay, 0n, 0n, pay, 0n);
    });
  });

  context("given a job that may be audited", () => {
    it("reverts and names where it stands; unpacked and revealed, it goes on [T052]", async () => {
      const { policy, job, pack, nodes } = await packedByThree({ auditBps: 10_000 });
      await expect(job.settlePacked(pack))
        .to.be.revertedWithCustomError(policy, "PolicyNotFinal")
        .withArgs(job.jobId, JobState.Open, JobState.Open);
      await job.unpack(pack);
      for (const node of nodes) await job.reveal(node);
      await job.beginNext(nodes);
      expect(await job.state()).to.equal(JobState.Audit);
    });
  });

  context("given outputs that differ", () => {
    it("reverts whichever is shown, and settles once it is unpacked", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, commitments, nodes, stranger } = suite;
      const job = await (await TestJob.request(suite, { quorum: 3 })).open();
      const [agreed, liar] = [nodes.slice(0, 2), nth(nodes, 2)];
      const lie = await job.signSeal(liar, { commitment: await job.seal(liar, WRONG) });
      const seals = [...(await job.signSeals(agreed)), lie];
      const pack = packIn(commitments, await (await market.connect(stranger).commitSigned(job.packed, seals)).wait());
      await job.endPackedSealing(pack);
      for (const outputRoot of [RIGHT, WRONG]) {
        const shown = await Promise.all(
          nodes.map(async (seat) => ({ node: seat.node, commitment: await job.seal(seat, outputRoot) })),
        );
        await expect(job.settlePacked(pack, outputRoot))
          .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
          .withArgs(pack.roundId, packWord({ ...pack, seals: shown }), packWord(pack));
      }
      await job.unpack(pack);
      for (const seat of agreed) await job.reveal(seat);
      await job.reveal(liar, WRONG);
      await job.beginNext(nodes);
      expect(await job.state()).to.equal(JobState.Appeal);
    });
  });

  context("given anything but the salts of all", () => {
    it("reverts without one of them, and names what is kept", async () => {
      const { commitments, relay, stranger, job, pack } = await packedByThree();
      const { roundId, round, seals } = pack;
      const fewer = { ...pack, seals: seals.slice(0, 2) };
      await expect(
        relay.connect(stranger).revealPackedAndSettle(job.packed, roundId, round, RIGHT, saltsOf(fewer, SALT)),
      )
        .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
        .withArgs(roundId, packWord(fewer), packWord(pack));
      expect(await job.state()).to.equal(JobState.Open);
    });

    it("reverts where one is wrong", async () => {
      const { commitments, relay, stranger, job, pack } = await packedByThree();
      const { roundId, round, seals } = pack;
      const { node } = nth(seals, 1);
      const salt = id("wrong salt");
      const commitment = await commitments.sealOf(roundId, node, RIGHT, salt);
      const salts = saltsOf(pack, SALT).with(1, { node, salt });
      await expect(relay.connect(stranger).revealPackedAndSettle(job.packed, roundId, round, RIGHT, salts))
        .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
        .withArgs(roundId, packWord({ ...pack, seals: seals.with(1, { node, commitment }) }), packWord(pack));
    });
  });

  context("given a round that was unpacked meanwhile", () => {
    it("reverts and names the round that is kept; `revealAndSettle` ends the job, and pays the same [I02 T179]", async () => {
      const { suite, before, commitments, relay, stranger, job, pack, nodes, seats } = await packedByThree();
      await job.unpack(pack);
      const [word] = await commitments.roundOf(pack.roundId);
      await expect(job.settlePacked(pack))
        .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
        .withArgs(pack.roundId, packWord(pack), word);
      const reveals = nodes.map((node) => job.shows(node));
      await relay.connect(stranger).revealAndSettle(job.packed, pack.roundId, reveals, seats);
      expect(await job.state()).to.equal(JobState.Agreed);
      const changes = await changesSince(before, suite);
      expectConserved(changes);
      expect(changes).to.include(earningsOf([0, 1, 2], PRICE));
    });
  });

  context("when it is not the time to reveal", () => {
    it("reverts before and after, and names when it was [T042 I21]", async () => {
      const suite = await loadFixture(servedByThree);
      const { commitments } = suite;
      const job = await (await TestJob.request(suite, { quorum: 3 })).open();
      const pack = await job.pack(suite.nodes);
      const opensAt = (await job.record()).startedAt + job.fields.sealPeriod;
      await time.setNextBlockTimestamp(opensAt - 1);
      await expect(job.settlePacked(pack))
        .to.be.revertedWithCustomError(commitments, "CommitmentsRevealTooEarly")
        .withArgs(pack.roundId, opensAt);
      const endsAt = opensAt + Number(job.fields.rules.revealPeriod);
      await time.setNextBlockTimestamp(endsAt);
      await expect(job.settlePacked(pack))
        .to.be.revertedWithCustomError(commitments, "CommitmentsRevealTooLate")
        .withArgs(pack.roundId, endsAt);
    });
  });

  context("given the round of another job", () => {
    it("reverts, as the job's own was not shown", async () => {
      const { commitments, relay, suite, stranger, job, pack } = await packedByThree();
      const other = await (await TestJob.request(suite, { quorum: 3 })).open();
      const own = await other.pack(suite.nodes);
      await other.endPackedSealing(own);
      await expect(
        relay
          .connect(stranger)
          .revealPackedAndSettle(other.packed, pack.roundId, pack.round, RIGHT, saltsOf(pack, SALT)),
      )
        .to.be.revertedWithCustomError(commitments, "CommitmentsPacked")
        .withArgs(own.roundId);
      expect(await job.state()).to.equal(JobState.Open);
    });
  });
});
