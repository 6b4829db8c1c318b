import { expect } from "chai";

import { DisputeState, Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import { disputable, type Disputable, type TestGame, TestStatement } from "../support/disputes.ts";
import { loadFixture } from "../support/network.ts";
import { CLASSES, denseModel } from "../support/denseModel.ts";
import { ONNX, type OnnxGame } from "../support/onnxGame.ts";

const LAST = { step: 4, word: 0 };

describe("A dispute about a quantised model", () => {
  /** The node has stated an output with one bit wrong, and defends it with a lie in one step. */
  async function lied(suite: Disputable, step: number) {
    const model = denseModel();
    const lies = step === LAST.step ? [LAST] : [{ step, word: 0 }, LAST];
    const statement = await TestStatement.of(suite, model, model.run, lies, { profile: ONNX });
    return { model, statement, game: await statement.challenge(suite.challenger) };
  }

  const judge = (suite: Disputable, game: TestGame, model: OnnxGame, step: number, offset: number) => {
    const { disputes, requester } = suite;
    const c = model.caseAgainst(game.statement.stated, game.trace, step, 0, offset);
    return disputes
      .connect(requester)
      .judge(game.struct, game.answer(step).depth, c as Parameters<typeof disputes.judge>[2]);
  };

  for (const step of [0, 1, 2, 3, 4]) {
    it(`convicts a node that changed one bit of step ${step} [T069 T073 I22]`, async () => {
      const suite = await loadFixture(disputable);
      const { model, statement, game } = await lied(suite, step);
      await game.respond(step);
      await expect(judge(suite, game, model, step, 1))
        .to.be.revertedWithCustomError(suite.disputes, "DisputeNoFault")
        .withArgs(game.id);
      await judge(suite, game, model, step, 0);
      expect(await statement.verdict()).to.equal(Verdict.False);
    });
  }

  it("is no verdict with too little gas for the referee, and is one with enough [T078]", async () => {
    const suite = await loadFixture(disputable);
    const { disputes, requester } = suite;
    const { model, statement, game } = await lied(suite, 3);
    await game.respond(3);
    const c = model.caseAgainst(game.statement.stated, game.trace, 3, 0, 0) as Parameters<typeof disputes.judge>[2];
    const call = disputes.connect(requester).getFunction("judge");
    const args = [game.struct, game.answer(3).depth, c] as const;
    const enough = await call.estimateGas(...args);
    for (let less = 60_000n; less >= 4_000n; less -= 4_000n) {
      await call(...args, { gasLimit: enough - less }).catch(() => undefined);
      expect((await game.record()).state, `${less} less`).to.equal(DisputeState.Shown);
      expect(await statement.verdict(), `${less} less`).to.equal(Verdict.Open);
    }
    await call(...args, { gasLimit: enough });
    expect(await statement.verdict()).to.equal(Verdict.False);
  });

  it("acquits an honest node of every element, whatever trace is laid down [I23]", async () => {
    const suite = await loadFixture(disputable);
    const model = denseModel();
    const statement = await TestStatement.of(suite, model, model.run, [], { profile: ONNX });
    const game = await statement.challenge(suite.challenger, statement.trace([{ step: 3, word: 0 }, LAST]));
    await game.respond();
    expect(game.step).to.equal(3);
    for (let offset = 0; offset < CLASSES; offset++) {
      await expect(judge(suite, game, model, 3, offset))
        .to.be.revertedWithCustomError(suite.disputes, "DisputeNoFault")
        .withArgs(game.id);
    }
    await game.missDeadline();
    await game.timeout();
    expect((await game.record()).state).to.equal(DisputeState.ChallengerLost);
  });
});
