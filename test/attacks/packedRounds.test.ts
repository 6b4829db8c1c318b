import { expect } from "chai";
import { getAddress, id, type Interface, ZeroHash } from "ethers";

import { statementId, Transport } from "../../packages/sdk/src/codecs/commitment.ts";
import { PayloadSide } from "../../packages/sdk/src/codecs/dispute.ts";
import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { unpackRound } from "../../packages/sdk/src/codecs/round.ts";
import { OneTransaction__factory } from "../../typechain-types/index.ts";
import { nth } from "../support/actors.ts";
import { IDENTITY, servedByNine, servedByThree } from "../support/fixtures.ts";
import { all, packedByThree, PRICE, RIGHT, SALT, TestJob, WRONG } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf, lossOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { expectPacked, packIn, packWord, saltsOf } from "../support/packs.ts";
import { packRound, round } from "../support/rounds.ts";

const COLLATERAL = 8n * PRICE;
const YEAR = 365 * 86_400;
/** Whom no order by address puts before anybody else. */
const LAST = getAddress(`0x${"ff".repeat(20)}`);

/** A packed job at the end of sealing, and somebody who makes several calls at once. */
async function packedAndOne({ auditBps = 0 } = {}) {
  const given = await packedByThree({ auditBps });
  const { pack } = given;
  const one = await new OneTransaction__factory(given.thief).deploy();
  const call = (contract: { readonly interface: Interface; getAddress(): Promise<string> }) => {
    return async (method: string, ...args: readonly unknown[]) => ({
      target: await contract.getAddress(),
      data: contract.interface.encodeFunctionData(method, args),
    });
  };
  const onMarket = call(given.market);
  const onRounds = call(given.commitments);
  const show = await onRounds("revealPacked", pack.roundId, pack.round, RIGHT, saltsOf(pack, SALT));
  return { ...given, one, show, onMarket, onRounds, onGames: call(given.disputes) };
}

