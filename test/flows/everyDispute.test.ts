import { expect } from "chai";
import { id, parseEther, ZeroHash } from "ethers";

import { DisputeState, Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import { nth } from "../support/actors.ts";
import { BALANCE, disputable, LARGE, SMALL, TestGame, TestStatement } from "../support/disputes.ts";
import { loadFixture, time } from "../support/network.ts";
import { refused } from "../support/refusals.ts";
import { type Lie, type ToyModel, GameTrace } from "../support/toyModel.ts";

/** The four clocks of `local.json5` together, seconds; and one for each that somebody else calls off. */
const LONGEST = 60 + 4;
/** Of a bond of 1 OPG. */
const TO_NODE = parseEther("0.6");

/** What a lying node lays down when it is asked. */
type Reply =
  | { readonly kind: "silent" | "late" | "same" | "malformed" }
  | { readonly kind: "answers"; readonly step: number; readonly lies: readonly Lie[] };
/** What it does when a part is picked. */
type Showing = "shows" | "silent" | "late" | "another part";

const words = (model: ToyModel, step: number) => [0, nth(model.words, step) - 1];

/** A lie in the first and last word of each step: whatever a node states, it differs from the truth somewhere. */
const liesOf = (model: ToyModel): readonly Lie[] =>
  model.words.flatMap((_, step) => words(model, step).map((word) => ({ step, word })));

/** Everything that the node can say: nothing, nonsense, or any step with any tensor that is not the challenger's. */
const repliesTo = (model: ToyModel): readonly Reply[] => [
  { kind: "silent" },
  { kind: "late" },
  { kind: "same" },
  { kind: "malformed" },
  ...model.words.flatMap((_, step) => [
    ...words(model, step).map((word): Reply => ({ kind: "answers", step, lies: [{ step, word }] })),
    { kind: "answers", step, lies: words(model, step).map((word) => ({ step, word })) } as const,
  ]),
];

/** What the node lays down, if it does. */
async function reply(game: TestGame, how: Reply): Promise<GameTrace | undefined> {
  const { statement } = game;
  if (how.kind === "silent") return undefined;
  if (how.kind === "late") {
    await game.missDeadline();
    await game.respond(0, statement.trace([{ step: 0, word: 0 }])).catch(() => undefined);
    return undefined;
  }
  if (how.kind === "answers") {
    const laid = statement.trace(how.lies);
    await game.respond(how.step, laid);
    return laid;
  }
  // Both are refused, and the clock runs on.
  const laid = how.kind === "same" ? statement.trace() : undefined;
  if (laid !== undefined) await refused(game.respond(0, laid));
  else await refused(game.respond(1, statement.trace([{ step: 0, word: 0 }]), statement.suite.challenger));
  return undefined;
}

/** What an honest challenger does: it holds every input of whatever byte is wrong. */
async function pursue(game: TestGame, how: Reply, showing: Showing): Promise<void> {
  const laid = await reply(game, how);
  if (laid === undefined || how.kind !== "answers") return giveUpOn(game);
  const { step } = how;
  if ((await game.record()).state === DisputeState.Answered) {
    const [theirs, ours] = [laid.nodes(step), game.trace.nodes(step)];
    const chunk = theirs.findIndex((node, i) => node !== ours[i]);
    await game.pick(chunk);
    if (showing === "another part") await refused(game.reveal(chunk === 0 ? 1 : 0, step, laid));
    if (showing === "late") {
      await game.missDeadline();
      await refused(game.reveal(chunk, step, laid));
    }
    if (showing !== "shows") return giveUpOn(game);
    await game.reveal(chunk, step, laid);
  }
  const wrong = laid.firstUnlikeWord(game.trace, step);
  expect(wrong, "the node's tensor has a wrong word").to.not.equal(undefined);
  await game.judge(wrong ?? 0, step, laid);
}

async function giveUpOn(game: TestGame): Promise<void> {
  const { deadline } = await game.record();
  if ((await time.latest()) < deadline) await game.missDeadline();
  await game.timeout();
}

describe("Every dispute between a lying node and an honest challenger", () => {
  for (const [size, model] of [
    ["small", SMALL],
    ["large", LARGE],
  ] as const) {
    // The large model differs from the small one in its middle step alone.
    for (const lie of liesOf(model).filter(({ step }) => model === SMALL || step === 1)) {
      it(`is won in time by the challenger: ${size}, lie at ${lie.step}/${lie.word} [I22 I23 T070]`, async () => {
        for (const how of repliesTo(model)) {
          const isLarge = how.kind === "answers" && nth(model.words, how.step) > 256;
          const showings: readonly Showing[] = isLarge ? ["shows", "silent", "late", "another part"] : ["shows"];
          for (const showing of showings) {
            const suite = await loadFixture(disputable);
            const statement = await TestStatement.make(suite, model, [lie]);
            const game = await statement.challenge(suite.challenger);
            await pursue(game, how, showing);

            const ending = `${JSON.stringify(how)}, ${showing}`;
            expect((await game.record()).state, ending).to.equal(DisputeState.NodeLost);
            expect(await statement.verdict(), ending).to.equal(Verdict.False);
            expect(await suite.disputes.balanceOf(suite.challenger), ending).to.equal(BALANCE);
            expect((await time.latest()) - Number(game.struct.openedAt), ending).to.be.at.most(LONGEST);
          }
        }
      });
    }
  }
});

/** What a lying challenger does after the node's answer. */
const PURSUITS = ["silent", "late", "accuses every word", "accuses with another's case"] as const;
type Pursuit = (typeof PURSUITS)[number];

/** Traces of which none leads to the true output: lies that hang together, and roots that nothing leads to. */
function falseTraces(model: ToyModel, truth: GameTrace): readonly (readonly [string, GameTrace])[] {
  const consistent = liesOf(model).map(
    (lie) => [`lie at ${lie.step}/${lie.word}`, model.run(truth.inputRoot, [lie])] as const,
  );
  const everywhere = model.run(truth.inputRoot, liesOf(model));
  const other = model.run(id("another input"));
  const spliced = new GameTrace(model, truth.inputRoot, [...truth.tensors.slice(0, -1), nth(other.tensors, 2)]);
  return [...consistent, ["lies everywhere", everywhere], ["another input's trace", other], ["a spliced end", spliced]];
}

/** What an honest node does: it names the first difference and shows what is picked. */
async function defend(game: TestGame, pursuit: Pursuit): Promise<void> {
  await game.respond();
  if ((await game.record()).state === DisputeState.Answered) {
    if (pursuit === "silent" || pursuit === "late") return run(game, pursuit);
    await refused(game.pick(0, game.statement.suite.other));
    await game.pick(17);
    await game.reveal(17);
  }
  if (pursuit === "accuses every word") {
    const last = nth(game.statement.stated.tensors, game.step).words.length - 1;
    for (const word of [0, 1, last]) await refused(game.judge(word));
  }
  if (pursuit === "accuses with another's case") {
    const { disputes, requester } = game.statement.suite;
    const foreign = { ...game.caseAgainst(0), inputRoot: id("another input"), traceRoot: id("another trace") };
    await refused(disputes.connect(requester).judge(game.struct, game.answer().depth, foreign));
    const forged = {
      ...game.caseAgainst(0),
      accused: { words: [ZeroHash], siblings: game.caseAgainst(0).accused.siblings },
    };
    await refused(disputes.connect(requester).judge(game.struct, game.answer().depth, forged));
  }
  return run(game, pursuit);
}

/** The challenger has nothing left to do, and somebody says so. */
async function run(game: TestGame, pursuit: Pursuit): Promise<void> {
  await game.missDeadline();
  if (pursuit === "late") await refused(game.judge(0));
  if (pursuit === "late") await refused(game.pick(0));
  await game.timeout();
}

describe("Every dispute between an honest node and a lying challenger", () => {
  for (const [size, model] of [
    ["small", SMALL],
    ["large", LARGE],
  ] as const) {
    for (const pursuit of PURSUITS) {
      it(`is won in time by the node: ${size}, the challenger ${pursuit} [I22 I23]`, async () => {
        const names = falseTraces(model, model.run(id("input"))).map(([name]) => name);
        for (const [i, name] of names.entries()) {
          const suite = await loadFixture(disputable);
          const statement = await TestStatement.make(suite, model);
          const [, trace] = nth(falseTraces(model, statement.stated), i);
          const game = await statement.challenge(suite.challenger, trace);
          await defend(game, pursuit);

          const ending = `${name}, ${pursuit}`;
          expect((await game.record()).state, ending).to.equal(DisputeState.ChallengerLost);
          expect(await suite.disputes.balanceOf(suite.operator.owner), ending).to.equal(TO_NODE);
          expect((await time.latest()) - Number(game.struct.openedAt), ending).to.be.at.most(LONGEST);
          await statement.endWindow();
          expect(await statement.verdict(), ending).to.equal(Verdict.Upheld);
        }
      });
    }
  }

  it("leaves a true statement upheld after many liars at once [T061 T065 I22]", async () => {
    const suite = await loadFixture(disputable);
    const statement = await TestStatement.make(suite, SMALL);
    const traces = falseTraces(SMALL, statement.stated);
    const games: TestGame[] = [];
    for (const [, trace] of traces) games.push(await statement.challenge(suite.challenger, trace));
    for (const game of games) {
      await time.setNextBlockTimestamp(await time.latest());
      await game.respond();
    }
    for (const game of games) {
      const { deadline } = await game.record();
      if ((await time.latest()) <= deadline) await game.missDeadline();
      await game.timeout();
    }
    await statement.endWindow();
    expect(await statement.verdict()).to.equal(Verdict.Upheld);
    expect(await suite.disputes.balanceOf(suite.operator.owner)).to.equal(TO_NODE * BigInt(games.length));
  });
});
