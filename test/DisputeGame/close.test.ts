import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id, ZeroHash } from "ethers";

import { DisputeState, PayloadSide } from "../../packages/sdk/src/codecs/dispute.ts";
import { BALANCE, challenged, challengedInGroups, CLOCKS, type TestGame } from "../support/disputes.ts";
import { demandWords } from "../support/demands.ts";
import { loadFixture, mine, time } from "../support/network.ts";

/** A lie's trace: another output than the stated one, and not the right one either. */
const LIE = [{ step: 0, word: 0 }];

/** Opens a game with the right trace; with a salt, after a seal in the present block. */
async function join({ statement }: TestGame, account: HardhatEthersSigner, salt = ZeroHash): Promise<TestGame> {
  const { disputes, deployer, token } = statement.suite;
  await token.connect(deployer).approve(disputes, BALANCE);
  await disputes.connect(deployer).deposit(account, BALANCE);
  if (salt !== ZeroHash) {
    await disputes
      .connect(account)
      .seal(await disputes.challengeSealOf(account, statement.id, statement.trace().root, salt));
    await mine(1);
  }
  return statement.challenge(account, statement.trace(), salt);
}

async function convicted() {
  const suite = await challenged();
  const { game, statement, other, requester } = suite;
  const right = await statement.challenge(other);
  const wrong = await statement.challenge(requester, statement.trace(LIE));
  await game.respond();
  await game.judge(2);
  return { ...suite, right, wrong };
}

