import { expect } from "chai";

import {
  commitResult,
  commitSigned,
  getRound,
  getSeats,
  JobState,
  ProtocolError,
  revealMany,
  revealManyAndSettle,
  RevealFault,
  roundIdOf,
  sealHash,
  sealMany,
  signSeal,
} from "../../packages/sdk/src/index.ts";
import { nth, type Operator } from "../support/actors.ts";
import { clientOf } from "../support/clients.ts";
import { servedByThree } from "../support/fixtures.ts";
import { RIGHT, SALT, TestJob, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";

/** A job whose sealing is open, the client of a stranger who relays, and what each node signs for it. */
async function opened() {
  const suite = await loadFixture(servedByThree);
  const order = await (await TestJob.request(suite, { quorum: 3 })).open();
  const client = await clientOf(suite, suite.thief);
  const { packed: job } = order;
  const roundId = roundIdOf(client, job, 0);
  const { chainId, addresses } = client;
  const sign = ({ node, signer }: Operator) => {
    const { commitments } = addresses;
    const commitment = sealHash({ chainId, commitments, roundId, node, outputRoot: RIGHT, salt: SALT });
    return signSeal(client, { signer, node, roundId, commitment });
  };
  const reveals = suite.nodes.map(({ node }) => ({ node, outputRoot: RIGHT, salt: SALT }));
  return { ...suite, suite, order, client, job, sign, seals: await Promise.all(suite.nodes.map(sign)), reveals };
}

describe("The SDK's relay", () => {
  it("takes a job from signed seals to its end, and says who sealed, who revealed and how it ended", async () => {
    const { client, job, seals, reveals, order, nodes } = await opened();
    const names = nodes.map(({ node }) => node);
    const posted = await sealMany(client, { job, seals });
    expect([posted.sealed, posted.skipped]).to.deep.equal([names, []]);
    await order.endSealing();
    const ended = await revealManyAndSettle(client, { job, reveals });
    expect([ended.revealed, ended.skippedReveals]).to.deep.equal([names, []]);
    expect([ended.state, ended.outputRoot]).to.deep.equal([JobState.Agreed, RIGHT]);
    const [seats] = await getSeats(client, { job });
    expect(seats?.map(({ outputRoot }) => outputRoot)).to.deep.equal([RIGHT, RIGHT, RIGHT]);
  });

  it("says why a seal was skipped, with the error that the node would have had", async () => {
    const { suite, client, job, seals, nodes } = await opened();
    const early = nth(nodes, 1);
    const own = await clientOf(suite, early.signer);
    await commitResult(own, { job, node: early.node, outputRoot: RIGHT, salt: SALT });
    const { sealed, skipped } = await sealMany(client, { job, seals });
    expect(sealed).to.have.length(2);
    expect(skipped.map(({ node, error }) => [node, error?.name])).to.deep.equal([
      [early.node, "CommitmentsAlreadySealed"],
    ]);
  });

  it("brings a single seal, and explains what the market refuses", async () => {
    const { client, job, seals } = await opened();
    const seal = nth(seals, 0);
    await commitSigned(client, { job, seal });
    expect((await getRound(client, { job })).round.sealedCount).to.equal(1);
    const error: unknown = await commitSigned(client, { job, seal }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ProtocolError);
    expect((error as ProtocolError).decoded.name).to.equal("CommitmentsAlreadySealed");
  });

  it("reveals for some, and says which reveal does not fit", async () => {
    const { client, job, seals, reveals, order } = await opened();
    await sealMany(client, { job, seals });
    await order.endSealing();
    const wrong = { ...nth(reveals, 1), outputRoot: WRONG };
    const { revealed, skippedReveals } = await revealMany(client, { job, reveals: [nth(reveals, 0), wrong] });
    expect(revealed).to.deep.equal([nth(reveals, 0).node]);
    expect(skippedReveals).to.deep.equal([{ node: wrong.node, fault: RevealFault.Mismatch }]);
  });
});
