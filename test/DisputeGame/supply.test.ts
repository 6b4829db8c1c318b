import { expect } from "chai";
import { encodeBytes32String, id, ZeroHash } from "ethers";

import { DisputeState, PayloadSide } from "../../packages/sdk/src/codecs/dispute.ts";
import { demandWords, type Range, type SupplyFields } from "../support/demands.ts";
import { disputable, TestStatement } from "../support/disputes.ts";
import { loadFixture } from "../support/network.ts";
import { ToyModel } from "../support/toyModel.ts";

/** Eleven words of output: the tree has leaves to spare. */
const WORDS = 11;
/** Tensors and dimensions together; this model's tensors have one dimension. */
const MOST_SHOWN = 512;

describe("DisputeGame.supply", () => {
  async function stated() {
    const suite = await disputable();
    return { ...suite, statement: await TestStatement.make(suite, new ToyModel([2, WORDS])) };
  }

  async function demanded(range: Partial<Range> = {}) {
    const suite = await loadFixture(stated);
    const whole = { tensor: 0, firstWord: 3, count: 4, ...range };
    return { ...suite, demand: await demandWords(suite.statement, suite.challenger, PayloadSide.Output, whole) };
  }

  context("given a demand in its time", () => {
    context("when the words are published", () => {
      it("gives the price to the node's owner, whoever sends them", async () => {
        const { disputes, other, operator, demand, statement } = await demanded();
        const transaction = demand.supply({}, other);
        await expect(transaction)
          .to.emit(disputes, "WordsSupplied")
          .withArgs(demand.id, Object.values(demand.supplyFields()));
        await expect(transaction)
          .to.emit(disputes, "DisputeEnded")
          .withArgs(statement.id, demand.id, DisputeState.Supplied, operator.owner, demand.struct.price);
        expect(await disputes.balanceOf(operator.owner)).to.equal(demand.struct.price);
        expect((await statement.record()).underWay).to.equal(0);
      });

      it("is proven for every range of a tensor", async () => {
        for (let firstWord = 0; firstWord < WORDS; firstWord++) {
          for (const count of [1, 2, 5, WORDS - firstWord]) {
            const { demand } = await demanded({ firstWord, count });
            await demand.supply();
            expect((await demand.record()).state).to.equal(DisputeState.Supplied);
          }
        }
      });
    });

    context("when the range reaches beyond the tensor", () => {
      it("takes the words that there are, and none where it lies beyond", async () => {
        for (const range of [{ firstWord: 9, count: 1_024 }, { firstWord: WORDS }, { tensor: 1 }]) {
          const { demand } = await demanded(range);
          await demand.supply();
          expect((await demand.record()).state).to.equal(DisputeState.Supplied);
        }
      });
    });

    context("when a word is missing, or one is too many", () => {
      it("reverts and names how many are due", async () => {
        const { disputes, demand } = await demanded();
        const { words } = demand.supplyFields();
        for (const wrong of [words.slice(1), [...words, id("word")]]) {
          await expect(demand.supply({ words: wrong }))
            .to.be.revertedWithCustomError(disputes, "DisputeWrongSupplyCount")
            .withArgs(wrong.length, words.length);
        }
      });
    });

    context("when any part is another one", () => {
      it("reverts and names the part, and what it should have been [T071 T076]", async () => {
        const { disputes, demand } = await demanded();
        const fields = demand.supplyFields();
        const [tensorRoot = ""] = fields.tensorRoots;
        const changes: readonly (readonly [Partial<SupplyFields>, string, string])[] = [
          [{ tensorRoots: [id("tensor")] }, "payload", demand.struct.root],
          [{ tensorRoots: [tensorRoot, tensorRoot] }, "payload", demand.struct.root],
          [{ dtype: 3 }, "tensor", tensorRoot],
          [{ shape: [WORDS, 32] }, "tensor", tensorRoot],
          [{ dataRoot: id("data") }, "tensor", tensorRoot],
          [{ words: [id("word"), ...fields.words.slice(1)] }, "data", fields.dataRoot],
        ];
        for (const [change, part, expected] of changes) {
          await expect(demand.supply(change))
            .to.be.revertedWithCustomError(disputes, "DisputeWrongSupply")
            .withArgs(encodeBytes32String(part), (given: string) => given !== expected, expected);
        }
      });
    });

    context("when a payload has more tensors and dimensions than a referee can be shown", () => {
      it("reverts with the bound, and comes to what it proves at the bound itself [T055 T077]", async () => {
        const { disputes, demand } = await demanded();
        const shown = (tensors: number) => demand.supply({ tensorRoots: Array<string>(tensors).fill(id("tensor")) });
        await expect(shown(MOST_SHOWN))
          .to.be.revertedWithCustomError(disputes, "DisputeOutOfBounds")
          .withArgs(encodeBytes32String("shown"), MOST_SHOWN + 1, 0, MOST_SHOWN);
        await expect(shown(MOST_SHOWN - 1))
          .to.be.revertedWithCustomError(disputes, "DisputeWrongSupply")
          .withArgs(encodeBytes32String("payload"), (given: string) => given !== ZeroHash, demand.struct.root);
      });
    });

    context("when siblings are missing or left over", () => {
      it("reverts and names how many were used [T076]", async () => {
        const { disputes, demand } = await demanded();
        const { siblings } = demand.supplyFields();
        for (const wrong of [siblings.slice(0, -1), [...siblings, id("more")]]) {
          await expect(demand.supply({ siblings: wrong }))
            .to.be.revertedWithCustomError(disputes, "MerkleWrongProof")
            .withArgs(wrong.length, siblings.length);
        }
      });
    });

    context("when it comes in the last second, and one later", () => {
      it("counts, and reverts with the deadline [T064]", async () => {
        const { demand } = await demanded();
        await demand.waitForDeadline();
        await demand.supply();
        expect((await demand.record()).state).to.equal(DisputeState.Supplied);

        const late = await demanded();
        await late.demand.missDeadline();
        await expect(late.demand.supply())
          .to.be.revertedWithCustomError(late.disputes, "DisputeTooLate")
          .withArgs(late.demand.id, late.demand.struct.deadline);
      });
    });

    context("when it is met twice", () => {
      it("reverts and names the state [I05 I07]", async () => {
        const { disputes, demand } = await demanded();
        await demand.supply();
        await expect(demand.supply())
          .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
          .withArgs(demand.id, DisputeState.Supplied);
      });
    });
  });
});
