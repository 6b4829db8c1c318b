import { expect } from "chai";

import { networkCase, operatorCase, OPERATORS } from "../../packages/sdk/test/onnx/support/cases.ts";
import { ELEMENTS, judgeModels } from "../support/campaign.ts";
import { loadFixture } from "../support/network.ts";
import { refereed } from "../support/referee.ts";

describe("OnnxReferee.faulty, models as ONNX Runtime runs them", () => {
  it(`acquits the runtime and convicts a changed bit at ${ELEMENTS} elements of random models [T069 T073 T077]`, async function () {
    this.timeout(0);
    const { referee } = await loadFixture(refereed);
    const judged = await judgeModels(referee, (seed, random) =>
      random.chance(0.3) ? networkCase(seed) : operatorCase(OPERATORS[seed % OPERATORS.length] ?? "", seed),
    );
    expect(judged.size).to.equal(11);
  });
});
