import { expect } from "chai";

import { Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { judgeAll, refereed } from "../support/referee.ts";
import { bits, floats, openingScene } from "../support/scenes.ts";

const INFINITY = 0x7f80_0000;
const MINUS = 0x8000_0000;
const LARGEST = 0x7f7f_ffff;
const SUBNORMAL = 0x007f_ffff;

describe("OnnxReferee.faulty, QUANT", () => {
  const random = new Random(1);
  const anyFloat = () => bits((random.int(2 ** 24) - 2 ** 23) * 2 ** (random.int(24) - 32));
  const halves = (scale: number) => Array.from({ length: 40 }, (_, i) => bits((i - 20.5) * scale));
  const extremes = [0, MINUS, INFINITY, INFINITY + MINUS, LARGEST, LARGEST + MINUS, SUBNORMAL, SUBNORMAL + MINUS];

  for (const [scale, zero] of [
    [0.1, 128],
    [0.25, 0],
    [2 ** -32, 255],
    [255.5, 7],
  ] as const) {
    it(`acquits every honest byte and convicts every changed one, by scale ${scale} and zero point ${zero}`, async () => {
      const { referee } = await loadFixture(refereed);
      const values = [...extremes, ...halves(scale), ...Array.from({ length: 12 }, anyFloat)];
      const act = { opcode: Opcode.Quant, shape: [2, 30], attrs: [bits(scale), zero] };
      expect(await judgeAll(referee, openingScene(act, floats(values, 2, 30)))).to.deep.equal({
        elements: 64,
        padding: 4,
      });
    });
  }

  it("lays pixels out by their channels", async () => {
    const { referee } = await loadFixture(refereed);
    const act = { opcode: Opcode.Quant, shape: [1, 3, 2, 2], attrs: [bits(2 ** -10), 128] };
    const input = floats(Array.from({ length: 12 }, anyFloat), 1, 3, 2, 2);
    expect(await judgeAll(referee, openingScene(act, input))).to.deep.equal({ elements: 128, padding: 116 });
  });
});
