import { expect } from "chai";
import { encodeBytes32String, id } from "ethers";

import { DisputeState, PayloadSide, Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import { demandWords } from "../support/demands.ts";
import { disputable, TestStatement } from "../support/disputes.ts";
import { loadFixture } from "../support/network.ts";
import { ToyModel } from "../support/toyModel.ts";

/** So many tensor roots still fit into a supply of 128 KiB, and no longer into a case, which holds more beside them. */
const CROWD = 4_030;

/** States tensors that its model does not make, and knows what they are the hashes of. */
class CrowdedModel extends ToyModel {
  override outputTensors(...made: Parameters<ToyModel["outputTensors"]>): string[] {
    return [...super.outputTensors(...made), ...Array.from({ length: CROWD - 1 }, (_, i) => id(`tensor ${i}`))];
  }
}

describe("A node that states an output of so many tensors that nobody can bring a case against it", () => {
  it("cannot supply it, and is convicted for that [T055 T077]", async () => {
    const suite = await loadFixture(disputable);
    const statement = await TestStatement.make(suite, new CrowdedModel([2, 3]));
    const range = { tensor: 0, firstWord: 0, count: 1 };
    const demand = await demandWords(statement, suite.challenger, PayloadSide.Output, range);
    await expect(demand.supply())
      .to.be.revertedWithCustomError(suite.disputes, "DisputeOutOfBounds")
      .withArgs(encodeBytes32String("shown"), CROWD + 1, 0, 512);

    await demand.missDeadline();
    await demand.reclaim();
    expect((await demand.record()).state).to.equal(DisputeState.Withheld);
    expect(await suite.disputes.verdictOf(statement.id, 0)).to.equal(Verdict.False);
  });
});
