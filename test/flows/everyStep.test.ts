import { expect } from "chai";

import { DisputeState, Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import { tensorByteLength } from "../../packages/sdk/src/codecs/index.ts";
import { perceptron, residual } from "../../packages/sdk/test/onnx/support/networks.ts";
import { Random } from "../model/Random.ts";
import { nth } from "../support/actors.ts";
import { disputable, type Disputable, TestStatement } from "../support/disputes.ts";
import { loadFixture } from "../support/network.ts";
import { ONNX, type OnnxGame } from "../support/onnxGame.ts";
import { digits, gameOfFile } from "../support/onnxModels.ts";
import { type GameTrace } from "../support/toyModel.ts";

const WORD = 32;
const TRIES = 2_000;

/** One byte of one step's tensor that is not what the step makes of its inputs; all that follows is made of the lie. */
interface Lie {
  readonly place: number;
  readonly stated: GameTrace;
}

/** A byte whose change reaches the outputs: of others nobody would have anything. */
function lieIn(model: OnnxGame, step: number): Lie {
  const random = new Random(step);
  const truth = model.truthOf(step);
  const honest = model.run().outputRoot;
  for (let tries = 0; tries < TRIES; tries++) {
    const place = random.int(truth.length);
    const stated = model.carryOn(step, place, (truth[place] ?? 0) ^ (1 << random.int(8)));
    if (stated.outputRoot !== honest) return { place, stated };
  }
  throw new Error(`No bit of step ${step} that was tried reaches an output`);
}

/** A whole game about it, to the verdict. */
async function convict(suite: Disputable, model: OnnxGame, step: number): Promise<void> {
  const { place, stated } = lieIn(model, step);
  const word = Math.floor(place / WORD);
  const size = tensorByteLength({ dtype: nth(model.program.steps, step).step.dtype, shape: [1] });
  const offset = (place % WORD) - (place % size);
  const trace = (lies: readonly unknown[] = []) => (lies.length > 0 ? stated : model.run());
  const statement = await TestStatement.of(suite, model, trace, [{ step, word }], { profile: ONNX });
  const game = await statement.challenge(suite.challenger);
  expect(game.step).to.equal(step);
  await game.respond();
  if ((await game.record()).state === DisputeState.Answered) {
    const [theirs, ours] = [stated.nodes(step), game.trace.nodes(step)];
    const chunk = theirs.findIndex((node, i) => node !== ours[i]);
    await game.pick(chunk);
    await game.reveal(chunk);
  }
  const { disputes, requester } = suite;
  const judge = (byte: number) => {
    const c = model.caseAgainst(stated, game.trace, step, word, byte);
    return disputes
      .connect(requester)
      .judge(game.struct, game.answer().depth, c as Parameters<typeof disputes.judge>[2]);
  };
  // Of the same word every other element is right.
  await expect(judge(offset === 0 ? size : 0))
    .to.be.revertedWithCustomError(disputes, "DisputeNoFault")
    .withArgs(game.id);
  await judge(offset);
  expect(await statement.verdict()).to.equal(Verdict.False);
}

const MODELS = [
  ["a perceptron with drawn weights", () => gameOfFile(perceptron()), 7],
  ["the trained network that reads digits", digits, 9],
  ["a residual network with drawn weights", () => gameOfFile(residual()), 24],
] as const;

describe("A dispute about each step of a model", () => {
  for (const [title, make, count] of MODELS) {
    context(`given ${title}`, () => {
      const model = make();

      it(`has ${count} steps`, () => {
        expect(model.program.steps.length).to.equal(count);
      });

      for (const [index, { step }] of model.program.steps.entries()) {
        it(`convicts a node that changed one bit in step ${index}, opcode ${step.opcode}, and went on from it [T069 T073 I22]`, async () => {
          await convict(await loadFixture(disputable), model, index);
        });
      }
    });
  }
});
