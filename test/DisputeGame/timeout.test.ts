import { expect } from "chai";
import { id } from "ethers";

import { DisputeState, Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import { packGameRules, unpackGameRules } from "../../packages/sdk/src/codecs/gameRules.ts";
import {
  BALANCE,
  challenged,
  challengedInGroups,
  disputable,
  gameIdOf,
  groupEntered,
  groupLaid,
  largelyChallenged,
  slandered,
  SMALL,
  TestStatement,
} from "../support/disputes.ts";
import { loadFixture, time } from "../support/network.ts";

describe("DisputeGame.timeout", () => {
  context("given a node that was to move", () => {
    async function silentAtAnswer() {
      return challenged();
    }
    async function silentAtReveal() {
      const suite = await largelyChallenged();
      await suite.game.respond();
      await suite.game.pick(0);
      return suite;
    }

    async function silentAtEntrance() {
      return challengedInGroups();
    }
    async function silentInGroup() {
      return groupLaid();
    }

    for (const silent of [silentAtAnswer, silentAtReveal, silentAtEntrance, silentInGroup]) {
      context(`when its clock has run out (${silent.name})`, () => {
        it("makes the statement false and gives the bond back [I22 I23]", async () => {
          const { disputes, challenger, game, statement } = await loadFixture(silent);
          await game.missDeadline();
          await expect(game.timeout())
            .to.emit(disputes, "DisputeEnded")
            .withArgs(statement.id, game.id, DisputeState.NodeLost, challenger, game.struct.bond);
          expect(await disputes.balanceOf(challenger)).to.equal(BALANCE);
          expect(await statement.verdict()).to.equal(Verdict.False);
          expect((await statement.record()).falseAt).to.equal(await time.latest());
        });
      });

      context(`when it is its last second (${silent.name})`, () => {
        it("reverts and names the deadline [T064]", async () => {
          const { disputes, game } = await loadFixture(silent);
          const { deadline } = await game.record();
          await game.waitForDeadline();
          await expect(game.timeout())
            .to.be.revertedWithCustomError(disputes, "DisputeClockRunning")
            .withArgs(game.id, deadline);
        });
      });
    }
  });

  context("given a challenger who was to move", () => {
    async function silentAtPick() {
      const suite = await largelyChallenged();
      await suite.game.respond();
      return suite;
    }
    async function silentAtJudgement() {
      const suite = await slandered();
      await suite.game.respond();
      return suite;
    }

    async function silentAtGroup() {
      return groupEntered();
    }

    for (const silent of [silentAtPick, silentAtJudgement, silentAtGroup]) {
      context(`when its clock has run out (${silent.name})`, () => {
        it("gives 60 % of the bond to the node's owner and keeps the rest to be burned [I05 I23]", async () => {
          const { disputes, operator, challenger, game, statement } = await loadFixture(silent);
          const { bond } = game.struct;
          const toNode = (bond * 6_000n) / 10_000n;
          await game.missDeadline();
          await expect(game.timeout())
            .to.emit(disputes, "DisputeEnded")
            .withArgs(statement.id, game.id, DisputeState.ChallengerLost, operator.owner, toNode);
          expect(await disputes.balanceOf(operator.owner)).to.equal(toNode);
          expect(await disputes.forfeited()).to.equal(bond - toNode);
          expect(await disputes.balanceOf(challenger)).to.equal(BALANCE - bond);
          expect(await statement.verdict()).to.equal(Verdict.Open);
          expect((await statement.record()).underWay).to.equal(0);
        });
      });

      context(`when it is its last second (${silent.name})`, () => {
        it("reverts and names the deadline [T064]", async () => {
          const { disputes, game } = await loadFixture(silent);
          const { deadline } = await game.record();
          await game.waitForDeadline();
          await expect(game.timeout())
            .to.be.revertedWithCustomError(disputes, "DisputeClockRunning")
            .withArgs(game.id, deadline);
        });
      });
    }
  });

  context("given a game that is over", () => {
    it("reverts and names the state [I07 I23]", async () => {
      const { disputes, game } = await loadFixture(challenged);
      await game.missDeadline();
      await game.timeout();
      await expect(game.timeout())
        .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
        .withArgs(game.id, DisputeState.NodeLost);
    });
  });

  context("given a statement that another game has made false", () => {
    it("reverts and names it, whoever was to move: what is left is moot [T067]", async () => {
      const { disputes, other, game, statement } = await loadFixture(challenged);
      const second = await statement.challenge(other, statement.trace([{ step: 0, word: 0 }]));
      await game.respond();
      await second.respond();
      await game.judge(2);
      await second.missDeadline();
      await expect(second.timeout()).to.be.revertedWithCustomError(disputes, "DisputeDecided").withArgs(statement.id);
    });
  });

  context("given a game that nobody opened", () => {
    it("reverts and names its id", async () => {
      const suite = await loadFixture(disputable);
      const statement = await TestStatement.make(suite, SMALL, [{ step: 0, word: 0 }]);
      const game = await statement.challenge(suite.challenger);
      const struct = { ...game.struct, traceRoot: id("another trace") };
      await expect(suite.disputes.connect(suite.other).timeout(struct))
        .to.be.revertedWithCustomError(suite.disputes, "DisputeUnknown")
        .withArgs(await gameIdOf(suite, struct));
    });
  });

  context("given rules that were changed after the game began", () => {
    it("keeps the clocks and the parts of the rules it began with [T064 I23]", async () => {
      const { disputes, deployer, operator, game } = await loadFixture(slandered);
      const rules = unpackGameRules(await disputes.governed());
      const changed = packGameRules({ ...rules, judgePeriod: 5n, bondToNodeBps: 8_000n });
      await disputes.connect(deployer).setRules(changed);
      await game.respond();
      expect((await game.record()).deadline).to.equal((await time.latest()) + 20);
      await game.missDeadline();
      await game.timeout();
      expect(await disputes.balanceOf(operator.owner)).to.equal((game.struct.bond * 6_000n) / 10_000n);
    });
  });
});
