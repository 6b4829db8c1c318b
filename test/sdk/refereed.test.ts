import { expect } from "chai";
import { parseEther } from "ethers";

import {
  getJob,
  getNextStep,
  JobState,
  quoteOrder,
  requestInference,
  settleJob,
  signRequest,
} from "../../packages/sdk/src/index.ts";
import { nth } from "../support/actors.ts";
import { clientOf } from "../support/clients.ts";
import { ROYALTY } from "../support/fixtures.ts";
import { all, each, SEAL_PERIOD, TestJob } from "../support/jobs.ts";
import { loadFixture, mine, time } from "../support/network.ts";
import { challenge, HONEST, LYING, refereedByThree, requestDisputable, windowEndOf } from "../support/refereed.ts";
import { refusalOf } from "../support/refusals.ts";

const { outputRoot: RIGHT } = HONEST;
const { outputRoot: LIE } = LYING;

/** The least window of the local parameters, seconds. */
const LEAST_WINDOW = 30;

describe("The SDK's actions on jobs that a referee can judge", () => {
  async function given() {
    const suite = await loadFixture(refereedByThree);
    const client = await clientOf(suite, suite.requester);
    const terms = {
      versionId: suite.version,
      seatPrice: parseEther("7"),
      quorum: 2,
      sealPeriod: SEAL_PERIOD,
      maxRoyalty: ROYALTY,
    };
    const input = { uri: "https://inputs.example/1", inputRoot: HONEST.inputRoot };
    return { suite, client, terms, input };
  }

  it("quote what a seat must lock and for how long answers can be disputed, and order just that", async () => {
    const { client, terms, input } = await given();
    const quote = await quoteOrder(client, { ...terms, collateralFactor: 0 });
    expect(quote.windowPeriod).to.equal(LEAST_WINDOW);
    const { leastCollateralFactor: collateralFactor } = quote;
    const { job } = await requestInference(client, { ...terms, input, collateralFactor });
    expect([job.windowPeriod, job.collateralFactor]).to.deep.equal([LEAST_WINDOW, collateralFactor]);
    const refusal = await refusalOf(
      requestInference(client, { ...terms, input, collateralFactor: collateralFactor - 1 }),
    );
    expect(refusal.message).to.include(`least ${collateralFactor}`);
  });

  it("leave a window as it is named, and sign orders with one, too", async () => {
    const { client, terms, input } = await given();
    const order = { ...terms, input, collateralFactor: 1_000 };
    expect((await requestInference(client, { ...order, windowPeriod: 77 })).job.windowPeriod).to.equal(77);
    const { order: signed } = await signRequest(client, order);
    expect(Number((BigInt(signed.shape) >> 136n) & 0xffffffn)).to.equal(LEAST_WINDOW);
  });

  it("say what can move a job: its seed, the end of its window, and of its disputes", async () => {
    const { suite, client } = await given();
    const job: TestJob = await requestDisputable(suite);
    const next = async () => (await getNextStep(client, { job: job.packed })).step;
    expect(await next()).to.equal("wait");
    await mine(3);
    expect(await next()).to.equal("advance");
    await time.increase(2);
    const seats = suite.nodes.slice(0, 2);
    await job.answer(each(seats, [LIE, RIGHT]));
    expect(await next()).to.equal("wait");

    await time.increaseTo((await windowEndOf(job)) - 1);
    const game = await challenge(job, { liar: nth(seats, 0), outputRoot: LIE }, suite.stranger);
    await time.increase(21);
    expect(await next()).to.equal("wait");
    await suite.disputes.connect(suite.requester).timeout(game);
    expect(await next()).to.equal("wait");
    await time.increase(5);
    expect(await getNextStep(client, { job: job.packed })).to.deep.equal({
      step: "settle",
      state: JobState.Open,
      next: JobState.Decided,
    });
    expect(await settleJob(client, { job: job.packed })).to.include({ outputRoot: RIGHT });
    expect((await getJob(client, job)).record.state).to.equal(JobState.Decided);
  });

  it("say that a job expires that too few have sealed", async () => {
    const { suite, client } = await given();
    const job = await (await requestDisputable(suite)).open();
    await job.answer(all(suite.nodes.slice(0, 1), RIGHT));
    expect((await getNextStep(client, { job: job.packed })).step).to.equal("expire");
  });
});
