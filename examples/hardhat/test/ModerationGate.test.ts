import assert from "node:assert/strict";

import { encodeBytes32String, parseEther } from "ethers";
import { network } from "hardhat";

const { ethers } = await network.create();

/** Of `ResultStatus`. */
const WAITING = 1n;
const PROVISIONAL = 2n;
const FINAL = 3n;
/** Of `PayloadError`. */
const REFUSED_BY_MODEL = 3;

const FLOAT32 = 1;

/** One score, as the model gives it. */
function score(value: number) {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setFloat32(0, value, true);
  return [{ dtype: FLOAT32, shape: [1], data }];
}

/** A gate whose market is a mock, and one post that waits for its verdict. */
async function posted() {
  const mocks = await ethers.deployContract("MockSuite");
  const optimistic = await ethers.getContractAt("MockOptimisticMarketplace", await mocks.OPTIMISTIC());
  const gate = await ethers.deployContract("ModerationGate", [optimistic, encodeBytes32String("moderation")]);
  await mocks.fund(gate, parseEther("10"));
  await gate.post("Good morning");
  const [log] = await gate.queryFilter("Posted");
  // The first topic is the event, the second its first indexed argument: the job.
  const job = log?.topics[1];
  assert.ok(job);
  return { optimistic, gate, job };
}

describe("ModerationGate", () => {
  it("orders the text as it is, and shows nothing before there is an answer", async () => {
    const { optimistic, gate, job } = await posted();
    const [offered] = await optimistic.queryFilter("JobOffered");
    assert.ok(offered);
    const input = new TextDecoder().decode(ethers.getBytes(offered.data));
    assert.ok(input.includes("Good morning"));
    assert.equal(await gate.statusOf(job), WAITING);
    assert.equal(await gate.isShown(job), false);
  });

  it("shows what the node finds harmless at once, and keeps it when the answer stands", async () => {
    const { optimistic, gate, job } = await posted();
    await optimistic.answer(job, score(0.1));
    assert.equal(await gate.statusOf(job), PROVISIONAL);
    assert.equal(await gate.isShown(job), true);
    await optimistic.uphold(job);
    assert.equal(await gate.statusOf(job), FINAL);
    assert.equal(await gate.isShown(job), true);
  });

  it("hides it again when the answer is found false, and does what the second node says", async () => {
    const { optimistic, gate, job } = await posted();
    await optimistic.answer(job, score(0.1));
    await optimistic.refute(job);
    assert.equal(await gate.isShown(job), false);
    await optimistic.fulfil(job, score(0.9));
    assert.equal(await gate.statusOf(job), FINAL);
    assert.equal(await gate.isShown(job), false);
  });

  it("shows nothing that the model cannot judge", async () => {
    const { optimistic, gate, job } = await posted();
    await optimistic.fail(job, REFUSED_BY_MODEL);
    assert.equal(await gate.statusOf(job), FINAL);
    assert.equal(await gate.isShown(job), false);
  });
});
