import { type ContractTransactionResponse, parseEther } from "ethers";

import { isFinalState } from "../../packages/sdk/src/codecs/job.ts";
import { OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import type { Tensor } from "../../packages/sdk/src/codecs/tensor.ts";
import {
  MockInferenceMarketplace__factory,
  MockOptimisticMarketplace__factory,
  RecordingConsumer__factory,
  MockSuite__factory,
  type RecordingConsumer,
} from "../../typechain-types/index.ts";
import { CALLBACK_GAS, OUTPUT, OUTPUT_ROOT, PAYLOAD, TIP } from "./callbacks.ts";
import { servedByThree } from "./fixtures.ts";
import { all, PRICE, SEAL_PERIOD, TestJob } from "./jobs.ts";
import { ethers, time } from "./network.ts";
import { ANSWER_PERIOD, offering, PRICE as OFFERED_PRICE, TestOffer, WINDOW } from "./optimistic.ts";

/** Numbers of `ResultPolicy` and `ResultStatus`. */
export const ResultPolicy = { None: 0n, Replicated: 1n, Refereed: 2n, Optimistic: 3n, Audited: 4n } as const;
export const ResultStatus = { None: 0n, Waiting: 1n, Provisional: 2n, Final: 3n, Void: 4n } as const;

const FUND = parseEther("1000");
const DAY = 86_400;

type Sent = ContractTransactionResponse;

/** The same consumer at one of the markets, mocked or real. */
export interface Target {
  readonly consumer: RecordingConsumer;
  readonly market: string;
  readonly version: string;
  order(provisional?: boolean): Promise<Sent>;
  /** The nodes give `OUTPUT`, it is final, and it is delivered. Again, it is delivered again. */
  fulfil(order: Sent): Promise<Sent>;
}

/** A target whose answers can be delivered before they are final. */
export interface OfferTarget extends Target {
  /** The node gives `OUTPUT`, and it is delivered as what it is. */
  answer(order: Sent): Promise<Sent>;
  uphold(order: Sent): Promise<Sent>;
  refute(order: Sent): Promise<Sent>;
}

async function replicatedTerms(versionId: string) {
  return {
    versionId,
    seatPrice: PRICE,
    maxRoyalty: PRICE,
    deliveryTip: TIP,
    quorum: 2,
    collateralFactor: 8,
    auditBps: 0,
    sealPeriod: SEAL_PERIOD,
    windowPeriod: 0,
    callbackGas: CALLBACK_GAS,
    acceptUntil: (await time.latest()) + DAY,
  };
}

async function optimisticTerms(versionId: string, node: string, provisional: boolean) {
  return {
    versionId,
    node,
    price: OFFERED_PRICE,
    lowestPrice: 0n,
    maxRoyalty: OFFERED_PRICE,
    deliveryTip: TIP,
    auctionDelay: 0,
    auctionRamp: 0,
    answerPeriod: ANSWER_PERIOD,
    windowPeriod: WINDOW,
    valueAtStake: 0,
    auditBps: 0,
    provisional,
    callbackGas: CALLBACK_GAS,
    acceptUntil: (await time.latest()) + DAY,
  };
}

const INPUT: readonly Tensor[] = [{ dtype: 2, shape: [1, 1, 2, 2], data: new Uint8Array([1, 2, 3, 4]) }];
const toArguments = (tensors: readonly Tensor[]) => tensors.map((tensor) => ({ ...tensor, shape: [...tensor.shape] }));

/** The id of the job that a transaction ordered. */
export async function orderedJob(consumer: RecordingConsumer, order: Sent): Promise<string> {
  const { blockNumber = 0 } = (await order.wait()) ?? {};
  const [event] = await consumer.queryFilter(consumer.filters.InferenceOrdered(), blockNumber, blockNumber);
  if (event === undefined) throw new Error("Nothing was ordered");
  return event.args.jobId;
}

async function mockSuite() {
  const [deployer, node] = await ethers.getSigners();
  if (deployer === undefined || node === undefined) throw new Error("The chain has no accounts");
  const mocks = await new MockSuite__factory(deployer).deploy();
  const market = MockInferenceMarketplace__factory.connect(await mocks.MARKET(), deployer);
  const optimistic = MockOptimisticMarketplace__factory.connect(await mocks.OPTIMISTIC(), deployer);
  const consumer = await new RecordingConsumer__factory(deployer).deploy(market, optimistic);
  await mocks.fund(consumer, FUND);
  return { market, optimistic, consumer, node: node.address, version: ethers.id("version") };
}

/** Several nodes, mocked. */
export async function mockedMarket(): Promise<Target> {
  const { market, consumer, version } = await mockSuite();
  return {
    consumer,
    market: await market.getAddress(),
    version,
    order: async () => consumer.orderReplicated(await replicatedTerms(version), toArguments(INPUT)),
    fulfil: async (order) => market.fulfil(await orderedJob(consumer, order), toArguments(OUTPUT)),
  };
}

/** Several nodes: the real suite, with three of them. */
export async function realMarket(): Promise<Target> {
  const suite = await servedByThree();
  const { market, optimistic, token, deployer, stranger, nodes, version } = suite;
  const consumer = await new RecordingConsumer__factory(deployer).deploy(market, optimistic);
  await token.connect(deployer).approve(market, FUND);
  await market.connect(deployer).deposit(consumer, FUND);
  return {
    consumer,
    market: await market.getAddress(),
    version,
    order: async () => consumer.orderReplicated(await replicatedTerms(version), toArguments(INPUT)),
    fulfil: async (order) => {
      const job = TestJob.from(suite, await order.wait());
      if (!isFinalState(await job.state())) {
        await job.open();
        const seats = nodes.slice(0, 2);
        await job.answer(all(seats, OUTPUT_ROOT));
        await job.settle(seats);
      }
      return market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD);
    },
  };
}

