import { expect } from "chai";
import { id, parseEther } from "ethers";

import { DisputeState, Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import { nth } from "../support/actors.ts";
import { BALANCE, disputable, LARGE_STEP, LONG, type TestGame, TestStatement } from "../support/disputes.ts";
import { loadFixture, time } from "../support/network.ts";
import { refused } from "../support/refusals.ts";
import { GameTrace } from "../support/toyModel.ts";

/** `MOST_GAME_PERIOD` of `local.json5`, seconds; and one for each of at most six clocks that somebody else calls off. */
const LONGEST = 80 + 6;
const GROUP = 64;
const LAST = LONG.words.length - 1;
/** Of a bond of 1 OPG. */
const TO_NODE = parseEther("0.6");
/** The first and the last step of each group, and the large one. */
const STEPS = [0, GROUP - 1, GROUP, LARGE_STEP, 2 * GROUP - 1, 2 * GROUP, LAST];

async function timeOut(game: TestGame): Promise<void> {
  await game.missDeadline();
  await game.timeout();
}

/** From the node's answer on, a game is as about a trace that was laid down at once. */
async function convict(game: TestGame, step: number, laid: GameTrace): Promise<void> {
  const wrong = laid.firstUnlikeWord(game.trace, step);
  expect(wrong, "the node's tensor has a wrong word").to.not.equal(undefined);
  if ((await game.record()).state === DisputeState.Answered) {
    const chunk = Math.floor((wrong ?? 0) / 16);
    await game.pick(chunk);
    await game.reveal(chunk, step, laid);
  }
  await game.judge(wrong ?? 0, step, laid);
}

async function expectTheNodeToHaveLost(game: TestGame, ending: string): Promise<void> {
  const { statement, challenger, struct } = game;
  expect((await game.record()).state, ending).to.equal(DisputeState.NodeLost);
  expect(await statement.verdict(), ending).to.equal(Verdict.False);
  expect(await statement.suite.disputes.balanceOf(challenger), ending).to.equal(BALANCE);
  expect((await time.latest()) - Number(struct.openedAt), ending).to.be.at.most(LONGEST);
}

describe("Every dispute between a lying node and an honest challenger who lays a long trace down in groups", () => {
  for (const lie of STEPS) {
    it(`is won in time by the challenger, whatever the node enters and names: a lie at step ${lie} [I22 I23 T070]`, async () => {
      for (const step of STEPS) {
        const suite = await loadFixture(disputable);
        const statement = await TestStatement.make(suite, LONG, [{ step: lie, word: 0 }]);
        const game = await statement.challengeInGroups(suite.challenger);
        const group = Math.floor(step / GROUP);
        await game.enter(group);
        await game.lay(group);
        // Whatever step it names, its tensor is another than the right one.
        const laid = statement.trace([{ step, word: nth(LONG.words, step) - 1 }]);
        await game.respond(step, laid);
        await convict(game, step, laid);
        await expectTheNodeToHaveLost(game, `names step ${step}`);
      }
    });
  }

  it("is won by the challenger where the node falls silent, late or into another group [I22 I23 T064]", async () => {
    const plays: Readonly<Record<string, (game: TestGame) => Promise<unknown>>> = {
      "enters nothing": (game) => timeOut(game),
      "enters too late": async (game) => {
        await game.missDeadline();
        await refused(game.enter());
        await game.timeout();
      },
      "names nothing": async (game) => {
        await game.enter();
        await game.lay();
        await timeOut(game);
      },
      "names a step too late": async (game) => {
        await game.enter();
        await game.lay();
        await game.missDeadline();
        await refused(game.respond());
        await game.timeout();
      },
      "enters a group in which it has all as the challenger": async (game) => {
        await game.enter(0);
        await game.lay(0);
        await refused(game.respond());
        await timeOut(game);
      },
    };
    for (const [ending, play] of Object.entries(plays)) {
      const suite = await loadFixture(disputable);
      const statement = await TestStatement.make(suite, LONG, [{ step: LARGE_STEP, word: 201 }]);
      const game = await statement.challengeInGroups(suite.challenger);
      await play(game);
      await expectTheNodeToHaveLost(game, ending);
    }
  });
});

/** Traces of which none leads to the true output: lies that hang together, and roots that nothing leads to. */
function falseTraces(truth: GameTrace): readonly (readonly [string, GameTrace])[] {
  const consistent = STEPS.map((step) => [`lie at ${step}`, LONG.run(truth.inputRoot, [{ step, word: 0 }])] as const);
  const other = LONG.run(id("another input"));
  const splice = (from: number) =>
    new GameTrace(LONG, truth.inputRoot, [...truth.tensors.slice(0, from), ...other.tensors.slice(from)]);
  return [
    ...consistent,
    ["another input's trace", other],
    ...[GROUP, LARGE_STEP, LAST].map((from) => [`another input's from ${from} on`, splice(from)] as const),
  ];
}

const PURSUITS = ["lays nothing down", "lays down too late", "lays down and gives up", "accuses what it can"] as const;

describe("Every dispute between an honest node and a lying challenger who lays a long trace down in groups", () => {
  for (const pursuit of PURSUITS) {
    it(`is won in time by the node: the challenger ${pursuit} [I22 I23]`, async () => {
      const names = falseTraces(LONG.run(id("input"))).map(([name]) => name);
      for (const [i, ending] of names.entries()) {
        const suite = await loadFixture(disputable);
        const statement = await TestStatement.make(suite, LONG);
        const [, trace] = nth(falseTraces(statement.stated), i);
        const game = await statement.challengeInGroups(suite.challenger, trace);
        await game.enter();
        if (pursuit === "lays down too late") {
          await game.missDeadline();
          await refused(game.lay());
        } else if (pursuit !== "lays nothing down") {
          // Of its own trace it can lay down that group alone.
          await refused(game.lay((game.group + 1) % 3));
          await refused(game.lay(game.group, statement.stated));
          await game.lay();
          await game.respond();
        }
        if (pursuit === "accuses what it can") {
          const last = nth(statement.stated.tensors, game.step).words.length - 1;
          for (const word of [0, last]) await refused(game.judge(word));
        }
        const { deadline } = await game.record();
        if ((await time.latest()) <= deadline) await game.missDeadline();
        await game.timeout();

        expect((await game.record()).state, ending).to.equal(DisputeState.ChallengerLost);
        expect(await suite.disputes.balanceOf(suite.operator.owner), ending).to.equal(TO_NODE);
        expect((await time.latest()) - Number(game.struct.openedAt), ending).to.be.at.most(LONGEST);
        await statement.endWindow();
        expect(await statement.verdict(), ending).to.equal(Verdict.Upheld);
      }
    });
  }

  it("takes no longer than all clocks together, each kept to its last second [I23]", async () => {
    const suite = await loadFixture(disputable);
    const statement = await TestStatement.make(suite, LONG);
    const game = await statement.challengeInGroups(suite.challenger, statement.trace([{ step: LARGE_STEP, word: 7 }]));
    for (const move of [
      () => game.enter(),
      () => game.lay(),
      () => game.respond(),
      () => game.pick(3),
      () => game.reveal(3),
    ]) {
      await game.waitForDeadline();
      await move();
    }
    const { deadline } = await game.record();
    expect(BigInt(deadline) - game.struct.openedAt).to.equal(await suite.disputes.MOST_GAME_PERIOD());
    await timeOut(game);
    expect((await game.record()).state).to.equal(DisputeState.ChallengerLost);
  });
});

describe("Games about one long trace that are played side by side", () => {
  it("do not touch each other: no move counts in another game, and each has its own clocks [T061 T068 I23]", async () => {
    const suite = await loadFixture(disputable);
    const { challenger, other, requester } = suite;
    const statement = await TestStatement.make(suite, LONG, [{ step: LARGE_STEP, word: 0 }]);
    const game = await statement.challengeInGroups(challenger);
    const whole = await statement.challenge(other);
    const puppet = await statement.challengeInGroups(requester, statement.trace([{ step: 3, word: 0 }]));
    await refused(whole.enter(1));
    await game.enter(1);
    await puppet.enter(0);
    expect((await puppet.record()).chunk).to.equal(0);
    await refused(puppet.lay(1));
    await refused(game.lay(1, puppet.trace));
    await game.lay(1);
    expect((await whole.record()).state).to.equal(DisputeState.Asked);
    expect((await puppet.record()).state).to.equal(DisputeState.Entered);
    await game.respond();
    await whole.respond();
    // The puppet gives up and shortens nothing.
    await timeOut(puppet);
    expect((await puppet.record()).state).to.equal(DisputeState.ChallengerLost);
    expect(await statement.verdict()).to.equal(Verdict.Open);
  });

  it("are decided by the first that proves it; the others share or are moot [T061 T067 I20]", async () => {
    const suite = await loadFixture(disputable);
    const { disputes, challenger, other, requester } = suite;
    const statement = await TestStatement.make(suite, LONG, [{ step: LAST, word: 0 }]);
    const game = await statement.challengeInGroups(challenger);
    const twin = await statement.challengeInGroups(other);
    const wrong = await statement.challengeInGroups(requester, statement.trace([{ step: 0, word: 0 }]));
    await game.enter();
    await game.lay();
    await game.respond();
    await game.judge(0);
    await refused(twin.timeout());
    for (const left of [twin, wrong]) await left.close(game);
    expect((await disputes.sharersOf(statement.id)).challengers).to.deep.equal([challenger.address, other.address]);
    for (const account of [challenger, other, requester]) {
      expect(await disputes.balanceOf(account)).to.equal(BALANCE);
    }
  });
});
