import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { DType, ModelRefusedError, compile, readModel, writeModel } from "../../src/onnx/index.ts";
import { GraphBuilder, quantised } from "../../src/onnx/GraphBuilder.ts";
import { Random } from "./support/Random.ts";

const FILE = new URL("../../../../examples/digits/digits.onnx", import.meta.url);
const DIGITS = new Uint8Array(readFileSync(FILE));

/** The root of a file, or the message of its refusal. Anything else that is thrown fails the test. */
function outcomeOf(file: Uint8Array): string {
  try {
    return compile(file).graphRoot;
  } catch (error) {
    assert.ok(error instanceof ModelRefusedError, String(error));
    assert.ok(error.refusals.length > 0);
    return error.message;
  }
}

/** A model with most kinds of nodes. */
function colourful(): Uint8Array {
  const b = new GraphBuilder();
  const q = quantised(b, 0.5, 3);
  const f = b.node("QuantizeLinear", [b.input("f", [1, 2, 4, 4], DType.Float), ...q]);
  const w = [b.int8([1, -2, 3, -4], [2, 2, 1, 1]), b.float([0.25, 0.5]), b.int8(0)];
  const conv = b.node("QLinearConv", [f, ...q, ...w, ...q, b.int32([1, 2])], {
    attributes: { auto_pad: "SAME_UPPER" },
  });
  const pool = b.node("MaxPool", [conv], { attributes: { kernel_shape: [2, 2], strides: [2, 2] } });
  const leaky = b.node("QLinearLeakyRelu", [pool, ...q, ...q], { attributes: { alpha: { float: 0.25 } } });
  const flat = b.node("Reshape", [b.node("Concat", [pool, leaky], { attributes: { axis: 1 } }), b.int64([1, -1])]);
  const matrix = [b.uint8(Array<number>(48).fill(7), [16, 3]), ...quantised(b, 0.5, 1)];
  const dense = b.node("QGemm", [flat, ...q, ...matrix, "", ...q]);
  b.output(b.node("ArgMax", [dense], { attributes: { axis: 1 } }), [1, 1], DType.Int64);
  return b.output(dense, [1, 3]).bytes();
}

describe("readModel and writeModel", () => {
  it("give a file back as it was read, with its documentation", () => {
    const model = readModel(DIGITS);
    assert.deepEqual(readModel(writeModel(model)), model);
    assert.equal(writeModel(model).length, DIGITS.length);
    assert.equal(Object.getPrototypeOf(writeModel(model)), Uint8Array.prototype); // a Buffer's slices share its memory
    assert.ok(new TextDecoder().decode(writeModel(model)).includes("CC BY 4.0"));
  });

  it("read a file out of a larger buffer", () => {
    const larger = new Uint8Array(DIGITS.length + 7);
    larger.set(DIGITS, 7);
    assert.equal(compile(larger.subarray(7)).graphRoot, compile(DIGITS).graphRoot);
  });

  it("work where code may not be generated from strings", () => {
    const index = new URL("../../src/onnx/index.ts", import.meta.url);
    const script = `
      import { readFileSync } from "node:fs";
      import { compile, readModel, writeModel } from ${JSON.stringify(index.href)};
      let forbidden = false;
      try { new Function("return 1"); } catch { forbidden = true; }
      const file = readFileSync(new URL(${JSON.stringify(FILE.href)}));
      process.stdout.write(JSON.stringify([forbidden, compile(writeModel(readModel(file))).graphRoot]));`;
    const flags = ["--disallow-code-generation-from-strings", "--input-type=module", "-e", script];
    const [forbidden, root] = JSON.parse(execFileSync(process.execPath, flags, { encoding: "utf8" })) as unknown[];
    assert.equal(forbidden, true);
    assert.equal(root, compile(DIGITS).graphRoot);
  });
});

describe("readModel, on bytes that are no such file", () => {
  const refused = (file: readonly number[], reason: string) => {
    assert.throws(
      () => readModel(Uint8Array.from(file)),
      (error) => error instanceof ModelRefusedError && error.reason === `this is no ONNX file: ${reason}`,
    );
  };

  it("says what is wrong with them", () => {
    refused([0x0a], "field 1 has wire type 2, not 0");
    refused([0x08, 1, 0x08, 1], "field 1 comes twice");
    refused([0x3a, 5, 0], "a length goes beyond the end");
    refused([0x13], "field 2 is a group");
    refused([0x08, 255, 255, 255, 255, 255, 255, 255, 127], "an integer is beyond 2^53");
    refused([0x3a, 3, 0x12, 1, 255], "The encoded data was not valid for encoding utf-8");
    const dims = [0x3a, 71, 0x2a, 69, 0x0a, 67, ...Array<number>(67).fill(1)];
    refused(dims, "field 1 has more than 64 numbers");
  });

  it("reads no more than a million fields", () => {
    const empty = new Uint8Array(2 * (2 ** 20 + 1));
    for (let i = 0; i < empty.length; i += 2) empty[i] = 0x42; // opset_import without anything
    assert.throws(() => readModel(empty), { reason: "this is no ONNX file: more than 1048576 fields" });
  });
});

describe("compile, on damaged files", () => {
  for (const [name, file, rounds] of [
    ["digits", DIGITS, 400], // each that compiles takes 10 ms of hashing
    ["a model of many kinds", colourful(), 4_000],
  ] as const) {
    const whole = outcomeOf(file);

    it(`refuses ${name} wherever it is cut off`, () => {
      assert.match(whole, /^0x/);
      const step = Math.max(1, Math.floor(file.length / 1_500));
      for (let length = 0; length < file.length; length += step)
        assert.doesNotMatch(outcomeOf(file.subarray(0, length)), /^0x/, `${length} bytes`);
    });

    it(`compiles or refuses ${name} with bytes changed, and never fails otherwise`, () => {
      const random = new Random(7);
      const upTo = (end: number) => random.int(0, end - 1);
      let refusals = 0;
      for (let round = 0; round < rounds; round++) {
        const damaged = file.slice();
        // Most of a file is weights; what holds it together stands in its first and last part.
        const place = () => (round % 2 === 0 ? upTo(file.length) : upTo(Math.min(file.length, 3_000)));
        for (let i = 0; i <= round % 4; i++) damaged[place()] = upTo(256);
        if (round % 5 === 0) damaged.copyWithin(place(), place(), file.length);
        if (!outcomeOf(damaged).startsWith("0x")) refusals++;
      }
      assert.ok(refusals > rounds / 5, String(refusals));
    });
  }

  it("refuses noise", () => {
    const random = new Random(8);
    for (let round = 0; round < 1_000; round++) {
      const noise = Uint8Array.from({ length: round }, () => random.int(0, 255));
      assert.doesNotMatch(outcomeOf(noise), /^0x/);
    }
  });
});
