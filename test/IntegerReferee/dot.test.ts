import { expect } from "chai";

import { IntegerOpcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { columnsOf, INT32, integerScene } from "../support/integerScenes.ts";
import { loadFixture } from "../support/network.ts";
import { integerRefereed, judgeAll } from "../support/referee.ts";
import { bytes } from "../support/scenes.ts";

describe("IntegerReferee.faulty, DOT", () => {
  const random = new Random(31);
  const dot = { opcode: IntegerOpcode.Dot, dtype: INT32 };

  for (const length of [1, 31, 32, 33, 70]) {
    it(`acquits every honest element and convicts every changed one, of ${length} products with constants`, async () => {
      const { referee } = await loadFixture(integerRefereed);
      const columns = columnsOf(Array.from({ length: 3 }, () => bytes(random, length).data));
      const act = { ...dot, shape: [2, 2, 3], attrs: [128, 7], columns };
      expect(await judgeAll(referee, integerScene(act, bytes(random, 2, 2, length)))).to.deep.equal({
        elements: 32,
        padding: 20,
      });
    });

    it(`acquits every honest element and convicts every changed one, of ${length} products of two tensors`, async () => {
      const { referee } = await loadFixture(integerRefereed);
      const act = { ...dot, shape: [2, 2, 3], attrs: [0, 255] };
      const scene = integerScene(act, bytes(random, 2, 2, length), bytes(random, 2, 3, length));
      expect(await judgeAll(referee, scene)).to.deep.equal({ elements: 32, padding: 20 });
    });
  }

  it("holds the largest sums of either sign [T072]", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const largest = (length: number) => ({ dtype: 2, shape: [1, length], data: new Uint8Array(length).fill(255) });
    for (const attrs of [
      [0, 0],
      [0, 255],
      [255, 0],
    ]) {
      const scene = integerScene({ ...dot, shape: [1, 1], attrs }, largest(32_768), largest(32_768));
      expect(await judgeAll(referee, scene)).to.deep.equal({ elements: 8, padding: 7 });
    }
  });
});
