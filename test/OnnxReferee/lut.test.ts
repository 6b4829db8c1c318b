import { expect } from "chai";

import { Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { judgeAll, refereed } from "../support/referee.ts";
import { bytes, scene } from "../support/scenes.ts";

describe("OnnxReferee.faulty, LUT", () => {
  it("acquits every honest byte and convicts every changed one, for all 256 entries", async () => {
    const { referee } = await loadFixture(refereed);
    const random = new Random(7);
    const input = { ...bytes(random, 3, 90), data: Uint8Array.from({ length: 270 }, (_, i) => i % 256) };
    const act = { opcode: Opcode.Lut, shape: [3, 90], constants: bytes(random, 256).data };
    expect(await judgeAll(referee, scene(act, input))).to.deep.equal({ elements: 288, padding: 18 });
  });
});
