import { expect } from "chai";

import { Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { actors } from "../support/actors.ts";
import { hasProbes, loadFixture } from "../support/network.ts";
import { refereed } from "../support/referee.ts";
import { bits, bytes, caseOf, denseConstants, packedConstants, scene, type Scene } from "../support/scenes.ts";

/** What the paths of a longer trace and the game around it may add to these figures. */
const ROOM = 30_000;

describe("OnnxReferee.faulty, gas", () => {
  const random = new Random(12);
  const heads = (count: number) => Array.from({ length: count }, () => ({ bias: 5, scale: 2 ** -15, zero: 7 }));

  function dot(length: number): Scene {
    const constants = denseConstants(
      heads(8),
      heads(8).map(() => [bytes(random, length).data]),
    );
    return scene({ opcode: Opcode.Dot, shape: [16, 8], attrs: [3, 4], constants }, bytes(random, 16, length));
  }

  function conv(channels: number): Scene {
    const kernel = () => Array.from({ length: 9 }, () => bytes(random, channels).data);
    const attrs = [1, 3, 3, 1, 1, 1, 1, 1, 1, 9, 9];
    const constants = denseConstants(heads(8), heads(8).map(kernel));
    return scene({ opcode: Opcode.Conv, shape: [1, 8, 8, 8], attrs, constants }, bytes(random, 1, channels, 8, 8));
  }

  function depthwise(channels: number): Scene {
    const attrs = [channels, 3, 3, 1, 1, 1, 1, 1, 1, 9, 9];
    const weights = heads(channels).map(() => bytes(random, 9).data);
    const act = {
      opcode: Opcode.Conv,
      shape: [1, channels, 8, 8],
      attrs,
      constants: packedConstants(heads(channels), weights),
    };
    return scene(act, bytes(random, 1, channels, 8, 8));
  }

  function sum(): Scene {
    const [a, b] = [bytes(random, 1, 32, 128, 128), bytes(random, 1, 32, 128, 128)];
    return scene({ opcode: Opcode.Add, shape: [1, 32, 128, 128], attrs: [0.5, 0.5, 3].map(bits) }, a, b);
  }

  function mean(channels: number): Scene {
    const act = { opcode: Opcode.Gap, shape: [1, channels, 1, 1], attrs: [bits(1 / 49), 1, 2] };
    return scene(act, bytes(random, 1, channels, 7, 7));
  }

  // What a whole judgement may cost, and a word whose window lies inside the image.
  const figures = [
    ["DOT of 512", 172_000, () => dot(512), 0],
    ["DOT of 4,096", 450_000, () => dot(4_096), 0],
    ["CONV 3x3 of 64 channels", 210_000, () => conv(64), 18],
    ["CONV 3x3 of 512 channels", 573_000, () => conv(512), 18],
    ["CONV 3x3 depthwise of 960 channels", 230_000, () => depthwise(960), 540],
    ["ADD in tensors of 2^14 words", 165_000, sum, 77],
    ["GAP 7x7 of 2,048 channels", 612_000, () => mean(2_048), 3],
  ] as const;

  for (const [title, most, make, word] of figures)
    it(`judges one element of a ${title} with less than ${most}`, async function () {
      if (hasProbes) return this.skip();
      const [{ referee }, { deployer }] = [await loadFixture(refereed), await actors()];
      const data = referee.interface.encodeFunctionData("faulty", [caseOf(make(), word, 1) as never]);
      const sent = await deployer.sendTransaction({ to: await referee.getAddress(), data });
      expect(Number((await sent.wait())?.gasUsed) + ROOM).to.be.lessThan(most);
    });
});
