import { expect } from "chai";
import { encodeBytes32String, id, parseEther, parseUnits, ZeroHash } from "ethers";

import { Transport } from "../../packages/sdk/src/codecs/commitment.ts";
import { DisputeState, Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { BALANCE, CLOCKS, disputable, gameIdOf, LARGE, SMALL, TestStatement } from "../support/disputes.ts";
import { ethers, loadFixture, mine, setNextBaseFee, time } from "../support/network.ts";

const LIE = [{ step: 1, word: 0 }];
const SALT = id("salt");

describe("DisputeGame.challenge", () => {
  async function lied() {
    const suite = await disputable();
    return { ...suite, statement: await TestStatement.make(suite, SMALL, LIE) };
  }
  const given = () => loadFixture(lied);

  context("given a statement in its window", () => {
    context("when a trace leads to another output", () => {
      it("opens a game, whose bond leaves the challenger's balance, and gives the node its clock [T064 I23]", async () => {
        const { disputes, challenger, operator, referee, statement } = await given();
        const transaction = await statement.send(challenger, statement.trace());
        const now = await time.latest();
        const bond = await disputes.bond();
        const struct = {
          statementId: statement.id,
          inputRoot: statement.stated.inputRoot,
          outputRoot: statement.stated.outputRoot,
          stepsRoot: SMALL.stepsRoot,
          traceRoot: statement.trace().root,
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
        await expect(transaction)
          .to.emit(disputes, "Challenged")
          .withArgs(statement.id, gameId, operator.node, Object.values(struct), [...statement.trace().r], deadline);
        expect(await disputes.balanceOf(challenger)).to.equal(BALANCE - bond);
        expect(await disputes.recordOf(gameId)).to.equal(BigInt(DisputeState.Asked) | (BigInt(deadline) << 8n));
        expect(await statement.record()).to.deep.equal({ falseAt: 0, underWay: 1, deciding: undefined });
        expect(await statement.verdict()).to.equal(Verdict.Open);
      });

      it("costs the floor where ten times what the game can cost the node is less at the reference price", async () => {
        const { disputes, challenger, statement } = await given();
        const { struct } = await statement.challenge(challenger);
        expect(struct.bond).to.equal(parseEther("1"));
        expect(await disputes.bond()).to.equal(struct.bond);
      });

      it("costs ten times what the game can cost the node at the base fee, where that is above the reference", async () => {
        const { challenger, statement } = await given();
        const baseFee = parseUnits("0.5", "gwei");
        await setNextBaseFee(baseFee);
        const { struct } = await statement.challenge(challenger);
        expect(struct.bond).to.equal(10n * 1_800_000n * baseFee * 30_000n);
      });
    });

    context("when others challenge it, too", () => {
      it("runs their games side by side [T061]", async () => {
        const { challenger, other, statement } = await given();
        const first = await statement.challenge(challenger);
        const second = await statement.challenge(other, statement.trace([{ step: 0, word: 1 }]));
        expect(first.id).to.not.equal(second.id);
        expect((await statement.record()).underWay).to.equal(2);
      });
    });

    context("when the very same challenge comes twice in a second", () => {
      it("reverts and names the game", async () => {
        const { disputes, challenger, statement } = await given();
        const call = disputes.interface.encodeFunctionData("challenge", [
          statement.fields,
          SMALL.header,
          [...statement.trace().r],
          ZeroHash,
        ]);
        await expect(disputes.connect(challenger).multicall([call, call])).to.be.revertedWithCustomError(
          disputes,
          "DisputeExists",
        );
      });
    });

    context("when the trace leads to the stated output", () => {
      it("reverts and names it [T070]", async () => {
        const { disputes, challenger, statement } = await given();
        await expect(statement.send(challenger, statement.stated))
          .to.be.revertedWithCustomError(disputes, "DisputeSameOutput")
          .withArgs(statement.stated.outputRoot);
      });
    });

    context("when the header is another model's", () => {
      it("reverts and names both graph roots [T069 T070]", async () => {
        const { disputes, challenger, statement } = await given();
        const trace = LARGE.run(statement.stated.inputRoot);
        await expect(disputes.connect(challenger).challenge(statement.fields, LARGE.header, [...trace.r], ZeroHash))
          .to.be.revertedWithCustomError(disputes, "DisputeWrongGraph")
          .withArgs(LARGE.graphRoot, SMALL.graphRoot);
      });
    });

    context("when the trace has one tensor too few", () => {
      it("reverts with the referee's error [T070]", async () => {
        const { disputes, referee, challenger, statement } = await given();
        const r = statement.trace().r.slice(1);
        await expect(
          disputes.connect(challenger).challenge(statement.fields, SMALL.header, r, ZeroHash),
        ).to.be.revertedWithCustomError(referee, "OpeningIsWrong");
      });
    });

    context("when any field of the statement is another one", () => {
      it("reverts: nobody stated that [T068]", async () => {
        const { disputes, challenger, operators, statement } = await given();
        const changes = [
          { consumer: challenger.address },
          { consumer: await disputes.getAddress() },
          { jobId: id("another job") },
          { attempt: 1 },
          { modelId: `0x00${"11".repeat(31)}` },
          { inputRoot: id("another input") },
          { node: operators[1]?.node ?? "" },
          { outputRoot: id("another output") },
          { version: { ...statement.fields.version, artifactDigest: id("another artifact") } },
          { transport: Transport.Revealed },
        ];
        for (const change of changes) {
          const call = disputes
            .connect(challenger)
            .challenge({ ...statement.fields, ...change }, SMALL.header, [...statement.trace().r], ZeroHash);
          await expect(call).to.be.revertedWithCustomError(disputes, "DisputeNotDisputable");
        }
      });
    });

    context("when the balance is a unit too small", () => {
      it("reverts and names what is missing", async () => {
        const { disputes, challenger, statement } = await given();
        const bond = await disputes.bond();
        await disputes.connect(challenger).withdraw(challenger, BALANCE - bond + 1n);
        await expect(statement.send(challenger, statement.trace()))
          .to.be.revertedWithCustomError(disputes, "LedgerInsufficientBalance")
          .withArgs(challenger, bond - 1n, bond);
      });
    });
  });

  context("given a challenge that was sealed", () => {
    async function sealedChallenge() {
      const suite = await lied();
      const { disputes, challenger, statement } = suite;
      const commitment = await disputes.challengeSealOf(challenger, statement.id, statement.trace().root, SALT);
      await disputes.connect(challenger).seal(commitment);
      return { ...suite, commitment, sealedIn: await ethers.provider.getBlockNumber() };
    }

    context("when it is opened in a later block", () => {
      it("ranks by its seal [T063]", async () => {
        const { challenger, statement, sealedIn } = await loadFixture(sealedChallenge);
        await mine(7);
        const { struct } = await statement.challenge(challenger, statement.trace(), SALT);
        expect(struct.rank).to.equal(sealedIn);
      });
    });

    context("when somebody else opens it, or another trace or salt", () => {
      it("reverts and names the seal that it would take [T063]", async () => {
        const { disputes, challenger, other, statement } = await loadFixture(sealedChallenge);
        const lie = statement.trace([{ step: 0, word: 0 }]);
        for (const [account, trace, salt] of [
          [other, statement.trace(), SALT],
          [challenger, lie, SALT],
          [challenger, statement.trace(), id("another salt")],
        ] as const) {
          const commitment = await disputes.challengeSealOf(account, statement.id, trace.root, salt);
          await expect(statement.send(account, trace, salt))
            .to.be.revertedWithCustomError(disputes, "DisputeNotSealed")
            .withArgs(commitment);
        }
      });
    });

    context("when it is opened in the block of its seal", () => {
      it("reverts, so that what is seen in the mempool cannot be sealed before it [T063]", async () => {
        const { disputes, other, statement } = await loadFixture(sealedChallenge);
        const commitment = await disputes.challengeSealOf(other, statement.id, statement.trace().root, SALT);
        const { interface: abi } = disputes;
        const calls = [
          abi.encodeFunctionData("seal", [commitment]),
          abi.encodeFunctionData("challenge", [statement.fields, SMALL.header, [...statement.trace().r], SALT]),
        ];
        await expect(disputes.connect(other).multicall(calls))
          .to.be.revertedWithCustomError(disputes, "DisputeNotSealed")
          .withArgs(commitment);
      });
    });
  });

  context("given a statement whose window is over", () => {
    it("reverts in its last second's successor, and not in the last second [T066]", async () => {
      const { disputes, challenger, other, statement } = await given();
      const endsAt = await statement.disputableUntil();
      await time.setNextBlockTimestamp(endsAt - 1n);
      await statement.challenge(challenger);
      await time.setNextBlockTimestamp(endsAt);
      await expect(statement.send(other, statement.trace()))
        .to.be.revertedWithCustomError(disputes, "DisputeWindowOver")
        .withArgs(statement.id, endsAt);
    });
  });

  context("given a statement that was found false", () => {
    it("reverts: what is decided stays decided [T067 I07]", async () => {
      const { disputes, challenger, other, statement } = await given();
      const game = await statement.challenge(challenger);
      await game.missDeadline();
      await game.timeout();
      await expect(statement.send(other, statement.trace()))
        .to.be.revertedWithCustomError(disputes, "DisputeDecided")
        .withArgs(statement.id);
    });
  });

  context("given a statement without a window", () => {
    it("reverts and names it", async () => {
      const { disputes, challenger, ...suite } = await loadFixture(disputable);
      const statement = await TestStatement.make({ ...suite, disputes, challenger }, SMALL, LIE, { window: 0 });
      await expect(statement.send(challenger, statement.trace()))
        .to.be.revertedWithCustomError(disputes, "DisputeNotDisputable")
        .withArgs(statement.id);
    });
  });

  context("given a statement that there is no output", () => {
    it("reverts: an error has no trace that could be compared", async () => {
      const { disputes, challenger, statement } = await given();
      const outputRoot = errorRoot(PayloadError.InputMalformed);
      const fields = { ...statement.fields, outputRoot };
      await expect(disputes.connect(challenger).challenge(fields, SMALL.header, [...statement.trace().r], ZeroHash))
        .to.be.revertedWithCustomError(disputes, "DisputeErrorOutput")
        .withArgs(outputRoot);
    });
  });

  context("given a version of a profile that nobody judges", () => {
    it("reverts and names the profile", async () => {
      const { disputes, challenger, ...suite } = await loadFixture(disputable);
      const profile = encodeBytes32String("other/1");
      const statement = await TestStatement.make({ ...suite, disputes, challenger }, SMALL, LIE, { profile });
      await expect(statement.send(challenger, statement.trace()))
        .to.be.revertedWithCustomError(disputes, "DisputeNoReferee")
        .withArgs(profile);
    });
  });
});
