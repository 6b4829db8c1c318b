import { expect } from "chai";

import { Layout, Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { judgeAll, refereed } from "../support/referee.ts";
import { bits, bytes, FLOAT, scene } from "../support/scenes.ts";

describe("OnnxReferee.faulty, DEQUANT", () => {
  const random = new Random(11);
  for (const [scale, zero] of [
    [0.1, 128],
    [255.99998, 255],
    [2 ** -32, 0],
  ] as const) {
    it(`acquits every honest float and convicts every changed one, by scale ${scale} and zero point ${zero}`, async () => {
      const { referee } = await loadFixture(refereed);
      const given = bytes(random, 1, 5, 3, 3);
      const input = { ...given, data: given.data.with(7, zero) };
      const act = {
        opcode: Opcode.Dequant,
        shape: [1, 5, 3, 3],
        dtype: FLOAT,
        layout: Layout.Packed,
        attrs: [bits(scale), zero],
      };
      expect(await judgeAll(referee, scene(act, input))).to.deep.equal({ elements: 48, padding: 3 });
    });
  }
});
