import { expect } from "chai";

import { IntegerOpcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { INT32, integers, integerScene } from "../support/integerScenes.ts";
import { loadFixture } from "../support/network.ts";
import { integerRefereed, judgeAll, judgeOf } from "../support/referee.ts";
import { bytes, caseOf, INT64, UINT8 } from "../support/scenes.ts";

describe("IntegerReferee.faulty, TAKE", () => {
  const random = new Random(35);
  const take = { opcode: IntegerOpcode.Take };
  const columns = (dtype: number, most: number, ...shape: readonly number[]) =>
    integers(
      dtype,
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.int(most)),
      ...shape,
    );

  for (const dtype of [INT32, INT64])
    it(`acquits every honest element and convicts every changed one, by indices of type ${dtype}`, async () => {
      const { referee } = await loadFixture(integerRefereed);
      const wide = columns(INT64, 1_000_000, 2, 2, 70);
      const act = { ...take, dtype: INT64, shape: [2, 2, 3] };
      const scene = integerScene(act, wide, columns(dtype, 70, 2, 2, 3));
      expect(await judgeAll(referee, scene)).to.deep.equal({ elements: 16, padding: 4 });
    });

  it("takes bytes of a single row", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const scene = integerScene({ ...take, dtype: UINT8, shape: [4] }, bytes(random, 70), columns(INT32, 70, 4));
    expect(await judgeAll(referee, scene)).to.deep.equal({ elements: 32, padding: 28 });
  });

  it("convicts whatever is said where the index leads beside the row, without opening the row [T077]", async () => {
    const { referee } = await loadFixture(integerRefereed);
    for (const index of [-1n, 70n, 2n ** 40n]) {
      const scene = integerScene({ ...take, dtype: UINT8, shape: [1] }, bytes(random, 70), integers(INT64, [index], 1));
      const c = caseOf(scene, 0, 0);
      expect(c.inputs[0]).to.deep.equal({ words: [], siblings: [] });
      expect(await judgeOf(referee)(c)).to.equal(true);
    }
  });
});
