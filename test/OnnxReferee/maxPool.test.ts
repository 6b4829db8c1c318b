import { expect } from "chai";

import { Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { judgeAll, refereed } from "../support/referee.ts";
import { bytes, scene } from "../support/scenes.ts";

describe("OnnxReferee.faulty, MAXPOOL", () => {
  const random = new Random(6);
  const cases = [
    { of: [1, 3, 5, 4], to: [1, 3, 3, 2], window: [3, 3, 2, 2, 1, 1, 1, 1] },
    { of: [2, 40, 2, 2], to: [2, 40, 1, 2], window: [2, 2, 2, 1, 1, 1, 0, 1] },
    { of: [1, 1, 7, 7], to: [1, 1, 1, 1], window: [7, 7, 1, 1, 1, 1, 0, 0] },
    { of: [1, 2, 5, 5], to: [1, 2, 2, 3], window: [2, 3, 2, 1, 2, 2, 1, 2] },
  ];
  for (const { of, to, window } of cases) {
    it(`acquits every honest byte and convicts every changed one of [${of.join(", ")}] by [${window.join(", ")}]`, async () => {
      const { referee } = await loadFixture(refereed);
      const act = { opcode: Opcode.MaxPool, shape: to, attrs: window };
      const { elements, padding } = await judgeAll(referee, scene(act, bytes(random, ...of)));
      expect(elements - padding).to.equal(to.reduce((a, b) => a * b, 1));
    });
  }
});
