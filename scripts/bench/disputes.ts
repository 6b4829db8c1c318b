import { id } from "ethers";

import { denseModel } from "../../test/support/denseModel.ts";
import { demandWords } from "../../test/support/demands.ts";
import { disputable, type Disputable, LARGE, TestStatement } from "../../test/support/disputes.ts";
import { GROUP_STEPS, PayloadSide } from "../../packages/sdk/src/codecs/dispute.ts";
import { loadFixture, mine } from "../../test/support/network.ts";
import { ONNX } from "../../test/support/onnxGame.ts";
import { ToyModel } from "../../test/support/toyModel.ts";
import { figure, type Figures } from "./figures.ts";

const SALT = id("salt");
/** Steps of a long trace, of one of a large model, and the most that a version can have. */
const GROUPED_STEPS = [513, 1_353, 4_096];
/** Words of the largest tensor that the profile allows. */
const MOST_WORDS = 2 ** 18;

/** What a bond is reckoned from: `GAME_GAS` of GameRulesLib. */
const MOST_NODE_GAS = 1_800_000;
const DEAREST_NODE = "dispute.node.dearest";

export const DISPUTE_BOUNDS: Readonly<Record<string, number>> = { [DEAREST_NODE]: MOST_NODE_GAS };

/** What a dispute costs each side, by the length of the trace and the size of the tensor. */
export async function disputeFigures(): Promise<Figures> {
  return {
    ...(await lengthFigures()),
    ...(await groupFigures()),
    ...(await moveFigures()),
    ...(await wholeFigures()),
    ...(await demandFigures()),
  };
}

/** Opening a game: the first one of its statement, of an account that has a balance. */
async function lengthFigures(): Promise<Figures> {
  const figures: Record<string, Figures[string]> = {};
  for (const steps of [16, 64, 256]) {
    const suite = await loadFixture(disputable);
    const model = new ToyModel(Array.from({ length: steps }, () => 1));
    const statement = await TestStatement.make(suite, model, [{ step: 0, word: 0 }]);
    const opening = await statement.send(suite.challenger, statement.trace());
    figures[`dispute.challenge.n${steps}`] = await figure(`The first game of a statement, ${steps} steps.`, opening);
  }
  return figures;
}

/** Opening a game about a trace in groups, and the moves that take the place of laying down the rest of it. */
async function groupFigures(): Promise<Figures> {
  const figures: Record<string, Figures[string]> = {};
  for (const steps of GROUPED_STEPS) {
    const suite = await loadFixture(disputable);
    const model = new ToyModel(Array.from({ length: steps }, () => 1));
    const statement = await TestStatement.make(suite, model, [{ step: 0, word: 0 }]);
    const opening = await statement.sendInGroups(suite.challenger, statement.trace());
    const name = `dispute.challengeInGroups.n${steps}`;
    figures[name] = await figure(`The first game of a statement, ${steps} steps in groups of 64.`, opening);
    const game = await statement.found(opening, suite.challenger, statement.trace());
    figures["dispute.enter"] = await figure("One of the groups.", await game.enter());
    figures["dispute.lay"] = await figure("The 64 data roots of a group of the longest trace.", await game.lay());
  }
  return figures;
}

/** The moves about a large tensor. */
async function moveFigures(): Promise<Figures> {
  const suite = await loadFixture(disputable);
  const statement = await TestStatement.make(suite, LARGE, [{ step: 1, word: 201 }]);
  const seal = await suite.disputes
    .connect(suite.challenger)
    .seal(await suite.disputes.challengeSealOf(suite.challenger, statement.id, statement.trace().root, SALT));
  await mine(1);
  const game = await statement.challenge(suite.challenger, statement.trace(), SALT);
  const respond = await game.respond();
  const pick = await game.pick(12);
  const reveal = await game.reveal(12);
  const judge = await game.judge(201);
  return {
    "dispute.seal": await figure("Before a challenge is opened.", seal),
    "dispute.respond.parts32": await figure("300 words laid down in 32 parts.", respond),
    "dispute.pick": await figure("One of the 32.", pick),
    "dispute.reveal.words16": await figure("Its 16 words.", reveal),
    "dispute.judge.toy": await figure("With a referee that hashes four words: what the game itself costs.", judge),
    ...(await largestFigures(suite)),
    ...(await timeoutFigures()),
  };
}

