import { expect } from "chai";
import { ZeroHash } from "ethers";

import {
  commitResult,
  commitSigned,
  errorRoot,
  getNextStep,
  getPack,
  getRound,
  getSeats,
  JobState,
  NotFoundError,
  PayloadError,
  ProtocolError,
  revealEndsAt,
  revealMany,
  revealManyAndSettle,
  revealPackedAndSettle,
  RevealFault,
  roundIdOf,
  sealHash,
  sealMany,
  settleJob,
  signSeal,
  unpackSeals,
} from "../../packages/sdk/src/index.ts";
import { nth, type Operator } from "../support/actors.ts";
import { clientOf } from "../support/clients.ts";
import { servedByThree } from "../support/fixtures.ts";
import { RIGHT, SALT, TestJob, WRONG } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";

/** A job whose sealing is open, the client of a stranger who relays, and what each node signs for it. */
async function opened({ outputRoot = RIGHT, auditBps = 0, quorum = 3 } = {}) {
  const suite = await loadFixture(servedByThree);
  const order = await (await TestJob.request(suite, { quorum, auditBps })).open();
  const client = await clientOf(suite, suite.thief);
  const { packed: job } = order;
  const roundId = roundIdOf(client, job, 0);
  const { chainId, addresses } = client;
  const sign = ({ node, signer }: Operator) => {
    const { commitments } = addresses;
    const commitment = sealHash({ chainId, commitments, roundId, node, outputRoot, salt: SALT });
    return signSeal(client, { signer, node, roundId, commitment });
  };
  const reveals = suite.nodes.map(({ node }) => ({ node, outputRoot, salt: SALT }));
  return { ...suite, suite, order, client, job, sign, seals: await Promise.all(suite.nodes.map(sign)), reveals };
}

/** The same, with the seals of all three nodes packed and sealing over. */
async function packed(changes: Parameters<typeof opened>[0] = {}) {
  const all = await opened(changes);
  const posted = await commitSigned(all.client, { job: all.job, seals: all.seals });
  const { round } = await getRound(all.client, { job: all.job });
  await time.increaseTo(round.sealEndsAt);
  const endRevealing = () => time.increaseTo(revealEndsAt(round, round.sealEndsAt));
  return { ...all, posted, round, endRevealing };
}

