import { expect } from "chai";
import { parseEther } from "ethers";

import {
  acceptNode,
  activateSigner,
  addStake,
  authoriseConsumer,
  cancelThaw,
  cancelUndelegate,
  type Client,
  delegateStake,
  getAuthorisation,
  getDelegation,
  getLock,
  getNode,
  getServing,
  getStakingTerms,
  getThaw,
  NotFoundError,
  proposeCommission,
  proposeNodeOwner,
  proposeSigner,
  registerNode,
  releaseLock,
  revokeSigner,
  rewardNode,
  serveVersion,
  setNodeMetadata,
  setStakingParameters,
  signConsent,
  thawStake,
  transferTokens,
  undelegateStake,
  unserveVersion,
  withdrawDelegation,
  withdrawEarnings,
  withdrawStake,
} from "../../packages/sdk/src/index.ts";
import type { Operator } from "../support/actors.ts";
import { clientOf } from "../support/clients.ts";
import { type Protocol, released } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { refusalOf } from "../support/refusals.ts";

const STAKE = parseEther("100");
const METADATA = "https://node.example";

async function register(suite: Protocol, { owner, signer, node }: Operator): Promise<Client> {
  const client = await clientOf(suite, owner);
  await transferTokens(await clientOf(suite, suite.deployer), { to: node, amount: 2n * STAKE });
  const consent = await signConsent(client, { node, signer });
  const registered = await registerNode(client, {
    ownStake: STAKE,
    signer: signer.address,
    consent,
    commissionBps: 1_000,
    metadataURI: METADATA,
  });
  expect(registered.node).to.equal(node);
  return client;
}

