import { expect } from "chai";
import { concat, encodeBytes32String, id, keccak256, parseEther, toUtf8Bytes, ZeroHash } from "ethers";

import { escrowOf, JobState, unpackJob } from "../../packages/sdk/src/codecs/job.ts";
import { linkNonceOf, LinkState, packLinkedOutput } from "../../packages/sdk/src/codecs/link.ts";
import { optimisticEscrowOf, OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { encodePayload, errorRoot, PayloadError, payloadRoot } from "../../packages/sdk/src/codecs/payload.ts";
import { OUTPUT, OUTPUT_ROOT, PAYLOAD } from "../support/callbacks.ts";
import { all, each, INPUT_URI, OTHER, TestJob } from "../support/jobs.ts";
import {
  agreed,
  answered,
  CAP,
  chaining,
  type Chaining,
  type FirstJob,
  LIFE,
  planOfOne,
  planOfSeveral,
  REWARD,
  TestLink,
} from "../support/links.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import { HONEST, LYING, TestOffer } from "../support/optimistic.ts";

const given = () => loadFixture(chaining);

/** First jobs by their market. */
const SOURCES: readonly (readonly [source: "market" | "optimistic", first: (suite: Chaining) => Promise<FirstJob>])[] =
  [
    ["market", (suite) => agreed(suite)],
    ["optimistic", (suite) => answered(suite)],
  ];

describe("JobChain.follow", () => {
  for (const [source, firstOf] of SOURCES) {
    context(`given a first job of \`${source}\` that is final`, () => {
      it("orders of one node on its output, and pays whoever comes out of the owner's balance", async () => {
        const suite = await given();
        const { jobChain, optimistic, mandates, requester, stranger } = suite;
        const { jobId: first, output } = await firstOf(suite);
        const link = await TestLink.create(suite, await planOfOne(suite, source, first));
        const [{ balance: before }, { balance: earned }] = [
          await optimistic.accountOf(requester),
          await optimistic.accountOf(stranger),
        ];
        const transaction = await link.follow(output);
        const job = TestOffer.from(suite, await transaction.wait());
        const cost = optimisticEscrowOf(job.fields);
        await expect(transaction)
          .to.emit(jobChain, "LinkFollowed")
          .withArgs(link.id, job.jobId, stranger, OUTPUT_ROOT, cost, REWARD);
        await expect(transaction).to.emit(optimistic, "BalanceMoved").withArgs(requester, stranger, REWARD);
        expect(job.fields).to.include({ inputRoot: OUTPUT_ROOT, nonce: linkNonceOf(link.id) });
        expect(await link.state()).to.deep.equal({ state: LinkState.Followed, jobId: job.jobId });
        expect((await optimistic.accountOf(requester)).balance).to.equal(before - cost - REWARD);
        expect((await optimistic.accountOf(stranger)).balance).to.equal(earned + REWARD);
        expect(await mandates.capOf(optimistic, requester, jobChain)).to.equal(CAP - cost - REWARD);
      });

      it("orders of several nodes on its output, which they find in the order", async () => {
        const suite = await given();
        const { jobChain, market, stranger } = suite;
        const { jobId: first, output } = await firstOf(suite);
        const link = await TestLink.create(suite, await planOfSeveral(suite, source, first));
        const transaction = await link.follow(output);
        const job = TestJob.from(suite.several, await transaction.wait());
        await expect(transaction)
          .to.emit(jobChain, "LinkFollowed")
          .withArgs(link.id, job.jobId, stranger, OUTPUT_ROOT, escrowOf(job.fields), REWARD);
        const { nonce } = unpackJob(job.packed);
        expect({ root: job.packed.inputRoot, nonce }).to.deep.equal({ root: OUTPUT_ROOT, nonce: linkNonceOf(link.id) });
        const [requested] = await market.queryFilter(market.filters.JobRequested(job.jobId));
        expect(requested?.args.input).to.equal(`0x${Buffer.from(PAYLOAD).toString("hex")}`);
      });

      it("takes neither another root, nor the output of another job [T211]", async () => {
        const suite = await given();
        const { jobId: first, output } = await firstOf(suite);
        const link = await TestLink.create(suite, await planOfOne(suite, source, first));
        await expect(link.follow({ ...output, root: OTHER }))
          .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongOutput")
          .withArgs(first, OTHER);
        const stray = await TestLink.create(suite, await planOfOne(suite, source, id("no job")));
        await expect(stray.follow(output))
          .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongOutput")
          .withArgs(id("no job"), OUTPUT_ROOT);
        const elsewhere = source === "market" ? "optimistic" : "market";
        const misled = await TestLink.create(suite, await planOfOne(suite, elsewhere, first));
        await expect(misled.follow(output))
          .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongOutput")
          .withArgs(first, OUTPUT_ROOT);
      });

      it("is followed once, by whoever comes first [T213]", async () => {
        const suite = await given();
        const { jobId: first, output } = await firstOf(suite);
        const link = await TestLink.create(suite, await planOfOne(suite, source, first));
        await link.follow(output, PAYLOAD, suite.thief);
        for (const sender of [suite.thief, suite.requester]) {
          await expect(link.follow(output, PAYLOAD, sender))
            .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongState")
            .withArgs(link.id, LinkState.Followed);
        }
      });
    });
  }

  context("given several nodes that have not agreed on an output", () => {
    /** What is refused for a job, whatever root is given: the owner need not show what has it. */
    async function refuses(suite: Chaining, job: TestJob, root: string) {
      const link = await TestLink.create(suite, await planOfOne(suite, "market", job.jobId));
      await expect(link.follow({ root }, INPUT_URI, suite.requester))
        .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongOutput")
        .withArgs(job.jobId, root);
      expect((await link.state()).state).to.equal(LinkState.Waiting);
    }

    async function opened(suite: Chaining) {
      return { job: await (await TestJob.request(suite.several, {})).open(), seats: suite.several.nodes.slice(0, 2) };
    }

    it("waits until the job is settled [T211]", async () => {
      const suite = await given();
      const { job, seats } = await opened(suite);
      await job.answer(all(seats, OUTPUT_ROOT));
      await refuses(suite, job, OUTPUT_ROOT);
      await refuses(suite, job, ZeroHash);
      await job.settle(seats);
      const link = await TestLink.create(suite, await planOfOne(suite, "market", job.jobId));
      await link.follow({ root: OUTPUT_ROOT });
    });

    it("refuses a job that was cancelled [T211]", async () => {
      const suite = await given();
      const job = await TestJob.request(suite.several, {});
      await suite.market.connect(suite.requester).cancel(job.packed);
      await refuses(suite, job, ZeroHash);
      await refuses(suite, job, OUTPUT_ROOT);
    });

    it("refuses errors on which all agree [T211]", async () => {
      const suite = await given();
      const { job, seats } = await opened(suite);
      const error = errorRoot(PayloadError.RefusedByModel);
      await job.answer(all(seats, error));
      await job.settle(seats);
      expect(await job.state()).to.equal(JobState.Refused);
      await refuses(suite, job, error);
    });

    it("refuses a job in which too few have revealed, and one that nobody answered [T211]", async () => {
      const suite = await given();
      const { job, seats } = await opened(suite);
      await job.answer(each(seats, [OUTPUT_ROOT, null]));
      await job.endRevealing();
      await job.settle(seats);
      expect(await job.state()).to.equal(JobState.Unrevealed);
      await refuses(suite, job, OUTPUT_ROOT);

      const unanswered = await (await TestJob.request(suite.several, {})).open();
      const [only] = seats;
      if (only === undefined) throw new Error("Somebody seals");
      await unanswered.commit(only, OUTPUT_ROOT);
      await unanswered.endSealing();
      await unanswered.expire([only]);
      expect(await unanswered.state()).to.equal(JobState.Unanswered);
      await refuses(suite, unanswered, OUTPUT_ROOT);
    });

    it("refuses a job that stays undecided [T211]", async () => {
      const suite = await given();
      const { job, seats } = await opened(suite);
      await job.answer(each(seats, [OUTPUT_ROOT, OTHER]));
      await job.beginNext(seats);
      const { appealSealPeriod, appealWidenSteps } = job.fields.rules;
      await time.increase((1n + appealWidenSteps) * appealSealPeriod);
      await job.settle(seats);
      expect(await job.state()).to.equal(JobState.Undecided);
      await refuses(suite, job, OUTPUT_ROOT);
    });
  });

  context("given one node whose answer does not stand", () => {
    async function refuses(suite: Chaining, job: TestOffer, root: string, attempt = 0) {
      const link = await TestLink.create(suite, await planOfOne(suite, "optimistic", job.jobId));
      const output = { root, roundId: await job.roundId(attempt), node: suite.first.node };
      await expect(link.follow(output, INPUT_URI, suite.requester))
        .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongOutput")
        .withArgs(job.jobId, root);
    }

    it("waits while it can be disputed, and until it is settled [T211]", async () => {
      const suite = await given();
      const job = await TestOffer.named(suite);
      await refuses(suite, job, OUTPUT_ROOT);
      await job.answer(suite.first, OUTPUT_ROOT);
      await refuses(suite, job, OUTPUT_ROOT);
      await job.endWindow();
      await refuses(suite, job, OUTPUT_ROOT);
      await job.settle(OUTPUT_ROOT);
      const link = await TestLink.create(suite, await planOfOne(suite, "optimistic", job.jobId));
      await link.follow({ root: OUTPUT_ROOT, roundId: await job.roundId(), node: suite.first.node });
    });

    it("refuses errors, and jobs that were cancelled or not answered [T211]", async () => {
      const suite = await given();
      const error = errorRoot(PayloadError.RefusedByModel);
      const refused = await TestOffer.named(suite);
      await refused.answer(suite.first, error);
      await refused.endWindow();
      await refused.settle(error);
      expect((await refused.record()).state).to.equal(OptimisticState.Refused);
      await refuses(suite, refused, error);

      const cancelled = await TestOffer.open(suite);
      await cancelled.cancel();
      await refuses(suite, cancelled, OUTPUT_ROOT);

      const silent = await TestOffer.named(suite);
      await silent.missDeadline();
      await silent.expire();
      expect((await silent.record()).state).to.equal(OptimisticState.Unanswered);
      await refuses(suite, silent, OUTPUT_ROOT);
    });

    it("refuses what was found false, and takes what a second node states instead [T211]", async () => {
      const suite = await given();
      const { first, second, stranger } = suite;
      const job = await TestOffer.named(suite);
      await job.answer(first, LYING.outputRoot);
      await job.refute(first, [stranger]);
      await job.endWindow();
      await job.settle(LYING.outputRoot);
      await refuses(suite, job, LYING.outputRoot);

      await job.reserve(second);
      await job.answer(second, HONEST.outputRoot);
      await job.endWindow();
      await job.settle(HONEST.outputRoot);
      await refuses(suite, job, LYING.outputRoot);
      const link = await TestLink.create(suite, await planOfOne(suite, "optimistic", job.jobId));
      const output = { root: HONEST.outputRoot, roundId: await job.roundId(1), node: second.node };
      await link.follow(output, INPUT_URI, suite.requester);
    });

    it("refuses another round, node or root than what was stated [T211]", async () => {
      const suite = await given();
      const { jobId, output } = await answered(suite);
      const link = await TestLink.create(suite, await planOfOne(suite, "optimistic", jobId));
      for (const changed of [{ roundId: id("another round") }, { node: suite.second.node }, { root: OTHER }]) {
        const wrong = { ...output, ...changed };
        await expect(link.follow(wrong, INPUT_URI, suite.requester))
          .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongOutput")
          .withArgs(jobId, wrong.root);
      }
    });
  });

  context("given an input that is not the output", () => {
    async function waiting() {
      const suite = await given();
      const { jobId, output } = await agreed(suite);
      return { suite, output, link: await TestLink.create(suite, await planOfOne(suite, "market", jobId)) };
    }

    it("reverts for other tensors, and names both roots [T210]", async () => {
      const { suite, output, link } = await waiting();
      const other = [{ dtype: 2, shape: [1], data: new Uint8Array([7]) }];
      await expect(link.follow(output, encodePayload(other), suite.thief))
        .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongInput")
        .withArgs(payloadRoot(other), OUTPUT_ROOT);
    });

    it("reverts for a URI, and for nothing, from anybody but the owner [T210]", async () => {
      const { suite, output, link } = await waiting();
      for (const input of [INPUT_URI, "0x", "0x01"]) {
        await expect(link.follow(output, input, suite.thief))
          .to.be.revertedWithCustomError(suite.jobChain, "ChainInputNotInPlace")
          .withArgs(suite.thief, suite.requester);
      }
    });

    it("reverts for bytes that decode to the output and are not its encoding [T210 T058]", async () => {
      const { suite, output, link } = await waiting();
      const trailed = concat([PAYLOAD, "0x00"]);
      await expect(link.follow(output, trailed, suite.thief))
        .to.be.revertedWithCustomError(suite.jobChain, "PayloadNotCanonical")
        .withArgs(keccak256(trailed), keccak256(PAYLOAD));
      const tensor = OUTPUT.map((one) => ({ ...one, data: one.data.slice(0, 7) }));
      await expect(link.follow(output, encodePayload(tensor), suite.thief))
        .to.be.revertedWithCustomError(suite.jobChain, "PayloadWrongLength")
        .withArgs(0, 7, 8);
      await expect(link.follow(output, "0x00", suite.thief)).to.be.revertedWithoutReason(ethers);
    });

    it("takes a URI of the owner, whose own loss it is if nobody finds the output there", async () => {
      const { suite, output, link } = await waiting();
      const transaction = await link.follow(output, INPUT_URI, suite.requester);
      const job = TestOffer.from(suite, await transaction.wait());
      expect(job.packed.inputRoot).to.equal(OUTPUT_ROOT);
    });

    it("takes from the owner what the market takes, and no more", async () => {
      const { suite, output, link } = await waiting();
      const long = toUtf8Bytes(`ipfs://${"a".repeat(250)}`);
      await expect(link.follow(output, long, suite.requester))
        .to.be.revertedWithCustomError(suite.optimistic, "MarketTermOutOfBounds")
        .withArgs(encodeBytes32String("input"), 257, 1, 256);
    });
  });

  context("given time that passes", () => {
    it("is followed in the last second, and not in the next [T214]", async () => {
      const suite = await given();
      const { jobId, output } = await answered(suite);
      const plan = await planOfOne(suite, "optimistic", jobId);
      const [link, late] = [await TestLink.create(suite, plan), await planOfOne(suite, "optimistic", jobId)];
      const expired = await TestLink.create(suite, { ...late, terms: plan.terms });
      await time.setNextBlockTimestamp(plan.terms.expiresAt - 1);
      await link.follow(output);
      await time.setNextBlockTimestamp(plan.terms.expiresAt);
      await expect(expired.follow(output))
        .to.be.revertedWithCustomError(suite.jobChain, "ChainExpired")
        .withArgs(expired.id, plan.terms.expiresAt);
      await time.increase(LIFE);
      expect((await expired.state()).state).to.equal(LinkState.Waiting);
    });
  });

  context("given what the link does not say", () => {
    it("reverts for a link that there is not, and for one that was cancelled [T213]", async () => {
      const suite = await given();
      const { jobId, output } = await answered(suite);
      const link = await TestLink.of(suite, await planOfOne(suite, "optimistic", jobId));
      await expect(link.follow(output))
        .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongState")
        .withArgs(link.id, LinkState.None);
      await link.createAs(suite.requester);
      await link.cancel();
      await expect(link.follow(output))
        .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongState")
        .withArgs(link.id, LinkState.Cancelled);
    });

    it("reverts for another order, and names both hashes [T212]", async () => {
      const suite = await given();
      const { jobId, output } = await answered(suite);
      const plan = await planOfOne(suite, "optimistic", jobId);
      const link = await TestLink.create(suite, plan);
      const other = await TestLink.of(suite, await planOfOne(suite, "optimistic", jobId, { price: parseEther("9") }));
      const { jobChain, thief } = suite;
      await expect(jobChain.connect(thief).follow(link.packed, packLinkedOutput(output), other.order, PAYLOAD))
        .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongOrder")
        .withArgs(keccak256(other.order), link.packed.orderHash);
    });
  });

  context("given money that does not suffice", () => {
    it("reverts above the most that the order may take, to the last unit, and leaves the link [T214]", async () => {
      const suite = await given();
      const { jobChain, optimistic, requester } = suite;
      const { jobId, output } = await answered(suite);
      const cost = parseEther("2.15"); // price, fee and royalty
      const before = await optimistic.accountOf(requester);
      for (const mostCost of [cost - 1n, cost]) {
        const plan = await planOfOne(suite, "optimistic", jobId);
        const link = await TestLink.create(suite, { ...plan, terms: { ...plan.terms, mostCost } });
        if (mostCost < cost) {
          await expect(link.follow(output))
            .to.be.revertedWithCustomError(jobChain, "ChainCostTooHigh")
            .withArgs(link.id, cost, mostCost);
          expect(await optimistic.accountOf(requester)).to.deep.equal(before);
          expect((await link.state()).state).to.equal(LinkState.Waiting);
        } else {
          await link.follow(output);
        }
      }
    });

    it("reverts where the owner's cap does not pay for order and reward, and can be followed when it does", async () => {
      const suite = await given();
      const { jobChain, mandates, optimistic, requester } = suite;
      const { jobId, output } = await answered(suite);
      const link = await TestLink.create(suite, await planOfOne(suite, "optimistic", jobId));
      const cost = parseEther("2.15");
      await mandates.connect(requester).allow(optimistic, jobChain, cost - 1n);
      await expect(link.follow(output))
        .to.be.revertedWithCustomError(mandates, "MandateCapTooLow")
        .withArgs(optimistic, requester, jobChain, cost - 1n, cost);
      await mandates.connect(requester).allow(optimistic, jobChain, cost);
      await expect(link.follow(output))
        .to.be.revertedWithCustomError(mandates, "MandateCapTooLow")
        .withArgs(optimistic, requester, jobChain, 0, REWARD);
      await mandates.connect(requester).allow(optimistic, jobChain, cost + REWARD);
      await link.follow(output);
      expect(await mandates.capOf(optimistic, requester, jobChain)).to.equal(0n);
    });

    it("needs no cap for a reward where there is none", async () => {
      const suite = await given();
      const { jobChain, optimistic, mandates, requester, stranger } = suite;
      const { jobId, output } = await answered(suite);
      const plan = await planOfOne(suite, "optimistic", jobId);
      const link = await TestLink.create(suite, { ...plan, terms: { ...plan.terms, reward: 0n } });
      await mandates.connect(requester).allow(optimistic, jobChain, parseEther("2.15"));
      const before = await optimistic.accountOf(stranger);
      await expect(link.follow(output)).not.to.emit(optimistic, "BalanceMoved");
      expect(await optimistic.accountOf(stranger)).to.deep.equal(before);
    });
  });

  context("given a link that waits for another one", () => {
    it("waits until that was followed, then for what it has ordered [T211]", async () => {
      const suite = await given();
      const { jobChain, first } = suite;
      const { jobId, output } = await agreed(suite);
      const one = await TestLink.create(suite, await planOfOne(suite, "market", jobId));
      const two = await TestLink.create(suite, await planOfSeveral(suite, "optimistic", one.id));
      const three = await TestLink.create(suite, await planOfOne(suite, "market", two.id));
      await expect(two.follow(output))
        .to.be.revertedWithCustomError(jobChain, "ChainWrongState")
        .withArgs(one.id, LinkState.Waiting);

      const second = TestOffer.from(suite, await (await one.follow(output)).wait());
      await expect(
        two.follow(
          { root: HONEST.outputRoot, roundId: await second.roundId(), node: first.node },
          INPUT_URI,
          suite.requester,
        ),
      )
        .to.be.revertedWithCustomError(jobChain, "ChainWrongOutput")
        .withArgs(second.jobId, HONEST.outputRoot);
      await second.answer(first, OUTPUT_ROOT);
      await second.endWindow();
      await second.settle(OUTPUT_ROOT);
      const stated = { root: OUTPUT_ROOT, roundId: await second.roundId(), node: first.node };
      const third = TestJob.from(suite.several, await (await two.follow(stated)).wait());
      expect(await two.state()).to.deep.equal({ state: LinkState.Followed, jobId: third.jobId });

      await third.open();
      const seats = suite.several.nodes.slice(0, 2);
      await third.answer(all(seats, OUTPUT_ROOT));
      await third.settle(seats);
      const last = TestOffer.from(suite, await (await three.follow({ root: OUTPUT_ROOT })).wait());
      expect(last.packed.inputRoot).to.equal(OUTPUT_ROOT);
    });

    it("never goes on where that was cancelled", async () => {
      const suite = await given();
      const { jobId, output } = await agreed(suite);
      const one = await TestLink.create(suite, await planOfOne(suite, "market", jobId));
      const two = await TestLink.create(suite, await planOfOne(suite, "optimistic", one.id));
      await one.cancel();
      await expect(two.follow(output))
        .to.be.revertedWithCustomError(suite.jobChain, "ChainWrongState")
        .withArgs(one.id, LinkState.Cancelled);
    });
  });

  it("orders nothing while the market is closed to newcomers, and goes on after that", async () => {
    const suite = await given();
    const { optimistic, deployer, pauseGuardian } = suite;
    const { jobId, output } = await answered(suite);
    const plan = await planOfOne(suite, "optimistic", jobId);
    const link = await TestLink.create(suite, { ...plan, terms: { ...plan.terms, expiresAt: 4_000_000_000 } });
    await pauseGuardian.connect(deployer).pause();
    const until = await optimistic.pausedUntil();
    await expect(link.follow(output)).to.be.revertedWithCustomError(optimistic, "EntryPaused").withArgs(until);
    await time.increaseTo(until);
    await link.follow(output);
  });
});
