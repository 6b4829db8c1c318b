import { expect } from "chai";
import { type BytesLike, concat, keccak256, parseEther } from "ethers";

import {
  optimisticOrderSubject,
  OptimisticState,
  type OptimisticOrder,
  packOptimisticOrder,
} from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { unpackOptimisticRules } from "../../packages/sdk/src/codecs/optimisticRules.ts";
import type { OrderBounds } from "../../packages/sdk/src/codecs/mandate.ts";
import { OptimisticMarketplace__factory, Wallet1271__factory } from "../../typechain-types/index.ts";
import { INPUT_URI } from "../support/jobs.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { HONEST, namedOrder, offering, openOrder, TestOffer } from "../support/optimistic.ts";
import { jobOfOrder, signOrder } from "../support/signedOrders.ts";

const ESCROW = parseEther("2.15");
const REPAY = parseEther("0.01");

/** An order that the requester has signed and that a stranger can bring. */
async function given(changes: Partial<OptimisticOrder> = {}, signedChanges: Partial<OrderBounds> = {}) {
  const suite = await loadFixture(offering);
  const { optimistic, requester, stranger } = suite;
  const order = packOptimisticOrder(namedOrder(suite, { since: await time.latest(), ...changes }));
  const bounds = {
    mostCost: ESCROW,
    mostRepay: REPAY,
    nonce: 7n,
    expiresAt: (await time.latest()) + 100,
    ...signedChanges,
  };
  const signed = await signOrder(suite, requester, optimistic, order, INPUT_URI, bounds);
  const bring = (over: Partial<Bring> = {}) => {
    const { market, caller, ...rest } = { market: optimistic, caller: stranger, ...over };
    const call = { order, input: INPUT_URI, signed, repay: REPAY, ...rest };
    return market.connect(caller).requestFor(call.order, call.input, call.signed, call.repay);
  };
  type Bring = {
    market: typeof optimistic;
    caller: typeof stranger;
    order: typeof order;
    input: BytesLike;
    signed: typeof signed;
    repay: bigint;
  };
  const digestOf = async (market = optimistic, of = order, input: BytesLike = INPUT_URI, terms = signed) =>
    suite.mandates.digestOf(market, optimisticOrderSubject(of, keccak256(input)), terms);
  return { ...suite, order, bounds, signed, bring, digestOf };
}

