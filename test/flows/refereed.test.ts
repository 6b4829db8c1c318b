import { expect } from "chai";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { collateralOf } from "../../packages/sdk/src/codecs/job.ts";
import { ROYALTY } from "../support/fixtures.ts";
import { each, PRICE } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf, lossOf } from "../support/ledger.ts";
import { loadFixture } from "../support/network.ts";
import { at } from "../support/toyModel.ts";
import { endWindow, HONEST, LYING, refereedByThree, refute, requestDisputable } from "../support/refereed.ts";

describe("A job that a referee can judge", () => {
  context("given a liar and one honest node that disputes the lie", () => {
    it("ends with the honest output: its node is paid, the liar loses all and half of that burns [I22 I23]", async () => {
      const suite = await loadFixture(refereedByThree);
      const { market, nodes, stranger } = suite;
      const seats = nodes.slice(0, 2);
      const liar = at(seats, 0);
      const before = await ledgerOf(suite);
      const job = await (await requestDisputable(suite)).open();
      await job.answer(each(seats, [LYING.outputRoot, HONEST.outputRoot]));
      await refute(job, { liar, outputRoot: LYING.outputRoot }, [stranger]);
      await endWindow(job);

      const fee = job.feeOf(PRICE);
      const collateral = collateralOf(job.fields);
      const settling = job.settle(seats);
      await expect(settling)
        .to.emit(market, "JobSettled")
        .withArgs(
          job.jobId,
          JobState.Decided,
          HONEST.outputRoot,
          job.escrow - PRICE - fee - ROYALTY,
          fee,
          ROYALTY,
          PRICE,
          0n,
        );
      await expect(settling)
        .to.emit(market, "LiePaid")
        .withArgs(job.jobId, liar.node, 0n, [stranger.address], collateral / 2n);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: -PRICE - fee - ROYALTY,
        fees: fee,
        publisher: ROYALTY,
        stranger: collateral / 2n,
        market: collateral / 2n,
        staking: -collateral,
        supply: -collateral / 2n,
        ...earningsOf([1], PRICE),
        ...lossOf([0], collateral),
      });
      expectConserved(changes);
    });
  });
});