/** One node, mocked. */
export async function mockedOffers(): Promise<OfferTarget> {
  const { optimistic, consumer, node, version } = await mockSuite();
  return {
    consumer,
    market: await optimistic.getAddress(),
    version,
    order: async (provisional = false) =>
      consumer.orderOptimistic(await optimisticTerms(version, node, provisional), toArguments(INPUT)),
    fulfil: async (order) => optimistic.fulfil(await orderedJob(consumer, order), toArguments(OUTPUT)),
    answer: async (order) => optimistic.answer(await orderedJob(consumer, order), toArguments(OUTPUT)),
    uphold: async (order) => optimistic.uphold(await orderedJob(consumer, order)),
    refute: async (order) => optimistic.refute(await orderedJob(consumer, order)),
  };
}

/** One node: the real suite, where it is found false by withholding what it has stated. */
export async function realOffers(): Promise<OfferTarget> {
  const suite = await offering();
  const { market, optimistic, token, deployer, first, second, version } = suite;
  const consumer = await new RecordingConsumer__factory(deployer).deploy(market, optimistic);
  await token.connect(deployer).approve(optimistic, FUND);
  await optimistic.connect(deployer).deposit(consumer, FUND);
  const jobOf = async (order: Sent) => TestOffer.from(suite, await order.wait());
  const uphold = async (job: TestOffer) => {
    await job.endWindow();
    return job.settle(OUTPUT_ROOT);
  };
  return {
    consumer,
    market: await optimistic.getAddress(),
    version,
    order: async (provisional = false) =>
      consumer.orderOptimistic(await optimisticTerms(version, first.node, provisional), toArguments(INPUT)),
    fulfil: async (order) => {
      const job = await jobOf(order);
      const { state } = await job.record();
      if (state === OptimisticState.Open) await job.reserve(second);
      if (state !== OptimisticState.Answered) {
        await job.answer(state === OptimisticState.Open ? second : first, OUTPUT_ROOT);
        await uphold(job);
      }
      return job.deliver(PayloadError.None, PAYLOAD);
    },
    answer: async (order) => {
      const job = await jobOf(order);
      await job.answer(first, OUTPUT_ROOT);
      return job.deliver(PayloadError.None, PAYLOAD);
    },
    uphold: async (order) => uphold(await jobOf(order)),
    refute: async (order) => {
      const job = await jobOf(order);
      await job.withhold(first, OUTPUT_ROOT);
      await job.endWindow();
      return job.settle(OUTPUT_ROOT);
    },
  };
}