describe("Somebody who shows a packed round and does more in the same transaction", () => {
  it("gets nobody audited or settled where an audit may follow, and nothing of it stays [T177]", async () => {
    const { one, market, policy, commitments, job, pack, seats, show, onMarket } = await packedAndOne({
      auditBps: 10_000,
    });
    const waits = [job.jobId, JobState.Open, JobState.Open];
    const notFinal = policy.interface.encodeErrorResult("PolicyNotFinal", waits);
    const refusals = [
      [await onMarket("advance", job.packed, seats), policy.interface.encodeErrorResult("MarketNotDue", waits)],
      [await onMarket("settle", job.packed, seats), notFinal],
      [await onMarket("expire", job.packed, seats), notFinal],
      [
        await onMarket("revealAndSettle", job.packed, seats[0], RIGHT, SALT, seats),
        commitments.interface.encodeErrorResult("CommitmentsPacked", [pack.roundId]),
      ],
    ] as const;
    const record = await market.jobOf(job.jobId);
    const transaction = one.run([show, ...refusals.map(([refused]) => refused)]);
    for (const [i, [, refusal]] of refusals.entries()) {
      await expect(transaction)
        .to.emit(one, "Called")
        .withArgs(i + 1, false, refusal);
    }
    expect(await market.jobOf(job.jobId)).to.deep.equal(record);
    await expectPacked(commitments, pack);
  });

  it("ends the job once, as it would have ended [T177 T082 I07]", async () => {
    const { one, suite, before, market, job, seats, show, onMarket } = await packedAndOne();
    const settle = await onMarket("settle", job.packed, seats);
    const transaction = one.run([show, await onMarket("expire", job.packed, seats), settle, settle]);
    await expect(transaction)
      .to.emit(one, "Called")
      .withArgs(
        1,
        false,
        market.interface.encodeErrorResult("MarketNotDue", [job.jobId, JobState.Open, JobState.Agreed]),
      );
    await expect(transaction).to.emit(one, "Called").withArgs(2, true, "0x");
    await expect(transaction)
      .to.emit(one, "Called")
      .withArgs(3, false, market.interface.encodeErrorResult("MarketWrongState", [job.jobId, JobState.Agreed]));
    const changes = await changesSince(before, suite);
    expectConserved(changes);
    expect(changes).to.include(earningsOf([0, 1, 2], PRICE));
  });

  it("pays neither fewer than have sealed, nor one of them twice, nor anybody else [T177 I36]", async () => {
    const { one, suite, before, policy, commitments, job, pack, seats, show, onMarket } = await packedAndOne();
    const wrongCount = (given: number) => policy.interface.encodeErrorResult("PolicyWrongSeats", [job.jobId, given, 3]);
    const notSealed = (node: string) =>
      commitments.interface.encodeErrorResult("CommitmentsNotSealed", [pack.roundId, node]);
    const [first, second] = [nth(seats, 0), nth(seats, 1)];
    const wrong = [
      [seats.slice(1), wrongCount(2)],
      [[...seats, LAST], wrongCount(4)],
      [[first, first, second], notSealed(first)],
      [seats.toReversed(), notSealed(second)],
      [seats.with(2, LAST), notSealed(LAST)],
    ] as const;
    const settling = await Promise.all(
      [...wrong.map(([given]) => given), seats].map((given) => onMarket("settle", job.packed, given)),
    );
    const transaction = one.run([show, ...settling]);
    for (const [i, [, refusal]] of wrong.entries()) {
      await expect(transaction)
        .to.emit(one, "Called")
        .withArgs(i + 1, false, refusal);
    }
    await expect(transaction)
      .to.emit(one, "Called")
      .withArgs(wrong.length + 1, true, "0x");
    const changes = await changesSince(before, suite);
    expectConserved(changes);
    expect(changes).to.include(earningsOf([0, 1, 2], PRICE));
  });

  it("can dispute nothing, nor show it as somebody's statement [T177]", async () => {
    const { one, disputes, commitments, job, pack, show, onRounds, onGames, nodes, model, market } =
      await packedAndOne();
    const { node } = nth(nodes, 0);
    const statement = {
      consumer: await market.getAddress(),
      jobId: job.jobId,
      attempt: 0,
      modelId: model,
      version: IDENTITY,
      inputRoot: job.packed.inputRoot,
      node,
      outputRoot: RIGHT,
      transport: Transport.Revealed,
    };
    const transaction = one.run([
      show,
      await onGames("demand", statement, PayloadSide.Output, 0, 0, 1),
      await onGames("refute", statement, "0x", [], ZeroHash),
      await onRounds("hasStated", pack.roundId, node, RIGHT),
    ]);
    const refusal = disputes.interface.encodeErrorResult("DisputeNotDisputable", [
      statementId(pack.roundId, node, RIGHT),
    ]);
    for (const index of [1, 2]) await expect(transaction).to.emit(one, "Called").withArgs(index, false, refusal);
    await expect(transaction).to.emit(one, "Called").withArgs(3, true, ZeroHash);
    await expectPacked(commitments, pack);
  });

  it("cannot pass what was shown for what is revealed, once it is unpacked in the same transaction [T177]", async () => {
    const { one, commitments, policy, job, pack, seats, show, onMarket, onRounds } = await packedAndOne();
    const { roundId } = pack;
    const transaction = one.run([
      show,
      await onRounds("unpack", roundId, pack.round, pack.seals),
      await onRounds("tallyOf", roundId, seats, RIGHT),
      await onMarket("settle", job.packed, seats),
      await onRounds("reveal", roundId, seats[0], RIGHT, SALT),
      await onMarket("settle", job.packed, seats),
      show,
    ]);
    const notFinal = policy.interface.encodeErrorResult("PolicyNotFinal", [job.jobId, JobState.Open, JobState.Open]);
    await expect(transaction)
      .to.emit(one, "Called")
      .withArgs(2, true, commitments.interface.encodeFunctionResult("tallyOf", [0n, 0b111n, 0n]));
    for (const i of [3, 5]) await expect(transaction).to.emit(one, "Called").withArgs(i, false, notFinal);
    const [word] = await commitments.roundOf(roundId);
    const otherPack = commitments.interface.encodeErrorResult("CommitmentsOtherPack", [roundId, packWord(pack), word]);
    await expect(transaction).to.emit(one, "Called").withArgs(6, false, otherPack);
    const { sealedCount, revealedCount, leaderCount } = await job.round();
    expect({ sealedCount, revealedCount, leaderCount }).to.deep.equal({
      sealedCount: 3,
      revealedCount: 1,
      leaderCount: 1,
    });
  });

  it("ends no other job of the same nodes [T177]", async () => {
    const { one, suite, commitments, nodes, seats, show, onMarket } = await packedAndOne();
    const other = await (await TestJob.request(suite, { quorum: 3 })).open();
    const own = await other.pack(nodes);
    await other.endPackedSealing(own);
    const transaction = one.run([show, await onMarket("settle", other.packed, seats)]);
    await expect(transaction)
      .to.emit(one, "Called")
      .withArgs(1, false, commitments.interface.encodeErrorResult("CommitmentsPacked", [own.roundId]));
    expect(await other.state()).to.equal(JobState.Open);
  });
});

