import { expect } from "chai";

import { IntegerOpcode, Layout, MapOp } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { BOOL, instruction, INT32, integerOpeningScene, integers, integerScene } from "../support/integerScenes.ts";
import { loadFixture } from "../support/network.ts";
import { integerRefereed, judgeAll } from "../support/referee.ts";
import { bytes, INT64, UINT8 } from "../support/scenes.ts";

const LEAST = -(2n ** 31n);
const MOST = 2n ** 31n - 1n;

describe("IntegerReferee.faulty, MAP", () => {
  const random = new Random(32);
  const map = { opcode: IntegerOpcode.Map };
  /** Numbers among which are the extremes, zero and small ones of either sign. */
  const numbers = (count: number) =>
    Array.from({ length: count }, () =>
      random.pick([LEAST, MOST, -1n, 0n, 1n, 7n, BigInt(random.int(2 ** 20)) - 2n ** 19n]),
    );
  const positive = (count: number) => Array.from({ length: count }, () => 1n + BigInt(random.int(300)));

  for (const op of ["Add", "Sub", "Mul", "Greater", "Less", "GreaterOrEqual", "Equal"] as const)
    it(`acquits every honest element and convicts every changed one, of ${op}`, async () => {
      const { referee } = await loadFixture(integerRefereed);
      const dtype = ["Add", "Sub", "Mul"].includes(op) ? INT64 : BOOL;
      const act = { ...map, dtype, shape: [3, 5], attrs: [2n, instruction(MapOp[op], 0, 1)] };
      const operands = [integers(INT32, numbers(15), 3, 5), integers(INT32, numbers(15), 3, 5)];
      const { elements, padding } = await judgeAll(referee, integerScene(act, ...operands));
      expect(elements - padding).to.equal(15);
    });

  it("divides towards zero", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const act = { ...map, dtype: INT32, shape: [3, 5], attrs: [2n, instruction(MapOp.Div, 0, 1)] };
    const operands = [integers(INT32, numbers(15), 3, 5), integers(INT32, positive(15), 3, 5)];
    expect(await judgeAll(referee, integerScene(act, ...operands))).to.deep.equal({ elements: 24, padding: 9 });
  });

  for (const [op, dtype] of [
    ["Abs", INT64],
    ["Wrap8", UINT8],
    ["Wrap32", INT32],
  ] as const)
    it(`acquits every honest element and convicts every changed one, of ${op}`, async () => {
      const { referee } = await loadFixture(integerRefereed);
      const act = { ...map, dtype, shape: [3, 5], attrs: [1n, instruction(MapOp[op], 0)] };
      const operand = integers(
        INT64,
        numbers(15).map((value) => 3n * value),
        3,
        5,
      );
      const { elements, padding } = await judgeAll(referee, integerScene(act, operand));
      expect(elements - padding).to.equal(15);
    });

  it("clips, and takes one of two by a truth", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const clip = [instruction(MapOp.Const), -5n, instruction(MapOp.Const), 9n, instruction(MapOp.Clip, 1, 3, 4)];
    const act = { ...map, dtype: INT32, shape: [3, 5], attrs: [3n, ...clip, instruction(MapOp.Where, 0, 5, 2)] };
    const truths = integers(
      BOOL,
      Array.from({ length: 15 }, () => random.int(2)),
      3,
      5,
    );
    const operands = [truths, integers(INT32, numbers(15), 3, 5), integers(INT32, numbers(15), 3, 5)];
    expect(await judgeAll(referee, integerScene(act, ...operands))).to.deep.equal({ elements: 24, padding: 9 });
  });

  it("makes a wider number without any instruction", async () => {
    const { referee } = await loadFixture(integerRefereed);
    for (const operand of [
      bytes(random, 2, 3),
      integers(INT32, numbers(6), 2, 3),
      integers(BOOL, [0, 1, 1, 0, 1, 0], 2, 3),
    ]) {
      const act = { ...map, dtype: INT64, shape: [2, 3], attrs: [1n] };
      expect(await judgeAll(referee, integerScene(act, operand))).to.deep.equal({ elements: 8, padding: 2 });
    }
  });

  it("repeats operands along axes that they do not have, tensors and constants", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const add = [instruction(MapOp.Add, 0, 1), instruction(MapOp.Add, 2, 4), instruction(MapOp.Mul, 3, 5)];
    const constants = [integers(INT32, positive(6), 2, 1, 3), integers(INT64, [1_000_000], 1)];
    const act = { ...map, dtype: INT64, shape: [2, 2, 3], attrs: [4n, ...add], constants };
    const operands = [integers(INT32, numbers(6), 2, 3), integers(INT32, positive(4), 2, 2, 1)];
    expect(await judgeAll(referee, integerScene(act, ...operands))).to.deep.equal({ elements: 16, padding: 4 });
  });

  it("looks entries up, in more than one table and by what it has looked up", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const constants = [
      integers(UINT8, [3, 9, 0], 3),
      integers(INT32, numbers(40), 40),
      integers(
        UINT8,
        Array.from({ length: 256 }, () => random.int(40)),
        256,
      ),
    ];
    const look = [
      instruction(MapOp.Table, 0, 3), // 2: a byte below 40
      instruction(MapOp.Table, 2, 2), // 3: a number
      instruction(MapOp.Table, 1, 2), // 4: another one
      instruction(MapOp.Sub, 3, 4),
    ];
    const act = { ...map, dtype: INT64, shape: [2, 3], attrs: [2n, ...look], constants };
    expect(await judgeAll(referee, integerScene(act, bytes(random, 2, 3)))).to.deep.equal({ elements: 8, padding: 2 });
  });

  it("reads the statement's input as it is packed", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const act = { ...map, dtype: INT32, shape: [3, 15], attrs: [2n, instruction(MapOp.Add, 0, 1)] };
    const operands = [bytes(random, 3, 15), integers(INT32, numbers(15), 15)];
    expect(await judgeAll(referee, integerOpeningScene(act, ...operands))).to.deep.equal({ elements: 48, padding: 3 });
  });

  it("runs a program of 120 values", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const steps = Array.from({ length: 120 }, (_, i) => instruction(i % 2 === 0 ? MapOp.Add : MapOp.Sub, i, 0));
    const act = { ...map, dtype: INT64, shape: [1, 2], attrs: [1n, ...steps], layout: Layout.Rows };
    expect(await judgeAll(referee, integerScene(act, integers(INT32, [5, -9], 1, 2)))).to.deep.equal({
      elements: 4,
      padding: 2,
    });
  });
});
