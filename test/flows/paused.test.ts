import { expect } from "chai";
import { parseEther, ZeroHash } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { SessionState } from "../../packages/sdk/src/codecs/session.ts";
import { nth } from "../support/actors.ts";
import { pauseEverything } from "../support/control.ts";
import { CLOCKS } from "../support/disputes.ts";
import { OWN_STAKE, servedByNine, servedByThree } from "../support/fixtures.ts";
import { all, each, PRICE, RIGHT, SEAL_PERIOD, TestJob, WRONG } from "../support/jobs.ts";
import { changesSince, expectConserved, ledgerOf } from "../support/ledger.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import { HONEST, LYING, offering, TestOffer } from "../support/optimistic.ts";
import { openedByThree, refute, windowEndOf } from "../support/refereed.ts";
import { conversing, TestSession } from "../support/sessions.ts";
import { LOCKED, locked, OBLIGATION, THAW_PERIOD } from "../support/staking.ts";

const PART = parseEther("10");

describe("With every entry paused for good [T116 I26]", () => {
  context("given a drawn job that has begun", () => {
    const given = async () => {
      const suite = await servedByThree();
      const before = await ledgerOf(suite);
      const job = await TestJob.request(suite);
      await pauseEverything(suite);
      return { suite, job, before };
    };

    it("is sealed, revealed, settled and paid, and all of it can be withdrawn", async () => {
      const { suite, job, before } = await loadFixture(given);
      const { market, staking, token, nodes, requester, publisher, stranger, timelock, version } = suite;
      const seats = nodes.slice(0, 2);
      await job.open();
      await job.answer(all(seats));
      await expect(job.settle(seats)).to.emit(market, "JobSettled");
      expect(await job.state()).to.equal(JobState.Agreed);
      expectConserved(await changesSince(before, suite));

      for (const { node } of seats) await market.connect(stranger).claim(node, version);
      await market.connect(stranger).collectFees([requester]);
      expect(await token.balanceOf(timelock)).to.equal(job.feeOf(2n * PRICE));
      for (const account of [requester, publisher]) {
        const { balance } = await market.accountOf(account);
        await expect(market.connect(account).withdraw(account, balance)).to.changeTokenBalance(
          ethers,
          token,
          account,
          balance,
        );
      }
      const { owner, node } = nth(seats, 0);
      const { earned } = await market.servingOf(node, version);
      expect(earned).to.equal(0n);
      await staking.connect(owner).withdrawEarnings(node);
    });

    it("is cancelled", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, pauseGuardian, deployer, requester } = suite;
      const job = await TestJob.request(suite);
      await pauseGuardian.connect(deployer).pause();
      await expect(market.connect(requester).cancel(job.packed)).to.emit(market, "JobSettled");
      expect(await job.state()).to.equal(JobState.Cancelled);
    });

    it("expires when nobody seals", async () => {
      const { suite, job } = await loadFixture(given);
      await job.open();
      const { widenSteps } = job.fields.rules;
      await time.increase(SEAL_PERIOD * (1 + Number(widenSteps)));
      await expect(job.expire()).to.emit(suite.market, "JobSettled");
      expect(await job.state()).to.equal(JobState.Unanswered);
    });

    it("takes deposits, which can be taken out again at any moment", async () => {
      const { suite } = await loadFixture(given);
      const { market, token, deployer } = suite;
      await token.connect(deployer).approve(market, PART);
      await market.connect(deployer).deposit(deployer, PART);
      await expect(market.connect(deployer).withdraw(deployer, PART)).to.changeTokenBalance(
        ethers,
        token,
        deployer,
        PART,
      );
    });

    it("lets nodes leave: what they serve, what is free of their locks, and their stake", async () => {
      const { suite } = await loadFixture(given);
      const { market, staking, nodes, version } = suite;
      const { owner, signer, node } = nth(nodes, 2);
      await market.connect(signer).unserve(node, version);
      expect(await staking.lockedOf(node)).to.equal(0n);
      await staking.connect(owner).thaw(node, OWN_STAKE);
      await time.increase(THAW_PERIOD);
      await expect(staking.connect(owner).withdraw(node, 0)).to.emit(staking, "OwnStakeWithdrawn");
    });
  });

  context("given a drawn job whose answers will differ", () => {
    it("is appealed, decided and settled", async () => {
      const suite = await loadFixture(servedByNine);
      const job = await TestJob.request(suite, { quorum: 6 });
      await pauseEverything(suite);
      await job.open();
      const [seats, fresh] = [suite.nodes.slice(0, 6), suite.nodes.slice(6)];
      await job.answer(each(seats, [RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, WRONG]));
      await job.beginNext(seats);
      await job.answer(all(fresh), 2);
      await job.settle(seats, fresh);
      expect(await job.state()).to.equal(JobState.Decided);
    });
  });

  context("given a drawn job that a referee can judge", () => {
    it("is disputed, judged and settled", async () => {
      const { suite, job } = await loadFixture(openedByThree);
      await pauseEverything(suite);
      const seats = suite.nodes.slice(0, 2);
      await job.answer(each(seats, [HONEST.outputRoot, LYING.outputRoot]));
      await refute(job, { liar: nth(seats, 1), outputRoot: LYING.outputRoot }, [suite.stranger]);
      await time.increaseTo(await windowEndOf(job));
      await job.settle(seats);
      expect(await job.state()).to.equal(JobState.Decided);
    });
  });

  context("given jobs for one node", () => {
    const given = async () => {
      const suite = await offering();
      const [named, open, unwanted] = [
        await TestOffer.named(suite),
        await TestOffer.open(suite),
        await TestOffer.open(suite),
      ];
      await pauseEverything(suite);
      return { suite, named, open, unwanted };
    };

    it("are answered, reserved, settled, cancelled, delivered and withdrawn", async () => {
      const { suite, named, open, unwanted } = await loadFixture(given);
      const { optimistic, token, first, second, requester } = suite;
      await named.answer(first);
      await open.reserve(second);
      await open.answer(second);
      await unwanted.cancel();
      await open.endWindow();
      await named.settle();
      await open.settle(HONEST.outputRoot, second.node);
      for (const job of [named, open]) expect((await job.record()).state).to.equal(OptimisticState.Answered);
      const { balance } = await optimistic.accountOf(requester);
      await expect(optimistic.connect(requester).withdraw(requester, balance)).to.changeTokenBalance(
        ethers,
        token,
        requester,
        balance,
      );
    });

    it("are refuted, pay who was harmed, and open for a second node", async () => {
      const { suite, named } = await loadFixture(given);
      const { disputes, token, first, second, stranger } = suite;
      await named.answer(first, LYING.outputRoot);
      await named.refute(first, [stranger]);
      await named.endWindow();
      await named.settle(LYING.outputRoot);
      expect((await named.record()).state).to.equal(OptimisticState.Open);
      await named.reserve(second);
      await named.answer(second);
      await named.endWindow();
      await named.settle(HONEST.outputRoot, second.node);
      expect((await named.record()).state).to.equal(OptimisticState.Answered);

      const bond = await disputes.balanceOf(stranger);
      await expect(disputes.connect(stranger).withdraw(stranger, bond)).to.changeTokenBalance(
        ethers,
        token,
        stranger,
        bond,
      );
    });

    it("expire when nobody answers", async () => {
      const { suite, named } = await loadFixture(given);
      await named.missDeadline();
      await expect(named.expire()).to.emit(suite.optimistic, "JobClosed");
      expect((await named.record()).state).to.equal(OptimisticState.Unanswered);
    });
  });

  context("given a session that has begun", () => {
    const given = async () => {
      const suite = await conversing();
      const session = await TestSession.open(suite);
      await pauseEverything(suite);
      return { suite, session };
    };

    it("gets more money, is redeemed, closed and settled, and all of it can be withdrawn", async () => {
      const { suite, session } = await loadFixture(given);
      const { sessions, staking, token, requester, publisher, stranger, timelock, first, version } = suite;
      await sessions.connect(requester).topUp(session.packed, requester, PART, []);
      await session.redeem(PART);
      await session.close(requester);
      await time.increase(Number(session.fields.rules.closeNoticePeriod));
      await session.settle();
      await time.increase(Number(session.fields.rules.horizonPeriod));
      await session.settle();
      expect((await session.record()).state).to.equal(SessionState.Released);

      await sessions.connect(stranger).claim(first.node, version);
      await sessions.connect(stranger).collectFees([requester]);
      expect(await token.balanceOf(timelock)).to.equal(PART / 40n);
      for (const account of [requester, publisher]) {
        const { balance } = await sessions.accountOf(account);
        await expect(sessions.connect(account).withdraw(account, balance)).to.changeTokenBalance(
          ethers,
          token,
          account,
          balance,
        );
      }
      expect(await token.balanceOf(sessions)).to.equal(0n);
      await sessions.connect(first.owner).unserve(first.node, version);
      expect((await staking.lockOf(first.node, sessions, version)).amount).to.equal(0n);
    });

    it("is disputed and punished for a lie, and another for a contradiction", async () => {
      const { suite, session } = await loadFixture(given);
      const { sessions, thief, stranger } = suite;
      const lie = await session.lie();
      await session.show(lie);
      await session.refute(lie, [thief]);
      await time.increase(CLOCKS.floor);
      await expect(session.punishLie(lie)).to.emit(sessions, "SessionFalsified");

      const { session: other } = await loadFixture(given);
      await expect(other.contradict(stranger, await other.receipt(), await other.lie())).to.emit(
        sessions,
        "SessionFalsified",
      );
    });
  });

  context("given stake that is locked", () => {
    it("is unlocked, slashed, released, thawed and withdrawn, by owner and delegator", async () => {
      const suite = await loadFixture(locked);
      const { staking, node, owner, delegator, consumer, stranger, endsAt } = suite;
      await pauseEverything(suite);
      await staking.connect(consumer).slash(node, OBLIGATION, PART, 0n, 0n);
      await staking.connect(consumer).unlock(node, OBLIGATION, PART);
      await staking.connect(consumer).lock(node, OBLIGATION, LOCKED / 2n, endsAt + 5n);
      const { shares } = await staking.delegationOf(node, delegator);
      await staking.connect(delegator).undelegate(node, shares / 2n, 0n);
      await staking.connect(delegator).cancelUndelegate(node, 0, 0n);
      await staking.connect(delegator).undelegate(node, shares / 2n, 0n);
      await time.increaseTo(endsAt + 5n);
      await staking.connect(stranger).release(node, consumer, OBLIGATION);
      const left = (await staking.ownStakeOf(node)).bonded;
      await staking.connect(owner).thaw(node, left);
      await time.increase(THAW_PERIOD);
      await expect(staking.connect(owner).withdraw(node, 0)).to.emit(staking, "OwnStakeWithdrawn");
      await expect(staking.connect(delegator).withdrawDelegation(node, 1)).to.emit(staking, "DelegationWithdrawn");
    });

    it("pays rewards into it, and lets keys be changed and revoked", async () => {
      const suite = await loadFixture(locked);
      const { staking, token, node, owner, deployer } = suite;
      await pauseEverything(suite);
      await token.connect(deployer).approve(staking, PART);
      await staking.connect(deployer).reward(node, PART);
      await staking.connect(owner).withdrawEarnings(node);
      await staking.connect(owner).authorise(node, deployer, 0n);
      await staking.connect(owner).revokeSigner(node);
    });
  });

  context("given a model", () => {
    it("is mirrored, priced, deprecated and transferred", async () => {
      const suite = await loadFixture(servedByThree);
      await pauseEverything(suite);
      const { registry, publisher, stranger, model, version } = suite;
      await registry.connect(publisher).addMirror(version, "ipfs://mirror");
      await registry.connect(publisher).setRoyalty(model, 0n);
      await registry.connect(publisher).deprecate(version, ZeroHash);
      await registry.connect(publisher).transferFrom(publisher, stranger, model);
    });
  });
});
