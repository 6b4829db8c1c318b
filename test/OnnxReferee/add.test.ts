import { expect } from "chai";

import { Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { judgeAll, refereed } from "../support/referee.ts";
import { bits, bytes, scene } from "../support/scenes.ts";

describe("OnnxReferee.faulty, ADD", () => {
  const random = new Random(4);
  const scales = [
    [0.37, 1.93, -100.25],
    [1, 0.5, 0],
    [2 ** -32, 255.99, -32_768.5],
    [2 ** -3, 2 ** -4, 255],
  ] as const;

  for (const factors of scales) {
    it(`acquits every honest byte and convicts every changed one of two tensors, by ${factors.join(", ")}`, async () => {
      const { referee } = await loadFixture(refereed);
      const act = { opcode: Opcode.Add, shape: [1, 35, 1, 2], attrs: factors.map(bits) };
      const judged = await judgeAll(referee, scene(act, bytes(random, 1, 35, 1, 2), bytes(random, 1, 35, 1, 2)));
      expect(judged).to.deep.equal({ elements: 128, padding: 58 });
    });
  }

  for (const shape of [[2, 40], [1, 3, 2, 2], [40]]) {
    it(`acquits every honest byte and convicts every changed one of [${shape.join(", ")}] and a constant row`, async () => {
      const { referee } = await loadFixture(refereed);
      const constants = new Uint8Array(shape.at(-1) === 40 ? 64 : 32);
      constants.set(bytes(random, shape.at(-1) ?? 0).data);
      const act = { opcode: Opcode.Add, shape, attrs: [0.7, 0.6, -30.1].map(bits), constants };
      const { elements, padding } = await judgeAll(referee, scene(act, bytes(random, ...shape)));
      expect(elements - padding).to.equal(shape.reduce((a, b) => a * b, 1));
    });
  }
});
