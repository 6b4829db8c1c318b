import { expect } from "chai";

import { IntegerOpcode, SumKind } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { INT32, integers, integerScene } from "../support/integerScenes.ts";
import { loadFixture } from "../support/network.ts";
import { integerRefereed, judgeAll } from "../support/referee.ts";
import { bytes, INT64 } from "../support/scenes.ts";

describe("IntegerReferee.faulty, SUM", () => {
  const random = new Random(33);
  const sum = { opcode: IntegerOpcode.Sum };
  const numbers = (dtype: number, most: number, length: number) =>
    integers(
      dtype,
      Array.from({ length: 2 * length }, () => random.int(2 * most) - most),
      2,
      length,
    );

  for (const kind of ["Values", "Squares"] as const)
    for (const length of [1, 4, 7, 8, 9, 33, 100])
      it(`acquits every honest element and convicts every changed one, of ${kind} of rows of ${length}`, async () => {
        const { referee } = await loadFixture(integerRefereed);
        const act = { ...sum, dtype: INT64, shape: [2, 1], attrs: [SumKind[kind]] };
        for (const tensor of [
          bytes(random, 2, length),
          numbers(INT32, 2 ** 25, length),
          numbers(INT64, 2 ** 25, length),
        ])
          expect(await judgeAll(referee, integerScene(act, tensor))).to.deep.equal({ elements: 8, padding: 6 });
      });

  it("makes int32, without the last axis", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const act = { ...sum, dtype: INT32, shape: [2], attrs: [SumKind.Values] };
    expect(await judgeAll(referee, integerScene(act, numbers(INT32, 1_000, 20)))).to.deep.equal({
      elements: 8,
      padding: 6,
    });
  });

  it("holds the extremes of either type", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const cases = [
      [INT32, [-(2n ** 31n), 2n ** 31n - 1n, -(2n ** 31n), -(2n ** 31n), -1n], SumKind.Values],
      [INT32, [-(2n ** 31n), 2n ** 30n, 1n], SumKind.Squares],
      [INT64, [-(2n ** 63n), 2n ** 63n - 1n, 5n], SumKind.Values],
      [INT64, [-(2n ** 31n), 2n ** 31n, 3n], SumKind.Squares],
    ] as const;
    for (const [dtype, values, kind] of cases) {
      const act = { ...sum, dtype: INT64, shape: [1, 1], attrs: [kind] };
      const scene = integerScene(act, integers(dtype, values, 1, values.length));
      expect(await judgeAll(referee, scene)).to.deep.equal({ elements: 4, padding: 3 });
    }
  });
});
