import { expect } from "chai";

import { DisputeState, Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import { type Program, type ProgramStep, Layout, Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { disputable, type Disputable, type TestGame, TestStatement } from "../support/disputes.ts";
import { loadFixture } from "../support/network.ts";
import { ONNX, OnnxGame } from "../support/onnxGame.ts";
import { bytes, denseConstants, programOf, UINT8, withConstants } from "../support/scenes.ts";

const PIXELS = 64;
const HIDDEN = 32;
const CLASSES = 10;

/** Pixels, a hidden layer, a table, classes: five steps as the compiler would emit them. */
function digits(random: Random): OnnxGame {
  const payload = [bytes(random, 1, PIXELS)];
  const inner = { layout: Layout.Rows, dtype: UINT8 };
  const input = { from: 0xff00, layout: Layout.Packed, dtype: UINT8, shape: [1, PIXELS] };
  const after = (from: number, length: number) => [{ from, ...inner, shape: [1, length] }];
  const dense = (length: number, columns: number) => {
    const heads = Array.from({ length: columns }, () => ({ bias: random.int(1_000), scale: 2 ** -14, zero: 120 }));
    return denseConstants(
      heads,
      heads.map(() => [bytes(random, length).data]),
    );
  };
  const none = new Uint8Array();
  const steps: ProgramStep[] = [
    withConstants({ opcode: Opcode.Move, ...inner, shape: [1, PIXELS], inputs: [input], attrs: [] }, none),
    withConstants(
      { opcode: Opcode.Dot, ...inner, shape: [1, HIDDEN], inputs: after(0, PIXELS), attrs: [3n, 128n] },
      dense(PIXELS, HIDDEN),
    ),
    withConstants(
      { opcode: Opcode.Lut, ...inner, shape: [1, HIDDEN], inputs: after(1, HIDDEN), attrs: [] },
      bytes(random, 256).data,
    ),
    withConstants(
      { opcode: Opcode.Dot, ...inner, shape: [1, CLASSES], inputs: after(2, HIDDEN), attrs: [128n, 100n] },
      dense(HIDDEN, CLASSES),
    ),
    withConstants(
      {
        opcode: Opcode.Move,
        layout: Layout.Packed,
        dtype: UINT8,
        shape: [1, CLASSES],
        inputs: after(3, CLASSES),
        attrs: [],
      },
      none,
    ),
  ];
  const program: Program = programOf(payload, steps);
  return new OnnxGame(program, payload);
}

const LAST = { step: 4, word: 0 };

describe("A dispute about a quantised model", () => {
  /** The node has stated an output with one bit wrong, and defends it with a lie in one step. */
  async function lied(suite: Disputable, step: number) {
    const model = digits(new Random(7));
    const lies = step === LAST.step ? [LAST] : [{ step, word: 0 }, LAST];
    const statement = await TestStatement.of(suite, model, model.run, lies, { profile: ONNX });
    return { model, statement, game: await statement.challenge(suite.challenger) };
  }

  const judge = (suite: Disputable, game: TestGame, model: OnnxGame, step: number, offset: number) => {
    const { disputes, requester } = suite;
    const c = model.caseAgainst(game.statement.stated, game.trace, step, 0, offset);
    return disputes.connect(requester).judge(game.struct, game.answer(step), c as Parameters<typeof disputes.judge>[2]);
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

  it("acquits an honest node of every element, whatever trace is laid down [I23]", async () => {
    const suite = await loadFixture(disputable);
    const model = digits(new Random(7));
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
