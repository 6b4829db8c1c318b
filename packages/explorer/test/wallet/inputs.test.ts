import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { readAddress, readAmount, readInteger } from "../../src/wallet/inputs.ts";

const OPG = 10n ** 18n;

describe("readAmount", () => {
  it("reads what people write, to the last digit", () => {
    assert.deepEqual(readAmount("12"), { value: 12n * OPG });
    assert.deepEqual(readAmount(" 0.5 "), { value: OPG / 2n });
    assert.deepEqual(readAmount("0.000000000000000001"), { value: 1n });
    assert.deepEqual(readAmount("1000000000"), { value: 1_000_000_000n * OPG });
  });

  it("takes nothing for nothing", () => {
    assert.deepEqual(readAmount("  "), {});
  });

  for (const text of ["1,5", "-1", "1e3", "0x10", "1.", ".5", "1.2.3", "1 000", "ten", "１"]) {
    it(`refuses ${text}`, () => {
      assert.match(readAmount(text).error ?? "", /Write an amount/);
    });
  }

  it("refuses more digits than OPG has", () => {
    assert.match(readAmount("0.0000000000000000001").error ?? "", /18 digits/);
    assert.match(readAmount("9".repeat(40)).error ?? "", /more OPG than there is/);
  });

  it("holds its bounds, which are inclusive", () => {
    const bounds = { min: OPG, max: 2n * OPG };
    assert.deepEqual(readAmount("1", bounds), { value: OPG });
    assert.deepEqual(readAmount("2", bounds), { value: 2n * OPG });
    assert.deepEqual(readAmount("0.9", bounds), { error: "At least 1 OPG." });
    assert.deepEqual(readAmount("2.000000000000000001", bounds), { error: "At most 2 OPG." });
  });
});

describe("readAmount with a step", () => {
  it("takes whole steps alone", () => {
    const step = 10n ** 12n;
    assert.deepEqual(readAmount("0.000001", { step }), { value: step });
    assert.deepEqual(readAmount("0.0000015", { step }), { error: "In steps of 0.000001 OPG." });
  });
});

describe("readInteger", () => {
  it("reads digits alone", () => {
    assert.deepEqual(readInteger("42"), { value: 42 });
    assert.deepEqual(readInteger(""), {});
    assert.match(readInteger("4.2").error ?? "", /whole number/);
    assert.match(readInteger("-4").error ?? "", /whole number/);
    assert.match(readInteger("9007199254740993").error ?? "", /too large/);
  });

  it("holds its bounds", () => {
    assert.deepEqual(readInteger("4", { min: 5 }), { error: "At least 5." });
    assert.deepEqual(readInteger("6", { max: 5 }), { error: "At most 5." });
  });
});

describe("readAddress", () => {
  const address = "0x52908400098527886E0F7030069857D2E4169EE7";

  it("gives an address with its checksum", () => {
    assert.deepEqual(readAddress(address.toLowerCase()), { value: address });
    assert.deepEqual(readAddress(` ${address} `), { value: address });
  });

  it("refuses a wrong checksum, which is a mistyped address", () => {
    assert.match(readAddress(address.replace("E4169", "e4169")).error ?? "", /checksum/);
  });

  it("refuses what is no address", () => {
    assert.match(readAddress("vitalik.eth").error ?? "", /Write an address/);
    assert.match(readAddress("0x1234").error ?? "", /Write an address/);
    assert.match(readAddress(`0x${"0".repeat(40)}`).error ?? "", /zero address/);
    assert.deepEqual(readAddress(""), {});
  });
});
