import { expect } from "chai";

import { IntegerOpcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { INT32, integers, integerScene } from "../support/integerScenes.ts";
import { loadFixture } from "../support/network.ts";
import { integerRefereed, judgeAll } from "../support/referee.ts";
import { bytes, UINT8 } from "../support/scenes.ts";

describe("IntegerReferee.faulty, JOIN", () => {
  const random = new Random(38);
  const join = { opcode: IntegerOpcode.Join };
  const numbers = (...shape: readonly number[]) =>
    integers(
      INT32,
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.int(1_000) - 500),
      ...shape,
    );

  for (const axis of [0, 1, 2])
    it(`acquits every honest element and convicts every changed one, along axis ${axis}`, async () => {
      const { referee } = await loadFixture(integerRefereed);
      const parts = [1, 3, 2].map((length) => numbers(...[2, 2, 3].with(axis, length)));
      const act = { ...join, dtype: INT32, shape: [2, 2, 3].with(axis, 6), attrs: [axis] };
      const { elements, padding } = await judgeAll(referee, integerScene(act, ...parts));
      expect(elements - padding).to.equal(act.shape.reduce((a, b) => a * b, 1));
    });

  it("joins 16 tensors", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const parts = Array.from({ length: 16 }, () => bytes(random, 2));
    const scene = integerScene({ ...join, dtype: UINT8, shape: [32], attrs: [0] }, ...parts);
    expect(await judgeAll(referee, scene)).to.deep.equal({ elements: 32, padding: 0 });
  });
});
