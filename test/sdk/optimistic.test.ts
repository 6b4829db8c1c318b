import { expect } from "chai";
import { id, parseEther } from "ethers";

import {
  answerOptimistic,
  cancelOptimistic,
  claimOptimistic,
  demandWords,
  depositOptimistic,
  depositOptimisticWithAuthorization,
  DisputeState,
  expireOptimistic,
  getAnswer,
  getClosing,
  getDeterrence,
  getDispute,
  getOptimisticBalance,
  getOptimisticJob,
  getOptimisticRecord,
  getOptimisticServing,
  getStatement,
  getSupplyPrice,
  NotFoundError,
  optimisticEscrowOf,
  optimisticJobIdOf,
  optimisticRoundIdOf,
  OptimisticState,
  payloadRoot,
  PayloadSide,
  quoteOptimistic,
  reclaimDemand,
  requestOptimistic,
  allowSpender,
  cancelOrderNonce,
  getSpenderCap,
  isOrderNonceUsed,
  requestOptimisticFor,
  signOptimisticOrder,
  spendOptimistic,
  requestOptimisticWithAuthorization,
  reserveOptimistic,
  serveOptimistic,
  settleOptimistic,
  signOptimisticDeposit,
  signOptimisticRequest,
  supplyOf,
  supplyWords,
  type Tensor,
  unserveOptimistic,
  withdrawOptimistic,
} from "../../packages/sdk/src/index.ts";
import { clientOf } from "../support/clients.ts";
import { CLOCKS } from "../support/disputes.ts";
import { MAX_LOCK } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { ANSWER_PERIOD, LOWEST, offering, PRICE, WINDOW } from "../support/optimistic.ts";

const IMAGE: Tensor = { dtype: 2, shape: [3, 50], data: Uint8Array.from({ length: 150 }, (_, i) => i) };
const OUTPUT: Tensor = { dtype: 2, shape: [40], data: new Uint8Array(40).fill(7) };
const ROOT = payloadRoot([OUTPUT]);
const AUCTION = { lowestPrice: LOWEST, auctionDelay: 100, auctionRamp: 100 };