describe("A quorum that packs its seals before others can sit", () => {
  it("keeps no drawn node from its seat, nor a lie from its appeal [T178 T052]", async () => {
    const suite = await loadFixture(servedByNine);
    const { nodes } = suite;
    const before = await ledgerOf(suite);
    const job = await (await TestJob.request(suite, { quorum: 6 })).open();
    const [gang, honest, fresh] = [nodes.slice(0, 6), nth(nodes, 6), nodes.slice(7)];
    const pack = await job.pack(gang, WRONG);
    await job.unpack(pack);
    await job.commit(honest);
    await job.endSealing();
    for (const node of gang) await job.reveal(node, WRONG);
    await job.reveal(honest);
    const seats = [...gang, honest];
    await job.beginNext(seats);
    expect(await job.state()).to.equal(JobState.Appeal);
    await job.answer(all(fresh), 2);
    await job.settle(seats, fresh);
    expect(await job.state()).to.equal(JobState.Decided);
    const changes = await changesSince(before, suite);
    expectConserved(changes);
    expect(changes).to.include(lossOf([0, 1, 2, 3, 4, 5], COLLATERAL));
  });

  it("keeps nobody out to the last second of the step, and gives nobody longer [T178 T042 I21]", async () => {
    const suite = await loadFixture(servedByThree);
    const { commitments, nodes } = suite;
    const job = await (await TestJob.request(suite)).open();
    const pack = await job.pack(nodes.slice(0, 2));
    const endsAt = (await job.record()).startedAt + job.fields.sealPeriod;
    await time.setNextBlockTimestamp(endsAt - 1);
    await job.unpack(pack);
    await job.commit(nth(nodes, 2));
    expect((await job.round()).sealedCount).to.equal(3);

    const late = await (await TestJob.request(suite)).open();
    const other = await late.pack(nodes.slice(0, 2));
    await late.endPackedSealing(other);
    await late.unpack(other);
    const { sealEndsAt } = await late.round();
    await expect(late.commit(nth(nodes, 2)))
      .to.be.revertedWithCustomError(commitments, "CommitmentsSealingOver")
      .withArgs(other.roundId, sealEndsAt);
  });
});

