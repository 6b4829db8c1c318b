import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { readConfig } from "../src/model/exportLm/config.ts";
import { readLlama } from "../src/model/exportLm/Llama.ts";
import { randomLlama } from "../src/model/exportLm/randomLlama.ts";
import { floatsOf, readSafetensors } from "../src/model/exportLm/safetensors.ts";
import { SMALL, fileOf, hfConfig, safetensors, weightsOf } from "./exportLmSupport.ts";

const refused = (subject: string, reason: RegExp) => (error: Error & { subject?: string }) => {
  assert.equal(error.name, "UnexportableError", error.stack);
  assert.equal(error.subject, subject);
  assert.match(error.message, reason);
  return true;
};

describe("readSafetensors", () => {
  const data = Uint8Array.from({ length: 24 }, (_, i) => i);
  const entry = (dtype: string, shape: readonly number[], begin: number, end: number) => ({
    dtype,
    shape,
    data_offsets: [begin, end],
  });

  it("gives tensors in the order of their data, whatever the order of the header", () => {
    const header = {
      second: entry("F16", [2, 2], 8, 16),
      __metadata__: { format: "pt" },
      third: entry("BF16", [4], 16, 24),
      first: entry("F32", [1, 2], 0, 8),
    };
    const tensors = readSafetensors(safetensors(header, data));
    assert.deepEqual(
      [...tensors],
      [
        ["first", { type: "F32", shape: [1, 2], bytes: data.subarray(0, 8) }],
        ["second", { type: "F16", shape: [2, 2], bytes: data.subarray(8, 16) }],
        ["third", { type: "BF16", shape: [4], bytes: data.subarray(16, 24) }],
      ],
    );
  });

  it("does not copy data", () => {
    const file = safetensors({ x: entry("F32", [6], 0, 24) }, data);
    assert.equal(readSafetensors(file).get("x")?.bytes.buffer, file.buffer);
  });

  it("takes tensors without elements, and without dimensions", () => {
    const header = { none: entry("F32", [0, 5], 0, 0), one: entry("F32", [], 0, 4), rest: entry("F32", [5], 4, 24) };
    assert.deepEqual([...readSafetensors(safetensors(header, data)).keys()], ["none", "one", "rest"]);
  });

  const hostile: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ["with less than a length", new Uint8Array(7), /has 7 bytes/],
    ["whose header is longer than the file", safetensors("{}", data).subarray(0, 9), /2 bytes, but only 1 follow/],
    ["whose header is longer than any", new Uint8Array(16).fill(255), /18446744073709551615 bytes, more than/],
    ["whose header is no JSON", safetensors("{", data), /is no JSON/],
    ["whose header is a list", safetensors("[]", data), /is no JSON object/],
    ["whose header is null", safetensors("null", data), /is no JSON object/],
    ["whose header nests deeply", safetensors("[".repeat(1 << 20), data), /is no JSON/],
    ["with a tensor that is a number", safetensors({ x: 1 }, data), /x must be \{/],
    ["with a negative size", safetensors({ x: entry("F32", [-6], 0, 24) }, data), /x must be \{/],
    ["with half a size", safetensors({ x: entry("F32", [1.5], 0, 6) }, data), /x must be \{/],
    ["with a size beyond 2^53", safetensors({ x: entry("F32", [2 ** 60], 0, 24) }, data), /x must be \{/],
    [
      "with sizes whose product overflows",
      safetensors({ x: entry("F32", [2 ** 32, 2 ** 32], 0, 24) }, data),
      /ask for/,
    ],
    ["with nine dimensions", safetensors({ x: entry("F32", Array<number>(9).fill(1), 0, 4) }, data), /x must be \{/],
    ["with one offset", safetensors({ x: { dtype: "F32", shape: [6], data_offsets: [0] } }, data), /x must be \{/],
    ["with a negative offset", safetensors({ x: entry("F32", [6], -24, 0) }, data), /x must be \{/],
    ["with offsets backwards", safetensors({ x: entry("F32", [6], 24, 0) }, data), /x has -24 bytes of data/],
    ["with an unknown type", safetensors({ x: entry("F8_E4M3", [24], 0, 24) }, data), /type F8_E4M3; F32, F16, BF16/],
    ["with a type from Object", safetensors({ x: entry("toString", [24], 0, 24) }, data), /type toString/],
    ["with fewer bytes than the shape", safetensors({ x: entry("F32", [7], 0, 24) }, data), /24 bytes.*ask for 28/],
    ["with data beyond the end", safetensors({ x: entry("F32", [7], 0, 28) }, data), /ends at byte 28.*has 24/],
    [
      "with overlapping tensors",
      safetensors({ x: entry("F32", [4], 0, 16), y: entry("F32", [3], 12, 24) }, data),
      /y begins at byte 12 .* ends at 16/,
    ],
    [
      "with the same data twice",
      safetensors({ x: entry("F32", [6], 0, 24), y: entry("F32", [6], 0, 24) }, data),
      /y begins at byte 0 .* ends at 24/,
    ],
    [
      "with a hole",
      safetensors({ x: entry("F32", [1], 0, 4), y: entry("F32", [4], 8, 24) }, data),
      /y begins at byte 8 .* ends at 4/,
    ],
    ["with bytes at the end", safetensors({ x: entry("F32", [5], 0, 20) }, data), /4 bytes at the end/],
  ];
  for (const [title, file, reason] of hostile)
    it(`refuses a file ${title}`, () => {
      assert.throws(() => readSafetensors(file), refused("model.safetensors", reason));
    });
});

describe("floatsOf", () => {
  const words = (...values: readonly number[]) => new Uint8Array(Uint16Array.from(values).buffer);

  it("reads float32 as it is, wherever it lies", () => {
    const floats = Float32Array.of(1.5, -0.1, 3e38, 1e-45);
    const shifted = new Uint8Array(17);
    shifted.set(new Uint8Array(floats.buffer), 1);
    assert.deepEqual(floatsOf({ type: "F32", shape: [4], bytes: shifted.subarray(1) }), floats);
  });

  it("reads halves: normal ones, small ones, zeros, infinities and NaN", () => {
    const bits = words(0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x03ff, 0x0400, 0x8000, 0x7c00, 0xfc00, 0x7e00);
    const third = 0x555 / 2 ** 12;
    const small = [2 ** -24, 1023 * 2 ** -24, 2 ** -14];
    assert.deepEqual(
      floatsOf({ type: "F16", shape: [11], bytes: bits }),
      Float32Array.of(1, -2, third, 65504, ...small, -0, Infinity, -Infinity, NaN),
    );
  });

  it("reads bfloat16 as the upper half of a float32", () => {
    const bits = words(0x3f80, 0xc000, 0x4049, 0x0001, 0x8000, 0x7f80);
    assert.deepEqual(
      floatsOf({ type: "BF16", shape: [6], bytes: bits }),
      Float32Array.of(1, -2, 3.140625, 2 ** -133, -0, Infinity),
    );
  });
});

describe("readConfig", () => {
  const given = hfConfig(SMALL);
  const read = (change: Readonly<Record<string, unknown>>) => readConfig(JSON.stringify({ ...given, ...change }));

  it("reads sizes and numbers", () => {
    assert.deepEqual(read({}), SMALL);
    const parameters = { rope_theta: undefined, rope_parameters: { rope_type: "default", rope_theta: 500_000 } };
    assert.deepEqual(read({ ...parameters, tie_word_embeddings: true }), { ...SMALL, theta: 500_000, tied: true });
  });

  it("has Hugging Face's defaults for what is left out", () => {
    const { vocab_size, hidden_size, intermediate_size, num_hidden_layers, num_attention_heads } = given;
    const { model_type, max_position_embeddings, rms_norm_eps } = given;
    const sizes = { vocab_size, hidden_size, intermediate_size, num_hidden_layers, num_attention_heads };
    const least = { ...sizes, model_type, max_position_embeddings, rms_norm_eps };
    assert.deepEqual(readConfig(JSON.stringify(least)), SMALL);
  });

  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
    ["of another family", { model_type: "gpt2" }, /model_type only llama/],
    ["with tokens that are no bytes", { vocab_size: 32_000 }, /vocab_size must be 256/],
    ["without a size", { hidden_size: undefined }, /hidden_size/],
    ["with a size of nothing", { num_hidden_layers: 0 }, /num_hidden_layers/],
    ["with scaled positions", { rope_scaling: { type: "linear", factor: 2 } }, /rope_scaling only unscaled/],
    ["with scaled parameters", { rope_parameters: { rope_type: "yarn", rope_theta: 1 } }, /rope_type only unscaled/],
    ["with another activation", { hidden_act: "gelu" }, /hidden_act only silu/],
    ["with biases", { attention_bias: true }, /attention_bias biases/],
    ["with heads that do not share keys evenly", { num_key_value_heads: 3 }, /no multiple of 3/],
    ["with heads of odd width", { head_dim: 7 }, /7 entries/],
    ["with heads of no whole width", { head_dim: null, hidden_size: 30 }, /7.5 entries/],
  ];
  for (const [title, change, reason] of cases)
    it(`refuses a model ${title}`, () => {
      assert.throws(() => read(change), refused("config.json", reason));
    });

  it("refuses what is no JSON", () => {
    assert.throws(() => readConfig("{"), refused("config.json", /is no JSON/));
  });
});

describe("readLlama", () => {
  const llama = randomLlama(SMALL);
  const weights = weightsOf(llama);

  it("reads what a file holds", () => {
    assert.deepEqual(readLlama(SMALL, readSafetensors(fileOf(weights))), llama);
  });

  it("takes the embedding as output matrix where a model is tied", () => {
    const tied = { ...SMALL, tied: true };
    const { head, embedding } = readLlama(tied, weights);
    assert.deepEqual(head, embedding);
  });

  it("passes over angles that old checkpoints store", () => {
    const angles = { type: "F32", shape: [1], bytes: new Uint8Array(4) } as const;
    const old = new Map(weights).set("model.layers.0.self_attn.rotary_emb.inv_freq", angles);
    assert.deepEqual(readLlama(SMALL, old), llama);
  });

  it("refuses what is missing, has another shape, is no number, or is not known", () => {
    const missing = new Map(weights);
    missing.delete("model.norm.weight");
    assert.throws(() => readLlama(SMALL, missing), refused("model.norm.weight", /is missing/));

    const wider = { ...SMALL, innerWidth: 64 };
    const gate = "model.layers.0.mlp.gate_proj.weight";
    assert.throws(() => readLlama(wider, weights), refused(gate, /shape \[48, 32\], not \[64, 32\]/));

    const nan = {
      type: "F32",
      shape: [32],
      bytes: new Uint8Array(Float32Array.from({ length: 32 }, () => NaN).buffer),
    };
    const broken = new Map(weights).set("model.norm.weight", { ...nan, type: "F32" });
    assert.throws(() => readLlama(SMALL, broken), refused("model.norm.weight", /no finite number/));

    const bias = "model.layers.1.self_attn.q_proj.bias";
    const biased = new Map(weights).set(bias, { ...nan, type: "F32" });
    assert.throws(() => readLlama(SMALL, biased), refused(bias, /is no tensor of a Llama without biases/));
  });
});
