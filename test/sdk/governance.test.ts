import { expect } from "chai";

import {
  collectFees,
  getRules,
  refreshServing,
  reclaimTip,
  setRules,
  setTreasury,
} from "../../packages/sdk/src/index.ts";
import { clientOf } from "../support/clients.ts";
import { servedByThree } from "../support/fixtures.ts";
import { RIGHT, TestJob } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";
import { refusalOf } from "../support/refusals.ts";

describe("The SDK's actions on what is governed", () => {
  const given = async () => {
    const suite = await loadFixture(servedByThree);
    return { suite, admin: await clientOf(suite, suite.deployer), stranger: await clientOf(suite, suite.stranger) };
  };

  it("set the rules, and name a number that is out of bounds", async () => {
    const { admin } = await given();
    const { rules } = await getRules(admin);
    await setRules(admin, { rules: { ...rules, feeBps: 100n }, marginPeriod: 20 });
    expect((await getRules(admin)).rules.feeBps).to.equal(100n);

    const refusal = await refusalOf(setRules(admin, { rules: { ...rules, feeBps: 1_001n }, marginPeriod: 20 }));
    expect(refusal.decoded.name).to.equal("PolicyOutOfBounds");
    expect(refusal.message).to.include("parameter feeBps, given 1001, least 0, most 1000");
  });

  it("collect the fees of settled jobs for the treasury", async () => {
    const { suite, admin, stranger } = await given();
    await setTreasury(admin, { account: suite.thief.address });
    const job = await (await TestJob.request(suite)).open();
    const seats = suite.nodes.slice(0, 2);
    await job.answer(new Map(seats.map((node) => [node, RIGHT])));
    await job.settle(seats);
    const { amount } = await collectFees(stranger, { accounts: [suite.requester.address] });
    expect(amount).to.be.greaterThan(0n);
    expect(await suite.token.balanceOf(suite.thief)).to.equal(amount);

    const refusal = await refusalOf(reclaimTip(stranger, { job: job.packed }));
    expect(refusal.decoded.name).to.equal("MarketNoTipToReclaim");
  });

  it("leave a served weight as it is while stake backs it", async () => {
    const { suite, stranger } = await given();
    await time.increase(1);
    const [operator] = suite.nodes;
    if (operator === undefined) throw new Error("The fixture has nodes");
    const { events } = await refreshServing(stranger, { node: operator.node, versionId: suite.version });
    expect(events).to.deep.equal([]);
  });
});
