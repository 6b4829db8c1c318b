import { expect } from "chai";
import { parseEther } from "ethers";

import { LOCK_PERIOD } from "../support/fixtures.ts";
import { each } from "../support/jobs.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { HONEST, LYING, refereedByThree, refute, requestDisputable, STAKE, windowEndOf } from "../support/refereed.ts";

const DELEGATED = 3n * STAKE;
const PRICE = parseEther("5000");
/** Times the price, all that a node has, own and delegated. */
const FACTOR = Number((STAKE + DELEGATED) / PRICE);

/** Two nodes of one operator, who also orders, owns the model and challenges; strangers delegated to them. */
async function operatorWithDelegators() {
  const suite = await refereedByThree();
  const { token, staking, market, deployer, delegator, requester, nodes, version } = suite;
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  for (const { node, owner, signer } of nodes) {
    await token.connect(deployer).transfer(delegator, DELEGATED);
    await token.connect(delegator).approve(staking, DELEGATED);
    await staking.connect(delegator).delegate(node, DELEGATED, 1n);
    await staking.connect(owner).authorise(node, market, STAKE + DELEGATED);
    await market.connect(signer).serve(node, version, STAKE, STAKE + DELEGATED, endsAt);
  }
  await token.connect(deployer).approve(market, 10n * PRICE);
  await market.connect(deployer).deposit(requester, 10n * PRICE);
  await time.increase(60);
  return suite;
}

describe("An operator that lies to itself, proves it and orders it", () => {
  const { outputRoot: LIE } = LYING;
  for (const [name, answers, lies, least] of [
    ["one of its nodes lies, and the other is right", [LIE, HONEST.outputRoot], 1, STAKE / 2n],
    ["one lies, and the other stays silent", [LIE, null], 1, (5n * STAKE) / 4n],
    ["both lie", [LIE, LIE], 2, (3n * STAKE) / 4n],
  ] as const) {
    it(`only loses where ${name}, and gets nothing of what its delegators lose [T062 I20]`, async () => {
      const suite = await loadFixture(operatorWithDelegators);
      const before = await ledgerOf(suite);
      const order = { seatPrice: PRICE, collateralFactor: FACTOR };
      const job = await (await requestDisputable(suite, order)).open();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(each(seats, answers));
      for (const liar of seats.slice(0, lies)) await refute(job, { liar, outputRoot: LIE }, [suite.stranger]);
      await time.increaseTo(await windowEndOf(job));
      await job.settle(seats);

      const changes = await changesSince(before, suite);
      const mine = /^(requester|publisher|stranger|node \d+ earned|node \d+ own)$/;
      const gain = Object.entries(changes).reduce((sum, [key, change]) => (mine.test(key) ? sum + change : sum), 0n);
      expect(-gain).to.be.at.least(least);
    });
  }
});
