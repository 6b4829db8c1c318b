import { expect } from "chai";
import { id } from "ethers";

import { DisputeState } from "../../packages/sdk/src/codecs/dispute.ts";
import { nth } from "../support/actors.ts";
import {
  challenged,
  CLOCKS,
  groupEntered,
  groupLaid,
  LARGE_STEP,
  largelyChallenged,
  slandered,
} from "../support/disputes.ts";
import { loadFixture, time } from "../support/network.ts";

describe("DisputeGame.respond", () => {
  const given = () => loadFixture(challenged);

  context("given a challenge that waits for the node", () => {
    context("when its signer lays down a tensor of few words", () => {
      it("shows the words at once and gives the challenger the clock of a judgement [T064 I23]", async () => {
        const { disputes, game, statement } = await given();
        const transaction = game.respond();
        await transaction;
        const deadline = (await time.latest()) + CLOCKS.judge;
        await expect(transaction)
          .to.emit(disputes, "Answered")
          .withArgs(
            game.id,
            1,
            Object.values(game.answer()),
            nth(statement.stated.tensors, 1).words,
            DisputeState.Shown,
            deadline,
          );
        expect(await game.record()).to.deep.equal({
          state: DisputeState.Shown,
          deadline,
          chunk: 0,
          payee: undefined,
        });
      });
    });

    context("when its owner does", () => {
      it("is taken, too", async () => {
        const { operator, game } = await given();
        await game.respond(undefined, undefined, operator.owner);
        expect((await game.record()).state).to.equal(DisputeState.Shown);
      });
    });

    context("when anybody else does", () => {
      it("reverts and names the node: a wrong answer would be its end", async () => {
        const { disputes, challenger, operator, game } = await given();
        await expect(game.respond(undefined, undefined, challenger))
          .to.be.revertedWithCustomError(disputes, "DisputeNotOperator")
          .withArgs(operator.node, challenger);
      });
    });

    context("when it names a step where both have the same tensor", () => {
      it("reverts and names the step [T070]", async () => {
        const { disputes, game } = await given();
        await expect(game.respond(0)).to.be.revertedWithCustomError(disputes, "DisputeSameTensor").withArgs(game.id, 0);
      });
    });

    context("when what it takes for the challenger's tensor is not in the trace at that step", () => {
      it("reverts and names both roots [T069]", async () => {
        const { disputes, operator, game, statement } = await given();
        const proof = { ...game.proof(), root: id("another root") };
        const call = disputes.connect(operator.signer).respond(game.struct, proof, [...statement.stated.nodes(1)]);
        await expect(call)
          .to.be.revertedWithCustomError(disputes, "DisputeWrongRoot")
          .withArgs(game.id, (given_: string) => given_ !== game.trace.root, game.trace.root);
      });
    });

    context("when the step is not the version's", () => {
      it("reverts and names both roots [T069]", async () => {
        const { disputes, operator, game, statement } = await given();
        const { model } = statement;
        for (const change of [{ step: model.step(0) }, { stepPath: model.stepPath(2) }]) {
          const proof = { ...game.proof(), ...change };
          const call = disputes.connect(operator.signer).respond(game.struct, proof, [...statement.stated.nodes(1)]);
          await expect(call)
            .to.be.revertedWithCustomError(disputes, "DisputeWrongRoot")
            .withArgs(game.id, (given_: string) => given_ !== model.stepsRoot, model.stepsRoot);
        }
      });
    });

    context("when the index is a step's number and a whole tree more", () => {
      it("reverts and names how many leaves there are [T076]", async () => {
        const { disputes, operator, game, statement } = await given();
        const proof = { ...game.proof(), index: 1 + 4 };
        const call = disputes.connect(operator.signer).respond(game.struct, proof, [...statement.stated.nodes(1)]);
        await expect(call).to.be.revertedWithCustomError(disputes, "MerkleNoSuchLeaf").withArgs(5, 4);
      });
    });

    context("when a path is shorter than the tree is deep", () => {
      it("reverts: an inner node is no leaf [T076]", async () => {
        const { disputes, operator, game, statement } = await given();
        const proof = { ...game.proof(), rootPath: game.proof().rootPath.slice(1) };
        const call = disputes.connect(operator.signer).respond(game.struct, proof, [...statement.stated.nodes(1)]);
        await expect(call).to.be.revertedWithCustomError(disputes, "DisputeWrongRoot");
      });
    });

    context("when the tensor has a word too few", () => {
      it("reverts with the referee's error", async () => {
        const { disputes, referee, operator, game, statement } = await given();
        const nodes = statement.stated.nodes(1).slice(1);
        await expect(
          disputes.connect(operator.signer).respond(game.struct, game.proof(), nodes),
        ).to.be.revertedWithCustomError(referee, "OpeningIsWrong");
      });
    });

    context("when it comes in the last second, and one later", () => {
      it("counts, and reverts with the deadline [T064 I23]", async () => {
        const { game } = await given();
        await game.waitForDeadline();
        await game.respond();
        expect((await game.record()).state).to.equal(DisputeState.Shown);

        const late = await given();
        const { deadline } = await late.game.record();
        await late.game.missDeadline();
        await expect(late.game.respond())
          .to.be.revertedWithCustomError(late.disputes, "DisputeTooLate")
          .withArgs(late.game.id, deadline);
      });
    });

    context("when any field of the game is another one", () => {
      it("reverts: there is no such game [T068]", async () => {
        const { disputes, operator, other, game, statement } = await given();
        const fields = Object.keys(game.struct) as (keyof typeof game.struct)[];
        for (const field of fields) {
          const value = game.struct[field];
          const change =
            typeof value === "bigint" ? value + 1n : value.length > 42 ? id("another") : await other.getAddress();
          const struct = { ...game.struct, [field]: change };
          await expect(
            disputes.connect(operator.signer).respond(struct, game.proof(), [...statement.stated.nodes(1)]),
          ).to.be.revertedWithCustomError(disputes, "DisputeUnknown");
        }
      });
    });
  });

  context("given a large tensor", () => {
    it("takes the roots of its parts, and gives the challenger the clock of a pick [T064 I23]", async () => {
      const { disputes, game, statement } = await loadFixture(largelyChallenged);
      const transaction = game.respond();
      await transaction;
      const deadline = (await time.latest()) + CLOCKS.pick;
      const nodes = nth(statement.stated.tensors, 1).nodes(5);
      expect(nodes.length).to.equal(32);
      await expect(transaction)
        .to.emit(disputes, "Answered")
        .withArgs(game.id, 1, Object.values(game.answer()), nodes, DisputeState.Answered, deadline);
    });
  });

  context("given an answer", () => {
    it("takes no second one [I23]", async () => {
      const { disputes, game } = await given();
      await game.respond();
      await expect(game.respond())
        .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
        .withArgs(game.id, DisputeState.Shown);
    });
  });

  context("given a group that the challenger has laid down", () => {
    context("when the node names a step of it", () => {
      it("is taken as of a trace that was laid down at once [I23]", async () => {
        const { disputes, game, statement } = await loadFixture(groupLaid);
        const transaction = game.respond();
        await transaction;
        const deadline = (await time.latest()) + CLOCKS.pick;
        await expect(transaction)
          .to.emit(disputes, "Answered")
          .withArgs(
            game.id,
            LARGE_STEP,
            Object.values(game.answer()),
            statement.stated.nodes(LARGE_STEP),
            DisputeState.Answered,
            deadline,
          );
      });
    });

    context("when it names a step before or behind it", () => {
      it("reverts and names the group: what is before it was accepted [T070]", async () => {
        const { disputes, game } = await loadFixture(groupLaid);
        for (const step of [0, 63, 128, 149]) {
          await expect(game.respond(step))
            .to.be.revertedWithCustomError(disputes, "DisputeOutsideGroup")
            .withArgs(game.id, step, 1);
        }
      });
    });

    context("when it names one of its steps where both have the same tensor", () => {
      it("reverts and names the step [T070]", async () => {
        const { disputes, game } = await loadFixture(groupLaid);
        await expect(game.respond(64))
          .to.be.revertedWithCustomError(disputes, "DisputeSameTensor")
          .withArgs(game.id, 64);
      });
    });

    context("when it comes in the last second, and one later", () => {
      it("counts, and reverts with the deadline [T064 I23]", async () => {
        const { game } = await loadFixture(groupLaid);
        await game.waitForDeadline();
        await game.respond();
        expect((await game.record()).state).to.equal(DisputeState.Answered);

        const late = await loadFixture(groupLaid);
        const { deadline } = await late.game.record();
        await late.game.missDeadline();
        await expect(late.game.respond())
          .to.be.revertedWithCustomError(late.disputes, "DisputeTooLate")
          .withArgs(late.game.id, deadline);
      });
    });
  });

  context("given a group that was entered and not laid down", () => {
    it("reverts and names the state", async () => {
      const { disputes, game } = await loadFixture(groupEntered);
      await expect(game.respond())
        .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
        .withArgs(game.id, DisputeState.Entered);
    });
  });

  context("given many challenges with one lie", () => {
    it("answers them in one transaction [T065]", async () => {
      const { disputes, other, operator, game, statement } = await loadFixture(slandered);
      const second = await statement.challenge(other, game.trace);
      const nodes = [...statement.stated.nodes(1)];
      const calls = [game, second].map(({ struct }) =>
        disputes.interface.encodeFunctionData("respond", [struct, game.proof(), nodes]),
      );
      await disputes.connect(operator.signer).multicall(calls);
      for (const each of [game, second]) expect((await each.record()).state).to.equal(DisputeState.Shown);
    });
  });
});
