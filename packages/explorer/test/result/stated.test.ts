import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { errorRoot, PayloadError } from "@opg-protocol/sdk";

import type { JobStatement } from "../../src/entities/jobs.ts";
import { heatPixels } from "../../src/pages/result/heat.ts";
import { faultText } from "../../src/pages/result/payload.ts";
import { outputsOf } from "../../src/pages/result/stated.ts";

const statement = (node: string, outputRoot: string): JobStatement => ({
  ...{ node, outputRoot, roundId: "0xr", attempt: 0, at: 1, tx: "0xt" },
});

describe("result: what nodes have stated", () => {
  it("puts the result first, then what most have stated", () => {
    const statements = [statement("a", "x"), statement("b", "y"), statement("c", "z"), statement("d", "z")];
    const outputs = outputsOf(statements, "y");
    assert.deepEqual(
      outputs.map(({ root, isResult, statements: { length } }) => [root, isResult, length]),
      [
        ["y", true, 1],
        ["z", false, 2],
        ["x", false, 1],
      ],
    );
  });

  it("has the result although nobody's reveal of it is known", () => {
    assert.deepEqual(outputsOf([], "y"), [{ root: "y", statements: [], isResult: true }]);
    assert.deepEqual(outputsOf([], undefined), []);
  });

  it("says what canonical errors mean", () => {
    assert.match(faultText(errorRoot(PayloadError.InputMalformed)) ?? "", /types and shapes/);
    assert.equal(faultText("0x1234"), undefined);
  });
});

describe("result: heat maps", () => {
  const colours = { zero: [0, 0, 0], above: [200, 0, 0], below: [0, 100, 0] } as const;

  it("colours by the distance from zero, on both sides", () => {
    assert.deepEqual([...heatPixels([0, 4, -2], colours)], [0, 0, 0, 255, 200, 0, 0, 255, 0, 50, 0, 255]);
  });

  it("leaves out what is no number, and bears infinity", () => {
    assert.deepEqual([...heatPixels([NaN, Infinity, 1], colours)], [0, 0, 0, 0, 200, 0, 0, 255, 200, 0, 0, 255]);
  });
});