describe("Somebody who is faster than the relayer", () => {
  it("unpacks first, and the relayer ends the job with reveals [T179]", async () => {
    const { suite, before, relay, job, pack, nodes, seats, thief, stranger, commitments } = await packedByThree();
    await commitments.connect(thief).unpack(pack.roundId, pack.round, [...pack.seals]);
    const [word] = await commitments.roundOf(pack.roundId);
    await expect(job.settlePacked(pack))
      .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
      .withArgs(pack.roundId, packWord(pack), word);
    const reveals = nodes.map((node) => job.shows(node));
    await relay.connect(stranger).revealAndSettle(job.packed, pack.roundId, reveals, seats);
    expect(await job.state()).to.equal(JobState.Agreed);
    expect(await changesSince(before, suite)).to.include(earningsOf([0, 1, 2], PRICE));
  });

  it("posts one of its seals first, and the relayer brings the others one by one [T172 T179]", async () => {
    const suite = await loadFixture(servedByThree);
    const { relay, market, commitments, nodes, thief, stranger } = suite;
    const job = await (await TestJob.request(suite, { quorum: 3 })).open();
    const seals = await job.signSeals(nodes);
    await market.connect(thief).commitSigned(job.packed, seals.slice(0, 1));
    await expect(market.connect(stranger).commitSigned(job.packed, seals))
      .to.be.revertedWithCustomError(commitments, "CommitmentsAlreadySealed")
      .withArgs(await job.roundId(), nth(seals, 0).node);
    await relay.connect(stranger).sealMany(job.packed, seals);
    expect((await job.round()).sealedCount).to.equal(3);
  });

  it("packs a part of its seals first, and the relayer unpacks them and brings the rest [T178 T179]", async () => {
    const suite = await loadFixture(servedByThree);
    const { market, commitments, nodes, thief, stranger } = suite;
    const job = await (await TestJob.request(suite)).open();
    const seals = await job.signSeals(nodes);
    const packing = await market.connect(thief).commitSigned(job.packed, seals.slice(0, 2));
    const pack = packIn(commitments, await packing.wait());
    await expect(market.connect(stranger).commitSigned(job.packed, seals))
      .to.be.revertedWithCustomError(commitments, "CommitmentsPacked")
      .withArgs(pack.roundId);
    await job.unpack(pack);
    await market.connect(stranger).commitSigned(job.packed, seals.slice(2));
    await job.endSealing();
    for (const node of nodes) await job.reveal(node);
    await job.settle(nodes);
    expect(await job.state()).to.equal(JobState.Agreed);
  });
});

describe("A packed round that everybody forgets", () => {
  it("makes the silent pay for it, once somebody has unpacked it [T178 T179]", async () => {
    const { suite, before, market, commitments, job, pack, nodes } = await packedByThree();
    const { sealEndsAt, revealPeriod } = unpackRound(pack.round);
    await time.increaseTo(sealEndsAt + revealPeriod);
    for (const end of [() => job.settle(nodes), () => job.expire(nodes), () => job.advance(nodes)]) {
      await expect(end()).to.be.revertedWithCustomError(commitments, "CommitmentsPacked").withArgs(pack.roundId);
    }
    await job.unpack(pack);
    await expect(job.expire(nodes))
      .to.be.revertedWithCustomError(market, "MarketNotDue")
      .withArgs(job.jobId, JobState.Open, JobState.Unrevealed);
    await job.settle(nodes);
    expect(await job.state()).to.equal(JobState.Unrevealed);
    const changes = await changesSince(before, suite);
    expectConserved(changes);
    expect(changes).to.include({ requester: 2n * PRICE, ...lossOf([0, 1, 2], COLLATERAL) });
  });

  it("gives the requester all of its money back, however late [T179 I10]", async () => {
    const { market, requester, job, pack, nodes } = await packedByThree();
    const { balance } = await market.accountOf(requester);
    await time.increase(YEAR);
    await job.unpack(pack);
    await job.settle(nodes);
    expect(await job.state()).to.equal(JobState.Unrevealed);
    expect((await market.accountOf(requester)).balance).to.equal(balance + job.escrow);
  });
});

