import { expect } from "chai";

import { IntegerOpcode, Layout } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { INT32, inOrder, integerOpeningScene, integers, integerScene, statedScene } from "../support/integerScenes.ts";
import { loadFixture } from "../support/network.ts";
import { integerRefereed, judgeAll, judgeOf } from "../support/referee.ts";
import { bytes, caseOf, INT64, UINT8 } from "../support/scenes.ts";

describe("IntegerReferee.faulty, MOVE", () => {
  const random = new Random(37);
  const move = { opcode: IntegerOpcode.Move };
  const wide = integers(
    INT64,
    Array.from({ length: 24 }, () => random.int(2 ** 30) - 2 ** 29),
    2,
    3,
    4,
  );

  for (const [title, shape, attrs] of [
    ["a transposition", [4, 2, 3], [3, 4, 2, 3, 0, 1, 12, 4]],
    ["a slice from behind", [2, 2], [2, 2, 2, 23, -12, -3]],
    ["a repetition", [3, 4], [2, 3, 4, 4, 0, 1]],
    ["another shape", [6, 4], [1, 24, 0, 1]],
    ["one element", [1], [0, 17]],
  ] as const)
    it(`acquits every honest element and convicts every changed one, of ${title}`, async () => {
      const { referee } = await loadFixture(integerRefereed);
      const count = shape.reduce<number>((a, b) => a * b, 1);
      const { elements, padding } = await judgeAll(
        referee,
        integerScene({ ...move, dtype: INT64, shape, attrs }, wide),
      );
      expect(elements - padding).to.equal(count);
    });

  it("copies the statement's input into rows, and rows into a packed output", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const act = { ...move, dtype: UINT8, shape: [3, 15], attrs: inOrder(45) };
    expect(await judgeAll(referee, integerOpeningScene(act, bytes(random, 3, 15)))).to.deep.equal({
      elements: 96,
      padding: 51,
    });
    const scene = integerScene({ ...act, layout: Layout.Packed }, bytes(random, 3, 15));
    expect(await judgeAll(referee, scene)).to.deep.equal({ elements: 64, padding: 19 });
  });

  it("copies what the statement states", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const stated = integers(
      INT32,
      Array.from({ length: 10 }, () => random.int(1_000)),
      2,
      5,
    );
    const scene = statedScene({ ...move, dtype: INT32, shape: [2, 5], attrs: inOrder(10) }, stated);
    expect(await judgeAll(referee, scene)).to.deep.equal({ elements: 16, padding: 6 });
  });

  it("convicts whatever is said where there is no such element, without any opening [T077]", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const largest = 2n ** 63n - 1n;
    for (const [base, stride] of [
      [-1n, 0n],
      [24n, 0n],
      [0n, -largest],
      [largest, largest],
    ] as const) {
      // The executor copies what there is; the first element is there in one of them.
      const scene = integerScene({ ...move, dtype: INT64, shape: [2], attrs: [1n, 2n, base, stride] }, wide);
      const c = caseOf(scene, 0, 8);
      expect([c.inputRoots, c.inputs]).to.deep.equal([[], []]);
      expect(await judgeOf(referee)(c)).to.equal(true);
    }
  });
});
