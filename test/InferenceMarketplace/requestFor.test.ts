import { expect } from "chai";
import { type BytesLike, concat, keccak256, parseEther } from "ethers";

import { escrowOf, JobState, type Order, orderSubject, packOrder } from "../../packages/sdk/src/codecs/job.ts";
import type { OrderBounds } from "../../packages/sdk/src/codecs/mandate.ts";
import { Wallet1271__factory } from "../../typechain-types/index.ts";
import { ROYALTY, servedByThree } from "../support/fixtures.ts";
import { INPUT_URI, orderOf, PRICE, TestJob } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";
import { signSubject } from "../support/signedOrders.ts";

/** Nine seats, the fee on them, and the royalty. */
const ESCROW = 9n * PRICE + (9n * PRICE * 250n) / 10_000n + ROYALTY;
const REPAY = parseEther("0.01");

/** An order that the requester has signed and that a stranger can bring. */
async function given(changes: Partial<Order> = {}, signedChanges: Partial<OrderBounds> = {}) {
  const suite = await loadFixture(servedByThree);
  const { market, mandates, requester, stranger } = suite;
  const order = packOrder(orderOf(suite, changes));
  const bounds = {
    mostCost: ESCROW,
    mostRepay: REPAY,
    nonce: 7n,
    expiresAt: (await time.latest()) + 100,
    ...signedChanges,
  };
  const subjectOf = (of = order, input: BytesLike = INPUT_URI) => orderSubject(of, keccak256(input));
  const signed = await signSubject(suite, requester, market, subjectOf(), bounds);
  const bring = (over: Partial<Bring> = {}) => {
    const call = { caller: stranger, order, input: INPUT_URI, signed, repay: REPAY, ...over };
    return market.connect(call.caller).requestFor(call.order, call.input, call.signed, call.repay);
  };
  interface Bring {
    caller: typeof stranger;
    order: typeof order;
    input: BytesLike;
    signed: typeof signed;
    repay: bigint;
  }
  const digestOf = (of = order, input: BytesLike = INPUT_URI, terms = signed) =>
    mandates.digestOf(market, subjectOf(of, input), terms);
  return { ...suite, order, bounds, signed, bring, subjectOf, digestOf };
}