describe("OptimisticMarketplace.requestFor", () => {
  context("given an order that its requester has signed", () => {
    it("is the requester's job, out of its balance, and repays whoever brings it [T160]", async () => {
      const suite = await given();
      const { optimistic, mandates, requester, stranger, bring } = suite;
      const before = await ledgerOf(suite, optimistic);
      const sent = await bring();
      const job = TestOffer.from(suite, await sent.wait());
      expect(job.fields.requester).to.equal(requester.address);
      expect((await job.record()).state).to.equal(OptimisticState.Named);
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({
        requester: -ESCROW - REPAY,
        stranger: REPAY,
      });
      await expect(sent).to.emit(optimistic, "BalanceMoved").withArgs(requester, stranger, REPAY);
      await expect(sent).to.emit(mandates, "NonceUsed").withArgs(requester, optimistic, 7);
      expect(await mandates.isNonceUsed(requester, 7)).to.equal(true);
    });

    it("moves nothing for who asks for nothing", async () => {
      const suite = await given();
      const { optimistic, bring } = suite;
      const before = await ledgerOf(suite, optimistic);
      await expect(bring({ repay: 0n })).not.to.emit(optimistic, "BalanceMoved");
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({ requester: -ESCROW });
    });

    it("pays who copies it as much and for the same job, and the one who was copied nothing [T161]", async () => {
      const suite = await given();
      const { mandates, optimistic, requester, thief, bring } = suite;
      const job = TestOffer.from(suite, await (await bring({ caller: thief })).wait());
      expect((await optimistic.accountOf(thief)).balance).to.equal(REPAY);
      expect(job.fields.node).to.equal(suite.first.node);
      await expect(bring()).to.be.revertedWithCustomError(optimistic, "MarketJobExists").withArgs(job.jobId);
      expect(await mandates.isNonceUsed(requester, 7)).to.equal(true);
    });

    it("cannot be brought twice as two jobs [T160]", async () => {
      const { mandates, requester, bring } = await given({ since: 0 });
      await bring();
      await time.increase(1);
      await expect(bring()).to.be.revertedWithCustomError(mandates, "MandateNonceUsed").withArgs(requester, 7);
    });

    it("is known as a job before it is brought, so that its node can answer in the same transaction", async () => {
      const suite = await given();
      const { optimistic, first, order, signed } = suite;
      const preview = await optimistic
        .connect(first.signer)
        .requestFor.populateTransaction(order, INPUT_URI, signed, 0n);
      const job = await jobOfOrder(suite, order);
      const answer = await optimistic.answer.populateTransaction(job, first.node, HONEST.outputRoot);
      await time.increase(9);
      const sent = await optimistic.connect(first.signer).multicall([preview.data, answer.data]);
      const placed = TestOffer.from(suite, await sent.wait());
      expect((await placed.record()).state).to.equal(OptimisticState.Stated);
      await placed.endWindow();
      await placed.settle();
      expect((await placed.record()).state).to.equal(OptimisticState.Answered);
    });
  });

  context("given an open order that stands since a while", () => {
    it("has a price that rises since then", async () => {
      const suite = await given();
      const { optimistic, requester, stranger } = suite;
      const since = (await time.latest()) - 60;
      const order = packOptimisticOrder(openOrder(suite, { since }));
      const signed = await signOrder(suite, requester, optimistic, order, INPUT_URI, suite.bounds);
      const sent = await optimistic.connect(stranger).requestFor(order, INPUT_URI, signed, 0n);
      const job = TestOffer.from(suite, await sent.wait());
      expect(job.fields.requestedAt).to.equal(since);
      await time.setNextBlockTimestamp(since + 60);
      await job.reserve(suite.first);
      expect((await job.record()).price).to.equal(parseEther("1.5"));
    });
  });

  context("given an order whose time is not its own to say", () => {
    for (const [title, changes] of [
      ["that may be audited", { auditBps: 500 }],
      ["that stands in the future", { since: 2 ** 40 - 1 }],
    ] as const) {
      it(`has that of its block, for one ${title}`, async () => {
        const suite = await given(changes, { mostCost: 2n * ESCROW });
        const job = TestOffer.from(suite, await (await suite.bring()).wait());
        expect(job.fields.requestedAt).to.equal(await time.latest());
      });
    }
  });

  context("given a requester that is a contract", () => {
    /** A wallet with a balance whose owner has signed. */
    async function wallet() {
      const suite = await given();
      const { token, optimistic, deployer, requester } = suite;
      const own = await new Wallet1271__factory(deployer).deploy(requester);
      await token.connect(deployer).approve(optimistic, ESCROW);
      await optimistic.connect(deployer).deposit(own, ESCROW);
      const order = packOptimisticOrder(namedOrder(suite, { requester: await own.getAddress() }));
      const sign = (signer: typeof requester) =>
        signOrder(suite, signer, optimistic, order, INPUT_URI, { ...suite.bounds, mostRepay: 0n });
      return { ...suite, own, order, sign };
    }

    it("takes what its owner has signed", async () => {
      const { optimistic, own, order, sign, requester, bring } = await wallet();
      await bring({ order, signed: await sign(requester), repay: 0n });
      expect((await optimistic.accountOf(own)).balance).to.equal(0);
    });

    it("reverts for what somebody else has signed, and names account and hash [T160]", async () => {
      const { mandates, own, order, sign, thief, bring, digestOf, optimistic } = await wallet();
      const signed = await sign(thief);
      await expect(bring({ order, signed, repay: 0n }))
        .to.be.revertedWithCustomError(mandates, "MandateInvalidSignature")
        .withArgs(own, await digestOf(optimistic, order, INPUT_URI, signed));
    });
  });

  context("when anything differs from what was signed", () => {
    it("reverts for another order, input, nonce, expiry or bound, and names the hash [T160]", async () => {
      const suite = await given();
      const { mandates, optimistic, requester, order, signed, bring, digestOf } = suite;
      const dearer = packOptimisticOrder(namedOrder(suite, { price: parseEther("1") }));
      const cases = [
        { order: dearer },
        { order: { ...order, node: `0x${"00".repeat(12)}${suite.second.node.slice(2)}` } },
        { input: concat([INPUT_URI, "0x00"]) },
        { signed: { ...signed, nonce: 8n } },
        { signed: { ...signed, expiresAt: signed.expiresAt + 1 } },
        { signed: { ...signed, mostCost: ESCROW + 1n } },
        { signed: { ...signed, mostRepay: REPAY + 1n } },
      ];
      for (const change of cases) {
        const digest = await digestOf(optimistic, change.order, change.input, change.signed);
        await expect(bring(change))
          .to.be.revertedWithCustomError(mandates, "MandateInvalidSignature")
          .withArgs(requester, digest);
      }
      await bring();
    });

    it("reverts in another market [T160]", async () => {
      const suite = await given();
      const { mandates, optimistic, registry, optimisticPolicy, deployer, token, requester, bring, digestOf } = suite;
      const { rules, treasury } = await optimistic.governed();
      const other = await new OptimisticMarketplace__factory(deployer).deploy(
        await optimistic.authority(),
        registry,
        optimisticPolicy,
        { mostInputBytes: 100n, mostOutputBytes: 100n },
        unpackOptimisticRules(rules),
        20n,
        mandates,
        treasury,
      );
      await token.connect(deployer).approve(other, parseEther("5"));
      await other.connect(deployer).deposit(requester, parseEther("5"));
      await expect(bring({ market: other }))
        .to.be.revertedWithCustomError(mandates, "MandateInvalidSignature")
        .withArgs(requester, await digestOf(other));
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
      const { signed, bring } = await given();
      await time.setNextBlockTimestamp(signed.expiresAt - 1);
      await bring();
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
      const { optimistic, requester, stranger, bring } = await given();
      const { balance } = await optimistic.accountOf(requester);
      await optimistic.connect(requester).withdraw(stranger, balance - ESCROW);
      await expect(bring())
        .to.be.revertedWithCustomError(optimistic, "LedgerInsufficientBalance")
        .withArgs(requester, 0, REPAY);
      expect((await optimistic.accountOf(requester)).balance).to.equal(ESCROW);
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
      const { optimistic, pauseGuardian, deployer, bring } = await given();
      await pauseGuardian.connect(deployer).pause();
      const until = await optimistic.pausedUntil();
      await expect(bring()).to.be.revertedWithCustomError(optimistic, "EntryPaused").withArgs(until);
    });
  });
});
