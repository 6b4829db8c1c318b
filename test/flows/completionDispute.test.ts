import { expect } from "chai";
import { encodeBytes32String, id } from "ethers";

import { modelId } from "../../packages/sdk/src/codecs/model.ts";
import type { Tensor } from "../../packages/sdk/src/codecs/tensor.ts";
import {
  challenge,
  DisputeState,
  getGame,
  getVerdict,
  judge,
  payloadRoot,
  pick,
  ProtocolError,
  respond,
  reveal,
  type Statement,
  statementIdOf,
  timeOutGame,
  TracedRun,
  Transport,
  Verdict,
} from "../../packages/sdk/src/index.ts";
import { Executor, INTEGER_PROFILE } from "../../packages/sdk/src/onnx/index.ts";
import { clientOf } from "../support/clients.ts";
import {
  answerOf,
  ForgingExecutor,
  type Order,
  payloadOf,
  stepNamed,
  textAt,
  textOf,
  truthOf,
  verses,
} from "../support/completions.ts";
import { CLOCKS, disputable } from "../support/disputes.ts";
import { IDENTITY } from "../support/fixtures.ts";
import { ethers, loadFixture, time } from "../support/network.ts";

const PROMPT = "And God said";
const ORDER: Order = { prompt: PROMPT, limit: PROMPT.length + 8 };
const honest = new Executor(verses);
const LAST = verses.steps.length - 1;

/** Says of the last step that it makes what was stated, whatever it makes. */
const insists =
  (text: Tensor) =>
  (step: number, words: Uint8Array): void => {
    if (step === LAST) words.set(text.data);
  };

