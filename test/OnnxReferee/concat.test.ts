import { expect } from "chai";

import { Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { judgeAll, refereed } from "../support/referee.ts";
import { bytes, scene } from "../support/scenes.ts";

describe("OnnxReferee.faulty, CONCAT", () => {
  const random = new Random(8);
  const cases = [
    { of: [[1, 30, 1, 2], [1, 5, 1, 2], [1, 2, 1, 2]], to: [1, 37, 1, 2], axis: 1 }, // prettier-ignore
    { of: [[1, 2, 2, 1], [1, 2, 2, 2]], to: [1, 2, 2, 3], axis: 3 }, // prettier-ignore
    { of: [[1, 40], [2, 40]], to: [3, 40], axis: 0 }, // prettier-ignore
    { of: [[3, 20], [3, 13]], to: [3, 33], axis: 1 }, // prettier-ignore
    { of: Array.from({ length: 8 }, () => [5]), to: [40], axis: 0 },
  ];
  for (const { of, to, axis } of cases) {
    it(`acquits every honest byte and convicts every changed one of ${of.length} tensors to [${to.join(", ")}] along ${axis}`, async () => {
      const { referee } = await loadFixture(refereed);
      const act = { opcode: Opcode.Concat, shape: to, attrs: [axis], constants: bytes(random, 256 * of.length).data };
      const inputs = of.map((shape) => bytes(random, ...shape));
      const { elements, padding } = await judgeAll(referee, scene(act, ...inputs));
      expect(elements - padding).to.equal(to.reduce((a, b) => a * b, 1));
    });
  }
});