describe("InferenceMarketplace.requestFor", () => {
  context("given an order that its requester has signed", () => {
    it("is the requester's job, out of its balance, and repays whoever brings it [T160 I43]", async () => {
      const suite = await given();
      const { market, mandates, requester, stranger, bring } = suite;
      const { balance } = await market.accountOf(requester);
      const sent = await bring();
      const job = TestJob.from(suite, await sent.wait());
      expect(job.fields.requester).to.equal(requester.address);
      expect(escrowOf(job.fields)).to.equal(ESCROW);
      expect(await job.state()).to.equal(JobState.Open);
      expect((await market.accountOf(requester)).balance).to.equal(balance - ESCROW - REPAY);
      expect((await market.accountOf(stranger)).balance).to.equal(REPAY);
      await expect(sent).to.emit(market, "BalanceMoved").withArgs(requester, stranger, REPAY);
      await expect(sent).to.emit(mandates, "NonceUsed").withArgs(requester, market, 7);
    });

    it("cannot be brought twice as two jobs [T160]", async () => {
      const { mandates, requester, bring } = await given();
      await bring({ repay: 0n });
      await time.increase(1);
      await expect(bring()).to.be.revertedWithCustomError(mandates, "MandateNonceUsed").withArgs(requester, 7);
    });
  });

  context("given a requester that is a contract", () => {
    it("takes what its owner has signed, and of nobody else [T160]", async () => {
      const suite = await given();
      const { token, market, mandates, deployer, requester, thief, bounds, bring, subjectOf, digestOf } = suite;
      const own = await new Wallet1271__factory(deployer).deploy(requester);
      await token.connect(deployer).approve(market, ESCROW);
      await market.connect(deployer).deposit(own, ESCROW);
      const order = packOrder(orderOf(suite, { requester: await own.getAddress() }));
      const sign = (signer: typeof requester) => signSubject(suite, signer, market, subjectOf(order), bounds);
      const stolen = await sign(thief);
      await expect(bring({ order, signed: stolen, repay: 0n }))
        .to.be.revertedWithCustomError(mandates, "MandateInvalidSignature")
        .withArgs(own, await digestOf(order, INPUT_URI, stolen));
      await bring({ order, signed: await sign(requester), repay: 0n });
      expect((await market.accountOf(own)).balance).to.equal(0);
    });
  });

  context("when anything differs from what was signed", () => {
    it("reverts for another order, input, nonce, expiry or bound, and names the hash [T160]", async () => {
      const suite = await given();
      const { mandates, requester, order, signed, bring, digestOf } = suite;
      const cases = [
        { order: packOrder(orderOf(suite, { seatPrice: PRICE - 1n })) },
        { order: { ...order, inputRoot: keccak256("0x01") } },
        { input: concat([INPUT_URI, "0x00"]) },
        { signed: { ...signed, nonce: 8n } },
        { signed: { ...signed, expiresAt: signed.expiresAt + 1 } },
        { signed: { ...signed, mostCost: ESCROW + 1n } },
        { signed: { ...signed, mostRepay: REPAY + 1n } },
      ];
      for (const change of cases) {
        const digest = await digestOf(change.order, change.input, change.signed);
        await expect(bring(change))
          .to.be.revertedWithCustomError(mandates, "MandateInvalidSignature")
          .withArgs(requester, digest);
      }
      await bring();
    });

    it("reverts for an order of the other market with the same bytes [T160]", async () => {
      const suite = await given();
      const { mandates, optimistic, requester, bounds, bring, subjectOf, digestOf } = suite;
      const elsewhere = await signSubject(suite, requester, optimistic, subjectOf(), bounds);
      await expect(bring({ signed: elsewhere }))
        .to.be.revertedWithCustomError(mandates, "MandateInvalidSignature")
        .withArgs(requester, await digestOf());
    });
  });

  context("when a bound of it is passed", () => {
    it("reverts from the second of its expiry on [T160]", async () => {
      const { mandates, requester, signed, bring } = await given();
      await time.setNextBlockTimestamp(signed.expiresAt);
      await expect(bring())
        .to.be.revertedWithCustomError(mandates, "MandateExpired")
        .withArgs(requester, signed.expiresAt);
    });

    it("is brought in the second before", async () => {
      const suite = await given();
      await time.setNextBlockTimestamp(suite.signed.expiresAt - 1);
      const job = TestJob.from(suite, await (await suite.bring()).wait());
      expect(await job.state()).to.equal(JobState.Open);
    });

    it("reverts where it would cost more than was signed [T160]", async () => {
      const { mandates, requester, bring } = await given({}, { mostCost: ESCROW - 1n });
      await expect(bring())
        .to.be.revertedWithCustomError(mandates, "MandateCostTooHigh")
        .withArgs(requester, ESCROW, ESCROW - 1n);
    });

    it("reverts where more is asked for than was signed [T161]", async () => {
      const { mandates, requester, bring } = await given();
      await expect(bring({ repay: REPAY + 1n }))
        .to.be.revertedWithCustomError(mandates, "MandateRepayTooHigh")
        .withArgs(requester, REPAY + 1n, REPAY);
    });

    it("reverts where the balance has too little left to repay, and places no job", async () => {
      const { market, requester, stranger, bring } = await given();
      const { balance } = await market.accountOf(requester);
      await market.connect(requester).withdraw(stranger, balance - ESCROW);
      await expect(bring())
        .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
        .withArgs(requester, 0, REPAY);
      expect((await market.accountOf(requester)).balance).to.equal(ESCROW);
    });
  });

  context("when its requester has cancelled the nonce", () => {
    it("reverts and names it [T160]", async () => {
      const { mandates, requester, bring } = await given();
      await mandates.connect(requester).cancelNonce(7);
      await expect(bring()).to.be.revertedWithCustomError(mandates, "MandateNonceUsed").withArgs(requester, 7);
    });
  });

  context("while new entries are closed", () => {
    it("reverts and says until when", async () => {
      const { market, pauseGuardian, deployer, bring } = await given();
      await pauseGuardian.connect(deployer).pause();
      const until = await market.pausedUntil();
      await expect(bring()).to.be.revertedWithCustomError(market, "EntryPaused").withArgs(until);
    });
  });
});