async function largestFigures(suite: Disputable): Promise<Figures> {
  const model = new ToyModel([MOST_WORDS, ...Array.from({ length: GROUP_STEPS }, () => 1)]);
  const statement = await TestStatement.make(suite, model, [{ step: 0, word: 5 }]);
  const game = await statement.challengeInGroups(suite.challenger);
  const enter = await game.enter();
  await game.lay();
  const respond = await game.respond();
  await game.pick(0);
  const reveal = await game.reveal(0);
  return {
    [DEAREST_NODE]: await figure("All that a node can be made to send in one game.", enter, respond, reveal),
    "dispute.respond.parts256": await figure("The largest tensor that there is, in 256 parts.", respond),
    "dispute.reveal.words1024": await figure("One of these.", reveal),
  };
}

async function timeoutFigures(): Promise<Figures> {
  const suite = await loadFixture(disputable);
  const statement = await TestStatement.make(suite, LARGE);
  const lie = statement.trace([{ step: 0, word: 0 }]);
  const games = [await statement.challenge(suite.challenger, lie), await statement.challenge(suite.other, lie)];
  for (const game of games) await game.respond();
  const [first, second] = games;
  if (first === undefined || second === undefined) throw new Error("There are two games");
  await second.missDeadline();
  const timeouts = [await first.timeout(), await second.timeout()] as const;
  const silent = await TestStatement.make(suite, LARGE, [{ step: 0, word: 0 }]);
  const unanswered = await silent.challenge(suite.challenger);
  await unanswered.missDeadline();
  return {
    "dispute.timeout.challenger.first": await figure("The first bond that a node earns.", timeouts[0]),
    "dispute.timeout.challenger": await figure("Another one.", timeouts[1]),
    "dispute.timeout.node": await figure("A node that has not answered.", await unanswered.timeout()),
  };
}

/** A whole dispute of a model of five steps, two of them dense layers, with the real referee. */
async function wholeFigures(): Promise<Figures> {
  const suite = await loadFixture(disputable);
  const { disputes, challenger, requester } = suite;
  const model = denseModel();
  const lies = [1, 4].map((step) => ({ step, word: 0 }));
  const statement = await TestStatement.of(suite, model, model.run, lies, { profile: ONNX });
  const opening = await statement.send(challenger, statement.trace());
  const game = await statement.found(opening, challenger, statement.trace());
  const respond = await game.respond(1);
  const c = model.caseAgainst(statement.stated, statement.trace(), 1, 0, 0);
  const judge = await disputes
    .connect(requester)
    .judge(game.struct, game.answer(1).depth, c as Parameters<typeof disputes.judge>[2]);
  return {
    "dispute.respond.words1": await figure("A tensor of one word.", respond),
    "dispute.judge.dot64": await figure("One of 32 columns, 64 products.", judge),
    "lifecycle.dispute": await figure("Challenge, answer and judgement of five steps.", opening, respond, judge),
  };
}

async function demandFigures(): Promise<Figures> {
  const suite = await loadFixture(disputable);
  const statement = await TestStatement.make(suite, new ToyModel([2, 1_024]));
  const figures: Record<string, Figures[string]> = {};
  for (const count of [1, 1_024]) {
    const demand = await demandWords(statement, suite.challenger, PayloadSide.Output, {
      tensor: 0,
      firstWord: 0,
      count,
    });
    if (count === 1) figures["dispute.demand"] = await figure("The first one of its statement.", demand.opening);
    figures[`dispute.supply.words${count}`] = await figure("Proven under the output.", await demand.supply());
  }
  return figures;
}
