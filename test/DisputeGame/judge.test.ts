import { expect } from "chai";
import { encodeBytes32String, id } from "ethers";

import { DisputeState, Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import { TestReferee__factory } from "../../typechain-types/index.ts";
import {
  BALANCE,
  challenged,
  challengedInGroups,
  disputable,
  groupEntered,
  groupLaid,
  largelyChallenged,
  slandered,
  SMALL,
  TestStatement,
} from "../support/disputes.ts";
import { ethers, loadFixture, time } from "../support/network.ts";

const LIE = [{ step: 1, word: 2 }];

/** The node has laid down its false tensor. */
async function shown() {
  const suite = await challenged();
  await suite.game.respond();
  return suite;
}

describe("DisputeGame.judge", () => {
  const given = () => loadFixture(shown);

  context("given a node that has laid down a false tensor", () => {
    context("when a stranger proves the wrong word", () => {
      it("makes the statement false and gives the challenger its bond back [I22]", async () => {
        const { disputes, challenger, game, statement } = await given();
        await expect(game.judge(2))
          .to.emit(disputes, "DisputeEnded")
          .withArgs(statement.id, game.id, DisputeState.NodeLost, challenger, game.struct.bond);
        expect(await disputes.balanceOf(challenger)).to.equal(BALANCE);
        expect(await statement.verdict()).to.equal(Verdict.False);
        const record = await statement.record();
        expect(record).to.deep.equal({ falseAt: await time.latest(), underWay: 0, deciding: game.id });
        expect(await game.record()).to.deep.equal({
          state: DisputeState.NodeLost,
          deadline: 0,
          chunk: 0,
          payee: challenger.address.toLowerCase(),
        });
      });
    });

    context("when the accused word is right", () => {
      it("reverts, changes nothing, and another word can be tried", async () => {
        const { disputes, game, statement } = await given();
        const before = await game.record();
        await expect(game.judge(0)).to.be.revertedWithCustomError(disputes, "DisputeNoFault").withArgs(game.id);
        expect(await game.record()).to.deep.equal(before);
        await game.judge(2);
        expect(await statement.verdict()).to.equal(Verdict.False);
      });
    });

    context("when the case is about another trace, input or output", () => {
      it("reverts and names the game [T068 T069]", async () => {
        const { disputes, requester, game } = await given();
        for (const change of [
          { traceRoot: id("trace") },
          { inputRoot: id("input of another") },
          { outputRoot: id("output of another") },
        ]) {
          const c = { ...game.caseAgainst(2), ...change };
          await expect(disputes.connect(requester).judge(game.struct, game.answer().depth, c))
            .to.be.revertedWithCustomError(disputes, "DisputeWrongCase")
            .withArgs(game.id);
        }
      });
    });

    context("when its tensor, its step or the depth is another than what the node has answered", () => {
      it("reverts and names the game [T069]", async () => {
        const { disputes, requester, game } = await given();
        const { depth } = game.answer();
        for (const change of [{ nodeRoot: game.trace.r[1] ?? "" }, { step: SMALL.step(0) }, { depth: depth + 1 }]) {
          const other = { depth, ...game.caseAgainst(2), ...change };
          await expect(disputes.connect(requester).judge(game.struct, other.depth, other))
            .to.be.revertedWithCustomError(disputes, "DisputeWrongAnswer")
            .withArgs(game.id);
        }
      });
    });

    context("when an opening is wrong", () => {
      it("reverts with the referee's error and is no verdict", async () => {
        const { disputes, referee, requester, game, statement } = await given();
        const c = { ...game.caseAgainst(2), accused: { ...game.caseAgainst(2).accused, words: [id("word")] } };
        await expect(
          disputes.connect(requester).judge(game.struct, game.answer().depth, c),
        ).to.be.revertedWithCustomError(referee, "OpeningIsWrong");
        expect(await statement.verdict()).to.equal(Verdict.Open);
      });
    });

    context("when it comes in the last second, and one later", () => {
      it("counts, and reverts with the deadline [T064 I23]", async () => {
        const { game, statement } = await given();
        await game.waitForDeadline();
        await game.judge(2);
        expect(await statement.verdict()).to.equal(Verdict.False);

        const late = await given();
        const { deadline } = await late.game.record();
        await late.game.missDeadline();
        await expect(late.game.judge(2))
          .to.be.revertedWithCustomError(late.disputes, "DisputeTooLate")
          .withArgs(late.game.id, deadline);
      });
    });

    context("when another game has made the statement false", () => {
      it("reverts and names the statement: there is one verdict [T067 I07]", async () => {
        const { disputes, other, game, statement } = await given();
        const second = await statement.challenge(other);
        await second.respond();
        await second.judge(2);
        await expect(game.judge(2)).to.be.revertedWithCustomError(disputes, "DisputeDecided").withArgs(statement.id);
        expect((await statement.record()).deciding).to.equal(second.id);
      });
    });
  });

  context("given a large tensor of which the challenger knows every word", () => {
    it("can be judged as soon as its nodes are there, and while the node is to show", async () => {
      const { game, statement } = await loadFixture(largelyChallenged);
      await game.respond();
      await game.judge(201);
      expect(await statement.verdict()).to.equal(Verdict.False);

      const other = await loadFixture(largelyChallenged);
      await other.game.respond();
      await other.game.pick(0);
      await other.game.judge(201);
      expect(await other.statement.verdict()).to.equal(Verdict.False);
    });
  });

  context("given a challenge without an answer", () => {
    it("reverts and names the state", async () => {
      const { disputes, game } = await loadFixture(challenged);
      await expect(game.judge(2))
        .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
        .withArgs(game.id, DisputeState.Asked);
    });
  });

  context("given a trace in groups without an answer", () => {
    it("reverts and names the state", async () => {
      for (const [fixture, state] of [
        [challengedInGroups, DisputeState.Grouped],
        [groupEntered, DisputeState.Entered],
        [groupLaid, DisputeState.Laid],
      ] as const) {
        const { disputes, game } = await loadFixture(fixture);
        await expect(game.judge(201))
          .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
          .withArgs(game.id, state);
      }
    });
  });

  context("given an honest node and a challenger who lies", () => {
    it("finds no fault in any word [I23]", async () => {
      const { disputes, game, statement } = await loadFixture(slandered);
      await game.respond();
      for (const word of [0, 1, 2]) {
        await expect(game.judge(word)).to.be.revertedWithCustomError(disputes, "DisputeNoFault").withArgs(game.id);
      }
      expect(await statement.verdict()).to.equal(Verdict.Open);
    });
  });

  context("given a referee that misbehaves", () => {
    /** As in the enum `Behaviour` of the referee. */
    const BEHAVIOURS = ["burns all gas", "returns two", "returns nothing", "returns a megabyte", "reverts"];

    BEHAVIOURS.forEach((behaviour, i) => {
      context(`when it ${behaviour}`, () => {
        it("reverts, and is no verdict [T078 T079]", async () => {
          const suite = await loadFixture(disputable);
          const { disputes, deployer, challenger } = suite;
          const profile = encodeBytes32String(behaviour);
          const referee = await new TestReferee__factory(deployer).deploy(profile, i + 1);
          await disputes.connect(deployer).addReferee(referee);
          const statement = await TestStatement.make(suite, SMALL, LIE, { profile });
          const game = await statement.challenge(challenger);
          await game.respond();
          const before = await game.record();
          await expect(game.judge(2)).to.revert(ethers);
          expect(await game.record()).to.deep.equal(before);
          expect(await statement.verdict()).to.equal(Verdict.Open);
        });
      });
    });
  });

  context("given a caller who sends too little gas", () => {
    it("reverts without a verdict, and the same call with enough is judged [T078]", async () => {
      const { disputes, requester, game, statement } = await given();
      const judge = disputes.connect(requester).getFunction("judge");
      const args = [game.struct, game.answer().depth, game.caseAgainst(2)] as const;
      const enough = await judge.estimateGas(...args);
      for (let less = 60_000n; less > 6_000n; less -= 6_000n) {
        await judge(...args, { gasLimit: enough - less }).catch(() => undefined);
        expect((await game.record()).state, String(less)).to.equal(DisputeState.Shown);
      }
      await judge(...args, { gasLimit: enough });
      expect(await statement.verdict()).to.equal(Verdict.False);
    });
  });
});