describe("The SDK where one node answers", () => {
  async function market() {
    const suite = await offering();
    const [requester, node, second, stranger] = await Promise.all(
      [suite.requester, suite.first.signer, suite.second.signer, suite.stranger].map((one) => clientOf(suite, one)),
    );
    if (!requester || !node || !second || !stranger) throw new Error("four clients");
    const terms = {
      versionId: suite.version,
      price: PRICE,
      answerPeriod: ANSWER_PERIOD,
      windowPeriod: WINDOW,
      maxRoyalty: PRICE,
      input: { tensors: [IMAGE] },
    };
    return { ...suite, clients: { requester, node, second, stranger }, terms, named: suite.first.node };
  }
  const given = () => loadFixture(market);

  it("orders of a named node, answers, settles and claims", async () => {
    const { clients, terms, named, version } = await given();
    const { requester, node, stranger } = clients;
    const quote = await quoteOptimistic(requester, { ...terms, node: named });
    const { jobId, packed, job } = await requestOptimistic(requester, { ...terms, node: named });
    expect(optimisticJobIdOf(requester, packed)).to.equal(jobId);
    expect(job.royalty).to.equal(quote.royalty);
    expect(quote.escrow).to.equal(optimisticEscrowOf(job));
    expect(quote.margin, "nothing makes anybody look").to.equal(-PRICE);
    const { state, ...figures } = await getDeterrence(stranger, { job: packed });
    expect(state).to.equal(OptimisticState.Named);
    expect(quote).to.deep.include(figures);
    expect((await getOptimisticJob(stranger, { jobId })).packed).to.deep.equal(packed);
    expect(await getAnswer(stranger, { job: packed, attempt: 0 })).to.equal(undefined);

    const { roundId, disputableUntil } = await answerOptimistic(node, { job: packed, node: named, outputRoot: ROOT });
    expect(roundId).to.equal(optimisticRoundIdOf(node, packed, 0));
    expect((await getOptimisticServing(node, { node: named, versionId: version })).used).to.equal(quote.collateral);
    expect(await getAnswer(stranger, { job: packed, attempt: 0 })).to.deep.equal({
      node: named,
      outputRoot: ROOT,
      disputableUntil,
    });
    expect(await getClosing(stranger, { jobId })).to.equal(undefined);
    await time.increaseTo(disputableUntil);
    const { closing } = await settleOptimistic(stranger, { job: packed, node: named, outputRoot: ROOT });
    expect(closing).to.deep.include({ state: OptimisticState.Answered, node: named, outputRoot: ROOT, pay: PRICE });
    expect(await getClosing(stranger, { jobId })).to.deep.equal(closing);
    expect((await claimOptimistic(stranger, { node: named, versionId: version })).amount).to.equal(PRICE);
  });

  it("reserves an open job at a price that rises, and expires it when nobody answers", async () => {
    const { clients, terms, first, second } = await given();
    const { requester, node, stranger } = clients;
    const { jobId, packed } = await requestOptimistic(requester, { ...terms, ...AUCTION });
    const { price, deadline } = await reserveOptimistic(node, { job: packed, node: first.node });
    expect(price).to.equal(LOWEST);
    await time.increaseTo(deadline);
    const { closing } = await expireOptimistic(stranger, { job: packed });
    expect(closing, "the job waits for a second node").to.equal(undefined);
    expect(await getOptimisticRecord(stranger, { jobId })).to.deep.include({ state: OptimisticState.Open, attempt: 1 });
    await reserveOptimistic(clients.second, { job: packed, node: second.node });
    await answerOptimistic(clients.second, { job: packed, node: second.node, outputRoot: ROOT });
    expect((await getAnswer(stranger, { job: packed, attempt: 1 }))?.node).to.equal(second.node);
  });

  it("takes an open job back", async () => {
    const { clients, terms } = await given();
    const { packed } = await requestOptimistic(clients.requester, { ...terms, ...AUCTION });
    const { closing } = await cancelOptimistic(clients.requester, { job: packed });
    expect(closing?.state).to.equal(OptimisticState.Cancelled);
    expect(closing?.outputRoot).to.equal(undefined);
  });

  it("signs an order and a deposit that a stranger sends, and withdraws", async () => {
    const { clients, terms, named, token, deployer, requester: account } = await given();
    const { requester, stranger } = clients;
    await token.connect(deployer).transfer(account, parseEther("20"));
    const before = (await getOptimisticBalance(stranger, { account: account.address })).balance;
    await depositOptimisticWithAuthorization(
      stranger,
      await signOptimisticDeposit(requester, { amount: parseEther("3") }),
    );
    await depositOptimistic(requester, { amount: parseEther("1") });
    await withdrawOptimistic(requester, { amount: parseEther("2") });
    const after = await getOptimisticBalance(stranger, { account: account.address });
    expect(after.balance - before).to.equal(parseEther("2"));
    const signed = await signOptimisticRequest(requester, { ...terms, node: named });
    const { job } = await requestOptimisticWithAuthorization(stranger, signed);
    expect(job.requester).to.equal(account.address);
  });

  it("lets others use a balance: a spender within its cap, and whoever brings a signed order", async () => {
    const { clients, terms, named, requester: account, stranger: spender, optimistic, mandates } = await given();
    const { requester, stranger } = clients;
    const ledger = await optimistic.getAddress();
    await allowSpender(requester, { ledger, spender: spender.address, cap: 10n });
    await spendOptimistic(stranger, { from: account.address, to: spender.address, amount: 4n });
    await spendOptimistic(stranger, { to: account.address, amount: 1n });
    const cap = { ledger, account: account.address, spender: spender.address };
    expect(await getSpenderCap(stranger, cap)).to.equal(6n);

    const signed = await signOptimisticOrder(requester, { ...terms, node: named, mostRepay: 5n, signedNonce: 1n });
    const { job } = await requestOptimisticFor(stranger, { ...signed, repay: 5n });
    expect(job.requester).to.equal(account.address);
    expect(job.requestedAt).to.be.greaterThan(0);
    expect((await getOptimisticBalance(stranger, { account: spender.address })).balance).to.equal(8n);
    const used = { account: account.address, nonce: 1n };
    expect(await isOrderNonceUsed(stranger, used)).to.equal(true);
    await cancelOrderNonce(requester, { nonce: 2n });
    expect(await mandates.isNonceUsed(account, 2n)).to.equal(true);
  });

  it("changes what a node serves, and ends it", async () => {
    const { clients, named, version } = await given();
    const endsAt = (await time.latest()) + 70 * 86_400;
    await serveOptimistic(clients.node, { node: named, versionId: version, maxLock: MAX_LOCK / 2n, endsAt });
    const serving = await getOptimisticServing(clients.node, { node: named, versionId: version });
    expect(serving).to.deep.include({ maxLock: MAX_LOCK / 2n, endsAt });
    await unserveOptimistic(clients.node, { node: named, versionId: version });
    expect((await getOptimisticServing(clients.node, { node: named, versionId: version })).maxLock).to.equal(0n);
  });

  it("finds out what a statement is about, and says of what it knows nothing", async () => {
    const { clients, terms, named, model } = await given();
    const { packed, jobId } = await requestOptimistic(clients.requester, { ...terms, node: named });
    const { roundId, disputableUntil } = await answerOptimistic(clients.node, {
      job: packed,
      node: named,
      outputRoot: ROOT,
    });
    const made = await getStatement(clients.stranger, { roundId, node: named, outputRoot: ROOT });
    expect(made.disputableUntil).to.equal(disputableUntil);
    expect(made.statement).to.deep.include({ jobId, attempt: 0, modelId: model, inputRoot: payloadRoot([IMAGE]) });
    const unknown = await getStatement(clients.stranger, { roundId: id("round"), node: named, outputRoot: ROOT }).catch(
      (error: unknown) => error,
    );
    expect(unknown).to.be.instanceOf(NotFoundError);
  });

  context("given words of a statement that somebody demands", () => {
    async function stated() {
      const all = await market();
      const { clients, terms, named } = all;
      const { packed } = await requestOptimistic(clients.requester, { ...terms, node: named });
      const { roundId } = await answerOptimistic(clients.node, { job: packed, node: named, outputRoot: ROOT });
      const { statement } = await getStatement(clients.stranger, { roundId, node: named, outputRoot: ROOT });
      return { ...all, statement };
    }

    for (const [what, side, tensor, firstWord, count] of [
      ["all of the input", PayloadSide.Input, 0, 0, 5],
      ["its middle", PayloadSide.Input, 0, 1, 3],
      ["its end and more", PayloadSide.Input, 0, 4, 100],
      ["words beyond its end", PayloadSide.Input, 0, 5, 2],
      ["a tensor that it does not have", PayloadSide.Input, 1, 0, 1],
      ["the output", PayloadSide.Output, 0, 0, 1_024],
    ] as const) {
      it(`supplies ${what} [T066]`, async () => {
        const { clients, statement } = await loadFixture(stated);
        const price = await getSupplyPrice(clients.stranger, { count });
        const made = await demandWords(clients.stranger, { statement, side, tensor, firstWord, count });
        expect(made.demand.price).to.equal(price);
        const tensors = side === PayloadSide.Input ? [IMAGE] : [OUTPUT];
        await supplyWords(clients.second, { demand: made.demand, supply: supplyOf(tensors, made.demand) });
        const { state } = await getDispute(clients.stranger, { disputeId: made.demandId });
        expect(state).to.equal(DisputeState.Supplied);
      });
    }

    it("takes the price back from a node that does not supply", async () => {
      const { clients, statement } = await loadFixture(stated);
      const words = { side: PayloadSide.Input, tensor: 0, firstWord: 0, count: 1 };
      const { demand, demandId } = await demandWords(clients.stranger, { statement, ...words });
      await time.increase(CLOCKS.demand + 1);
      await reclaimDemand(clients.second, { demand });
      expect((await getDispute(clients.stranger, { disputeId: demandId })).state).to.equal(DisputeState.Withheld);
    });
  });
});