describe("A dispute about a text of a language model", () => {
  async function players() {
    const suite = await disputable();
    const clients = {
      challenger: await clientOf(suite, suite.challenger),
      node: await clientOf(suite, suite.operator.signer),
    };
    return { ...suite, clients };
  }
  type Players = Awaited<ReturnType<typeof players>>;

  async function stated(suite: Players, text: Tensor, order = ORDER): Promise<Statement> {
    const { consumer: keeper, operator, publisher } = suite;
    const version = { ...IDENTITY, profile: encodeBytes32String(INTEGER_PROFILE), graphRoot: verses.graphRoot };
    const model = modelId(publisher.address, "verses");
    const [inputRoot, outputRoot] = [payloadRoot(payloadOf(order)), payloadRoot([text])];
    const jobId = id(outputRoot);
    const { node } = operator;
    const consumer = await keeper.getAddress();
    const transport = Transport.Direct;
    const made = { consumer, jobId, attempt: 0, modelId: model, version, inputRoot, node, outputRoot, transport };
    await keeper.state(jobId, statementIdOf(suite.clients.node, made), 1_000);
    return made;
  }

  /** Gas of all transactions in some blocks. */
  async function gasSince(block: number): Promise<bigint> {
    let sum = 0n;
    for (let number = block + 1; number <= (await ethers.provider.getBlockNumber()); number += 1) {
      const mined = await ethers.provider.getBlock(number);
      sum += mined?.gasUsed ?? 0n;
    }
    return sum;
  }

  /** Plays a game to its end: a node that has stated this text runs the model in its own way. */
  async function convicted(suite: Players, liar: Executor, text: Tensor, order = ORDER) {
    const { challenger, node } = suite.clients;
    const statement = await stated(suite, text, order);
    const truth = new TracedRun(honest, payloadOf(order), [text]);
    const lie = new TracedRun(liar, payloadOf(order), [text]);
    expect(payloadRoot(lie.trace.outputs), "the node's own run makes what it states").to.equal(statement.outputRoot);
    const before = await ethers.provider.getBlockNumber();
    const { gameId } = await challenge(challenger, { statement, run: truth, isSealed: false });
    await respond(node, { gameId, run: lie });
    if ((await getGame(challenger, { gameId })).record.state === DisputeState.Answered) {
      await pick(challenger, { gameId, run: truth });
      await reveal(node, { gameId, run: lie });
    }
    await judge(challenger, { gameId, run: truth });
    expect(await getVerdict(challenger, { statement })).to.equal(Verdict.False);
    return { step: (await getGame(challenger, { gameId })).laid?.index, gas: await gasSince(before) };
  }

  it("convicts a node that changed one byte of the text [T069 I22]", async () => {
    const suite = await loadFixture(players);
    const truth = await truthOf(ORDER);
    const text = textAt(PROMPT, textOf(truth).replace(/.$/, "?"));
    const { step, gas } = await convicted(suite, new ForgingExecutor(verses, insists(text)), text);
    expect(step).to.equal(LAST);
    expect(gas < 1_000_000n, `${gas} gas`).to.equal(true);
  });

  it("convicts a node that changed one number of a layer, and went on from it [T069 I22]", async () => {
    const suite = await loadFixture(players);
    const truth = textOf(await truthOf(ORDER));
    const layer = stepNamed("2/feedForward/down/658");
    // A number of the residual stream, large enough to change what is said.
    const forge = (step: number, words: Uint8Array): void => {
      if (step === layer) for (let row = 0; row < 64; row += 1) words[row * 512 + 2] = 3;
    };
    const liar = new ForgingExecutor(verses, forge);
    const text = answerOf(liar, ORDER);
    expect(textOf(text)).not.to.equal(truth);
    const { step, gas } = await convicted(suite, liar, text);
    expect(step).to.equal(layer);
    expect(gas < 1_000_000n, `${gas} gas`).to.equal(true);
  });

  it("convicts a node that skipped a layer [T069 I22]", async () => {
    const suite = await loadFixture(players);
    const [from, to] = [stepNamed("1/feedForward/down/440"), stepNamed("2/feedForward/down/658")];
    const liar = new ForgingExecutor(verses, (step, words, before) => {
      if (step === to) words.set(before.get(from) ?? words);
    });
    const { step, gas } = await convicted(suite, liar, answerOf(liar, ORDER));
    expect(step).to.equal(to);
    expect(gas < 1_000_000n, `${gas} gas`).to.equal(true);
  });

  it("convicts a node that took another seed, though it names the first step that reads it [T069 I22]", async () => {
    const suite = await loadFixture(players);
    const order = { ...ORDER, seed: 1, temperature: 256 };
    const other = { ...order, seed: 2 };
    const noise = stepNamed("choice/988");
    const text = answerOf(honest, other);
    expect(textOf(text)).not.to.equal(textOf(answerOf(honest, order)));
    const liar = new ForgingExecutor(verses, (step, words) => {
      if (step === noise) words.set(honest.words(payloadOf(other), noise, [text]));
    });
    const { step, gas } = await convicted(suite, liar, text, order);
    expect(step).to.equal(noise);
    expect(gas < 1_000_000n, `${gas} gas`).to.equal(true);
  });

  it("acquits a node that tells the truth, whatever trace is laid down [I23]", async () => {
    const suite = await loadFixture(players);
    const { challenger, node } = suite.clients;
    const text = await truthOf(ORDER);
    const statement = await stated(suite, text);
    const truth = new TracedRun(honest, payloadOf(ORDER), [text]);
    const slander = new TracedRun(
      new ForgingExecutor(verses, (step, words) => {
        if (step === LAST || step === stepNamed("choice/988")) words[32] = (words[32] ?? 0) ^ 1;
      }),
      payloadOf(ORDER),
      [text],
    );
    const { gameId } = await challenge(challenger, { statement, run: slander, isSealed: false });
    await respond(node, { gameId, run: truth });
    const { game, laid } = await getGame(challenger, { gameId });
    expect(laid?.index).to.equal(stepNamed("choice/988"));
    await pick(challenger, { gameId, run: slander });
    await reveal(node, { gameId, run: truth });
    const refused: unknown = await judge(challenger, { gameId, run: slander }).catch((error: unknown) => error);
    expect(refused instanceof ProtocolError && refused.decoded.name).to.equal("DisputeNoFault");
    await time.increase(CLOCKS.judge + 1);
    await timeOutGame(challenger, { game });
    expect((await getGame(challenger, { gameId })).record.state).to.equal(DisputeState.ChallengerLost);
  });
});
