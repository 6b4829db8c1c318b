import { expect } from "chai";

import { Layout, Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { judgeAll, refereed } from "../support/referee.ts";
import { bytes, openingScene, scene } from "../support/scenes.ts";

describe("OnnxReferee.faulty, MOVE", () => {
  const random = new Random(9);
  const cases = [
    { of: [2, 3, 2, 5], to: [2, 3, 2, 5], perm: [], packed: true },
    { of: [2, 35, 1, 2], to: [2, 70], perm: [], packed: false },
    { of: [6, 10], to: [1, 15, 2, 2], perm: [], packed: false },
    { of: [1, 2, 9, 4], to: [1, 9, 4, 2], perm: [0, 2, 3, 1], packed: false },
    { of: [2, 3, 4], to: [4, 2, 3], perm: [2, 0, 1], packed: false },
    { of: [1, 2, 1, 2, 1, 3], to: [3, 1, 2, 1, 2, 1], perm: [5, 4, 3, 2, 1, 0], packed: false },
  ];
  for (const { of, to, perm, packed } of cases) {
    const where = packed ? "into a packed tensor" : `to [${to.join(", ")}]`;
    it(`acquits every honest byte and convicts every changed one of [${of.join(", ")}] ${where}, by [${perm.join(", ")}]`, async () => {
      const { referee } = await loadFixture(refereed);
      const act = { opcode: Opcode.Move, shape: to, attrs: perm, ...(packed && { layout: Layout.Packed }) };
      const { elements, padding } = await judgeAll(referee, scene(act, bytes(random, ...of)));
      expect(elements - padding).to.equal(to.reduce((a, b) => a * b, 1));
    });
  }

  it("reads a payload by type, shape and place", async () => {
    const { referee } = await loadFixture(refereed);
    const act = { opcode: Opcode.Move, shape: [3, 40] };
    expect(await judgeAll(referee, openingScene(act, bytes(random, 3, 40)))).to.deep.equal({
      elements: 192,
      padding: 72,
    });
  });
});
