import { expect } from "chai";
import { id } from "ethers";

import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import {
  admitVersion,
  getBatchTime,
  getGame,
  isInBatch,
  payloadRoot,
  receiptHash,
  statementIdOf,
  TracedRun,
} from "../../packages/sdk/src/index.ts";
import { Executor } from "../../packages/sdk/src/onnx/index.ts";
import { disputeReceipt } from "../../packages/sdk/src/session/index.ts";
import { conv } from "../../packages/sdk/test/onnx/support/operators.ts";
import { drawCase } from "../../packages/sdk/test/onnx/support/Sketch.ts";
import { postBatch } from "../support/batches.ts";
import { clientOf } from "../support/clients.ts";
import { DETAILS, IDENTITY, LOCK_PERIOD } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { ONNX } from "../support/onnxGame.ts";
import { COLLATERAL, conversing, TestSession } from "../support/sessions.ts";

const { program, inputs } = drawCase(5, (sketch) => conv(sketch, sketch.input([1, 3, 8, 8])));
const VERSION = { ...IDENTITY, profile: ONNX, graphRoot: program.graphRoot };

/** A session for a version that the SDK can run, and a receipt of it that is false. */
async function lied() {
  const suite = await conversing();
  const { registry, sessions, publisher, stranger, first, model } = suite;
  await registry.connect(publisher).release(model, VERSION, { ...DETAILS, minor: 2 });
  const client = await clientOf(suite, stranger);
  await admitVersion(client, { modelId: model, identity: VERSION, program });
  const version = versionId(model, VERSION);
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  await sessions.connect(first.signer).unserve(first.node, suite.version);
  await sessions.connect(first.signer).serve(first.node, version, COLLATERAL, endsAt);
  const session = await TestSession.open(suite, { versionId: version });
  const receipt = await session.receipt({ inputRoot: payloadRoot(inputs), outputRoot: id("a lie") });
  const run = new TracedRun(new Executor(program), inputs);
  return {
    ...suite,
    suite,
    client,
    session,
    receipt,
    dispute: { modelId: model, version: VERSION, run, isSealed: false },
  };
}

describe("The SDK that disputes receipts", () => {
  const given = () => loadFixture(lied);

  it("shows one that a node has signed, and challenges it", async () => {
    const { client, session, receipt, dispute } = await given();
    const { signature } = await session.signed(receipt);
    const { statement, gameId } = await disputeReceipt(client, {
      session: session.packed,
      receipt,
      proof: { signature },
      ...dispute,
    });
    expect(statementIdOf(client, statement)).to.equal(await session.statementId(receipt));
    expect((await getGame(client, { gameId })).game).to.include({ statementId: statementIdOf(client, statement) });
  });

  it("shows one that stands in a batch, and challenges it", async () => {
    const { client, suite, session, receipt, first, receipts, dispute } = await given();
    const statements = [id("another"), receiptHash(receipt)];
    const { batch, pathOf } = await postBatch(suite, first, statements);
    const [index, path] = [1n, pathOf(1)];
    const { statement, gameId } = await disputeReceipt(client, {
      session: session.packed,
      receipt,
      proof: { batch, index, path },
      ...dispute,
    });
    const statementId = statementIdOf(client, statement);
    expect(await receipts.disputableUntil(session.id, statementId)).to.be.greaterThan(0n);
    expect((await getGame(client, { gameId })).game).to.include({ statementId });
  });

  it("says when a batch was posted, and whether it has a statement", async () => {
    const { client, suite, receipt, first } = await given();
    const statement = receiptHash(receipt);
    const { batch, pathOf } = await postBatch(suite, first, [id("another"), statement]);
    expect(await getBatchTime(client, { batch })).to.equal(await time.latest());
    expect(await getBatchTime(client, { batch: { ...batch, count: 3n } })).to.equal(undefined);
    const leaf = { batch, index: 1n, statement, path: pathOf(1) };
    expect(await isInBatch(client, leaf)).to.equal(true);
    for (const change of [
      { index: 0n },
      { index: 2n },
      { statement: id("other") },
      { path: [] },
      { batch: { ...batch, count: 3n } },
      { batch: { ...batch, poster: first.node } },
    ]) {
      expect(await isInBatch(client, { ...leaf, ...change })).to.equal(false);
    }
  });
});
