import { expect } from "chai";

import { PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { MockMarket__factory } from "../../typechain-types/index.ts";
import { OUTPUT } from "../support/callbacks.ts";
import {
  type OfferTarget,
  orderedJob,
  realMarket,
  realOffers,
  ResultPolicy,
  ResultStatus,
  mockedMarket,
  mockedOffers,
  type Target,
} from "../support/consuming.ts";
import { ethers, loadFixture, time } from "../support/network.ts";

const DAY = 86_400;

/** Contracts know nothing of where they run but the addresses of markets; so do these tests, but for the fixture. */
const targets: readonly (readonly [name: string, fixture: () => Promise<Target>, policy: bigint])[] = [
  ["several mocked nodes", mockedMarket, ResultPolicy.Replicated],
  ["several nodes of the suite", realMarket, ResultPolicy.Replicated],
  ["one mocked node", mockedOffers, ResultPolicy.Optimistic],
  ["one node of the suite", realOffers, ResultPolicy.Optimistic],
];
const offers: readonly (readonly [name: string, fixture: () => Promise<OfferTarget>])[] = [
  ["one mocked node", mockedOffers],
  ["one node of the suite", realOffers],
];

const mock = { interface: MockMarket__factory.createInterface() };

const tensors = OUTPUT.map(({ dtype, shape, data }) => [dtype, shape, `0x${Buffer.from(data).toString("hex")}`]);

/** What the hook of a consumer got, as events show it. */
async function taken({ consumer }: Target, event: "Result" | "Provisional") {
  const [last] = (await consumer.queryFilter(consumer.filters[event])).slice(-1);
  if (last === undefined) throw new Error(`There is no ${event}`);
  const { jobId, versionId, policy, status, fault, outputs } = last.args.result;
  const plain = outputs.map(({ dtype, shape, data }) => [Number(dtype), shape.map(Number), data]);
  return { jobId, versionId, policy, status, fault, outputs: plain };
}

for (const [name, fixture, policy] of targets) {
  describe(`InferenceConsumer, with ${name}`, () => {
    const given = () => loadFixture(fixture);

    it("gets job, version, policy, status and output, once", async () => {
      const target = await given();
      const { consumer, version } = target;
      const order = await target.order();
      const jobId = await orderedJob(consumer, order);
      expect(await consumer.statusOf(jobId)).to.equal(ResultStatus.Waiting);

      await expect(target.fulfil(order))
        .to.emit(consumer, "InferenceTaken")
        .withArgs(jobId, ResultStatus.Final, PayloadError.None);
      const result = { jobId, versionId: version, policy, status: ResultStatus.Final, fault: 0n, outputs: tensors };
      expect(await taken(target, "Result")).to.deep.equal(result);
      expect(await consumer.statusOf(jobId)).to.equal(ResultStatus.Final);
    });

    it("gets it later if it refused at first, whoever tries again", async () => {
      const target = await given();
      const { consumer } = target;
      const order = await target.order();
      const jobId = await orderedJob(consumer, order);
      await consumer.setRefuses(true);
      // The suite notes a failure and goes on; a mock shows the reason.
      if (!name.includes("mocked")) await target.fulfil(order);
      else await expect(target.fulfil(order)).to.be.revertedWithCustomError(mock, "MockCallbackFailed");
      expect(await consumer.statusOf(jobId)).to.equal(ResultStatus.Waiting);
      await consumer.setRefuses(false);
      await target.fulfil(order);
      expect(await consumer.statusOf(jobId)).to.equal(ResultStatus.Final);
    });

    it("takes nothing from anybody but its market [T092]", async () => {
      const target = await given();
      const { consumer, market, version } = target;
      const jobId = await orderedJob(consumer, await target.order());
      const [caller] = await ethers.getSigners();
      await expect(consumer.onInference(jobId, version, PayloadError.None, "0x"))
        .to.be.revertedWithCustomError(consumer, "ConsumerNotMarket")
        .withArgs(jobId, caller, market);
    });

    it("refuses what is delivered too late, and what it has forgotten", async () => {
      const target = await given();
      const { consumer } = target;
      const forgotten = await orderedJob(consumer, await target.order());
      await expect(consumer.forget(forgotten)).to.emit(consumer, "InferenceForgotten").withArgs(forgotten);
      expect(await consumer.statusOf(forgotten)).to.equal(ResultStatus.Void);

      const late = await orderedJob(consumer, await target.order());
      await time.increase(DAY + 1);
      expect(await consumer.statusOf(late)).to.equal(ResultStatus.Void);
    });
  });
}

for (const [name, fixture] of offers) {
  describe(`InferenceConsumer, before the answer is final, with ${name}`, () => {
    const given = () => loadFixture(fixture);

    it("has an answer that counts once it is upheld", async () => {
      const target = await given();
      const { consumer } = target;
      const order = await target.order(true);
      const jobId = await orderedJob(consumer, order);
      await expect(target.answer(order))
        .to.emit(consumer, "InferenceTaken")
        .withArgs(jobId, ResultStatus.Provisional, PayloadError.None);
      expect(await taken(target, "Provisional")).to.deep.include({ jobId, status: ResultStatus.Provisional });
      expect(await consumer.statusOf(jobId)).to.equal(ResultStatus.Provisional);
      await target.uphold(order);
      expect(await consumer.statusOf(jobId)).to.equal(ResultStatus.Final);
    });

    it("has none any more when that was found false, and gets the second node's", async () => {
      const target = await given();
      const { consumer } = target;
      const order = await target.order(true);
      const jobId = await orderedJob(consumer, order);
      await target.answer(order);
      await target.refute(order);
      expect(await consumer.statusOf(jobId)).to.equal(ResultStatus.Waiting);
      await target.fulfil(order);
      expect(await taken(target, "Result")).to.deep.include({ jobId, status: ResultStatus.Final, outputs: tensors });
      expect(await consumer.statusOf(jobId)).to.equal(ResultStatus.Final);
    });
  });
}
