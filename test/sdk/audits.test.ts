import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import {
  enrolAuditor,
  getAuditorWeights,
  getAuditSeat,
  getAuditSettlement,
  getOptimisticRecord,
  honestSeatChance,
  lieBalanceOf,
  NotFoundError,
  OptimisticState,
  ProtocolError,
  quoteOptimistic,
  refreshAuditor,
  revealOptimistic,
  sealAudit,
  sealOptimistic,
  settleAudited,
  ZeroSaltError,
} from "../../packages/sdk/src/index.ts";
import { ALWAYS, AuditedOffer, auditing } from "../support/audits.ts";
import { clientOf } from "../support/clients.ts";
import { OWN_STAKE } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { ANSWER_PERIOD, HONEST, PRICE, WINDOW } from "../support/optimistic.ts";

const { outputRoot } = HONEST;
const SALT = id("salt of a seal");

describe("The SDK where an answer may be audited", () => {
  async function market() {
    const suite = await auditing();
    const [node, second, stranger] = await Promise.all(
      [suite.first.signer, suite.second.signer, suite.stranger].map((one) => clientOf(suite, one)),
    );
    if (!node || !second || !stranger) throw new Error("three clients");
    const order = async (auditBps: number) => {
      const offer = await AuditedOffer.named(suite, { auditBps });
      return { offer, job: offer.job.packed };
    };
    return { ...suite, clients: { node, second, stranger }, order, named: suite.first.node, other: suite.second.node };
  }
  const given = () => loadFixture(market);

  it("enrols auditors, weighs them, and lets them leave", async () => {
    const { clients, version, named } = await given();
    const auditor = { node: named, versionId: version };
    const before = await time.latest();
    expect(await getAuditorWeights(clients.stranger, { ...auditor, time: before })).to.deep.equal({
      weight: OWN_STAKE,
      total: 3n * OWN_STAKE,
    });
    await time.increase(1);
    await refreshAuditor(clients.stranger, auditor);
    await enrolAuditor(clients.node, { ...auditor, weight: 0n });
    expect(await getAuditorWeights(clients.stranger, { ...auditor, time: await time.latest() })).to.deep.equal({
      weight: 0n,
      total: 2n * OWN_STAKE,
    });
    const refused = await enrolAuditor(clients.stranger, { ...auditor, weight: 1n }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(ProtocolError);
    expect((refused as ProtocolError).decoded.name).to.equal("RosterNotOperator");
  });

  it("says whether lying pays, of whom nothing is known and of one who owns none of the weight", async () => {
    const { clients, version, named, requester } = await given();
    const terms = {
      ...{ versionId: version, node: named, requester: requester.address, price: PRICE },
      ...{ answerPeriod: ANSWER_PERIOD, windowPeriod: WINDOW, auditBps: 500, valueAtStake: 5 },
    };
    const quote = await quoteOptimistic(clients.stranger, terms);
    expect(quote.auditorWeight).to.equal(2n * OWN_STAKE);
    const balance = lieBalanceOf({ ...terms, rules: quote.rules }, { share: 0.3 });
    expect(Math.abs(Number(quote.margin) / Number(quote.gain) + 1 - balance) < 1e-9).to.equal(true);
    const alone = await quoteOptimistic(clients.stranger, { ...terms, liar: { share: 0, online: 0.5 } });
    const chance = honestSeatChance(quote.rules, { share: 0, online: 0.5 });
    expect(Math.abs(alone.honestSeatChance - chance) < 1e-12).to.equal(true);
    expect(alone.auditBps).to.equal(500);
    expect(alone.breakEvenBps).to.equal(Number((quote.gain * 10_000n) / quote.loss) + 1);
    expect(alone.margin).to.be.greaterThan(quote.margin);
  });

  it("seals, audits, reveals and settles", async () => {
    const { clients, order, named, other } = await given();
    const { job, offer } = await order(ALWAYS);
    const answer = { job, node: named, outputRoot, salt: SALT };
    const audit = { ...answer, node: other };

    const { roundId } = await sealOptimistic(clients.node, answer);
    expect(roundId).to.equal(await offer.job.roundId());
    await offer.openSeat();
    expect(await getAuditSeat(clients.second, audit)).to.deep.equal({ step: "seal", reason: undefined });
    await sealAudit(clients.second, audit);
    await offer.endSealing();
    await revealOptimistic(clients.stranger, answer);
    await revealOptimistic(clients.stranger, audit);
    expect(await getAuditSettlement(clients.stranger, { job })).to.equal(undefined);
    await offer.endWindow();
    const settlement = await getAuditSettlement(clients.stranger, { job });
    expect(settlement).to.deep.equal({ job, auditor: other });
    const { closing } = await settleAudited(clients.stranger, settlement ?? { job });
    expect(closing?.state).to.equal(OptimisticState.Answered);
    expect(closing?.outputRoot).to.equal(outputRoot);
    expect((await getOptimisticRecord(clients.stranger, { jobId: offer.job.jobId })).state).to.equal(
      OptimisticState.Answered,
    );
  });

  it("settles without an auditor where nobody came", async () => {
    const { clients, order, named } = await given();
    const { job, offer } = await order(ALWAYS);
    const answer = { job, node: named, outputRoot, salt: SALT };
    await sealOptimistic(clients.node, answer);
    await offer.endSealing();
    await revealOptimistic(clients.node, answer);
    await offer.endWindow();
    expect(await getAuditSettlement(clients.stranger, { job })).to.deep.equal({ job });
    const { closing } = await settleAudited(clients.stranger, { job });
    expect(closing?.state).to.equal(OptimisticState.Answered);
  });

  it("refuses a salt of zeros, which would show the answer", async () => {
    const { clients, order, named } = await given();
    const { job } = await order(ALWAYS);
    const thrown = await sealOptimistic(clients.node, { job, node: named, outputRoot, salt: ZeroHash }).catch(
      (error: unknown) => error,
    );
    expect(thrown).to.be.instanceOf(ZeroSaltError);
  });

  context("when a node asks whether it may audit", () => {
    it("waits for the seal, for the block that decides, and for its turn; then the seat is taken", async () => {
      const { clients, order, named, other, nodes } = await given();
      const { job, offer } = await order(ALWAYS);
      const seatOf = (node: string) => getAuditSeat(clients.stranger, { job, node });
      expect(await seatOf(other)).to.deep.equal({ step: "wait", reason: "PolicyNoFreeSeat" });
      await sealOptimistic(clients.node, { job, node: named, outputRoot, salt: SALT });
      expect(await seatOf(other)).to.deep.equal({ step: "wait", reason: "PolicySealingNotOpen" });
      await offer.openSeat();
      expect(await seatOf(clients.stranger.account ?? "")).to.deep.equal({ step: "wait", reason: "PolicyNotDrawn" });
      const [, , third] = nodes;
      expect((await seatOf(third?.node ?? "")).step).to.equal("seal");
      await sealAudit(clients.second, { job, node: other, outputRoot, salt: SALT });
      expect(await seatOf(third?.node ?? "")).to.deep.equal({ step: "none", reason: "PolicyNoFreeSeat" });
    });

    it("has none when all steps are over, or chance has spared the answer", async () => {
      const { clients, order, named, other } = await given();
      const seatOf = (job: Parameters<typeof getAuditSeat>[1]["job"]) =>
        getAuditSeat(clients.stranger, { job, node: other });
      const sealed = async () => {
        const rare = await order(100);
        await sealOptimistic(clients.node, { job: rare.job, node: named, outputRoot, salt: SALT });
        await rare.offer.openSeat();
        return rare;
      };
      // One in a hundred is audited.
      let rare = await sealed();
      while ((await seatOf(rare.job)).step === "seal") rare = await sealed();
      expect(await seatOf(rare.job)).to.deep.equal({ step: "none", reason: "PolicyNotAudited" });
      await rare.offer.endSealing();
      expect(await seatOf(rare.job)).to.deep.equal({ step: "none", reason: "PolicySealingOver" });
    });

    it("throws for a job that nobody has ordered", async () => {
      const { clients, order, other } = await given();
      const { job } = await order(ALWAYS);
      const unknown = { ...job, inputRoot: id("another input") };
      const thrown = await getAuditSeat(clients.stranger, { job: unknown, node: other }).catch(
        (error: unknown) => error,
      );
      expect(thrown).to.be.instanceOf(NotFoundError);
    });
  });
});
