import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import {
  advanceJob,
  approveTokens,
  batchMarket,
  bytesTensor,
  cancelJob,
  claimEarnings,
  deliverResult,
  deposit,
  encodePayload,
  errorRoot,
  expireJob,
  getBalance,
  getDraw,
  getJob,
  getNextStep,
  getSeats,
  getServing,
  JobState,
  NotFoundError,
  type OrderTerms,
  OutputUnavailableError,
  PayloadError,
  payloadRoot,
  prepareOrder,
  quoteOrder,
  requestFor,
  requestInference,
  requestWithAuthorization,
  revealResult,
  setNodeMetadata,
  settleJob,
  signOrder,
  signRequest,
  waitForResult,
} from "../../packages/sdk/src/index.ts";
import { INPUT, OUTPUT, revealAll, seal, termsOf } from "../support/answers.ts";
import { clientOf } from "../support/clients.ts";
import { ROYALTY, servedByThree } from "../support/fixtures.ts";
import { loadFixture, mine, networkHelpers, time } from "../support/network.ts";
import { serveOutputs } from "../support/outputs.ts";
import { refusalOf } from "../support/refusals.ts";

const OUTPUT_ROOT = payloadRoot(OUTPUT);
const CALLBACK = "0x00000000000000000000000000000000000ca11b";

