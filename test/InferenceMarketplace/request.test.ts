import { expect } from "chai";
import { encodeBytes32String, MaxUint256, parseEther, ZeroHash } from "ethers";

import { escrowOf, jobId, JobState, packOrder, unpackJob, type Order } from "../../packages/sdk/src/codecs/job.ts";
import { ROYALTY, servedByThree, type Served } from "../support/fixtures.ts";
import { INPUT_URI, orderOf, PRICE, TestJob } from "../support/jobs.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import { chainId } from "../support/payments.ts";

const BALANCE = parseEther("100000");
/** Nine seats, the fee on them, and the royalty. */
const ESCROW = 9n * PRICE + (9n * PRICE * 250n) / 10_000n + ROYALTY;

function requestOf(suite: Served, changes: Partial<Order> = {}, input = INPUT_URI) {
  return suite.market.connect(suite.requester).request(packOrder(orderOf(suite, changes)), input);
}

describe("InferenceMarketplace.request", () => {
  context("given a balance that covers the escrow", () => {
    it("takes the escrow, names the job by its fields and carries them in the event [I09]", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, requester, version } = suite;
      const transaction = await requestOf(suite, { auditBps: 500, nonce: 7n });
      const job = TestJob.from(suite, await transaction.wait());

      expect(job.jobId).to.equal(jobId(await chainId(), await market.getAddress(), job.packed));
      await expect(transaction)
        .to.emit(market, "JobRequested")
        .withArgs(job.jobId, requester, version, Object.values(job.packed), INPUT_URI);
      // Nine seats of the first draw and six of an audit, the fee on them, and the royalty.
      const escrow = 15n * PRICE + (15n * PRICE * 250n) / 10_000n + ROYALTY;
      expect(escrowOf(job.fields)).to.equal(escrow);
      expect(await market.accountOf(requester)).to.deep.equal([BALANCE - escrow, 0n]);
    });

    it("fills in rules, time, block and the royalty's payee, whatever the order says of them", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, requester, publisher, thief } = suite;
      const order = packOrder(orderOf(suite, { maxRoyalty: ROYALTY }));
      const forged = {
        ...order,
        rules: `0x${"11".repeat(32)}`,
        royalty: order.royalty.slice(0, 26) + thief.address.slice(2),
        shape: `0x${"22".repeat(12)}${order.shape.slice(26)}`,
      };
      const transaction = await market.connect(requester).request(forged, INPUT_URI);
      const job = TestJob.from(suite, await transaction.wait());
      const block = await ethers.provider.getBlock(Number(transaction.blockNumber));

      const { rules } = await market.governed();
      expect(job.packed.rules).to.equal(rules);
      const { royalty, royaltyPayee, requestedAt, requestBlock } = unpackJob(job.packed);
      expect([royalty, royaltyPayee]).to.deep.equal([ROYALTY, publisher.address]);
      expect([requestedAt, requestBlock]).to.deep.equal([block?.timestamp, transaction.blockNumber]);
    });

    it("opens the job two blocks before its seed's", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await TestJob.request(suite);
      const { requestedAt, requestBlock } = job.fields;
      expect(await job.record()).to.deep.equal({
        state: JobState.Open,
        seedBlockFixed: false,
        delivered: false,
        tipReclaimed: false,
        seed: 0n,
        seedBlock: requestBlock + 2,
        result: ZeroHash,
        startedAt: requestedAt + 2,
      });
    });

    it("caps the royalty at a share of what a quorum earns", async () => {
      const suite = await loadFixture(servedByThree);
      const seatPrice = parseEther("0.1");
      const job = await TestJob.request(suite, { seatPrice, collateralFactor: 8 });
      expect(job.fields.royalty).to.equal((2n * seatPrice * 3_000n) / 10_000n);
    });

    it("keeps royalty and payee when the model changes hands and price [T018]", async () => {
      const suite = await loadFixture(servedByThree);
      const { registry, publisher, stranger, model } = suite;
      const job = await (await TestJob.request(suite)).open();
      await registry.connect(publisher).setRoyalty(model, 5n * ROYALTY);
      await registry.connect(publisher).transferFrom(publisher, stranger, BigInt(model));
      const seats = suite.nodes.slice(0, 2);
      for (const node of seats) await job.commit(node);
      await job.endSealing();
      for (const node of seats) await job.reveal(node);
      await job.settle(seats);
      expect(await suite.market.accountOf(publisher)).to.deep.equal([ROYALTY, 0n]);
      expect(await suite.market.accountOf(stranger)).to.deep.equal([0n, 0n]);
    });
  });

  context("given a balance that does not cover it", () => {
    it("reverts and names what is there and what is needed", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, requester, stranger } = suite;
      await market.connect(requester).withdraw(stranger, BALANCE - PRICE);
      await expect(requestOf(suite))
        .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
        .withArgs(requester, PRICE, ESCROW);
    });
  });

  context("when anyone but the requester orders", () => {
    const send = (suite: Served) => suite.market.connect(suite.thief).request(packOrder(orderOf(suite)), INPUT_URI);

    it("reverts and names what the caller may use of the requester's balance: nothing", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, mandates, thief, requester } = suite;
      await expect(send(suite))
        .to.be.revertedWithCustomError(mandates, "MandateCapTooLow")
        .withArgs(market, requester, thief, 0, ESCROW);
    });

    it("takes the escrow out of balance and cap where the requester lets it, and nothing beyond [T159]", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, mandates, thief, requester } = suite;
      await mandates.connect(requester).allow(market, thief, 2n * ESCROW - 1n);
      const before = await market.accountOf(requester);
      await send(suite);
      expect((await market.accountOf(requester)).balance).to.equal(before.balance - ESCROW);
      expect(await mandates.capOf(market, requester, thief)).to.equal(ESCROW - 1n);
      await expect(send(suite))
        .to.be.revertedWithCustomError(mandates, "MandateCapTooLow")
        .withArgs(market, requester, thief, ESCROW - 1n, ESCROW);
    });
  });

  context("when the very same order comes twice in a block", () => {
    it("reverts and names the job that exists [T083]", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, requester } = suite;
      const order = packOrder(orderOf(suite));
      const call = market.interface.encodeFunctionData("request", [order, INPUT_URI]);
      await time.setNextBlockTimestamp((await time.latest()) + 1);
      const first = await market.connect(requester).request.staticCall(order, INPUT_URI, { blockTag: "pending" });
      await expect(market.connect(requester).multicall([call, call]))
        .to.be.revertedWithCustomError(market, "MarketJobExists")
        .withArgs(first);
    });
  });

  context("when the model's owner wants more than the order accepts", () => {
    it("reverts and names both amounts", async () => {
      const suite = await loadFixture(servedByThree);
      await expect(requestOf(suite, { maxRoyalty: ROYALTY - 1n }))
        .to.be.revertedWithCustomError(suite.market, "MarketRoyaltyTooHigh")
        .withArgs(ROYALTY, ROYALTY - 1n);
    });
  });

  context("when the version is unknown, deprecated or not for the requester", () => {
    it("reverts with the registry's error [T019]", async () => {
      const suite = await loadFixture(servedByThree);
      const { registry, publisher, requester, model, version } = suite;
      await expect(requestOf(suite, { versionId: ZeroHash }))
        .to.be.revertedWithCustomError(registry, "RegistryUnknownVersion")
        .withArgs(ZeroHash);
      await registry.connect(publisher).setRestricted(model, true);
      await expect(requestOf(suite))
        .to.be.revertedWithCustomError(registry, "RegistryRequesterNotAllowed")
        .withArgs(model, requester);
      await registry.connect(publisher).deprecate(version, ZeroHash);
      await expect(requestOf(suite))
        .to.be.revertedWithCustomError(registry, "RegistryVersionDeprecated")
        .withArgs(version, ZeroHash);
    });
  });

  context("when a term is out of its bounds", () => {
    const callback = `0x${"42".repeat(20)}`;
    const cases: readonly [field: string, changes: Partial<Order>, given: bigint, least: bigint, most: bigint][] = [
      ["inputRoot", { inputRoot: ZeroHash }, 0n, 1n, MaxUint256],
      ["seatPrice", { seatPrice: 0n }, 0n, 1n, 2n ** 96n - 1n],
      ["collateralFactor", { collateralFactor: 7 }, 7n, 8n, 65_535n],
      ["windowPeriod", { windowPeriod: 40 }, 40n, 0n, 0n],
      ["auditBps", { auditBps: 10_001 }, 10_001n, 0n, 10_000n],
      ["quorum", { quorum: 1 }, 1n, 2n, 15n],
      ["quorum", { quorum: 16 }, 16n, 2n, 15n],
      ["sealPeriod", { sealPeriod: 1 }, 1n, 2n, 10n],
      ["sealPeriod", { sealPeriod: 11 }, 11n, 2n, 10n],
      ["callbackGas", { callbackGas: 1 }, 1n, 0n, 0n],
      ["deliveryTip", { deliveryTip: 1n }, 1n, 0n, 0n],
      ["callbackGas", { callback, callbackGas: 24_999 }, 24_999n, 25_000n, 1_000_000n],
      ["callbackGas", { callback, callbackGas: 1_000_001 }, 1_000_001n, 25_000n, 1_000_000n],
    ];
    for (const [field, changes, given, least, most] of cases) {
      it(`reverts and names ${field}, ${given} and its bounds [T087]`, async () => {
        const suite = await loadFixture(servedByThree);
        await expect(requestOf(suite, changes))
          .to.be.revertedWithCustomError(suite.market, "MarketTermOutOfBounds")
          .withArgs(encodeBytes32String(field), given, least, most);
      });
    }

    const inputs: readonly [what: string, input: Uint8Array, most: bigint][] = [
      ["an empty input", new Uint8Array(), 8_192n],
      ["a long URI", new Uint8Array(257).fill(0x61), 256n],
      ["a large payload", new Uint8Array(8_193), 8_192n],
    ];
    for (const [what, input, most] of inputs) {
      it(`reverts and names the bytes of ${what} [T021]`, async () => {
        const suite = await loadFixture(servedByThree);
        await expect(requestOf(suite, {}, input))
          .to.be.revertedWithCustomError(suite.market, "MarketTermOutOfBounds")
          .withArgs(encodeBytes32String("input"), input.length, 1n, most);
      });
    }

    it("reverts and names an escrow above what a draw may carry [T047]", async () => {
      const suite = await loadFixture(servedByThree);
      const seatPrice = parseEther("120000");
      const escrow = 9n * seatPrice + (9n * seatPrice * 250n) / 10_000n + ROYALTY;
      await expect(requestOf(suite, { seatPrice }))
        .to.be.revertedWithCustomError(suite.market, "MarketTermOutOfBounds")
        .withArgs(encodeBytes32String("escrow"), escrow, 0n, parseEther("1000000"));
    });
  });

  context("when every term is at its bound", () => {
    it("takes the order", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, stranger } = suite;
      const callback = await market.getAddress();
      const least = { quorum: 2, sealPeriod: 2, seatPrice: 1n, callback, callbackGas: 25_000, maxRoyalty: 0n };
      const most = { quorum: 15, sealPeriod: 10, auditBps: 10_000, callback, callbackGas: 1_000_000 };
      await expect(requestOf(suite, least, new Uint8Array(8_192))).to.emit(market, "JobRequested");
      await expect(requestOf(suite, most, new Uint8Array(256).fill(0x61))).to.emit(market, "JobRequested");
      expect(await market.accountOf(stranger)).to.deep.equal([0n, 0n]);
    });
  });
});
