import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { encodeBytes32String, id, keccak256 } from "ethers";

import {
  challengeSeal,
  DisputeState,
  PayloadSide,
  refutationId,
  Verdict,
} from "../../packages/sdk/src/codecs/dispute.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import type { TensorPreimage } from "../../packages/sdk/src/codecs/tensor.ts";
import { demandWords } from "../support/demands.ts";
import {
  BALANCE,
  CLOCKS,
  disputable,
  type Disputable,
  FITTING,
  inputRootOf,
  SMALL,
  TestStatement,
} from "../support/disputes.ts";
import { loadFixture, mine, time } from "../support/network.ts";
import { chainId } from "../support/payments.ts";

const SALT = id("salt");
const TOO_LONG: readonly TensorPreimage[] = [{ dtype: 2, shape: [33], dataRoot: id("input") }];
/** One thing each that a toy model does not take. */
const MISFITS: Readonly<Record<string, readonly TensorPreimage[]>> = {
  "no tensor": [],
  "two tensors": [...FITTING, ...FITTING],
  "another type": [{ dtype: 3, shape: [32], dataRoot: id("input") }],
  "another rank": [{ dtype: 2, shape: [1, 32], dataRoot: id("input") }],
  "no rank": [{ dtype: 2, shape: [], dataRoot: id("input") }],
  "another length": TOO_LONG,
};

type Changes = Parameters<typeof TestStatement.of>[4];

/** What the node says about an input of these tensors. */
function stating(suite: Disputable, inputs: readonly TensorPreimage[], changes: Changes = {}): Promise<TestStatement> {
  return TestStatement.of(suite, SMALL, (lies) => SMALL.run(inputRootOf(inputs), lies), [], changes);
}

async function seal({ suite, id: statementId, fields }: TestStatement, challenger: HardhatEthersSigner, salt = SALT) {
  const { disputes } = suite;
  const place = { chainId: await chainId(), disputes: await disputes.getAddress() };
  const shown = fields.inputRoot;
  const commitment = challengeSeal(place, { challenger: challenger.address, statementId, shown, salt });
  await disputes.connect(challenger).seal(commitment);
  await mine(1);
}

function refute(
  { suite, fields, model }: TestStatement,
  inputs: readonly TensorPreimage[],
  sender: HardhatEthersSigner = suite.challenger,
  header = model.header,
) {
  const preimages = inputs.map((input) => ({ ...input, shape: [...input.shape] }));
  return suite.disputes.connect(sender).refute(fields, header, preimages, SALT);
}

const refutation = async ({ suite, id: statementId }: TestStatement) =>
  refutationId({ chainId: await chainId(), disputes: await suite.disputes.getAddress() }, statementId);

