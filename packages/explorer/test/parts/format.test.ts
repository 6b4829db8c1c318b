import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { formatBytes, formatDuration, formatTime, groupDigits, opgText, shortHash } from "../../src/parts/format.ts";

describe("format", () => {
  it("groups the digits of amounts, and shows where decimals are cut", () => {
    const cases = [
      ["0", "0"],
      ["1234567.5", "1,234,567.5"],
      ["999", "999"],
      ["1.0", "1"],
      ["0.123456789", "0.1234…"],
      ["0.0000001", "0.0000001"],
      ["0.000000123456", "0.00000012…"],
      ["0.000000000000000001", "0.000000000000000001"],
      ["12.00000001", "12.0000…"],
      ["1000000000000000000000000000.25", "1,000,000,000,000,000,000,000,000,000.25"],
    ] as const;
    for (const [decimal, shown] of cases) assert.equal(groupDigits(decimal), shown);
  });

  it("names the unit of an amount", () => {
    assert.equal(opgText(1_234_500_000_000_000_000_000n), "1,234.5 OPG");
  });

  it("shortens hashes and addresses, and leaves short texts as they are", () => {
    assert.equal(shortHash(`0x${"ab".repeat(32)}`), "0xababab…abab");
    assert.equal(shortHash("0x1234"), "0x1234");
  });

  it("tells durations in their two largest units", () => {
    const cases = [
      [-5, "0 s"],
      [0, "0 s"],
      [59.9, "59 s"],
      [60, "1 min"],
      [3_661, "1 h 1 min"],
      [3_605, "1 h"],
      [90_000, "1 d 1 h"],
    ] as const;
    for (const [seconds, shown] of cases) assert.equal(formatDuration(seconds), shown);
  });

  it("names the zone of a time, and knows times that never come", () => {
    assert.match(formatTime(1_763_856_000), /^2[23] Nov 2025, \d\d:\d\d:\d\d \S+/);
    assert.equal(formatTime(2 ** 60), "never");
  });

  it("shows sizes in the unit that keeps them short", () => {
    assert.equal(formatBytes(0), "0 B");
    assert.equal(formatBytes(999), "999 B");
    assert.equal(formatBytes(12_300), "12.3 kB");
    assert.equal(formatBytes(5_400_000), "5.4 MB");
    assert.equal(formatBytes(7e12), "7000.0 GB");
  });
});
