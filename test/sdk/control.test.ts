import { expect } from "chai";

import {
  cancelProposal,
  castVote,
  type Client,
  createClient,
  delegateVotes,
  distribute,
  drip,
  executeProposal,
  getNextDripAt,
  getPauseEnd,
  getProposal,
  getRules,
  NoFaucetError,
  pauseEntries,
  propose,
  queueProposal,
  registerModel,
  resumeEntries,
  setRules,
} from "../../packages/sdk/src/index.ts";
import { actors } from "../support/actors.ts";
import { clientOf } from "../support/clients.ts";
import { handedOver, PERIODS } from "../support/control.ts";
import { deployTestnet, parametersFor } from "../support/deployment.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { refusalOf } from "../support/refusals.ts";

describe("The SDK's actions on control", () => {
  const given = async () => {
    const suite = await loadFixture(handedOver);
    return { suite, voter: await clientOf(suite, suite.deployer), stranger: await clientOf(suite, suite.stranger) };
  };
  /** A fee of 1 % instead of 2.5 %. */
  const cheaper = async ({ addresses, ...client }: Client) => {
    const { rules } = await getRules({ addresses, ...client });
    const changed = { rules: { ...rules, feeBps: 100n }, marginPeriod: 20 };
    return { calls: [setRules.call(addresses, changed)], description: "A lower fee" };
  };

  it("propose, vote, queue and execute, and say where a proposal stands", async () => {
    const { voter, stranger } = await given();
    const proposal = await cheaper(voter);
    const { proposalId } = await propose(voter, proposal);
    expect((await getProposal(stranger, { proposalId })).state).to.equal("Pending");
    await time.increase(PERIODS.votingDelay + 1);
    await castVote(voter, { proposalId, vote: "for", reason: "Nodes need orders" });
    const open = await getProposal(stranger, { proposalId });
    expect(open.state).to.equal("Active");
    expect(open.for).to.be.greaterThan(open.against + open.abstain);
    await time.increaseTo(open.voteEndsAt + 1n);
    await queueProposal(stranger, proposal);
    const queued = await getProposal(stranger, { proposalId });
    expect(queued.state).to.equal("Queued");

    const early = await refusalOf(executeProposal(stranger, proposal));
    expect(early.decoded.name).to.equal("TimelockUnexpectedOperationState");
    await time.increaseTo(queued.executableAt);
    await executeProposal(stranger, proposal);
    expect((await getRules(stranger)).rules.feeBps).to.equal(100n);
    expect((await getProposal(stranger, { proposalId })).state).to.equal("Executed");
  });

  it("take a proposal back before its vote, and name what is missing to make one", async () => {
    const { voter, stranger } = await given();
    const proposal = await cheaper(voter);
    const refusal = await refusalOf(propose(stranger, proposal));
    expect(refusal.decoded.name).to.equal("GovernorInsufficientProposerVotes");
    await delegateVotes(stranger, { delegatee: stranger.account ?? "" });
    const { proposalId } = await propose(voter, proposal);
    await cancelProposal(voter, proposal);
    expect((await getProposal(voter, { proposalId })).state).to.equal("Canceled");
  });

  it("pause and resume entries, and say until when", async () => {
    const suite = await loadFixture(protocol);
    const guardian = await clientOf(suite, suite.deployer);
    const publisher = await clientOf(suite, suite.publisher);
    expect(await getPauseEnd(publisher)).to.equal(0n);
    const { endsAt } = await pauseEntries(guardian, {});
    expect(endsAt).to.equal(BigInt((await time.latest()) + PERIODS.pause));
    expect(await getPauseEnd(publisher)).to.equal(endsAt);
    const refusal = await refusalOf(registerModel(publisher, { slug: "digits" }));
    expect(refusal.decoded.name).to.equal("EntryPaused");
    await resumeEntries(guardian, {});
    await registerModel(publisher, { slug: "digits" });
  });

  it("give an account OPG of a test network, and say when again", async () => {
    const testnet = async () => {
      const cast = await actors();
      return { ...(await deployTestnet(parametersFor("testnet", cast.deployer.address))), ...cast };
    };
    const suite = await loadFixture(testnet);
    const { addresses, provider } = await clientOf(suite);
    const faucet = await suite.faucet.getAddress();
    const stranger = await createClient({ provider, addresses, faucet, signer: suite.stranger });
    const asked = { account: suite.requester.address };
    expect(await getNextDripAt(stranger, asked)).to.equal(0n);
    await drip(stranger, asked);
    expect(await suite.token.balanceOf(suite.requester)).to.equal(await suite.faucet.DRIP());
    const refusal = await refusalOf(drip(stranger, asked));
    expect(refusal.decoded.name).to.equal("FaucetTooSoon");
    expect(await getNextDripAt(stranger, asked)).to.equal(refusal.decoded.args.nextAt);
  });

  it("say that there is no faucet where the client was told of none", async () => {
    const suite = await loadFixture(protocol);
    const stranger = await clientOf(suite, suite.stranger);
    const asked = { account: suite.requester.address };
    for (const act of [drip, getNextDripAt]) {
      const error = await act(stranger, asked).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(NoFaucetError).and.to.have.property("message").that.includes("on chain 31337");
    }
  });

  it("find that the supply is paid out", async () => {
    const { stranger } = await given();
    const refusal = await refusalOf(distribute(stranger, { token: stranger.addresses.token }));
    expect(refusal.decoded.name).to.equal("DistributionDone");
  });
});
