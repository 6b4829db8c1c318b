import { expect } from "chai";

import {
  challenge,
  DisputeState,
  enter,
  explainDispute,
  getBondBalance,
  getGame,
  getVerdict,
  judge,
  lay,
  NothingToMoveError,
  openingInGroups,
  respond,
  timeOutGame,
  TracedRun,
  Verdict,
} from "../../packages/sdk/src/index.ts";
import { Executor } from "../../packages/sdk/src/onnx/index.ts";
import { longCase } from "../../packages/sdk/test/onnx/support/longCase.ts";
import { BALANCE, CLOCKS } from "../support/disputes.ts";
import { addsOne, ForgingExecutor } from "../support/forging.ts";
import { loadFixture, time } from "../support/network.ts";
import { players, stateRun } from "../support/players.ts";

/** 300 steps in five groups. */
const { program, inputs } = longCase(298);
const TRUTH = new TracedRun(new Executor(program), inputs);
const LAST = program.steps.length - 1;
const lyingIn = (step: number) => new TracedRun(new ForgingExecutor(program, addsOne({ step, byte: 0 })), inputs);

const failureOf = (move: Promise<unknown>): Promise<unknown> =>
  move.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("The SDK that plays a game about a long trace by itself", () => {
  async function challenged(liar: TracedRun, by: TracedRun) {
    const suite = await players();
    const { challenger, node } = suite.clients;
    const statement = await stateRun(suite, liar);
    const { gameId } = await challenge(challenger, { statement, run: by, isSealed: false });
    return { ...suite, challenger, node, statement, gameId };
  }

  for (const step of [0, 63, 64, 200, LAST]) {
    it(`finds a lie in step ${step} of ${LAST + 1} in five moves and proves it [T069 I22]`, async () => {
      const liar = lyingIn(step);
      const lied = () => challenged(liar, TRUTH);
      const { challenger, node, statement, gameId } = await loadFixture(lied);
      expect((await getGame(node, { gameId })).groups).to.deep.equal(openingInGroups(TRUTH).groups);
      await enter(node, { gameId, run: liar });
      expect((await getGame(challenger, { gameId })).entered).to.equal(Math.floor(step / 64));
      await lay(challenger, { gameId, run: TRUTH });
      await respond(node, { gameId, run: liar });
      expect((await getGame(challenger, { gameId })).laid?.index).to.equal(step);
      await judge(challenger, { gameId, run: TRUTH });
      expect(await getVerdict(challenger, { statement })).to.equal(Verdict.False);
      const { account = "" } = challenger;
      expect(await getBondBalance(challenger, { account })).to.equal(BALANCE);
    });
  }

  async function slandered() {
    return challenged(TRUTH, lyingIn(130));
  }

  it("defends a true statement: no element of what it lays down is wrong [I23]", async () => {
    const { challenger, node, gameId } = await loadFixture(slandered);
    const slander = lyingIn(130);
    await enter(node, { gameId, run: TRUTH });
    await lay(challenger, { gameId, run: slander });
    await respond(node, { gameId, run: TRUTH });
    expect(String(await failureOf(judge(challenger, { gameId, run: slander })))).to.match(/finds the element right/);
    await time.increase(CLOCKS.judge + 1);
    const { game } = await getGame(node, { gameId });
    await timeOutGame(node, { game });
    expect((await getGame(node, { gameId })).record.state).to.equal(DisputeState.ChallengerLost);
  });

  it("says what a side that cannot move lacks", async () => {
    const { challenger, node, gameId } = await loadFixture(slandered);
    // Before the node has entered a group there is none to lay down and no step to name.
    for (const move of [lay(challenger, { gameId, run: TRUTH }), respond(node, { gameId, run: TRUTH })]) {
      expect(await failureOf(move)).to.be.instanceOf(NothingToMoveError);
    }
    // Who makes all as the challenger does has no group to enter.
    expect(await failureOf(enter(node, { gameId, run: lyingIn(130) }))).to.be.instanceOf(NothingToMoveError);
  });

  it("explains at every move what is known, and whose turn it is", async () => {
    const { challenger, node, gameId } = await loadFixture(slandered);
    const slander = lyingIn(130);
    const explain = () => explainDispute(challenger, { gameId, run: TRUTH });
    const opened = await explain();
    expect(opened).to.deep.include({ challengerIsRight: false, challengerErrsAt: undefined, layer: undefined });
    expect(opened.next).to.deep.include({ move: "enter", by: "node", isLate: false });
    expect(opened.text)
      .to.contain("to enter the group of steps where it differs")
      .and.to.contain("is not laid down yet");

    await enter(node, { gameId, run: TRUTH });
    expect((await explain()).next).to.deep.include({ move: "lay", by: "challenger" });

    await lay(challenger, { gameId, run: slander });
    const laid = await explain();
    expect(laid).to.deep.include({ challengerIsRight: false, challengerErrsAt: 130 });
    expect(laid.next).to.deep.include({ move: "respond", by: "node" });

    await respond(node, { gameId, run: TRUTH });
    expect((await explain()).layer).to.deep.include({ step: 130, steps: 300 });
    const { layer, text } = await explainDispute(challenger, { gameId });
    expect(layer).to.deep.include({ step: 130, steps: undefined });
    expect(text).to.contain("The node first disagrees at step 130.");
  });

  it("explains that a challenger has lost who laid no group down", async () => {
    const { node, gameId } = await loadFixture(slandered);
    await enter(node, { gameId, run: TRUTH });
    await time.increase(CLOCKS.pick + 1);
    const { game } = await getGame(node, { gameId });
    await timeOutGame(node, { game });
    const { ending, text } = await explainDispute(node, { gameId, run: TRUTH });
    expect(ending).to.deep.include({ state: DisputeState.ChallengerLost, cause: "silence" });
    expect(text).to.contain("the challenger has lost, because it did not lay down a group in time");
  });
});
