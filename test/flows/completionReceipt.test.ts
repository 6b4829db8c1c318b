import { expect } from "chai";
import { encodeBytes32String, id } from "ethers";

import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import {
  admitVersion,
  getSharers,
  getVerdict,
  judge,
  payloadRoot,
  punishLie,
  receiptHash,
  respond,
  statementIdOf,
  TracedRun,
  Verdict,
} from "../../packages/sdk/src/index.ts";
import { Executor, INTEGER_PROFILE } from "../../packages/sdk/src/onnx/index.ts";
import { disputeReceipt } from "../../packages/sdk/src/session/index.ts";
import { postBatch } from "../support/batches.ts";
import { clientOf } from "../support/clients.ts";
import { payloadOf, textAt, textOf, truthOf, verses } from "../support/completions.ts";
import { DETAILS, IDENTITY, LOCK_PERIOD } from "../support/fixtures.ts";
import { ForgingExecutor } from "../support/forging.ts";
import { loadFixture, time } from "../support/network.ts";
import { COLLATERAL, conversing, TestSession } from "../support/sessions.ts";

const PROMPT = "And God said";
/** What is left of an order whose stream broke off behind 8 bytes. */
const ORDER = { prompt: PROMPT, limit: PROMPT.length + 8 };
const specs = (list: readonly { name: string; dtype: number; shape: readonly number[] }[]) =>
  list.map(({ name, dtype, shape }) => ({ name, dtype, shape: [...shape] }));
const VERSION = {
  ...IDENTITY,
  inputs: specs(verses.inputs),
  outputs: specs(verses.outputs),
  profile: encodeBytes32String(INTEGER_PROFILE),
  graphRoot: verses.graphRoot,
};
const LAST = verses.steps.length - 1;

describe("A receipt for a text of a language model", () => {
  /** A session for the model, in which the node has stated a text with one other byte. */
  async function misspelt() {
    const suite = await conversing();
    const { registry, sessions, publisher, stranger, first, model } = suite;
    await registry.connect(publisher).release(model, VERSION, { ...DETAILS, minor: 2 });
    const challenger = await clientOf(suite, stranger);
    await admitVersion(challenger, { modelId: model, identity: VERSION, program: verses });
    const version = versionId(model, VERSION);
    const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
    await sessions.connect(first.signer).unserve(first.node, suite.version);
    await sessions.connect(first.signer).serve(first.node, version, COLLATERAL, endsAt);
    const session = await TestSession.open(suite, { versionId: version });
    const text = textAt(PROMPT, textOf(await truthOf(ORDER)).replace(/.$/, "?"));
    const roots = { inputRoot: payloadRoot(payloadOf(ORDER)), outputRoot: payloadRoot([text]) };
    const receipt = await session.receipt(roots);
    return { suite, session, receipt, text, model, clients: { challenger, node: await clientOf(suite, first.signer) } };
  }

  it("convicts the node from its place in a batch that the node has posted [T069 I22]", async () => {
    const { suite, session, receipt, text, model, clients } = await loadFixture(misspelt);
    const { challenger, node } = clients;
    const { batch, pathOf } = await postBatch(suite, suite.first, [id("another"), receiptHash(receipt), id("more")]);
    const truth = new TracedRun(new Executor(verses), payloadOf(ORDER), [text]);
    const insists = (step: number, words: Uint8Array): void => {
      if (step === LAST) words.set(text.data);
    };
    const lie = new TracedRun(new ForgingExecutor(verses, insists), payloadOf(ORDER), [text]);
    const { statement, gameId } = await disputeReceipt(challenger, {
      session: session.packed,
      receipt,
      proof: { batch, index: 1n, path: pathOf(1) },
      modelId: model,
      version: VERSION,
      run: truth,
      isSealed: false,
    });
    await respond(node, { gameId, run: lie });
    await judge(challenger, { gameId, run: truth });
    expect(await getVerdict(challenger, { statement })).to.equal(Verdict.False);
    const { finalAt } = await getSharers(challenger, { statementId: statementIdOf(challenger, statement) });
    await time.increaseTo(finalAt);
    const { compensation, reward } = await punishLie(challenger, { session: session.packed, receipt });
    expect(compensation).to.equal(receipt.price);
    expect(reward).to.be.greaterThan(0n);
  });
});
