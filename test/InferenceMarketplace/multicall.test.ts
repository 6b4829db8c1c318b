import { expect } from "chai";
import { parseEther } from "ethers";

import { JobState, packOrder } from "../../packages/sdk/src/codecs/job.ts";
import { servedByThree } from "../support/fixtures.ts";
import { all, INPUT_URI, orderOf, seatsOf, TestJob } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";

describe("InferenceMarketplace.multicall", () => {
  it("places several orders in the name of the caller", async () => {
    const suite = await loadFixture(servedByThree);
    const { market, requester } = suite;
    const [balance] = await market.accountOf(requester);
    const order = () => market.interface.encodeFunctionData("request", [packOrder(orderOf(suite)), INPUT_URI]);
    const transaction = await market.connect(requester).multicall([order(), order(), order()]);
    const jobs = TestJob.every(suite, await transaction.wait());
    expect(new Set(jobs.map(({ jobId }) => jobId)).size).to.equal(3);
    const escrows = jobs.reduce((sum, { escrow }) => sum + escrow, 0n);
    expect((await market.accountOf(requester)).balance).to.equal(balance - escrows);
  });

  it("runs guarded calls one after the other", async () => {
    const suite = await loadFixture(servedByThree);
    const { market, stranger, requester, version, nodes } = suite;
    const job = await (await TestJob.request(suite)).open();
    const seats = nodes.slice(0, 2);
    await job.answer(all(seats));
    const call = market.interface;
    await market
      .connect(stranger)
      .multicall([
        call.encodeFunctionData("settle", [job.packed, seatsOf(seats)]),
        ...seatsOf(seats).map((node) => call.encodeFunctionData("claim", [node, version])),
        call.encodeFunctionData("collectFees", [[requester.address]]),
      ]);
    expect(await job.state()).to.equal(JobState.Agreed);
    expect((await market.accountOf(requester)).fees).to.equal(0n);
  });

  it("spends no balance twice, and undoes all if one call fails [I02]", async () => {
    const { market, requester, stranger } = await loadFixture(servedByThree);
    const balance = parseEther("100000");
    const withdraw = market.interface.encodeFunctionData("withdraw", [stranger.address, balance]);
    await expect(market.connect(requester).multicall([withdraw, withdraw]))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(requester, 0n, balance);
    expect(await market.accountOf(requester)).to.deep.equal([balance, 0n]);
  });
});
