import { expect } from "chai";
import { hexlify, id, ZeroHash } from "ethers";

import {
  cancelLink,
  createLink,
  encodePayload,
  followLink,
  getLink,
  getLinkState,
  getOptimisticJob,
  linkIdOf,
  linkNonceOf,
  LinkState,
  NotFoundError,
  packOptimisticOrder,
  unpackLink,
} from "../../packages/sdk/src/index.ts";
import { OUTPUT, OUTPUT_ROOT } from "../support/callbacks.ts";
import { clientOf } from "../support/clients.ts";
import { answered, chaining, LIFE, MOST_COST, REWARD } from "../support/links.ts";
import { loadFixture, time } from "../support/network.ts";
import { namedOrder } from "../support/optimistic.ts";
import { refusalOf } from "../support/refusals.ts";

describe("The SDK where jobs are chained", () => {
  async function given() {
    const suite = await loadFixture(chaining);
    const [owner, follower] = [await clientOf(suite, suite.requester), await clientOf(suite, suite.stranger)];
    const { jobId: first, output } = await answered(suite);
    const order = packOptimisticOrder(namedOrder(suite, { inputRoot: ZeroHash }));
    const expiresAt = (await time.latest()) + LIFE;
    const terms = { reward: REWARD, mostCost: MOST_COST, source: "optimistic", expiresAt, order } as const;
    return { ...suite, owner, follower, first, output, terms };
  }

  it("creates, follows, and tells of both", async () => {
    const { owner, follower, first, output, terms, requester, stranger, optimistic } = await given();
    const made = await createLink(owner, { ...terms, first });
    expect(linkIdOf(owner, made.packed)).to.equal(made.linkId);
    expect(made.link).to.deep.equal({ ...unpackLink(made.packed), owner: requester.address, first, reward: REWARD });
    expect(made.link.source).to.equal(await optimistic.getAddress());
    expect(made.order).to.deep.equal(terms.order);
    expect(await getLinkState(follower, made)).to.deep.equal({ state: LinkState.Waiting, jobId: ZeroHash });

    const found = await getLink(follower, made);
    const input = hexlify(encodePayload(OUTPUT));
    const run = await followLink(follower, { ...found, output, input });
    expect(run).to.include({
      linkId: made.linkId,
      follower: stranger.address,
      outputRoot: OUTPUT_ROOT,
      reward: REWARD,
    });
    const { job } = await getOptimisticJob(follower, run);
    expect(job).to.include({ inputRoot: OUTPUT_ROOT, nonce: linkNonceOf(made.linkId) });
    expect(await getLinkState(owner, made)).to.deep.equal({ state: LinkState.Followed, jobId: run.jobId });
  });

  it("chains links, and cancels", async () => {
    const { owner, follower, first, output, terms } = await given();
    const one = await createLink(owner, { ...terms, first });
    const two = await createLink(owner, { ...terms, first: one.linkId });
    await cancelLink(owner, { link: one.packed });
    expect((await getLinkState(owner, one)).state).to.equal(LinkState.Cancelled);
    const input = hexlify(encodePayload(OUTPUT));
    const refusal = await refusalOf(followLink(follower, { ...two, output, input }));
    expect(refusal.decoded.name).to.equal("ChainWrongState");
  });

  it("says where there is no link", async () => {
    const { follower } = await given();
    expect(await getLinkState(follower, { linkId: id("none") })).to.deep.equal({
      state: LinkState.None,
      jobId: ZeroHash,
    });
    const error = await getLink(follower, { linkId: id("none") }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(NotFoundError);
  });
});
