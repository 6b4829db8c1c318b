import { expect } from "chai";

import { Layout, Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { judgeAll, refereed } from "../support/referee.ts";
import { bytes, INT64, scene } from "../support/scenes.ts";

describe("OnnxReferee.faulty, ARGMAX", () => {
  const random = new Random(10);
  for (const [of, to] of [
    [[5, 3], [5]],
    [
      [2, 300],
      [2, 1],
    ],
    [
      [2, 2, 1],
      [2, 2],
    ],
    [
      [1, 40, 1, 5],
      [1, 40, 1, 1],
    ],
    [[64], [1]],
  ] as const) {
    it(`acquits every honest element and convicts every changed one of [${of.join(", ")}], the first of equals too`, async () => {
      const { referee } = await loadFixture(refereed);
      const few = bytes(random, ...of);
      const input = { ...few, data: few.data.map((value) => value % 4) };
      const act = { opcode: Opcode.ArgMax, shape: to, dtype: INT64, layout: Layout.Packed };
      const { elements, padding } = await judgeAll(referee, scene(act, input));
      expect(elements - padding).to.equal(to.reduce<number>((a, b) => a * b, 1));
    });
  }
});