const refusalOf = async (call: Promise<unknown>): Promise<string> => {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof ProtocolError)) throw new Error("It was not refused.", { cause: error });
  return error.decoded.name;
};

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
    const posted = await commitSigned(client, { job, seals: [seal] });
    expect([posted.sealed, posted.isPacked]).to.deep.equal([[seal.node], false]); // the quorum is three
    expect((await getRound(client, { job })).round.sealedCount).to.equal(1);
    expect(await refusalOf(commitSigned(client, { job, seals: [seal] }))).to.equal("CommitmentsAlreadySealed");
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

  describe("with packed seals", () => {
    it("packs whatever comes in whatever order, and shows clock, counts and seals out of the logs", async () => {
      const { client, job, seals, nodes } = await opened();
      const names = nodes.map(({ node }) => node);
      const posted = await commitSigned(client, { job, seals: seals.toReversed() });
      expect([posted.sealed, posted.isPacked]).to.deep.equal([names, true]);
      const { round, leader, pack, roundId } = await getRound(client, { job });
      expect([round.isPacked, round.sealedCount, round.revealedCount, leader]).to.deep.equal([true, 3, 0, ZeroHash]);
      expect(round.sealEndsAt).to.be.greaterThan(await time.latest());
      expect(pack).to.deep.equal(await getPack(client, { job }));
      expect(pack?.seals).to.deep.equal(seals.map(({ node, commitment }) => ({ node, commitment })));
      expect([pack?.roundId, pack?.unpacked]).to.deep.equal([roundId, undefined]);
      const [seats] = await getSeats(client, { job });
      expect(seats).to.deep.equal(seals.map(({ node, commitment }) => ({ node, commitment, outputRoot: undefined })));
    });

    it("ends the job with them, after which each of their nodes states the output", async () => {
      const { client, job, reveals, nodes } = await packed();
      const ended = await revealPackedAndSettle(client, { job, outputRoot: RIGHT, reveals: reveals.toReversed() });
      expect([ended.state, ended.outputRoot]).to.deep.equal([JobState.Agreed, RIGHT]);
      const [seats, ...later] = await getSeats(client, { job });
      expect(seats?.map(({ node, outputRoot }) => [node, outputRoot])).to.deep.equal(
        nodes.map(({ node }) => [node, RIGHT]),
      );
      expect(later).to.deep.equal([[], []]);
      expect((await getNextStep(client, { job })).step).to.equal("none");
      // Unpacked after the end they are seals in storage for good, and say what they said.
      await unpackSeals(client, { job });
      expect(await getSeats(client, { job })).to.deep.equal([seats, [], []]);
    });

    it("ends it with an error on which all agree", async () => {
      const outputRoot = errorRoot(PayloadError.InputMalformed);
      const { client, job, reveals } = await packed({ outputRoot });
      const { state } = await revealPackedAndSettle(client, { job, outputRoot, reveals });
      expect(state).to.equal(JobState.Refused);
      const [seats] = await getSeats(client, { job });
      expect(seats?.map((seat) => seat.outputRoot)).to.deep.equal([outputRoot, outputRoot, outputRoot]);
    });

    it("unpacks them, and then it goes on as any other, with the one who was silent", async () => {
      const { client, job, reveals, endRevealing } = await packed({ quorum: 2 });
      expect(await refusalOf(revealMany(client, { job, reveals }))).to.equal("CommitmentsPacked");
      const { roundId } = await unpackSeals(client, { job }).then(() => getRound(client, { job }));
      expect((await getRound(client, { job })).round).to.include({ isPacked: false, sealedCount: 3 });
      expect((await getPack(client, { job }))?.unpacked).to.not.equal(undefined);
      expect(await refusalOf(unpackSeals(client, { job }))).to.equal("CommitmentsOtherPack");
      const all = { job, outputRoot: RIGHT, reveals };
      expect(await refusalOf(revealPackedAndSettle(client, all))).to.equal("CommitmentsOtherPack");
      await revealMany(client, { job, reveals: reveals.slice(0, 2) });
      await endRevealing();
      expect((await settleJob(client, { job })).state).to.equal(JobState.Agreed);
      const [seats] = await getSeats(client, { job });
      expect(seats?.map((seat) => seat.outputRoot)).to.deep.equal([RIGHT, RIGHT, undefined]);
      expect(roundId).to.equal(roundIdOf(client, job, 0));
    });

    it("tells those who were packed from who comes after they were unpacked", async () => {
      const { client, job, seals, reveals, nodes } = await opened({ quorum: 2 });
      await commitSigned(client, { job, seals: seals.slice(0, 2) });
      const late = seals.slice(2);
      expect(await refusalOf(commitSigned(client, { job, seals: late }))).to.equal("CommitmentsPacked");
      await unpackSeals(client, { job });
      expect((await commitSigned(client, { job, seals: late })).isPacked).to.equal(false);
      expect((await getPack(client, { job }))?.seals.map(({ node }) => node)).to.deep.equal(
        nodes.slice(0, 2).map(({ node }) => node),
      );
      await time.increaseTo((await getRound(client, { job })).round.sealEndsAt);
      expect((await revealManyAndSettle(client, { job, reveals })).state).to.equal(JobState.Agreed);
    });

    it("does not end a job with some of them", async () => {
      const { client, job, reveals } = await packed();
      const some = { job, outputRoot: RIGHT, reveals: reveals.slice(1) };
      expect(await refusalOf(revealPackedAndSettle(client, some))).to.equal("CommitmentsOtherPack");
    });

    it("does not end a job that may be audited", async () => {
      const { client, job, reveals } = await packed({ auditBps: 5_000 });
      const all = { job, outputRoot: RIGHT, reveals };
      expect(await refusalOf(revealPackedAndSettle(client, all))).to.equal("PolicyNotFinal");
    });

    it("waits while they can be shown, and after that says that they are to be unpacked", async () => {
      const { client, job, endRevealing } = await packed();
      const { state } = await getNextStep(client, { job });
      expect(await getNextStep(client, { job })).to.deep.equal({ step: "wait", state, next: state });
      await endRevealing();
      expect(await getNextStep(client, { job })).to.deep.equal({ step: "unpack", state, next: state });
      await unpackSeals(client, { job });
      expect(await getNextStep(client, { job })).to.include({ step: "settle", next: JobState.Unrevealed });
    });

    it("finds no pack where seals came one by one", async () => {
      const { client, job, seals } = await opened();
      expect(await getPack(client, { job })).to.equal(undefined);
      await sealMany(client, { job, seals });
      expect(await getPack(client, { job })).to.equal(undefined);
      const error: unknown = await unpackSeals(client, { job }).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(NotFoundError);
      expect(error).to.include({ kind: "pack", id: roundIdOf(client, job, 0) });
    });
  });
});
