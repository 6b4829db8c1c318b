import { expect } from "chai";

import { IntegerOpcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { INT32, integers, integerScene } from "../support/integerScenes.ts";
import { loadFixture } from "../support/network.ts";
import { integerRefereed, judgeAll, judgeOf } from "../support/referee.ts";
import { bytes, caseOf, INT64, UINT8 } from "../support/scenes.ts";

describe("IntegerReferee.faulty, ROWS", () => {
  const random = new Random(36);
  const rows = { opcode: IntegerOpcode.Rows };
  const chosen = (dtype: number, most: number, ...shape: readonly number[]) =>
    integers(
      dtype,
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.int(most)),
      ...shape,
    );

  it("acquits every honest element and convicts every changed one, of rows of bytes", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const act = { ...rows, dtype: UINT8, shape: [2, 2, 40], constants: [bytes(random, 9, 40)] };
    expect(await judgeAll(referee, integerScene(act, chosen(INT64, 9, 2, 2)))).to.deep.equal({
      elements: 256,
      padding: 96,
    });
  });

  it("acquits every honest element and convicts every changed one, of parts with more than one axis", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const constants = [chosen(INT32, 2 ** 30, 5, 2, 3)];
    const scene = integerScene({ ...rows, dtype: INT32, shape: [4, 2, 3], constants }, chosen(INT32, 5, 4));
    expect(await judgeAll(referee, scene)).to.deep.equal({ elements: 64, padding: 40 });
  });

  it("acquits every honest element and convicts every changed one, of single numbers", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const scene = integerScene(
      { ...rows, dtype: INT64, shape: [5], constants: [chosen(INT64, 99, 30)] },
      chosen(INT32, 30, 5),
    );
    expect(await judgeAll(referee, scene)).to.deep.equal({ elements: 8, padding: 3 });
  });

  it("convicts whatever is said where there is no such row, without opening constants [T077]", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const act = { ...rows, dtype: UINT8, shape: [1, 40], constants: [bytes(random, 9, 40)] };
    for (const index of [-1n, 9n, -(2n ** 63n)]) {
      const c = caseOf(integerScene(act, integers(INT64, [index], 1)), 0, 0);
      expect(c.constants).to.deep.equal({ words: [], siblings: [] });
      expect(await judgeOf(referee)(c)).to.equal(true);
    }
  });
});
