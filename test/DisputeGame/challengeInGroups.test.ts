import { expect } from "chai";
import { encodeBytes32String, id, ZeroHash } from "ethers";

import { DisputeState, Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import {
  BALANCE,
  challengedInGroups,
  CLOCKS,
  disputable,
  gameIdOf,
  LARGE_STEP,
  LONG,
  SMALL,
  TestStatement,
} from "../support/disputes.ts";
import { ethers, loadFixture, mine, time } from "../support/network.ts";
import { ToyModel } from "../support/toyModel.ts";

const LIE = [{ step: LARGE_STEP, word: 0 }];
const SALT = id("salt");

describe("DisputeGame.challengeInGroups", () => {
  async function lied() {
    const suite = await disputable();
    return { ...suite, statement: await TestStatement.make(suite, LONG, LIE) };
  }
  const given = () => loadFixture(lied);

  context("given a statement about a model of many steps, in its window", () => {
    context("when the groups of a trace lead to another output", () => {
      it("opens a game about that trace, whose bond leaves the balance, and gives the node its clock [T064 I23]", async () => {
        const { disputes, challenger, operator, referee, statement } = await given();
        const trace = statement.trace();
        const transaction = await statement.sendInGroups(challenger, trace);
        const now = await time.latest();
        const bond = await disputes.bond();
        const struct = {
          statementId: statement.id,
          inputRoot: trace.inputRoot,
          outputRoot: statement.stated.outputRoot,
          stepsRoot: LONG.stepsRoot,
          traceRoot: trace.root,
          node: operator.node,
          challenger: challenger.address,
          referee: await referee.getAddress(),
          bond,
          rank: BigInt(await ethers.provider.getBlockNumber()),
          openedAt: BigInt(now),
          rules: await disputes.governed(),
        };
        const gameId = await gameIdOf(statement.suite, struct);
        const deadline = now + CLOCKS.respond;
        expect(trace.groups.length).to.equal(3);
        await expect(transaction)
          .to.emit(disputes, "Challenged")
          .withArgs(statement.id, gameId, operator.node, Object.values(struct), trace.groups, deadline)
          .and.to.emit(disputes, "Grouped")
          .withArgs(gameId);
        expect(await disputes.balanceOf(challenger)).to.equal(BALANCE - bond);
        const record = BigInt(DisputeState.Grouped) | (BigInt(deadline) << 8n) | (3n << 48n);
        expect(await disputes.recordOf(gameId)).to.equal(record);
        expect(await statement.record()).to.deep.equal({ falseAt: 0, underWay: 1, deciding: undefined });
        expect(await statement.verdict()).to.equal(Verdict.Open);
      });
    });

    context("when the same trace is laid down at once in the same second", () => {
      it("reverts: it is the same game [T063]", async () => {
        const { disputes, challenger, statement } = await given();
        const trace = statement.trace();
        const { interface: abi } = disputes;
        const calls = [
          abi.encodeFunctionData("challengeInGroups", [
            statement.fields,
            LONG.header,
            trace.groups,
            trace.outputs,
            ZeroHash,
          ]),
          abi.encodeFunctionData("challenge", [statement.fields, LONG.header, [...trace.r], ZeroHash]),
        ];
        for (const order of [calls, calls.toReversed()]) {
          await expect(disputes.connect(challenger).multicall(order)).to.be.revertedWithCustomError(
            disputes,
            "DisputeExists",
          );
        }
      });
    });

    context("when the trace leads to the stated output", () => {
      it("reverts and names it [T070]", async () => {
        const { disputes, challenger, statement } = await given();
        await expect(statement.sendInGroups(challenger, statement.stated))
          .to.be.revertedWithCustomError(disputes, "DisputeSameOutput")
          .withArgs(statement.stated.outputRoot);
      });
    });

    context("when the header is another model's", () => {
      it("reverts and names both graph roots [T069 T070]", async () => {
        const { disputes, challenger, statement } = await given();
        const other = new ToyModel(LONG.words.map(() => 1));
        const { groups, outputs } = other.run(statement.stated.inputRoot);
        await expect(
          disputes.connect(challenger).challengeInGroups(statement.fields, other.header, groups, outputs, ZeroHash),
        )
          .to.be.revertedWithCustomError(disputes, "DisputeWrongGraph")
          .withArgs(other.graphRoot, LONG.graphRoot);
      });
    });

    context("when an output is not what the groups say", () => {
      it("reverts with the referee's error [T070]", async () => {
        const { disputes, challenger, referee, statement } = await given();
        const [lie, truth] = [statement.stated, statement.trace()];
        await expect(
          disputes
            .connect(challenger)
            .challengeInGroups(statement.fields, LONG.header, lie.groups, truth.outputs, ZeroHash),
        ).to.be.revertedWithCustomError(referee, "OpeningIsWrong");
      });
    });

    context("when there is a group too few or too many", () => {
      it("reverts with the referee's error [T070 T076]", async () => {
        const { disputes, challenger, referee, statement } = await given();
        const { groups, outputs } = statement.trace();
        for (const given_ of [groups.slice(1), [...groups, ZeroHash]]) {
          await expect(
            disputes.connect(challenger).challengeInGroups(statement.fields, LONG.header, given_, outputs, ZeroHash),
          ).to.be.revertedWithCustomError(referee, "OpeningIsWrong");
        }
      });
    });

    context("when there is a single group, or more than 64", () => {
      it("reverts and names the bounds: one is a whole trace, and no version has more", async () => {
        const { disputes, challenger, statement } = await given();
        const { groups, outputs } = statement.trace();
        for (const count of [0, 1, 65]) {
          const given_ = Array.from({ length: count }, () => groups[0] ?? "");
          await expect(
            disputes.connect(challenger).challengeInGroups(statement.fields, LONG.header, given_, outputs, ZeroHash),
          )
            .to.be.revertedWithCustomError(disputes, "DisputeOutOfBounds")
            .withArgs(encodeBytes32String("groups"), count, 2, 64);
        }
      });
    });

    context("when the balance is a unit too small", () => {
      it("reverts and names what is missing", async () => {
        const { disputes, challenger, statement } = await given();
        const bond = await disputes.bond();
        await disputes.connect(challenger).withdraw(challenger, BALANCE - bond + 1n);
        await expect(statement.sendInGroups(challenger, statement.trace()))
          .to.be.revertedWithCustomError(disputes, "LedgerInsufficientBalance")
          .withArgs(challenger, bond - 1n, bond);
      });
    });
  });

  context("given a challenge that was sealed", () => {
    it("ranks by the seal of the trace, whichever way that is laid down [T063]", async () => {
      const { disputes, challenger, other, statement } = await given();
      const trace = statement.trace();
      for (const account of [challenger, other]) {
        await disputes.connect(account).seal(await disputes.challengeSealOf(account, statement.id, trace.root, SALT));
      }
      const sealedIn = BigInt(await ethers.provider.getBlockNumber());
      await mine(7);
      expect((await statement.challengeInGroups(challenger, trace, SALT)).struct.rank).to.equal(sealedIn - 1n);
      expect((await statement.challenge(other, trace, SALT)).struct.rank).to.equal(sealedIn);
      const commitment = await disputes.challengeSealOf(challenger, statement.id, trace.root, id("another salt"));
      await expect(statement.sendInGroups(challenger, trace, id("another salt")))
        .to.be.revertedWithCustomError(disputes, "DisputeNotSealed")
        .withArgs(commitment);
    });
  });

  context("given a statement whose window is over", () => {
    it("reverts in its last second's successor, and not in the last second [T066]", async () => {
      const { disputes, challenger, other, statement } = await given();
      const endsAt = await statement.disputableUntil();
      await time.setNextBlockTimestamp(endsAt - 1n);
      await statement.challengeInGroups(challenger);
      await time.setNextBlockTimestamp(endsAt);
      await expect(statement.sendInGroups(other, statement.trace()))
        .to.be.revertedWithCustomError(disputes, "DisputeWindowOver")
        .withArgs(statement.id, endsAt);
    });
  });

  context("given a statement that was found false", () => {
    it("reverts: what is decided stays decided [T067 I07]", async () => {
      const { disputes, other, game, statement } = await loadFixture(challengedInGroups);
      await game.missDeadline();
      await game.timeout();
      await expect(statement.sendInGroups(other, statement.trace()))
        .to.be.revertedWithCustomError(disputes, "DisputeDecided")
        .withArgs(statement.id);
    });
  });

  context("given a version of a profile that nobody judges", () => {
    it("reverts and names the profile", async () => {
      const suite = await loadFixture(disputable);
      const profile = encodeBytes32String("other/1");
      const statement = await TestStatement.make(suite, LONG, LIE, { profile });
      await expect(statement.sendInGroups(suite.challenger, statement.trace()))
        .to.be.revertedWithCustomError(suite.disputes, "DisputeNoReferee")
        .withArgs(profile);
    });
  });

  context("given a model of few steps", () => {
    it("reverts: its trace is one group", async () => {
      const suite = await loadFixture(disputable);
      const statement = await TestStatement.make(suite, SMALL, [{ step: 1, word: 2 }]);
      await expect(
        suite.disputes
          .connect(suite.challenger)
          .challengeInGroups(statement.fields, SMALL.header, [statement.trace().root], [], ZeroHash),
      )
        .to.be.revertedWithCustomError(suite.disputes, "DisputeOutOfBounds")
        .withArgs(encodeBytes32String("groups"), 1, 2, 64);
    });
  });
});
