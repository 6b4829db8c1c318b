import { expect } from "chai";

import {
  challenge,
  type Client,
  DisputeState,
  getBondBalance,
  getDispute,
  getGame,
  getVerdict,
  judge,
  NothingToMoveError,
  pick,
  respond,
  reveal,
  TracedRun,
  Verdict,
  withdrawBond,
} from "../../packages/sdk/src/index.ts";
import { Executor } from "../../packages/sdk/src/onnx/index.ts";
import { add, conv, leakyRelu } from "../../packages/sdk/test/onnx/support/operators.ts";
import { drawCase } from "../../packages/sdk/test/onnx/support/Sketch.ts";
import { BALANCE, CLOCKS } from "../support/disputes.ts";
import { addsOne, type ByteOfStep, ForgingExecutor } from "../support/forging.ts";
import { loadFixture, time } from "../support/network.ts";
import { players, stateRun } from "../support/players.ts";

/** A convolution, a table and a sum. An image of 20 by 20 has 400 words: more than are laid down at once. */
const { program, inputs } = drawCase(5, (sketch) => {
  let x = sketch.input([1, 3, 20, 20]);
  for (const operator of [leakyRelu, conv, add]) x = operator(sketch, x);
});
const TRUTH = new TracedRun(new Executor(program), inputs);
const LAST = program.steps.length - 1;
/** Whatever else it says, a liar's output is another one. */
const OUTPUT: ByteOfStep = { step: LAST, byte: 0 };
const lying = (...lies: readonly ByteOfStep[]) => new TracedRun(new ForgingExecutor(program, addsOne(...lies)), inputs);

describe("The SDK that plays a game by itself", () => {
  /** Plays on until it is judged. */
  async function pursue(challenger: Client, node: Client, gameId: string, liar: TracedRun): Promise<void> {
    await respond(node, { gameId, run: liar });
    const { record } = await getGame(challenger, { gameId });
    if (record.state === DisputeState.Answered) {
      await pick(challenger, { gameId, run: TRUTH });
      await reveal(node, { gameId, run: liar });
    }
    await judge(challenger, { gameId, run: TRUTH });
  }

  for (const [step, { step: made }] of program.steps.entries()) {
    it(`finds a lie of one unit in step ${step}, opcode ${made.opcode}, and proves it [T069 I22]`, async () => {
      const suite = await loadFixture(players);
      const { challenger, node } = suite.clients;
      const byte = TRUTH.tree(step).words.length - 32;
      const liar = lying({ step, byte }, OUTPUT);
      const statement = await stateRun(suite, liar);
      const { gameId } = await challenge(challenger, { statement, run: TRUTH, isSealed: false });
      await pursue(challenger, node, gameId, liar);
      expect(await getVerdict(challenger, { statement })).to.equal(Verdict.False);
      expect((await getGame(challenger, { gameId })).laid?.index).to.equal(step);
      expect(await getBondBalance(challenger, { account: suite.challenger.address })).to.equal(BALANCE);
    });
  }

  it("seals first, and opens in a later block", async () => {
    const suite = await loadFixture(players);
    const { challenger } = suite.clients;
    const statement = await stateRun(suite, lying(OUTPUT));
    const { game, blockNumber } = await challenge(challenger, { statement, run: TRUTH, pollingInterval: 10 });
    expect(game.rank < BigInt(blockNumber)).to.equal(true);
  });

  it("deposits what is missing of a bond", async () => {
    const suite = await loadFixture(players);
    const { challenger } = suite.clients;
    await suite.token.connect(suite.deployer).transfer(suite.challenger, BALANCE);
    await withdrawBond(challenger, { amount: BALANCE });
    const statement = await stateRun(suite, lying(OUTPUT));
    const { gameId } = await challenge(challenger, { statement, run: TRUTH, isSealed: false });
    expect((await getDispute(challenger, { disputeId: gameId })).state).to.equal(DisputeState.Asked);
  });

  it("defends a true statement against a false trace, part by part [I23]", async () => {
    const suite = await loadFixture(players);
    const { challenger, node } = suite.clients;
    const statement = await stateRun(suite, TRUTH);
    const slander = lying({ step: 1, byte: 0 }, OUTPUT);
    const { gameId } = await challenge(challenger, { statement, run: slander, isSealed: false });
    await respond(node, { gameId, run: TRUTH });
    await pick(challenger, { gameId, run: slander });
    await reveal(node, { gameId, run: TRUTH });
    const refused = await judge(challenger, { gameId, run: slander }).catch((error: unknown) => String(error));
    expect(refused).to.match(/finds the element right/);
    await time.increase(CLOCKS.judge + 1);
    const { game } = await getGame(node, { gameId });
    await suite.disputes.connect(suite.requester).timeout(game);
    expect((await getDispute(node, { disputeId: gameId })).state).to.equal(DisputeState.ChallengerLost);
  });

  it("has no answer for a node whose run agrees with the challenger: its statement is false", async () => {
    const suite = await loadFixture(players);
    const { challenger, node } = suite.clients;
    const statement = await stateRun(suite, lying(OUTPUT));
    const { gameId } = await challenge(challenger, { statement, run: TRUTH, isSealed: false });
    const failed = await respond(node, { gameId, run: TRUTH }).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(NothingToMoveError);
    for (const move of [pick, judge, reveal]) {
      expect(await move(challenger, { gameId, run: TRUTH }).catch((error: unknown) => error)).to.be.instanceOf(
        NothingToMoveError,
      );
    }
  });
});