describe("DisputeGame.refute", () => {
  const given = () => loadFixture(disputable);

  context("given an output of an input that the model does not take", () => {
    for (const [what, inputs] of Object.entries(MISFITS)) {
      it(`makes the statement false at once, without a bond: ${what} [T057 I22]`, async () => {
        const suite = await given();
        const { disputes, challenger } = suite;
        const statement = await stating(suite, inputs);
        await seal(statement, challenger);
        const refutationId = await refutation(statement);
        await expect(refute(statement, inputs))
          .to.emit(disputes, "DisputeEnded")
          .withArgs(statement.id, refutationId, DisputeState.Refuted, challenger, 0);
        const now = await time.latest();
        expect(await statement.verdict()).to.equal(Verdict.False);
        expect(await statement.record()).to.deep.equal({ falseAt: now, underWay: 0, deciding: refutationId });
        expect(await disputes.balanceOf(challenger)).to.equal(BALANCE);
        expect(await disputes.sharersOf(statement.id)).to.deep.equal([
          [challenger.address],
          BigInt(now + CLOCKS.floor),
        ]);
      });
    }
  });

  context("given an error about an input that the model takes", () => {
    it("makes the statement false at once, which it then stays [T057 T067 I07]", async () => {
      const suite = await given();
      const statement = await stating(suite, FITTING, { fault: PayloadError.InputMalformed });
      expect(await statement.verdict()).to.equal(Verdict.Open);
      await seal(statement, suite.challenger);
      await refute(statement, FITTING);
      expect(await statement.verdict()).to.equal(Verdict.False);
      await statement.endWindow();
      await mine(1);
      expect(await statement.verdict()).to.equal(Verdict.False);
    });
  });

  context("given a statement with which the shapes agree", () => {
    it("reverts and names it, and the window upholds it [I22 I23]", async () => {
      const suite = await given();
      const { disputes, challenger } = suite;
      const cases = [
        { inputs: FITTING, changes: {} },
        { inputs: TOO_LONG, changes: { fault: PayloadError.InputMalformed } },
      ];
      for (const { inputs, changes } of cases) {
        const statement = await stating(suite, inputs, changes);
        await seal(statement, challenger);
        await expect(refute(statement, inputs))
          .to.be.revertedWithCustomError(disputes, "DisputeNotRefuted")
          .withArgs(statement.id);
        await statement.endWindow();
        await mine(1);
        expect(await statement.verdict()).to.equal(Verdict.Upheld);
      }
    });
  });

  context("given an error of which shapes say nothing", () => {
    for (const fault of [PayloadError.InputMissing, PayloadError.RefusedByModel]) {
      it(`reverts and names it: ${fault} about an input that fits, as one with a NaN does [T057]`, async () => {
        const suite = await given();
        const statement = await stating(suite, FITTING, { fault });
        await seal(statement, suite.challenger);
        await expect(refute(statement, FITTING))
          .to.be.revertedWithCustomError(suite.disputes, "DisputeErrorOutput")
          .withArgs(errorRoot(fault));
      });
    }
  });

  context("when the tensors are not those of the input", () => {
    it("reverts and names both roots, whatever of them is another [T068 T071]", async () => {
      const suite = await given();
      const statement = await stating(suite, FITTING);
      await seal(statement, suite.challenger);
      const others = [...Object.values(MISFITS), [{ dtype: 2, shape: [32], dataRoot: id("other") }]];
      for (const inputs of others) {
        await expect(refute(statement, inputs))
          .to.be.revertedWithCustomError(suite.disputes, "DisputeWrongInput")
          .withArgs(inputRootOf(inputs), statement.fields.inputRoot);
      }
    });
  });

  context("when the header is that of another graph", () => {
    it("reverts and names both roots [T070]", async () => {
      const suite = await given();
      const statement = await stating(suite, TOO_LONG);
      await seal(statement, suite.challenger);
      const other = id("another header");
      await expect(refute(statement, TOO_LONG, suite.challenger, other))
        .to.be.revertedWithCustomError(suite.disputes, "DisputeWrongGraph")
        .withArgs(keccak256(other), SMALL.graphRoot);
    });
  });

  context("when it is not sealed, or another has sealed it", () => {
    it("reverts and names the seal [T063]", async () => {
      const suite = await given();
      const { disputes, challenger, other } = suite;
      const statement = await stating(suite, TOO_LONG);
      const sealOf = (account: HardhatEthersSigner) =>
        disputes.challengeSealOf(account, statement.id, statement.fields.inputRoot, SALT);
      await expect(refute(statement, TOO_LONG))
        .to.be.revertedWithCustomError(disputes, "DisputeNotSealed")
        .withArgs(await sealOf(challenger));
      await seal(statement, challenger);
      await expect(refute(statement, TOO_LONG, other))
        .to.be.revertedWithCustomError(disputes, "DisputeNotSealed")
        .withArgs(await sealOf(other));
    });
  });

  context("when the window is over, or there was none", () => {
    it("reverts and names end or statement [T066]", async () => {
      const suite = await given();
      const { disputes, challenger } = suite;
      const statement = await stating(suite, TOO_LONG);
      await seal(statement, challenger);
      await statement.endWindow();
      const end = await statement.disputableUntil();
      await expect(refute(statement, TOO_LONG))
        .to.be.revertedWithCustomError(disputes, "DisputeWindowOver")
        .withArgs(statement.id, end);
      const closed = await stating(suite, TOO_LONG, { window: 0 });
      await expect(refute(closed, TOO_LONG))
        .to.be.revertedWithCustomError(disputes, "DisputeNotDisputable")
        .withArgs(closed.id);
    });
  });

  context("given a version of a profile that nobody judges", () => {
    it("reverts and names the profile", async () => {
      const suite = await given();
      const profile = encodeBytes32String("other/1");
      const statement = await stating(suite, TOO_LONG, { profile });
      await seal(statement, suite.challenger);
      await expect(refute(statement, TOO_LONG))
        .to.be.revertedWithCustomError(suite.disputes, "DisputeNoReferee")
        .withArgs(profile);
    });
  });

  context("given games and demands about the statement", () => {
    it("makes them moot: bonds and prices go back, and nobody else shares [T067 I05 I07]", async () => {
      const suite = await given();
      const { disputes, challenger, other, requester } = suite;
      const statement = await stating(suite, TOO_LONG);
      const game = await statement.challenge(other, statement.trace([{ step: 1, word: 0 }]));
      const demand = await demandWords(statement, other, PayloadSide.Input, { tensor: 0, firstWord: 0, count: 1 });
      for (const account of [challenger, requester]) await seal(statement, account);
      await refute(statement, TOO_LONG);
      await expect(refute(statement, TOO_LONG, requester))
        .to.be.revertedWithCustomError(disputes, "DisputeDecided")
        .withArgs(statement.id);
      await game.close();
      await demand.reclaim();
      expect((await game.record()).state).to.equal(DisputeState.Moot);
      expect(await disputes.balanceOf(other)).to.equal(BALANCE);
      expect((await disputes.sharersOf(statement.id)).challengers).to.deep.equal([challenger.address]);
    });
  });
});
