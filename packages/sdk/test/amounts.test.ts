import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { formatOpg, parseOpg } from "../src/amounts.ts";

describe("Amounts of OPG", () => {
  it("are read and written as people do", () => {
    const pairs: readonly (readonly [string, bigint])[] = [
      ["0", 0n],
      ["1", 10n ** 18n],
      ["1.5", 15n * 10n ** 17n],
      ["0.000000000000000001", 1n],
      ["1000000000", 10n ** 27n],
    ];
    for (const [text, baseUnits] of pairs) {
      assert.equal(parseOpg(text), baseUnits);
      assert.equal(formatOpg(baseUnits), text);
    }
  });

  it("are refused where they are finer than a base unit, or no amounts", () => {
    assert.throws(() => parseOpg("0.0000000000000000001"));
    assert.throws(() => parseOpg("much"));
  });
});
