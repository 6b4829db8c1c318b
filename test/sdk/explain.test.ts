import { expect } from "chai";
import { id } from "ethers";

import {
  type Client,
  type DisputeExplanation,
  DisputeState,
  EvidenceMismatchError,
  explainDispute,
  judgeElement,
  NotFoundError,
  TracedRun,
} from "../../packages/sdk/src/index.ts";
import { Executor, GRAPH_INPUT, Layout, Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { nth } from "../support/actors.ts";
import { clientOf } from "../support/clients.ts";
import { denseModel } from "../support/denseModel.ts";
import { disputable, type TestGame, TestStatement } from "../support/disputes.ts";
import { loadFixture, mine, time } from "../support/network.ts";
import { type Lie } from "../support/toyModel.ts";
import { ONNX, OnnxGame } from "../support/onnxGame.ts";
import { bytes, programOf, UINT8, withConstants } from "../support/scenes.ts";

const FAULT = { step: 1, word: 0 };
const OUTPUT = { step: 4, word: 0 };

/** Moves a column of 300 bytes in, on and out: in between each of them takes a word of its own. */
function tallModel(): OnnxGame {
  const shape = [300, 1];
  const layouts = [Layout.Packed, Layout.Rows, Layout.Rows, Layout.Packed] as const;
  const steps = [GRAPH_INPUT, 0, 1].map((from, i) => {
    const inputs = [{ from, layout: nth(layouts, i), dtype: UINT8, shape }];
    const step = { opcode: Opcode.Move, layout: nth(layouts, i + 1), dtype: UINT8, shape, inputs, attrs: [] };
    return withConstants(step, new Uint8Array());
  });
  const payload = [bytes(new Random(3), ...shape)];
  return new OnnxGame(programOf(payload, steps), payload);
}

const runOf = ({ program, payload }: OnnxGame): TracedRun => new TracedRun(new Executor(program), payload);

describe("explainDispute", () => {
  /** A node states and defends lies; an honest challenger disputes that. */
  async function disputed(model: OnnxGame, lies: readonly Lie[]) {
    const suite = await disputable();
    const statement = await TestStatement.of(suite, model, model.run, lies, { profile: ONNX });
    const game = await statement.challenge(suite.challenger);
    return { ...suite, model, statement, game, client: await clientOf(suite, suite.requester) };
  }

  const lied = () => disputed(denseModel(), [FAULT, OUTPUT]);

  const explain = (client: Client, model: OnnxGame, game: TestGame): Promise<DisputeExplanation> =>
    explainDispute(client, { gameId: game.id, run: runOf(model) });

  const judge = async ({ disputes, requester, model, game }: Awaited<ReturnType<typeof disputed>>) => {
    const c = model.caseAgainst(game.statement.stated, game.trace, FAULT.step, FAULT.word, 0);
    const { hash } = await disputes
      .connect(requester)
      .judge(game.struct, game.answer().depth, c as Parameters<typeof disputes.judge>[2]);
    return hash;
  };

  it("tells of a game that was just opened who is right, and that the node has not named a layer", async () => {
    const { client, model, game, operator, challenger } = await loadFixture(lied);
    const explained = await explain(client, model, game);
    expect(explained).to.deep.include({
      gameId: game.id,
      node: operator.node,
      challenger: challenger.address,
      bond: game.struct.bond,
      next: { move: "respond", by: "node", until: (await game.record()).deadline, isLate: false },
      layer: undefined,
      element: undefined,
      wrongElements: undefined,
      challengerIsRight: true,
      ending: undefined,
      payment: undefined,
      unknown: ["Which layer it is about: the node has not named one yet."],
    });
    expect(explained.text).to.contain("The node has until").and.to.contain("to name the step");
  });

  it("names the layer, the element and both numbers once the node has answered", async () => {
    const { client, model, game } = await loadFixture(lied);
    await game.respond();
    const right = new Executor(model.program).words(model.payload, FAULT.step)[0] ?? 0;
    const { layer, element, wrongElements, next, text, unknown } = await explain(client, model, game);
    expect(layer).to.deep.include({ step: 1, steps: 5, dtype: 2, shape: [1, 32] });
    expect(element).to.deep.equal({
      coordinates: [0, 0],
      word: 0,
      offset: 0,
      claimed: { stored: right ^ 1, real: undefined },
      right: { stored: right, real: undefined },
      isProven: false,
    });
    expect(wrongElements).to.equal(1);
    expect(next?.move).to.equal("judge");
    expect(unknown).to.deep.equal([]);
    expect(text).to.contain(`Element [0, 0]: the node claims ${right ^ 1}, right is ${right}.`);
  });

  it("says how a game ended that a judgement decided", async () => {
    const suite = await loadFixture(lied);
    const { client, model, game, challenger } = suite;
    await game.respond();
    const transactionHash = await judge(suite);
    const { ending, element, next, text, unknown } = await explain(client, model, game);
    expect(ending).to.deep.equal({
      state: DisputeState.NodeLost,
      cause: "judged",
      at: await time.latest(),
      transactionHash,
      payee: challenger.address,
      paid: game.struct.bond,
      burned: 0n,
    });
    expect(element?.isProven).to.equal(true);
    expect(next).to.equal(undefined);
    expect(unknown).to.deep.equal(["What the node has paid: the statement was not given."]);
    expect(text).to.contain("the referee found the element wrong").and.to.contain("went to the challenger");
  });

  it("shows the element that was judged even without a run, and says that nobody can tell who is right", async () => {
    const suite = await loadFixture(lied);
    const { client, model, game, statement } = suite;
    await game.respond();
    await judge(suite);
    const given = { gameId: game.id, program: model.program, statement: statement.fields };
    const explained = await explainDispute(client, given);
    expect(explained.element).to.deep.include({ coordinates: [0, 0], right: undefined, isProven: true });
    expect(explained.wrongElements).to.equal(undefined);
    expect(explained.challengerIsRight).to.equal(undefined);
    expect(explained.unknown).to.deep.equal([
      "Who is right: no run of the model was given.",
      "What the node has paid: its job is not settled yet, or not one of the market for one node.",
    ]);
    expect(explained.text).to.match(/Element \[0, 0\]: the node claims \d+\.\n/);
  });

  it("says what the chain alone shows where nothing else is given", async () => {
    const { client, game } = await loadFixture(lied);
    await game.respond();
    const { layer, element, unknown, text } = await explainDispute(client, { gameId: game.id });
    expect(layer).to.deep.include({ step: 1, steps: 5, name: undefined, shape: undefined });
    expect(element).to.equal(undefined);
    expect(unknown).to.deep.equal([
      "What the layer is: the model was not given.",
      "Who is right: no run of the model was given.",
    ]);
    expect(text).to.contain("The node first disagrees at step 1 of 0 to 4.\n");
  });

  it("finds the element by itself where another contract made the call", async () => {
    const suite = await loadFixture(lied);
    const { client, model, game, disputes, requester } = suite;
    await game.respond();
    const c = model.caseAgainst(game.statement.stated, game.trace, FAULT.step, FAULT.word, 0);
    const { data } = judgeElement.call(client.addresses, { game: game.struct, answer: game.answer(), case: c });
    await disputes.connect(requester).multicall([data]);
    const { element, unknown } = await explain(client, model, game);
    expect(element).to.deep.include({ coordinates: [0, 0], isProven: false });
    expect(unknown[0]).to.equal("Which element was judged: another contract made the call.");
  });

  it("tells who has let a clock run out, and what becomes of that", async () => {
    const { client, model, game, requester } = await loadFixture(lied);
    await game.missDeadline();
    await mine(1);
    const late = await explain(client, model, game);
    expect(late.next).to.deep.include({ move: "respond", by: "node", isLate: true });
    expect(late.text).to.contain("anyone can end the game with a timeout, and the node loses");
    await game.timeout(requester);
    const { ending, layer, unknown, text } = await explain(client, model, game);
    expect(ending).to.deep.include({ state: DisputeState.NodeLost, cause: "silence" });
    expect(layer).to.equal(undefined);
    expect(unknown[0]).to.equal("Which layer it is about: the node has not named one.");
    expect(text).to.contain("because the node never answered");
  });

  it("finds an honest node right, and a challenger who lost wrong", async () => {
    const suite = await loadFixture(disputable);
    const model = denseModel();
    const statement = await TestStatement.of(suite, model, model.run, [], { profile: ONNX });
    const game = await statement.challenge(suite.challenger, statement.trace([FAULT, OUTPUT]));
    const client = await clientOf(suite, suite.requester);
    await game.respond();
    await game.missDeadline();
    await mine(1);
    const late = await explain(client, model, game);
    expect(late.text).to.contain("and the challenger loses");
    await game.timeout();
    const { element, wrongElements, challengerIsRight, challengerErrsAt, ending, unknown, text } = await explain(
      client,
      model,
      game,
    );
    expect(element).to.equal(undefined);
    expect(wrongElements).to.equal(0);
    expect(challengerIsRight).to.equal(false);
    expect(challengerErrsAt).to.equal(FAULT.step);
    const { bond } = game.struct;
    expect(ending).to.deep.include({
      state: DisputeState.ChallengerLost,
      cause: "silence",
      burned: bond - (bond * 6n) / 10n,
    });
    expect(unknown).to.deep.equal([]);
    expect(text).to.contain("All that the node has shown is right.").and.to.contain("OPG are burned");
  });

  it("says of a game that another one decided that it is moot", async () => {
    const suite = await loadFixture(lied);
    const { client, model, game, statement, other } = suite;
    const second = await statement.challenge(other);
    await game.respond();
    await judge(suite);
    await second.close(game);
    const { ending, text } = await explain(client, model, second);
    expect(ending).to.deep.include({ state: DisputeState.Moot, cause: "moot", payee: other.address, burned: 0n });
    expect(text).to.contain("another dispute found the answer false");
  });

  context("given a tensor too large to be laid down at once", () => {
    /** In one of 32 parts of 16 words each. */
    const WORD = 201;
    const CHUNK = Math.floor(WORD / 16);
    const tall = () =>
      disputed(tallModel(), [
        { step: 1, word: WORD },
        { step: 2, word: 0 },
      ]);

    it("knows no numbers before the node has shown a part, then those of the part", async () => {
      const { client, model, game } = await loadFixture(tall);
      await game.respond();
      const answered = await explain(client, model, game);
      expect(answered.next).to.deep.include({ move: "pick", by: "challenger" });
      expect(answered.element).to.equal(undefined);
      expect(answered.unknown).to.deep.equal([
        "Which numbers the node claims: of its tensor there are only hashes on chain.",
      ]);
      await game.pick(CHUNK);
      expect((await explain(client, model, game)).next).to.deep.include({ move: "reveal", by: "node" });
      await game.reveal(CHUNK);
      const shown = await explain(client, model, game);
      expect(shown.element).to.deep.include({ coordinates: [WORD, 0], word: WORD, offset: 0 });
      expect(shown.next).to.deep.include({ move: "judge", by: "anyone" });
    });
  });

  it("refuses an unknown game, and what belongs to another one", async () => {
    const { client, model, game, statement } = await loadFixture(lied);
    const { program, payload } = model;
    const failure = (parameters: Partial<Parameters<typeof explainDispute>[1]>): Promise<unknown> =>
      explainDispute(client, { gameId: game.id, ...parameters }).catch((error: unknown) => error);
    const unknown = await failure({ gameId: id("no game") });
    expect(unknown).to.be.instanceOf(NotFoundError);
    const tall = tallModel();
    const other = payload.map((tensor) => ({ ...tensor, data: tensor.data.map((byte) => byte ^ 1) }));
    const wrong = await Promise.all([
      failure({ program: tall.program }),
      failure({ run: runOf(tall) }),
      failure({ run: new TracedRun(new Executor(program), other) }),
      failure({ statement: { ...statement.fields, attempt: 1 } }),
    ]);
    expect(wrong.map((error) => error instanceof EvidenceMismatchError && error.part)).to.deep.equal([
      "model",
      "model",
      "input",
      "statement",
    ]);
    expect(nth(wrong, 0)).to.have.property("expected", game.struct.stepsRoot);
  });
});
