import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { unpackGameRules } from "../../packages/sdk/src/codecs/gameRules.ts";
import { unpackOptimisticRules } from "../../packages/sdk/src/codecs/optimisticRules.ts";
import { unpackSchedulerRules } from "../../packages/sdk/src/codecs/schedulerRules.ts";
import { unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import { unpackSessionRules } from "../../packages/sdk/src/codecs/sessionRules.ts";
import { AllocationWallet__factory } from "../../typechain-types/index.ts";
import { nth, actors } from "../support/actors.ts";
import { deploy, NETWORKS, parametersFor, readParameters } from "../support/deployment.ts";
import { ethers, loadFixture } from "../support/network.ts";

const SUPPLY = parseEther("1000000000");
/** As NodeStaking has it, seconds. */
const MAX_LOCK_PERIOD = 90n * 86_400n;
/** Seconds between blocks, as the comments of the files say. */
const BLOCK_PERIOD: Readonly<Record<string, number>> = { local: 0.5, testnet: 12, rollup: 2, l1: 12 };

/** A number of a file: big ones are strings that end with `n`. */
const toBigInt = (value: number | string) => BigInt(String(value).replace(/n$/, ""));
const toBigInts = (values: Readonly<Record<string, number | string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toBigInt(value)]));

for (const network of NETWORKS) {
  describe(`Deployment with the parameters of ${network}`, () => {
    const deployed = async () => {
      const { publisher } = await actors();
      const text = parametersFor(network, publisher.address);
      return { ...(await deploy(text)), parameters: await readParameters(text) };
    };

    it("gives each contract the numbers of the file", async () => {
      const { registry, staking, policy, disputes, market, optimisticPolicy, optimistic, parameters } =
        await loadFixture(deployed);
      const { sessions, scheduler } = await loadFixture(deployed);
      const { Registry, Staking, Policy, Disputes, Marketplace, Audits, Optimistic } = parameters;
      const { Sessions, Scheduler } = parameters;
      expect(await registry.royaltyNoticePeriod()).to.equal(Registry.royaltyNoticePeriod);
      expect(await staking.THAW_PERIOD()).to.equal(Staking.thawPeriod);
      expect(await staking.parameters()).to.deep.equal(Object.values(toBigInts(Staking.parameters)));
      expect(await policy.SEED_PERIOD()).to.equal(Policy.seedPeriod);
      expect(await policy.LEAST_SEAL_PERIOD()).to.equal(Policy.leastSealPeriod);
      expect(await policy.MONEY_CLOCK_FLOOR()).to.equal(Policy.moneyClockFloor);
      expect(await disputes.MONEY_CLOCK_FLOOR()).to.equal(Disputes.moneyClockFloor);
      expect(await disputes.MOST_GAME_PERIOD()).to.equal(Disputes.mostGamePeriod);
      expect(await disputes.LEAST_WINDOW_PERIOD()).to.equal(Disputes.leastWindowPeriod);
      expect(unpackGameRules(await disputes.governed())).to.deep.equal(toBigInts(Disputes.rules));
      expect(await market.SEED_DELAY_PERIOD()).to.equal(Marketplace.seedDelayPeriod);
      expect(await market.MOST_INPUT_BYTES()).to.equal(Marketplace.mostInputBytes);
      expect(await market.MOST_OUTPUT_BYTES()).to.equal(Marketplace.mostOutputBytes);
      const { horizonPeriod, ...rules } = unpackRules((await market.governed()).rules);
      expect(rules).to.deep.equal(toBigInts(Marketplace.rules));
      expect(horizonPeriod).to.be.greaterThan(Marketplace.marginPeriod);
      expect(await optimisticPolicy.SEED_DELAY_PERIOD()).to.equal(Audits.seedDelayPeriod);
      expect(await optimisticPolicy.SEED_PERIOD()).to.equal(Audits.seedPeriod);
      expect(await optimistic.MOST_INPUT_BYTES()).to.equal(Optimistic.mostInputBytes);
      expect(unpackSchedulerRules(await scheduler.governed())).to.deep.equal(toBigInts(Scheduler.numbers));
      expect(await optimistic.MOST_OUTPUT_BYTES()).to.equal(Optimistic.mostOutputBytes);
      const { horizonPeriod: longest, ...numbers } = unpackOptimisticRules((await optimistic.governed()).rules);
      expect(numbers).to.deep.equal(toBigInts(Optimistic.numbers));
      expect(longest).to.equal(
        numbers.maxAnswerPeriod +
          BigInt(Audits.seedDelayPeriod) +
          (1n + numbers.auditSteps) * numbers.auditSealPeriod +
          numbers.auditRevealPeriod +
          numbers.mostWindowPeriod +
          BigInt(Disputes.mostGamePeriod + Disputes.moneyClockFloor + Optimistic.marginPeriod),
      );
      const { horizonPeriod: last, ...terms } = unpackSessionRules((await sessions.governed()).rules);
      expect(terms).to.deep.equal(toBigInts(Sessions.numbers));
      expect(last).to.equal(
        terms.receiptHorizonPeriod + BigInt(Disputes.mostGamePeriod + Disputes.moneyClockFloor + Sessions.marginPeriod),
      );
    });

    it("pays the supply to whom the file names, over the time that it names, and the rest to the treasury [T120]", async () => {
      const { token, distribution, timelock, parameters } = await loadFixture(deployed);
      const { allocations } = parameters.Distribution;
      const shares = await distribution.shares();
      expect(shares.length).to.equal(allocations.length);
      for (const [i, { account, amount, cliffPeriod, vestingPeriod }] of allocations.entries()) {
        const [payee, paid] = nth(shares, i);
        expect(paid).to.equal(toBigInt(amount));
        if (vestingPeriod === 0) {
          expect(payee).to.equal(account);
          continue;
        }
        const wallet = AllocationWallet__factory.connect(payee, ethers.provider);
        expect(await token.balanceOf(wallet)).to.equal(toBigInt(amount));
        expect(await wallet.owner()).to.equal(account);
        expect(await wallet.duration()).to.equal(vestingPeriod);
        expect((await wallet.cliff()) - (await wallet.start())).to.equal(cliffPeriod);
      }
      const allocated = allocations.reduce((sum, { amount }) => sum + toBigInt(amount), 0n);
      expect(await token.balanceOf(timelock)).to.equal(SUPPLY - allocated);
      expect(await token.balanceOf(distribution)).to.equal(0n);
    });

    it("gives votes, delay and pause the numbers of the file", async () => {
      const { governor, timelock, pauseGuardian, parameters } = await loadFixture(deployed);
      const { Timelock, Governor, Guardian } = parameters;
      expect(await timelock.getMinDelay()).to.equal(Timelock.period);
      expect(await timelock.LEAST_PERIOD()).to.equal(Timelock.leastPeriod);
      expect(await timelock.MOST_PERIOD()).to.equal(Timelock.mostPeriod);
      expect(await governor.MOST_VOTE_PERIOD()).to.equal(Governor.mostVotePeriod);
      expect(await governor.votingDelay()).to.equal(Governor.numbers.votingDelay);
      expect(await governor.votingPeriod()).to.equal(Governor.numbers.votingPeriod);
      expect(await governor.lateQuorumVoteExtension()).to.equal(Governor.numbers.lateQuorumPeriod);
      expect(await governor.proposalThreshold()).to.equal(toBigInt(Governor.numbers.proposalThreshold));
      expect(await governor["quorumNumerator()"]()).to.equal(Governor.numbers.quorumBps);
      expect(await pauseGuardian.MAX_PAUSE_PERIOD()).to.equal(Guardian.maxPausePeriod);
      expect(await pauseGuardian.COOL_DOWN_PERIOD()).to.equal(Guardian.coolDownPeriod);
    });

    it("delays votes by no less than the least clock that costs money, and lets them pass within a pause", async () => {
      const { parameters } = await loadFixture(deployed);
      const { Timelock, Governor, Guardian, Policy } = parameters;
      expect(Timelock.leastPeriod).to.be.at.least(Policy.moneyClockFloor);
      expect(Guardian.maxPausePeriod).to.be.at.least(Governor.mostVotePeriod + Timelock.mostPeriod);
      expect(Guardian.coolDownPeriod).to.be.at.least(Governor.mostVotePeriod + Timelock.mostPeriod);
    });

    it("nests the longest job in the time that stake thaws, and the longest session in that of a lock [T087 T117 I17]", async () => {
      const { staking, market, optimistic, sessions } = await loadFixture(deployed);
      const { horizonPeriod } = unpackRules((await market.governed()).rules);
      expect(await staking.THAW_PERIOD()).to.be.greaterThan(horizonPeriod);
      const longest = unpackOptimisticRules((await optimistic.governed()).rules).horizonPeriod;
      expect(await staking.THAW_PERIOD()).to.be.greaterThan(longest);
      const rules = unpackSessionRules((await sessions.governed()).rules);
      expect(await staking.THAW_PERIOD()).to.be.greaterThan(rules.horizonPeriod);
      expect(rules.maxSessionPeriod + rules.horizonPeriod).to.be.at.most(MAX_LOCK_PERIOD);
    });

    it("has one least clock that costs money", async () => {
      const { parameters } = await loadFixture(deployed);
      expect(parameters.Disputes.moneyClockFloor).to.equal(parameters.Policy.moneyClockFloor);
    });

    it("answers with bonds as high as those that challengers lay down at the reference price of gas", async () => {
      const { disputes, optimistic, sessions } = await loadFixture(deployed);
      for (const { disputeBond } of [
        unpackOptimisticRules((await optimistic.governed()).rules),
        unpackSessionRules((await sessions.governed()).rules),
      ]) {
        expect(parseEther(String(disputeBond))).to.equal(await disputes.bond());
      }
    });

    it("has its seeds within the 256 blocks that the chain remembers [T048]", async () => {
      const { parameters } = await loadFixture(deployed);
      const blocks = parameters.Policy.seedPeriod / (BLOCK_PERIOD[network] ?? 0);
      expect(blocks).to.be.lessThan(256);
      // The seed's block is two after the request's, and is known in the one after it.
      expect(parameters.Marketplace.seedDelayPeriod / (BLOCK_PERIOD[network] ?? 0)).to.be.at.least(3);
      expect(parameters.Audits).to.deep.equal({
        seedDelayPeriod: parameters.Marketplace.seedDelayPeriod,
        seedPeriod: parameters.Policy.seedPeriod,
      });
    });
  });
}

describe("Deployment with a file that nobody has completed", () => {
  for (const network of NETWORKS.filter((name) => name !== "local")) {
    it(`is refused for ${network}, because somebody must hold the votes`, async () => {
      const refusal = await deploy(parametersFor(network, ZeroAddress)).then(() => "deployed", String);
      expect(refusal).to.include("DistributionZeroAccount(0)");
    });
  }
});