describe("The SDK's actions on stake", () => {
  const given = async () => {
    const suite = await loadFixture(released);
    const [operator, other] = suite.operators;
    if (operator === undefined || other === undefined) throw new Error("The fixture has operators");
    const client = await register(suite, operator);
    const delegator = await clientOf(suite, suite.delegator);
    await transferTokens(await clientOf(suite, suite.deployer), { to: suite.delegator.address, amount: 2n * STAKE });
    return { suite, operator, other, client, delegator, node: operator.node };
  };

  it("register a node, and read it back", async () => {
    const { operator, client, node } = await given();
    await setNodeMetadata(client, { node, metadataURI: `${METADATA}/2` });
    expect(await getNode(client, { node })).to.deep.equal({
      node,
      owner: node,
      nextOwner: undefined,
      signer: operator.signer.address,
      nextSigner: undefined,
      commissionBps: 1_000,
      nextCommissionBps: undefined,
      metadataURI: `${METADATA}/2`,
      ownBonded: STAKE,
      ownThawing: 0n,
      delegatedBonded: 0n,
      delegatedThawing: 0n,
      backing: STAKE,
      locked: 0n,
      earnings: 0n,
    });
    const missing: unknown = await getNode(client, { node: client.addresses.market }).catch((error: unknown) => error);
    expect(missing).to.be.instanceOf(NotFoundError);
  });

  it("thaw own stake, cancel a thaw, and withdraw when it is over", async () => {
    const { client, node } = await given();
    await addStake(client, { node, amount: STAKE });
    const { thawId, endsAt } = await thawStake(client, { node, amount: 10n });
    expect(await getThaw(client, { node, thawId })).to.deep.equal({ endsAt, amount: 10n });
    const refusal = await refusalOf(withdrawStake(client, { node, thawId }));
    expect(refusal.decoded).to.deep.include({
      name: "StakingStillThawing",
      args: { thawId, endsAt: BigInt(endsAt) },
    });
    expect(refusal.message).to.include(new Date(endsAt * 1_000).toISOString());
    expect(await cancelThaw(client, { node, thawId })).to.include({ amount: 10n });

    const second = await thawStake(client, { node, amount: 7n });
    await time.increaseTo(second.endsAt);
    expect(await withdrawStake(client, { node, thawId: second.thawId })).to.include({ amount: 7n });
    expect((await getNode(client, { node })).ownBonded).to.equal(2n * STAKE - 7n);
    const gone: unknown = await getThaw(client, { node, thawId: second.thawId }).catch((error: unknown) => error);
    expect(gone).to.be.instanceOf(NotFoundError).and.to.include({ kind: "thaw" });
  });

  it("delegate, undelegate, change one's mind, and leave", async () => {
    const { suite, delegator, node } = await given();
    const { shares } = await delegateStake(delegator, { node, amount: STAKE });
    const delegation = { node, delegator: suite.delegator.address };
    expect(await getDelegation(delegator, delegation)).to.deep.equal({ shares, amount: STAKE });

    const first = await undelegateStake(delegator, { node, shares });
    expect(first.amount).to.equal(STAKE);
    expect(await getThaw(delegator, { ...delegation, thawId: first.thawId })).to.deep.equal({
      endsAt: first.endsAt,
      amount: STAKE,
    });
    const back = await cancelUndelegate(delegator, { node, thawId: first.thawId });
    expect(back.amount).to.equal(STAKE);

    const second = await undelegateStake(delegator, { node, shares: back.shares });
    await time.increaseTo(second.endsAt);
    expect(await withdrawDelegation(delegator, { node, thawId: second.thawId })).to.include({ amount: STAKE });
  });

  it("rotate a signer: announced, activated, revoked", async () => {
    const { suite, other, client, node } = await given();
    const consent = await signConsent(client, { node, signer: other.signer });
    const { effectiveAt } = await proposeSigner(client, { node, signer: other.signer.address, consent });
    expect((await getNode(client, { node })).nextSigner).to.deep.equal({ value: other.signer.address, effectiveAt });
    await time.increaseTo(effectiveAt);
    await activateSigner(await clientOf(suite, suite.stranger), { node });
    expect((await getNode(client, { node })).signer).to.equal(other.signer.address);
    await revokeSigner(client, { node });
    expect((await getNode(client, { node })).signer).to.equal(undefined);
  });

  it("hand a node over to whom it was offered", async () => {
    const { suite, client, node } = await given();
    const stranger = await clientOf(suite, suite.stranger);
    const refusal = await refusalOf(acceptNode(stranger, { node }));
    expect(refusal.decoded.name).to.equal("StakingNotNextOwner");
    await proposeNodeOwner(client, { node, nextOwner: suite.stranger.address });
    expect((await getNode(client, { node })).nextOwner).to.equal(suite.stranger.address);
    await acceptNode(stranger, { node });
    expect((await getNode(client, { node })).owner).to.equal(suite.stranger.address);
  });

  it("pay a node, and its commission to the owner", async () => {
    const { suite, client, delegator, node } = await given();
    await delegateStake(delegator, { node, amount: STAKE });
    const reward = await rewardNode(await clientOf(suite, suite.deployer), { node, amount: 1_000n });
    expect(reward).to.include({ commission: 100n, own: 450n, delegated: 450n });
    expect(await withdrawEarnings(client, { node })).to.include({ amount: 100n });
    const { effectiveAt } = await proposeCommission(client, { node, commissionBps: 500 });
    expect((await getNode(client, { node })).nextCommissionBps).to.deep.equal({ value: 500, effectiveAt });
  });

  it("authorise the market, serve, and clear a lapsed lock", async () => {
    const { suite, client, node } = await given();
    await authoriseConsumer(client, { node, cap: STAKE });
    const endsAt = (await time.latest()) + 1_000;
    const versionId = suite.version;
    await serveVersion(client, { node, versionId, weight: STAKE, maxLock: STAKE, endsAt });
    expect(await getServing(client, { node, versionId })).to.deep.equal({
      weight: STAKE,
      maxLock: STAKE,
      used: 0n,
      earned: 0n,
      endsAt,
    });
    expect(await getAuthorisation(client, { node })).to.deep.equal({ cap: STAKE, locked: STAKE });
    const lock = { node, consumer: client.addresses.market, obligation: versionId };
    expect(await getLock(client, lock)).to.deep.equal({ amount: STAKE, endsAt });

    const stranger = await clientOf(suite, suite.stranger);
    expect((await refusalOf(releaseLock(stranger, lock))).decoded.name).to.equal("StakingLockRunning");
    await time.increaseTo(endsAt);
    await releaseLock(stranger, lock);
    expect((await getNode(client, { node })).locked).to.equal(0n);
    await unserveVersion(client, { node, versionId });
    expect((await getServing(client, { node, versionId })).weight).to.equal(0n);
  });

  it("set the governed numbers, and say that only governance may", async () => {
    const { suite, client } = await given();
    const { thawPeriod, ...parameters } = await getStakingTerms(client);
    expect(thawPeriod).to.equal(300);
    const refusal = await refusalOf(setStakingParameters(client, parameters));
    expect(refusal.decoded).to.deep.include({ name: "AccessManagedUnauthorized", args: { caller: client.account } });
    await setStakingParameters(await clientOf(suite, suite.deployer), { ...parameters, delegationRatio: 1 });
    expect((await getStakingTerms(client)).delegationRatio).to.equal(1);
  });
});
