import { expect } from "chai";

import { IntegerOpcode } from "../../packages/sdk/src/onnx/index.ts";
import { drawIntegers } from "../../packages/sdk/test/onnx/profile2/support/IntegerSketch.ts";
import { SUBJECTS } from "../../packages/sdk/test/onnx/profile2/support/operators.ts";
import { nth } from "../support/actors.ts";
import { ELEMENTS, judgeModels } from "../support/campaign.ts";
import { loadFixture } from "../support/network.ts";
import { integerRefereed } from "../support/referee.ts";

describe("IntegerReferee.faulty, models as ONNX Runtime runs them", () => {
  it(`acquits the runtime and convicts a changed bit at ${ELEMENTS} elements of random models [T069 T073 T077]`, async function () {
    this.timeout(0);
    const { referee } = await loadFixture(integerRefereed);
    const subjects = Object.values(SUBJECTS);
    const judged = await judgeModels(referee, (seed) => drawIntegers(seed, nth(subjects, seed % subjects.length)));
    expect(judged.size).to.equal(Object.keys(IntegerOpcode).length);
  });
});
