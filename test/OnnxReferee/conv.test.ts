import { expect } from "chai";

import { Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { judgeAll, refereed } from "../support/referee.ts";
import { bytes, denseConstants, packedConstants, scene } from "../support/scenes.ts";

describe("OnnxReferee.faulty, CONV", () => {
  const cases = [
    { title: "3x3 with padding", of: [1, 5, 3, 3], to: [1, 3, 3, 3], group: 1, window: [3, 3, 1, 1, 1, 1, 1, 1] },
    { title: "1x1 over many words", of: [2, 70, 1, 2], to: [2, 33, 1, 2], group: 1, window: [1, 1, 1, 1, 1, 1, 0, 0] },
    { title: "strides and dilations", of: [1, 3, 7, 6], to: [1, 2, 3, 2], group: 1, window: [2, 3, 2, 3, 3, 2, 1, 2] },
    {
      title: "windows beside the image",
      of: [1, 2, 2, 2],
      to: [1, 2, 4, 3],
      group: 1,
      window: [2, 2, 3, 4, 1, 1, 3, 4],
    },
    { title: "depthwise", of: [1, 40, 2, 2], to: [1, 40, 2, 2], group: 40, window: [3, 3, 1, 1, 1, 1, 1, 1] },
    { title: "groups across words", of: [1, 60, 2, 2], to: [1, 6, 2, 1], group: 3, window: [2, 2, 1, 2, 1, 1, 1, 0] },
    {
      title: "groups longer than a word",
      of: [1, 100, 1, 3],
      to: [1, 4, 1, 2],
      group: 2,
      window: [1, 3, 1, 2, 1, 1, 0, 1],
    },
  ] as const;

  for (const { title, of, to, group, window } of cases) {
    it(`acquits every honest byte and convicts every changed one: ${title}`, async () => {
      const { referee } = await loadFixture(refereed);
      const random = new Random(title.length);
      const [pixels, depth] = [window[0] * window[1], of[1] / group];
      const heads = Array.from({ length: to[1] }, (_, i) => ({
        bias: random.int(20_000) - 10_000,
        scale: (1 + random.int(1_000)) * 2 ** -22,
        zero: [0, 255, random.int(256)][i % 3] ?? 0,
      }));
      const constants =
        group === 1
          ? denseConstants(
              heads,
              heads.map(() => Array.from({ length: pixels }, () => bytes(random, depth).data)),
            )
          : packedConstants(
              heads,
              heads.map(() => bytes(random, pixels * depth).data),
            );
      const attrs = [group, ...window, random.int(256), random.int(256)];
      const { elements, padding } = await judgeAll(
        referee,
        scene({ opcode: Opcode.Conv, shape: to, attrs, constants }, bytes(random, ...of)),
      );
      expect(elements - padding).to.equal(to.reduce<number>((a, b) => a * b, 1));
    });
  }
});
