import { expect } from "chai";

import { DisputeState, PayloadSide, Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { demandWords } from "../support/demands.ts";
import { BALANCE, CLOCKS, disputable, INPUT, SMALL, TestStatement } from "../support/disputes.ts";
import { encodeBytes32String } from "ethers";
import { loadFixture, time } from "../support/network.ts";

/** Gas of a supply: what a transaction with its proof takes, and each word. */
const SUPPLY_GAS = 100_000n;
const WORD_GAS = 1_310n;
/** Wei, of deploy/parameters/local.json5. */
const REFERENCE_GAS_PRICE = 1_000_000n;
const ALL = { tensor: 0, firstWord: 0, count: 2 };

describe("DisputeGame.demand", () => {
  async function stated() {
    const suite = await disputable();
    return { ...suite, statement: await TestStatement.make(suite, SMALL) };
  }
  const given = () => loadFixture(stated);

  context("given a statement with enough of its window left", () => {
    context("when somebody pays for words of its output", () => {
      it("takes the price and gives the node its clock [T055 T065]", async () => {
        const { disputes, challenger, operator, statement } = await given();
        const transaction = disputes.connect(challenger).demand(statement.fields, PayloadSide.Output, 0, 1, 7);
        await transaction;
        const deadline = (await time.latest()) + CLOCKS.demand;
        const price = ((SUPPLY_GAS + 7n * WORD_GAS) * REFERENCE_GAS_PRICE * 30_000n * 15_000n) / 10_000n;
        const fields = [
          statement.id,
          statement.stated.outputRoot,
          operator.node,
          challenger.address,
          price,
          0,
          1,
          7,
          deadline,
        ];
        await expect(transaction)
          .to.emit(disputes, "WordsDemanded")
          .withArgs(statement.id, (id: string) => id.startsWith("0x0000000000"), operator.node, fields);
        expect(await disputes.balanceOf(challenger)).to.equal(BALANCE - price);
        expect(await disputes.supplyPriceOf(7)).to.equal(price);
        expect((await statement.record()).underWay).to.equal(1);
      });
    });

    context("when the input is demanded", () => {
      it("is the input that must be published", async () => {
        const { challenger, statement } = await given();
        const { struct } = await demandWords(statement, challenger, PayloadSide.Input, ALL);
        expect(struct.root).to.equal(INPUT);
      });
    });

    context("when no word is demanded, or one more than 1,024", () => {
      it("reverts and names the bounds", async () => {
        const { disputes, challenger, statement } = await given();
        for (const count of [0, 1_025]) {
          await expect(disputes.connect(challenger).demand(statement.fields, PayloadSide.Output, 0, 0, count))
            .to.be.revertedWithCustomError(disputes, "DisputeOutOfBounds")
            .withArgs(encodeBytes32String("count"), count, 1, 1_024);
        }
      });
    });

    context("when the balance is too small", () => {
      it("reverts and names what is missing", async () => {
        const { disputes, operator, statement } = await given();
        await expect(disputes.connect(operator.owner).demand(statement.fields, PayloadSide.Output, 0, 0, 1))
          .to.be.revertedWithCustomError(disputes, "LedgerInsufficientBalance")
          .withArgs(operator.owner, 0, (needed: bigint) => needed > 0n);
      });
    });
  });

  context("given a window that leaves no time to challenge after the answer", () => {
    it("reverts in the first second of that, and not in the last one before [T066]", async () => {
      const { disputes, challenger, statement } = await given();
      const endsAt = await statement.disputableUntil();
      const last = Number(endsAt) - CLOCKS.demand - CLOCKS.floor;
      await time.setNextBlockTimestamp(last);
      await demandWords(statement, challenger, PayloadSide.Output, ALL);
      await time.setNextBlockTimestamp(last + 1);
      await expect(disputes.connect(challenger).demand(statement.fields, PayloadSide.Output, 0, 0, 1))
        .to.be.revertedWithCustomError(disputes, "DisputeWindowOver")
        .withArgs(statement.id, endsAt);
    });
  });

  context("given a statement that was found false", () => {
    it("reverts and names it [T067]", async () => {
      const { disputes, challenger, statement } = await given();
      const demand = await demandWords(statement, challenger, PayloadSide.Output, ALL);
      await demand.missDeadline();
      await demand.reclaim();
      await expect(disputes.connect(challenger).demand(statement.fields, PayloadSide.Output, 0, 0, 1))
        .to.be.revertedWithCustomError(disputes, "DisputeDecided")
        .withArgs(statement.id);
    });
  });

  context("given a statement that there is no output", () => {
    it("reverts: there is nothing to publish", async () => {
      const { disputes, challenger, statement } = await given();
      const outputRoot = errorRoot(PayloadError.InputMissing);
      await expect(disputes.connect(challenger).demand({ ...statement.fields, outputRoot }, PayloadSide.Input, 0, 0, 1))
        .to.be.revertedWithCustomError(disputes, "DisputeErrorOutput")
        .withArgs(outputRoot);
    });
  });

  context("given several demands of one statement", () => {
    it("keeps the verdict open until the last one is met [T061]", async () => {
      const { challenger, other, statement } = await given();
      const demands = [
        await demandWords(statement, challenger, PayloadSide.Output, ALL),
        await demandWords(statement, other, PayloadSide.Output, ALL),
      ];
      for (const demand of demands) {
        expect(await statement.verdict()).to.equal(Verdict.Open);
        await demand.supply();
        expect((await demand.record()).state).to.equal(DisputeState.Supplied);
      }
      await statement.endWindow();
      expect(await statement.verdict()).to.equal(Verdict.Upheld);
    });
  });
});