describe("A consumer that seals on hostile terms", () => {
  const given = () => loadFixture(round);
  const MARKS = [1n, 2n, 0xffn].map((mark) => mark << 248n);

  it("cannot mark a round as packed by hand, in the first seal or a later one [T176]", async () => {
    for (const mark of MARKS) {
      const { commitments, round, nodes } = await given();
      const { jobId, attempt, versionId, inputRoot } = round.key;
      const terms = packRound(round.terms) | mark;
      const sealing = commitments.connect(round.consumer);
      for (const node of nodes.slice(0, 2)) {
        await sealing.seal(jobId, attempt, versionId, inputRoot, node, round.sealOf(node), terms);
      }
      await sealing.sealMany(jobId, attempt, versionId, inputRoot, [await round.sign(nodes[2])], terms);
      const word = packRound({ ...round.terms, sealedCount: 3 });
      expect(await commitments.roundOf(round.roundId)).to.deep.equal([word, ZeroHash]);
      await round.endSealing();
      await round.reveal(nodes[0]);
      expect((await commitments.roundOf(round.roundId)).leader).to.equal(RIGHT);
    }
  });

  it("packs what it would have packed without the mark, and unpacks it [T176]", async () => {
    for (const mark of MARKS) {
      const { commitments, round, nodes } = await given();
      const { jobId, attempt, versionId, inputRoot } = round.key;
      const seals = await Promise.all(nodes.slice(0, 2).map((node) => round.sign(node)));
      const terms = packRound(round.terms) | mark;
      const packing = await commitments
        .connect(round.consumer)
        .sealMany(jobId, attempt, versionId, inputRoot, seals, terms);
      const pack = packIn(commitments, await packing.wait());
      expect(pack.round).to.equal(round.packedRound(2));
      await round.unpack(pack);
      const word = packRound({ ...round.terms, sealedCount: 2 });
      expect(await commitments.roundOf(round.roundId)).to.deep.equal([word, ZeroHash]);
    }
  });

  it("packs nothing of which a statement could be disputed, marked or not [T177]", async () => {
    for (const mark of [0n, ...MARKS]) {
      const { commitments, round, nodes } = await given();
      const { jobId, attempt, versionId, inputRoot } = round.key;
      const seals = await Promise.all(nodes.slice(0, 2).map((node) => round.sign(node)));
      const windowPeriod = 2 ** 32 - 1;
      const terms = packRound({ ...round.terms, least: 0, windowPeriod }) | mark;
      await commitments.connect(round.consumer).sealMany(jobId, attempt, versionId, inputRoot, seals, terms);
      const word = packRound({ ...round.terms, least: 0, windowPeriod, sealedCount: 2 });
      expect(await commitments.roundOf(round.roundId)).to.deep.equal([word, ZeroHash]);
    }
  });

  it("packs no round without seals, even where none are needed [T176]", async () => {
    const { commitments, round } = await given();
    await round.sealMany([], { least: 0 });
    expect(await commitments.roundOf(round.roundId)).to.deep.equal([0n, ZeroHash]);
    const nothing = { roundId: round.roundId, round: round.packedRound(0), seals: [] };
    for (const open of [
      () => round.unpack(nothing),
      () => commitments.connect(round.consumer).revealPacked(round.roundId, nothing.round, RIGHT, []),
    ]) {
      await expect(open())
        .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
        .withArgs(round.roundId, packWord(nothing), 0);
    }
  });

  it("cannot open a round with what another one has packed [T176]", async () => {
    const { commitments, round, nodes, thief } = await given();
    const pack = await round.pack(nodes.slice(0, 2));
    const roundId = id("other round");
    await expect(commitments.connect(thief).unpack(roundId, pack.round, [...pack.seals]))
      .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
      .withArgs(roundId, packWord({ ...pack, roundId }), 0);
    expect(await commitments.entryOf(roundId, nodes[0])).to.equal(ZeroHash);
  });
});
