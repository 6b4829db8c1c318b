import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { leastSessionCollateral } from "../../packages/sdk/src/codecs/session.ts";
import { unpackSessionRules } from "../../packages/sdk/src/codecs/sessionRules.ts";
import { findOffers, getOffers } from "../../packages/sdk/src/index.ts";
import { clientOf } from "../support/clients.ts";
import { MAX_LOCK, OWN_STAKE } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";
import type { Offering } from "../support/optimistic.ts";
import { COLLATERAL, conversing, TestSession } from "../support/sessions.ts";

const OFFER = { callPrice: parseEther("1"), collateral: parseEther("200"), endpoint: "https://node.example" };

async function offered() {
  const suite = await conversing();
  const { prices, first, second, third, version } = suite;
  await prices.connect(first.signer).offer(first.node, version, OFFER);
  await prices.connect(second.signer).offer(second.node, version, { ...OFFER, callPrice: OFFER.callPrice / 2n });
  await prices.connect(third.signer).offer(third.node, version, { ...OFFER, callPrice: 0n });
  return suite;
}

/** The latest end of a session that the lock allows. */
async function latestEnd({ sessions, first, version }: Offering): Promise<bigint> {
  const { horizonPeriod } = unpackSessionRules((await sessions.governed()).rules);
  return (await sessions.servingOf(first.node, version)).endsAt - horizonPeriod;
}

describe("SessionLens.offersOf", () => {
  it("says what nodes ask, and what they have free for it", async () => {
    const suite = await loadFixture(offered);
    const { sessions, first, stranger, version } = suite;
    await TestSession.open(suite);
    const nodes = [first.node, stranger.address];
    const [offer, none] = await getOffers(await clientOf(suite), { versionId: version, nodes });
    const rules = unpackSessionRules((await sessions.governed()).rules);
    expect(offer).to.deep.equal({
      node: first.node,
      ...OFFER,
      leastCollateral: leastSessionCollateral(rules, OFFER.callPrice),
      free: MAX_LOCK - COLLATERAL,
      latestEnd: Number(await latestEnd(suite)),
      signer: first.signer.address,
      covered: true,
    });
    expect(none).to.deep.equal({
      node: stranger.address,
      ...{ callPrice: 0n, collateral: 0n, endpoint: "" },
      leastCollateral: leastSessionCollateral(rules, 0n),
      free: 0n,
      latestEnd: 0,
      signer: ZeroAddress,
      covered: false,
    });
  });

  it("says that a node whose delegators have left is not covered", async () => {
    const suite = await loadFixture(offered);
    const { sessionLens, staking, sessions, token, deployer, first, stranger, version } = suite;
    await token.connect(deployer).transfer(stranger, OWN_STAKE);
    await token.connect(stranger).approve(staking, OWN_STAKE);
    await staking.connect(stranger).delegate(first.node, OWN_STAKE, 0n);
    await staking.connect(first.owner).authorise(first.node, sessions, 3n * OWN_STAKE);
    const { endsAt } = await sessions.servingOf(first.node, version);
    await sessions.connect(first.signer).serve(first.node, version, 2n * OWN_STAKE, endsAt);
    const { shares } = await staking.delegationOf(first.node, stranger);
    await staking.connect(stranger).undelegate(first.node, shares, 0n);
    const [offer] = await sessionLens.offersOf(version, [first.node]);
    expect(offer?.covered).to.equal(false);
  });
});

describe("findOffers", () => {
  it("finds the nodes that can take a session now, the cheapest first", async () => {
    const suite = await loadFixture(offered);
    const { first, second, version } = suite;
    const client = await clientOf(suite);
    const offers = await findOffers(client, { versionId: version });
    expect(offers.map(({ node, endpoint }) => ({ node, endpoint }))).to.deep.equal([
      { node: second.node, endpoint: OFFER.endpoint },
      { node: first.node, endpoint: OFFER.endpoint },
    ]);
    const many = Array.from({ length: 250 }, () => first.node);
    expect(await getOffers(client, { versionId: version, nodes: many })).to.have.length(250);
  });
});
