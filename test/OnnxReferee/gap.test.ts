import { expect } from "chai";

import { Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { judgeAll, refereed } from "../support/referee.ts";
import { bits, bytes, scene } from "../support/scenes.ts";

describe("OnnxReferee.faulty, GAP", () => {
  const random = new Random(5);
  for (const of of [
    [2, 35, 3, 2],
    [1, 1, 14, 14],
    [1, 64, 1, 1],
  ]) {
    it(`acquits every honest byte and convicts every changed one of the means of [${of.join(", ")}]`, async () => {
      const { referee } = await loadFixture(refereed);
      const [n = 0, c = 0, h = 0, w = 0] = of;
      const act = {
        opcode: Opcode.Gap,
        shape: [n, c, 1, 1],
        attrs: [bits(1.3 / (h * w)), random.int(256), random.int(256)],
      };
      const { elements, padding } = await judgeAll(referee, scene(act, bytes(random, ...of)));
      expect(elements - padding).to.equal(n * c);
    });
  }
});
