import { expect } from "chai";
import { id } from "ethers";

import { demandId, DisputeState, PayloadSide, Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import { demandWords } from "../support/demands.ts";
import { BALANCE, challenged, disputable, SMALL, TestStatement } from "../support/disputes.ts";
import { loadFixture } from "../support/network.ts";
import { chainId } from "../support/payments.ts";

const ONE = { tensor: 0, firstWord: 0, count: 1 };

describe("DisputeGame.reclaim", () => {
  async function demanded() {
    const suite = await disputable();
    const statement = await TestStatement.make(suite, SMALL);
    return { ...suite, statement, demand: await demandWords(statement, suite.challenger, PayloadSide.Output, ONE) };
  }
  const given = () => loadFixture(demanded);

  context("given a demand that was not met in time", () => {
    it("gives the price back and makes the statement false [T055 I22]", async () => {
      const { disputes, challenger, demand, statement } = await given();
      await demand.missDeadline();
      await expect(demand.reclaim())
        .to.emit(disputes, "DisputeEnded")
        .withArgs(statement.id, demand.id, DisputeState.Withheld, challenger, demand.struct.price);
      expect(await disputes.balanceOf(challenger)).to.equal(BALANCE);
      expect(await statement.verdict()).to.equal(Verdict.False);
      expect((await disputes.sharersOf(statement.id)).challengers).to.deep.equal([challenger.address]);
    });
  });

  context("given a demand in its last second", () => {
    it("reverts and names the deadline [T064]", async () => {
      const { disputes, demand } = await given();
      await demand.waitForDeadline();
      await expect(demand.reclaim())
        .to.be.revertedWithCustomError(disputes, "DisputeClockRunning")
        .withArgs(demand.id, demand.struct.deadline);
    });
  });

  context("given a statement that a game has made false", () => {
    it("gives the price back at once, and is moot", async () => {
      const { disputes, other, game, statement } = await loadFixture(challenged);
      await game.respond();
      const demand = await demandWords(statement, other, PayloadSide.Output, ONE);
      await game.judge(2);
      await expect(demand.supply()).to.be.revertedWithCustomError(disputes, "DisputeDecided").withArgs(statement.id);
      await expect(demand.reclaim())
        .to.emit(disputes, "DisputeEnded")
        .withArgs(statement.id, demand.id, DisputeState.Moot, other, demand.struct.price);
      expect(await disputes.balanceOf(other)).to.equal(BALANCE);
      expect((await statement.record()).deciding).to.equal(game.id);
    });
  });

  context("given a demand that was met or reclaimed", () => {
    it("reverts and names the state [I05 I07]", async () => {
      const { disputes, demand } = await given();
      await demand.supply();
      await expect(demand.reclaim())
        .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
        .withArgs(demand.id, DisputeState.Supplied);
    });
  });

  context("given a demand that nobody made", () => {
    it("reverts and names its id [T068]", async () => {
      const { disputes, challenger, demand } = await given();
      const struct = { ...demand.struct, root: id("another root") };
      const place = { chainId: await chainId(), disputes: await disputes.getAddress() };
      await expect(disputes.connect(challenger).reclaim(struct))
        .to.be.revertedWithCustomError(disputes, "DisputeUnknown")
        .withArgs(demandId(place, struct));
    });
  });
});
