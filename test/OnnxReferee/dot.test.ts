import { expect } from "chai";

import { Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { judgeAll, refereed } from "../support/referee.ts";
import { bytes, denseConstants, scene } from "../support/scenes.ts";

describe("OnnxReferee.faulty, DOT", () => {
  for (const [rows, length, columns] of [
    [[3], 32, 5],
    [[2], 1, 33],
    [[1, 2], 100, 3],
    [[2, 2], 33, 2],
  ] as const) {
    const of = [...rows, length];
    it(`acquits every honest byte and convicts every changed one of [${of.join(", ")}] by [${length}, ${columns}]`, async () => {
      const { referee } = await loadFixture(refereed);
      const random = new Random(length);
      const heads = Array.from({ length: columns }, (_, i) => ({
        bias: (random.int(3) - 1) * random.int(100_000),
        scale: (1 + random.int(1_000)) * 2 ** -21,
        zero: [0, 255, random.int(256)][i % 3] ?? 0,
      }));
      const constants = denseConstants(
        heads,
        heads.map(() => [bytes(random, length).data]),
      );
      const act = {
        opcode: Opcode.Dot,
        shape: [...rows, columns],
        attrs: [random.int(256), random.int(256)],
        constants,
      };
      const { elements, padding } = await judgeAll(referee, scene(act, bytes(random, ...of)));
      expect(elements - padding).to.equal(columns * rows.reduce<number>((a, b) => a * b, 1));
    });
  }
});
