import { expect } from "chai";

import { nth } from "../support/actors.ts";
import { OWN_STAKE, registerNode, released } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";

async function registered() {
  const suite = await released();
  const operator = nth(suite.operators, 0);
  await registerNode(suite, operator);
  return { ...suite, operator };
}

describe("AuditRoster.enrol", () => {
  const given = () => loadFixture(registered);

  context("when a node's signer or owner enrols it", () => {
    it("lets it weigh from this second on, and locks nothing [T050]", async () => {
      const { roster, staking, operator, version } = await given();
      for (const [sender, weight] of [
        [operator.signer, OWN_STAKE],
        [operator.owner, 1n],
      ] as const) {
        await expect(roster.connect(sender).enrol(operator.node, version, weight))
          .to.emit(roster, "Enrolled")
          .withArgs(operator.node, version, weight);
        const now = await time.latest();
        expect(await roster.weightsAt(operator.node, version, now)).to.deep.equal([weight, weight]);
        await time.increase(1);
      }
      expect(await staking.lockedOf(operator.node)).to.equal(0n);
    });
  });

  context("when it names a weight of zero", () => {
    it("leaves the roster", async () => {
      const { roster, operator, version } = await given();
      await roster.connect(operator.signer).enrol(operator.node, version, OWN_STAKE);
      await time.increase(1);
      await roster.connect(operator.signer).enrol(operator.node, version, 0n);
      const now = await time.latest();
      expect(await roster.weightsAt(operator.node, version, now)).to.deep.equal([0n, 0n]);
      expect(await roster.weightsAt(operator.node, version, now - 1)).to.deep.equal([OWN_STAKE, OWN_STAKE]);
    });
  });

  context("when its stake does not back the weight", () => {
    it("reverts and names what backs it [T033]", async () => {
      const { roster, operator, version } = await given();
      await expect(roster.connect(operator.signer).enrol(operator.node, version, OWN_STAKE + 1n))
        .to.be.revertedWithCustomError(roster, "RosterWeightNotBacked")
        .withArgs(operator.node, OWN_STAKE + 1n, OWN_STAKE);
    });
  });

  context("when anyone else enrols it", () => {
    it("reverts and names node and caller", async () => {
      const { roster, operator, thief, version } = await given();
      await expect(roster.connect(thief).enrol(operator.node, version, 1n))
        .to.be.revertedWithCustomError(roster, "RosterNotOperator")
        .withArgs(operator.node, thief);
    });
  });
});
