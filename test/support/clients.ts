import type { Provider, Signer } from "ethers";

import { type Addresses, type Client, createClient } from "../../packages/sdk/src/index.ts";
import type { Protocol } from "./fixtures.ts";
import { ethers } from "./network.ts";

/** Where a deployment's contracts are, as the SDK takes it. */
async function addressesOf(suite: Protocol): Promise<Addresses> {
  return {
    token: await suite.token.getAddress(),
    access: await suite.access.getAddress(),
    mandates: await suite.mandates.getAddress(),
    registry: await suite.registry.getAddress(),
    staking: await suite.staking.getAddress(),
    commitments: await suite.commitments.getAddress(),
    policy: await suite.policy.getAddress(),
    refereedPolicy: await suite.refereedPolicy.getAddress(),
    disputes: await suite.disputes.getAddress(),
    auditRoster: await suite.roster.getAddress(),
    optimisticPolicy: await suite.optimisticPolicy.getAddress(),
    optimistic: await suite.optimistic.getAddress(),
    receipts: await suite.receipts.getAddress(),
    sessions: await suite.sessions.getAddress(),
    prices: await suite.prices.getAddress(),
    sessionLens: await suite.sessionLens.getAddress(),
    scheduler: await suite.scheduler.getAddress(),
    jobChain: await suite.jobChain.getAddress(),
    inferenceLens: await suite.inferenceLens.getAddress(),
    optimisticLens: await suite.lens.getAddress(),
    market: await suite.market.getAddress(),
    relay: await suite.relay.getAddress(),
    timelock: await suite.timelock.getAddress(),
    governor: await suite.governor.getAddress(),
    pauseGuardian: await suite.pauseGuardian.getAddress(),
    distribution: await suite.distribution.getAddress(),
  };
}

/** The SDK's client of a deployment; without a signer it can only read. */
export async function clientOf(suite: Protocol, signer?: Signer): Promise<Client> {
  const provider: Provider = ethers.provider;
  return createClient({ provider, addresses: await addressesOf(suite), ...(signer !== undefined && { signer }) });
}