describe("The SDK's actions on jobs", () => {
  const given = async (changes: Partial<OrderTerms> = {}) => {
    const suite = await loadFixture(servedByThree);
    const client = await clientOf(suite, suite.requester);
    const terms = termsOf(suite, changes);
    return { suite, client, terms, order: { ...terms, input: INPUT } };
  };

  it("quote exactly what an order takes", async () => {
    const { suite, client, terms, order } = await given();
    const { escrow, royalty, royaltyPayee, leastCollateralFactor } = await quoteOrder(client, terms);
    const { balance: before } = await getBalance(client, { account: suite.requester.address });
    await requestInference(client, order);
    const { balance: after } = await getBalance(client, { account: suite.requester.address });
    expect(before - after).to.equal(escrow);
    expect([royalty, royaltyPayee]).to.deep.equal([ROYALTY, suite.publisher.address]);

    const refusal = await refusalOf(
      requestInference(client, { ...order, collateralFactor: leastCollateralFactor - 1 }),
    );
    expect(refusal.message).to.include(`field collateralFactor, given 7, least ${leastCollateralFactor}`);
  });

  it("find a requested job again by its id", async () => {
    const { client, order } = await given();
    const requested = await requestInference(client, order);
    const { record, ...found } = await getJob(client, requested);
    expect(record.state).to.equal(JobState.Open);
    expect(found).to.deep.equal({
      jobId: requested.jobId,
      packed: requested.packed,
      job: requested.job,
      input: requested.input,
      transactionHash: requested.transactionHash,
    });
    expect(await getNextStep(client, { job: found.packed })).to.include({ step: "wait" });
    const missing: unknown = await getJob(client, { jobId: OUTPUT_ROOT }).catch((error: unknown) => error);
    expect(missing).to.be.instanceOf(NotFoundError);
  });

  it("sign an order out of the balance, which a stranger brings for what was signed", async () => {
    const { suite, client, terms, order } = await given();
    const stranger = await clientOf(suite, suite.stranger);
    const before = await getBalance(client, { account: suite.requester.address });
    const { escrow } = await quoteOrder(client, terms);
    const signed = await signOrder(client, { ...order, mostRepay: 5n });
    expect(signed.signed).to.include({ mostCost: escrow, mostRepay: 5n });
    const { job } = await requestFor(stranger, { ...signed, repay: 5n });
    expect(job.requester).to.equal(suite.requester.address);
    const after = await getBalance(client, { account: suite.requester.address });
    expect(before.balance - after.balance).to.equal(escrow + 5n);
    expect((await getBalance(client, { account: suite.stranger.address })).balance).to.equal(5n);
  });

  it("place a signed order that a stranger sends", async () => {
    const { suite, order } = await given();
    const signed = await signRequest(await clientOf(suite, suite.deployer), order);
    const { job } = await requestWithAuthorization(await clientOf(suite, suite.stranger), signed);
    expect(job.requester).to.equal(suite.deployer.address);
    const { balance } = await getBalance(await clientOf(suite), { account: suite.deployer.address });
    expect(balance).to.equal(0n);
  });

  it("cancel an order at once, and name who may if it is not the caller", async () => {
    const { suite, client, order } = await given();
    const { packed: job, jobId } = await requestInference(client, order);
    const refusal = await refusalOf(cancelJob(await clientOf(suite, suite.stranger), { job }));
    expect(refusal.decoded).to.deep.include({
      name: "MarketNotRequester",
      args: { caller: suite.stranger.address, requester: suite.requester.address },
    });
    await cancelJob(client, { job });
    expect(await waitForResult(client, { jobId })).to.deep.include({ state: JobState.Cancelled, result: undefined });
  });

  it("advance a job to record its seed, and expire it when nobody answers", async () => {
    const { suite, client, order } = await given();
    const { packed: job } = await requestInference(client, order);
    await mine(3);
    await time.increase(2);
    expect(await getNextStep(client, { job })).to.include({ step: "advance" });
    const stranger = await clientOf(suite, suite.stranger);
    await advanceJob(stranger, { job });
    expect((await getDraw(client, { job, node: suite.nodes[0]?.node ?? ZeroAddress }))?.isDrawn).to.equal(true);

    await time.increase(1_000);
    expect(await getNextStep(client, { job })).to.include({ step: "expire" });
    const { state, refund } = await expireJob(stranger, { job });
    expect(state).to.equal(JobState.Unanswered);
    expect(refund).to.equal((await quoteOrder(client, order)).escrow);
  });

  it("seal, reveal and settle, with seats found in the logs", async () => {
    const { suite, client, order } = await given();
    const requested = await requestInference(client, order);
    const answers = await seal(suite, requested, 2);
    const { packed: job, jobId } = requested;
    for (const { client: node, parameters } of answers) await revealResult(node, parameters);

    const [first] = await getSeats(client, { job });
    expect(first?.map(({ node, outputRoot }) => [node, outputRoot])).to.deep.equal(
      suite.nodes.slice(0, 2).map(({ node }) => [node, OUTPUT_ROOT]),
    );
    expect(await getNextStep(client, { job })).to.include({ step: "settle", next: JobState.Agreed });
    const settled = await settleJob(await clientOf(suite, suite.stranger), { job });
    expect(settled).to.include({ jobId, state: JobState.Agreed, outputRoot: OUTPUT_ROOT, pay: parseEther("2") });
    const { earned } = await getServing(client, { node: first?.[0]?.node ?? ZeroAddress, versionId: suite.version });
    expect(earned).to.equal(parseEther("1"));
    const claim = { node: first?.[0]?.node ?? ZeroAddress, versionId: suite.version };
    expect(await claimEarnings(client, claim)).to.include({ amount: earned });
    expect(await claimEarnings(client, claim)).to.include({ amount: 0n });
  });

  it("deposit and order in one transaction", async () => {
    const { suite, order } = await given();
    const payer = await clientOf(suite, suite.deployer);
    const { escrow } = await quoteOrder(payer, order);
    const { deployer, market } = suite;
    await approveTokens(payer, { spender: await market.getAddress(), amount: escrow });
    const { events } = await batchMarket(payer, {
      calls: [
        deposit.call(payer.addresses, { account: deployer.address, amount: escrow }),
        requestInference.call(payer.addresses, prepareOrder(deployer.address, order)),
      ],
    });
    expect(events.map(({ name }) => name)).to.include.members(["Deposited", "JobRequested"]);
    expect((await getBalance(payer, { account: deployer.address })).balance).to.equal(0n);
  });

  context("given a settled job", () => {
    it("wait for the result and take only bytes that have the root", async () => {
      const { suite, client, order } = await given();
      const requested = await requestInference(client, order);
      const waiting = waitForResult(client, { jobId: requested.jobId, pollingInterval: 5, sources: [] }).catch(
        (error: unknown) => error,
      );
      await revealAll(await seal(suite, requested, 2));
      expect(await waiting).to.be.instanceOf(OutputUnavailableError);

      const liar = await serveOutputs(new Map([[OUTPUT_ROOT, encodePayload([bytesTensor(new Uint8Array([1]))])]]));
      const node = await serveOutputs(new Map([[OUTPUT_ROOT, encodePayload(OUTPUT)]]));
      const empty = await serveOutputs(new Map());
      const { jobId } = requested;
      const refused: unknown = await waitForResult(client, { jobId, sources: [liar.url, empty.url] }).catch(
        (error: unknown) => error,
      );
      expect((refused as OutputUnavailableError).attempts).to.deep.equal([
        `${liar.url} gave other bytes`,
        `${empty.url}: HTTP status 404`,
      ]);
      const outcome = await waitForResult(client, { jobId, sources: [liar.url, node.url] });
      expect(outcome).to.deep.include({ jobId, state: JobState.Agreed, result: { tensors: OUTPUT } });
      expect(outcome.settlement?.outputRoot).to.equal(OUTPUT_ROOT);
      await Promise.all([liar.close(), node.close(), empty.close()]);
    });

    it("ask the nodes that stated the output, and read no more than was allowed", async () => {
      const { suite, client, order } = await given();
      const node = await serveOutputs(new Map([[OUTPUT_ROOT, encodePayload(OUTPUT)]]));
      for (const { owner, node: name } of suite.nodes.slice(0, 2)) {
        await setNodeMetadata(await clientOf(suite, owner), { node: name, metadataURI: node.url });
      }
      const requested = await requestInference(client, order);
      await revealAll(await seal(suite, requested, 2));
      const { jobId } = requested;
      expect((await waitForResult(client, { jobId })).result).to.deep.equal({ tensors: OUTPUT });
      const refused: unknown = await waitForResult(client, { jobId, mostBytes: 31 }).catch((error: unknown) => error);
      const tooLarge = `${node.url}: more than 31 bytes`;
      expect((refused as OutputUnavailableError).attempts).to.deep.equal([tooLarge, tooLarge]);
      await node.close();
    });

    it("tell the error on which the nodes agreed", async () => {
      const { suite, client, order } = await given();
      const requested = await requestInference(client, order);
      await revealAll(await seal(suite, requested, 2, errorRoot(PayloadError.InputMalformed)));
      expect(await waitForResult(client, { jobId: requested.jobId })).to.deep.include({
        state: JobState.Refused,
        result: { fault: PayloadError.InputMalformed },
      });
    });

    it("deliver it to a callback, earn the tip, and read the result back from the chain", async () => {
      const tip = parseEther("0.5");
      const { suite, client, order } = await given({ callback: CALLBACK, callbackGas: 50_000, deliveryTip: tip });
      const requested = await requestInference(client, order);
      await revealAll(await seal(suite, requested, 2));
      const { packed: job, jobId } = requested;
      expect(await getNextStep(client, { job })).to.include({ step: "deliver" });

      const stranger = await clientOf(suite, suite.stranger);
      const delivery = { job, result: { tensors: OUTPUT } };
      expect(await deliverResult(stranger, delivery)).to.include({ delivered: false });
      await networkHelpers.setCode(CALLBACK, "0x00");
      expect(await deliverResult(stranger, delivery)).to.include({ delivered: true });

      expect((await getBalance(client, { account: suite.stranger.address })).balance).to.equal(tip);
      expect((await waitForResult(client, { jobId, sources: [] })).result).to.deep.equal({ tensors: OUTPUT });
      expect(await getNextStep(client, { job })).to.include({ step: "none" });
    });
  });
});