describe("DisputeGame.close", () => {
  const given = () => loadFixture(convicted);

  context("given a game that was under way when the statement was found false", () => {
    context("when it had the same trace as the deciding one", () => {
      it("gives the bond back and enters the challenger among those who share [I20 I22]", async () => {
        const { disputes, challenger, other, game, right, statement } = await given();
        const transaction = right.close(game);
        await expect(transaction)
          .to.emit(disputes, "DisputeEnded")
          .withArgs(statement.id, right.id, DisputeState.Moot, other, right.struct.bond);
        await expect(transaction).to.emit(disputes, "SharerEntered").withArgs(statement.id, other, right.struct.rank);
        expect(await disputes.balanceOf(other)).to.equal(BALANCE);
        const { falseAt } = await statement.record();
        expect(await disputes.sharersOf(statement.id)).to.deep.equal([
          [challenger.address, other.address],
          BigInt(falseAt + CLOCKS.floor),
        ]);
      });
    });

    context("when one of the two laid the same trace down in groups, wherever it stands", () => {
      it("enters its challenger as well [I20 I22 T063]", async () => {
        for (const moves of [[], ["enter"], ["enter", "lay"]] as const) {
          const { disputes, challenger, other, game, statement } = await loadFixture(challengedInGroups);
          const whole = await statement.challenge(other);
          await whole.respond();
          for (const move of moves) await game[move]();
          await whole.judge(201);
          await expect(game.close(whole))
            .to.emit(disputes, "SharerEntered")
            .withArgs(statement.id, challenger, game.struct.rank);
          expect((await game.record()).state).to.equal(DisputeState.Moot);
          expect(await disputes.balanceOf(challenger)).to.equal(BALANCE);
        }
      });
    });

    context("when it had another trace", () => {
      it("gives the bond back and nothing else", async () => {
        const { disputes, challenger, requester, game, wrong, statement } = await given();
        await expect(wrong.close(game)).to.not.emit(disputes, "SharerEntered");
        expect(await disputes.balanceOf(requester)).to.equal(BALANCE);
        expect((await disputes.sharersOf(statement.id)).challengers).to.deep.equal([challenger.address]);
      });
    });

    context("when those who share are final", () => {
      it("gives the bond back and changes nothing [I07]", async () => {
        const { disputes, challenger, game, right, statement } = await given();
        await time.setNextBlockTimestamp((await statement.record()).falseAt + CLOCKS.floor);
        await expect(right.close(game)).to.not.emit(disputes, "SharerEntered");
        expect((await right.record()).state).to.equal(DisputeState.Moot);
        expect((await disputes.sharersOf(statement.id)).challengers).to.deep.equal([challenger.address]);
      });
    });

    context("when another game is shown as the deciding one", () => {
      it("reverts and names the right one, so that nobody is left out by a wrong call", async () => {
        const { disputes, game, right, wrong } = await given();
        await expect(right.close(wrong))
          .to.be.revertedWithCustomError(disputes, "DisputeNotDeciding")
          .withArgs(wrong.id, game.id);
      });
    });

    context("when it is closed twice", () => {
      it("reverts and names the state [I05 I07]", async () => {
        const { disputes, game, right } = await given();
        await right.close(game);
        await expect(right.close(game))
          .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
          .withArgs(right.id, DisputeState.Moot);
        await expect(game.close(game))
          .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
          .withArgs(game.id, DisputeState.NodeLost);
      });
    });
  });

  context("given more right games than share", () => {
    it("keeps the first three by rank beside the deciding one, in whatever order they are closed [T063 I20]", async () => {
      const { disputes, challenger, game, statement, operators } = await loadFixture(challenged);
      const accounts = operators.slice(5, 10).map(({ owner }) => owner);
      const games: TestGame[] = [];
      for (const [i, account] of accounts.entries()) games.push(await join(game, account, id(`salt ${i}`)));
      await game.respond();
      await game.judge(2);
      const [first, second, third, fourth, fifth] = games as [TestGame, TestGame, TestGame, TestGame, TestGame];
      for (const each of [fifth, third, first, fourth, second]) {
        await time.setNextBlockTimestamp(await time.latest());
        await each.close(game);
      }
      expect((await disputes.sharersOf(statement.id)).challengers).to.deep.equal(
        [challenger, ...accounts.slice(0, 3)].map(({ address }) => address),
      );
      for (const account of accounts) expect(await disputes.balanceOf(account)).to.equal(BALANCE);
    });

    it("lets one that was sealed early outrank those that were opened before it [T063]", async () => {
      const { disputes, challenger, other, requester, game, statement, operators } = await loadFixture(challenged);
      const [early, late] = operators.slice(5, 7).map(({ owner }) => owner) as [
        HardhatEthersSigner,
        HardhatEthersSigner,
      ];
      const seal = await disputes.challengeSealOf(early, statement.id, statement.trace().root, id("salt"));
      await disputes.connect(early).seal(seal);
      const games = [await join(game, other), await join(game, requester), await join(game, late)];
      const { token, deployer } = statement.suite;
      await token.connect(deployer).approve(disputes, BALANCE);
      await disputes.connect(deployer).deposit(early, BALANCE);
      games.push(await statement.challenge(early, statement.trace(), id("salt")));
      await game.respond();
      await game.judge(2);
      for (const each of games) {
        await time.setNextBlockTimestamp(await time.latest());
        await each.close(game);
      }
      expect((await disputes.sharersOf(statement.id)).challengers).to.deep.equal(
        [challenger, early, other, requester].map(({ address }) => address),
      );
    });
  });

  context("given a statement that a demand has made false", () => {
    it("gives bonds back; whoever demanded has the reward alone", async () => {
      const { disputes, challenger, other, game, statement } = await loadFixture(challenged);
      const demand = await demandWords(statement, other, PayloadSide.Output, { tensor: 0, firstWord: 0, count: 1 });
      await demand.missDeadline();
      await demand.reclaim();
      await expect(game.close()).to.not.emit(disputes, "SharerEntered");
      expect(await disputes.balanceOf(challenger)).to.equal(BALANCE);
      expect((await disputes.sharersOf(statement.id)).challengers).to.deep.equal([other.address]);
    });
  });

  context("given a statement that is not false", () => {
    it("reverts and names it", async () => {
      const { disputes, game, statement } = await loadFixture(challenged);
      await expect(game.close()).to.be.revertedWithCustomError(disputes, "DisputeNotDecided").withArgs(statement.id);
      expect(await disputes.sharersOf(statement.id)).to.deep.equal([[], 0n]);
    });
  });
});
