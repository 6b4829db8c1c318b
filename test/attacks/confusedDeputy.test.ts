import { expect } from "chai";
import { parseEther, ZeroAddress, ZeroHash } from "ethers";

import type { PackedJob } from "../../packages/sdk/src/codecs/job.ts";
import { PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { PAYLOAD, settledFor, TIP, withCallbacks } from "../support/callbacks.ts";
import type { Served } from "../support/fixtures.ts";
import { INPUT_URI, seatsOf } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";

const TIP_PERIOD = 30n * 86_400n;

describe("Somebody who lets the market call what only others may call", () => {
  context("when it batches calls", () => {
    it("acts in its own name in each of them [T115]", async () => {
      const { market, requester, thief } = await loadFixture(withCallbacks);
      const steal = market.interface.encodeFunctionData("withdraw", [thief.address, 1n]);
      await expect(market.connect(thief).multicall([steal]))
        .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
        .withArgs(thief.address, 0n, 1n);
      expect((await market.accountOf(requester)).balance).to.equal(parseEther("100000"));
    });

    it("is as little allowed to govern as in a single call [T115 T124]", async () => {
      const { market, thief } = await loadFixture(withCallbacks);
      const govern = market.interface.encodeFunctionData("setTreasury", [thief.address]);
      await expect(market.connect(thief).multicall([govern]))
        .to.be.revertedWithCustomError(market, "AccessManagedUnauthorized")
        .withArgs(thief.address);
    });

    it("cannot hide a governing call from the access manager behind one that it may make [T124]", async () => {
      const { access, market, deployer, thief } = await loadFixture(withCallbacks);
      const BATCHER = 7n;
      const multicall = market.interface.getFunction("multicall").selector;
      await access.connect(deployer).grantRole(BATCHER, thief, 0);
      await access.connect(deployer).setTargetFunctionRole(market, [multicall], BATCHER);
      const govern = market.interface.encodeFunctionData("setTreasury", [thief.address]);
      const batch = market.interface.encodeFunctionData("multicall", [[govern]]);
      await expect(access.connect(thief).execute(market, batch))
        .to.be.revertedWithCustomError(market, "AccessManagedUnauthorized")
        .withArgs(await access.getAddress());
    });
  });

  context("when it orders a job whose callback is a contract that trusts the market", () => {
    it("gets nothing called there but the callback [T091]", async () => {
      const suite = await loadFixture(withCallbacks);
      const { market, staking, token, stranger } = suite;
      for (const target of [token, staking, market]) {
        const job = await settledFor(suite, await target.getAddress());
        await expect(market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD))
          .to.emit(market, "DeliveryFailed")
          .withArgs(job.jobId, await target.getAddress(), stranger.address);
      }
    });
  });

  context("when its callback calls back into the market", () => {
    for (const name of [
      "deposit",
      "withdraw",
      "settle",
      "expire",
      "deliver",
      "reveal",
      "claim",
      "fees",
      "pay",
      "order",
    ]) {
      it(`finds the way to ${name} closed [T011 T088]`, async () => {
        const suite = await loadFixture(withCallbacks);
        const { market, reentrant, stranger } = suite;
        const job = await settledFor(suite, await reentrant.getAddress());
        await reentrant.arm(guardedCalls(suite, job.packed)[name] ?? "0x");

        const guard = market.interface.encodeErrorResult("ReentrancyGuardReentrantCall", []);
        await expect(market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD))
          .to.emit(reentrant, "Reentered")
          .withArgs(false, guard)
          .and.to.emit(market, "ResultDelivered");
      });
    }

    it("cannot take the tip back that the deliverer is about to get [T082]", async () => {
      const suite = await loadFixture(withCallbacks);
      const { market, reentrant, stranger } = suite;
      const job = await settledFor(suite, await reentrant.getAddress());
      await reentrant.arm(market.interface.encodeFunctionData("reclaimTip", [job.packed]));
      const reclaimableAt = BigInt((await job.record()).startedAt) + TIP_PERIOD;
      await time.increaseTo(reclaimableAt);

      const refusal = market.interface.encodeErrorResult("MarketNoTipToReclaim", [job.jobId, reclaimableAt]);
      await expect(market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD))
        .to.emit(reentrant, "Reentered")
        .withArgs(false, refusal);
      expect((await market.accountOf(stranger)).balance).to.equal(TIP);
    });
  });
});

/** Everything that moves tokens, pays or calls out. */
function guardedCalls(suite: Served, job: PackedJob): Readonly<Record<string, string>> {
  const { interface: market } = suite.market;
  const [account, version, seats] = [suite.stranger.address, suite.version, seatsOf(suite.nodes.slice(0, 2))];
  const node = seats[0] ?? ZeroAddress;
  const payment = { value: 1n, validAfter: 0n, validBefore: 2n ** 40n, signature: "0x" };
  return {
    deposit: market.encodeFunctionData("deposit", [account, 1n]),
    withdraw: market.encodeFunctionData("withdraw", [account, 1n]),
    settle: market.encodeFunctionData("settle", [job, seats]),
    expire: market.encodeFunctionData("expire", [job, seats]),
    deliver: market.encodeFunctionData("deliver", [job, PayloadError.None, PAYLOAD]),
    reveal: market.encodeFunctionData("revealAndSettle", [job, node, ZeroHash, ZeroHash, seats]),
    claim: market.encodeFunctionData("claim", [node, version]),
    fees: market.encodeFunctionData("collectFees", [[account]]),
    pay: market.encodeFunctionData("depositWithAuthorization", [account, account, ZeroHash, payment]),
    order: market.encodeFunctionData("requestWithAuthorization", [job, INPUT_URI, payment]),
  };
}
