import { expect } from "chai";

import { actors } from "../support/actors.ts";
import { deploy, NETWORKS, parametersFor } from "../support/deployment.ts";
import { ethers, hasProbes, loadFixture } from "../support/network.ts";

for (const network of NETWORKS) {
  describe(`Wiring of a deployment for ${network}`, () => {
    const deployed = async () => deploy(parametersFor(network, (await actors()).publisher.address));

    it("names the right neighbour in every immutable [T008 T119]", async () => {
      const {
        access,
        token,
        mandates,
        registry,
        staking,
        commitments,
        policy,
        refereedPolicy,
        disputes,
        market,
        relay,
        roster,
        optimisticPolicy,
        optimistic,
        receipts,
        sessions,
        scheduler,
        jobChain,
        prices,
        inferenceLens,
        lens,
        sessionLens,
        timelock,
        distribution,
        governor,
        pauseGuardian,
      } = await loadFixture(deployed);
      expect({
        "market.TOKEN": await market.TOKEN(),
        "market.REGISTRY": await market.REGISTRY(),
        "market.MANDATES": await market.MANDATES(),
        "market.STAKING": await market.STAKING(),
        "market.COMMITMENTS": await market.COMMITMENTS(),
        "market.POLICY": await market.POLICY(),
        "market.REFEREED_POLICY": await market.REFEREED_POLICY(),
        "market.authority": await market.authority(),
        "relay.MARKET": await relay.MARKET(),
        "roster.STAKING": await roster.STAKING(),
        "optimisticPolicy.GAME": await optimisticPolicy.GAME(),
        "optimisticPolicy.ROSTER": await optimisticPolicy.ROSTER(),
        "optimistic.POLICY": await optimistic.POLICY(),
        "optimistic.TOKEN": await optimistic.TOKEN(),
        "optimistic.REGISTRY": await optimistic.REGISTRY(),
        "optimistic.MANDATES": await optimistic.MANDATES(),
        "optimistic.STAKING": await optimistic.STAKING(),
        "optimistic.COMMITMENTS": await optimistic.COMMITMENTS(),
        "optimistic.authority": await optimistic.authority(),
        "receipts.STAKING": await receipts.STAKING(),
        "receipts.COMMITMENTS": await receipts.COMMITMENTS(),
        "sessions.TOKEN": await sessions.TOKEN(),
        "sessions.MANDATES": await sessions.MANDATES(),
        "sessions.STAKING": await sessions.STAKING(),
        "sessions.REGISTRY": await sessions.REGISTRY(),
        "sessions.GAME": await sessions.GAME(),
        "sessions.RECEIPTS": await sessions.RECEIPTS(),
        "sessions.authority": await sessions.authority(),
        "scheduler.MARKET": await scheduler.MARKET(),
        "scheduler.OPTIMISTIC": await scheduler.OPTIMISTIC(),
        "scheduler.GAME": await scheduler.GAME(),
        "scheduler.authority": await scheduler.authority(),
        "jobChain.MARKET": await jobChain.MARKET(),
        "jobChain.OPTIMISTIC": await jobChain.OPTIMISTIC(),
        "inferenceLens.MARKET": await inferenceLens.MARKET(),
        "prices.STAKING": await prices.STAKING(),
        "lens.MARKET": await lens.MARKET(),
        "sessionLens.SESSIONS": await sessionLens.SESSIONS(),
        "sessionLens.PRICES": await sessionLens.PRICES(),
        "distribution.REST": await distribution.REST(),
        "governor.token": await governor.token(),
        "governor.timelock": await governor.timelock(),
        "pauseGuardian.authority": await pauseGuardian.authority(),
        "pauseGuardian.targets": await pauseGuardian.targets(),
        "market.governed": (await market.governed()).treasury,
        "optimistic.governed": (await optimistic.governed()).treasury,
        "sessions.governed": (await sessions.governed()).treasury,
        "policy.COMMITMENTS": await policy.COMMITMENTS(),
        "refereedPolicy.COMMITMENTS": await refereedPolicy.COMMITMENTS(),
        "refereedPolicy.GAME": await refereedPolicy.GAME(),
        "disputes.TOKEN": await disputes.TOKEN(),
        "disputes.STAKING": await disputes.STAKING(),
        "disputes.COMMITMENTS": await disputes.COMMITMENTS(),
        "disputes.authority": await disputes.authority(),
        "registry.authority": await registry.authority(),
        "staking.TOKEN": await staking.TOKEN(),
        "staking.authority": await staking.authority(),
      }).to.deep.equal({
        "market.TOKEN": await token.getAddress(),
        "market.REGISTRY": await registry.getAddress(),
        "market.MANDATES": await mandates.getAddress(),
        "market.STAKING": await staking.getAddress(),
        "market.COMMITMENTS": await commitments.getAddress(),
        "market.POLICY": await policy.getAddress(),
        "market.REFEREED_POLICY": await refereedPolicy.getAddress(),
        "market.authority": await access.getAddress(),
        "relay.MARKET": await market.getAddress(),
        "roster.STAKING": await staking.getAddress(),
        "optimisticPolicy.GAME": await disputes.getAddress(),
        "optimisticPolicy.ROSTER": await roster.getAddress(),
        "optimistic.POLICY": await optimisticPolicy.getAddress(),
        "optimistic.TOKEN": await token.getAddress(),
        "optimistic.REGISTRY": await registry.getAddress(),
        "optimistic.MANDATES": await mandates.getAddress(),
        "optimistic.STAKING": await staking.getAddress(),
        "optimistic.COMMITMENTS": await commitments.getAddress(),
        "optimistic.authority": await access.getAddress(),
        "receipts.STAKING": await staking.getAddress(),
        "receipts.COMMITMENTS": await commitments.getAddress(),
        "sessions.TOKEN": await token.getAddress(),
        "sessions.MANDATES": await mandates.getAddress(),
        "sessions.STAKING": await staking.getAddress(),
        "sessions.REGISTRY": await registry.getAddress(),
        "sessions.GAME": await disputes.getAddress(),
        "sessions.RECEIPTS": await receipts.getAddress(),
        "sessions.authority": await access.getAddress(),
        "scheduler.MARKET": await market.getAddress(),
        "scheduler.OPTIMISTIC": await optimistic.getAddress(),
        "scheduler.GAME": await disputes.getAddress(),
        "scheduler.authority": await access.getAddress(),
        "jobChain.MARKET": await market.getAddress(),
        "jobChain.OPTIMISTIC": await optimistic.getAddress(),
        "inferenceLens.MARKET": await market.getAddress(),
        "prices.STAKING": await staking.getAddress(),
        "lens.MARKET": await optimistic.getAddress(),
        "sessionLens.SESSIONS": await sessions.getAddress(),
        "sessionLens.PRICES": await prices.getAddress(),
        "distribution.REST": await timelock.getAddress(),
        "governor.token": await token.getAddress(),
        "governor.timelock": await timelock.getAddress(),
        "pauseGuardian.authority": await access.getAddress(),
        "pauseGuardian.targets": await Promise.all(
          [market, optimistic, sessions, scheduler, registry, staking].map((c) => c.getAddress()),
        ),
        "market.governed": await timelock.getAddress(),
        "optimistic.governed": await timelock.getAddress(),
        "sessions.governed": await timelock.getAddress(),
        "policy.COMMITMENTS": await commitments.getAddress(),
        "refereedPolicy.COMMITMENTS": await commitments.getAddress(),
        "refereedPolicy.GAME": await disputes.getAddress(),
        "disputes.TOKEN": await token.getAddress(),
        "disputes.STAKING": await staking.getAddress(),
        "disputes.COMMITMENTS": await commitments.getAddress(),
        "disputes.authority": await access.getAddress(),
        "registry.authority": await access.getAddress(),
        "staking.TOKEN": await token.getAddress(),
        "staking.authority": await access.getAddress(),
      });
    });

    it("deploys every contract once, and none under another's name", async () => {
      const contracts = Object.values(await loadFixture(deployed));
      const addresses = await Promise.all(contracts.map((contract) => contract.getAddress()));
      expect(new Set(addresses).size).to.equal(addresses.length);
    });

    it("leaves no contract above the limit of EIP-170", async function () {
      if (hasProbes) this.skip();
      // Whether there is room for what comes, `npm run sizes` asks of the production profile.
      for (const [name, contract] of Object.entries(await loadFixture(deployed))) {
        const code = await ethers.provider.getCode(await contract.getAddress());
        expect(ethers.dataLength(code), name).to.be.within(1, 24_576);
      }
    });
  });
}
