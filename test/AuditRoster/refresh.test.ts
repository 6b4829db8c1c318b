import { expect } from "chai";

import { nth } from "../support/actors.ts";
import { OWN_STAKE, registerNode, released } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

async function registered() {
  const suite = await released();
  const operator = nth(suite.operators, 0);
  await registerNode(suite, operator);
  return { ...suite, operator };
}

describe("AuditRoster.refresh", () => {
  context("given a node whose stake thaws", () => {
    it("lowers the weight to what backs it, at anybody's call, and does nothing to others", async () => {
      const { roster, staking, operator, stranger, version } = await loadFixture(registered);
      await roster.connect(operator.signer).enrol(operator.node, version, OWN_STAKE);
      await expect(roster.connect(stranger).refresh(operator.node, version)).not.to.emit(roster, "Enrolled");
      await staking.connect(operator.owner).thaw(operator.node, OWN_STAKE / 2n);
      await expect(roster.connect(stranger).refresh(operator.node, version))
        .to.emit(roster, "Enrolled")
        .withArgs(operator.node, version, OWN_STAKE / 2n);
    });
  });
});
