/** `opg model metadata`: what a file must say before it can be published. */
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { decodePayload, payloadRoot, type Tensor } from "@opg-protocol/sdk";

import { onnxModel, type Value } from "../../node/test/support/onnx.ts";

const OPG = fileURLToPath(new URL("../bin/opg.js", import.meta.url));
const FOLDER = mkdtempSync(join(tmpdir(), "opg-cli-"));
const OUTPUT = join(FOLDER, "metadata.json");
after(() => {
  rmSync(FOLDER, { recursive: true });
});

function metadataOf(model: Uint8Array, ...args: readonly string[]) {
  const path = join(FOLDER, "model.onnx");
  writeFileSync(path, model);
  rmSync(OUTPUT, { force: true });
  const command = [OPG, "model", "metadata", path, "-o", OUTPUT, "--name", "A model", ...args];
  return spawnSync(process.execPath, command, { encoding: "utf8" });
}

const identity = (input: Partial<Value>, type = "Identity") => {
  const value = { dtype: 1, shape: [1, 3], ...input };
  const [x, y] = [
    { name: "x", ...value },
    { name: "y", ...value },
  ];
  return onnxModel([x], [y], [{ type, inputs: ["x"], outputs: ["y"] }]);
};

const goldenIn = (path: string): Tensor[] => {
  const { golden } = JSON.parse(readFileSync(path, "utf8")) as { golden: { input: string } };
  return decodePayload(Buffer.from(golden.input.slice(2), "hex"));
};

describe("opg model metadata", () => {
  it("makes up an input for a model of floats, with open dimensions as one, and says what comes out", () => {
    const { status, stdout } = metadataOf(identity({ shape: ["batch", 3] }), "--json");
    assert.equal(status, 0);
    const [input] = goldenIn(OUTPUT);
    assert.deepEqual([input?.dtype, input?.shape], [1, [1, 3]]);
    assert.deepEqual([...new Float32Array(input?.data.slice().buffer ?? new ArrayBuffer())], [0, 37 / 256, 74 / 256]);
    const { goldenOutputRoot } = JSON.parse(stdout) as { goldenOutputRoot: string };
    assert.equal(goldenOutputRoot, payloadRoot(goldenIn(OUTPUT))); // it gives back what it is given
  });

  it("names the graph that writes texts by its place and its bytes", () => {
    const decode = join(FOLDER, "decode.onnx");
    writeFileSync(decode, "a graph");
    const uri = "https://models.example/decode.onnx";
    assert.equal(metadataOf(identity({}), "--decode", decode, "--decode-uri", uri).status, 0);
    const { decode: entry } = JSON.parse(readFileSync(OUTPUT, "utf8")) as { decode: unknown };
    const sha256 = `0x${createHash("sha256").update("a graph").digest("hex")}`;
    assert.deepEqual(entry, { uri, sha256 });
    for (const half of [
      ["--decode", decode],
      ["--decode-uri", uri],
    ]) {
      const { status, stderr } = metadataOf(identity({}), ...half);
      assert.match(stderr, /--decode and --decode-uri go together/);
      assert.deepEqual([status, existsSync(OUTPUT)], [2, false]);
    }
  });

  const misplaced: readonly (readonly [string, string])[] = [
    ["is no URI", "decode.onnx"],
    ["nodes do not read", "ftp://models.example/decode.onnx"],
    ["is too long", `https://models.example/${"x".repeat(2_048)}`],
  ];
  for (const [what, uri] of misplaced)
    it(`refuses a place of that graph that ${what}`, () => {
      const decode = join(FOLDER, "decode.onnx");
      writeFileSync(decode, "a graph");
      const { status, stderr } = metadataOf(identity({}), "--decode", decode, "--decode-uri", uri);
      assert.match(stderr, /--decode-uri .* is no place that nodes read: /);
      assert.deepEqual([status, existsSync(OUTPUT)], [2, false]);
    });

  it("takes a given input of numbers that cannot be made up", () => {
    const data = Buffer.from(new BigInt64Array([7n, 8n, 9n]).buffer).toString("base64");
    const input = join(FOLDER, "input.json");
    writeFileSync(input, JSON.stringify({ x: { dtype: 7, dims: [1, 3], data } }));
    assert.equal(metadataOf(identity({ dtype: 7 }), "-i", input).status, 0);
    assert.equal(Buffer.from(goldenIn(OUTPUT)[0]?.data ?? []).toString("base64"), data);
  });

  const apart = onnxModel(
    [{ name: "x", dtype: 1, shape: [1, 3] }],
    [{ name: "y", dtype: 1, shape: [1, 3] }],
    [{ type: "Add", inputs: ["x", "w"], outputs: ["y"] }],
    [{ name: "w", dtype: 1, shape: [1, 3], location: "weights.bin" }],
  );
  const cases: readonly (readonly [string, Uint8Array, number, RegExp])[] = [
    [
      "numbers that cannot be made up",
      identity({ dtype: 7 }),
      2,
      /x takes numbers that cannot be made up: give an input/,
    ],
    ["weights in another file", apart, 1, /The weights w are in another file: a version is one file/],
    ["a scalar", identity({ shape: [] }), 1, /x is a scalar: give it a shape of \[1\]/],
    ["text", identity({ dtype: 8 }), 1, /x has elements of type 8, which no payload can hold/],
    ["no ONNX file", new Uint8Array([1, 2, 3]), 1, /this is no ONNX file/],
  ];
  for (const [title, model, code, message] of cases)
    it(`ends with ${code} and writes nothing, with ${title}`, () => {
      const { status, stderr } = metadataOf(model);
      assert.match(stderr, message);
      assert.deepEqual([status, existsSync(OUTPUT)], [code, false]);
    });

  it("refuses a model that makes another type than its file says", () => {
    const [x, y] = [
      { name: "x", dtype: 1, shape: [1, 3] },
      { name: "y", dtype: 1, shape: [1, 4] },
    ];
    const lying = onnxModel([x], [y], [{ type: "Identity", inputs: ["x"], outputs: ["y"] }]);
    const { status, stderr } = metadataOf(lying);
    assert.equal(status, 1);
    assert.match(stderr, /makes other types or shapes than its file says/);
  });
});
