import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  completionInputs,
  CompletionOrderError,
  completionOutput,
  completionText,
  CompletionTextError,
  limitOf,
  NoCompletionModelError,
  windowOf,
} from "../../src/completions/index.ts";
import { textTensor } from "./support.ts";

const WINDOW = 8;
const number = (name: string) => ({ name, dtype: 6, shape: [1] });
const PROMPT = { name: "prompt", dtype: 2, shape: [WINDOW] };
const SIGNATURE = {
  inputs: [number("seed"), PROMPT, number("temperature"), number("limit")],
  outputs: [{ name: "text" }],
};
const ORDER = { prompt: "ab", limit: 4 };

const withInputs = (...inputs: typeof SIGNATURE.inputs) => ({ ...SIGNATURE, inputs });
const bytes = (...data: number[]) => textTensor(Uint8Array.from(data));

describe("completionInputs", () => {
  it("puts prompt and numbers into the order of the signature", () => {
    const inputs = completionInputs(SIGNATURE, { ...ORDER, seed: -2, temperature: 0.5 });
    assert.deepEqual(inputs, [
      { ...number("seed"), data: Uint8Array.of(254, 255, 255, 255) },
      { ...PROMPT, data: Uint8Array.of(97, 98, 0, 0, 0, 0, 0, 0) },
      { ...number("temperature"), data: Uint8Array.of(128, 0, 0, 0) },
      { ...number("limit"), data: Uint8Array.of(6, 0, 0, 0) },
    ]);
  });

  it("takes the bytes of the prompt's UTF-8, the rest of the window, seed 0 and temperature 0", () => {
    const [seed, prompt, temperature, limit] = completionInputs(SIGNATURE, { prompt: "é" });
    assert.deepEqual(prompt?.data.subarray(0, 3), Uint8Array.of(0xc3, 0xa9, 0));
    assert.deepEqual(
      [seed, temperature, limit].map((tensor) => tensor?.data[0]),
      [0, 0, WINDOW],
    );
    assert.equal(limitOf(SIGNATURE, { prompt: "é" }), WINDOW - 2);
  });

  it("refuses what no model with this window can answer", () => {
    const refused = (order: object, field: CompletionOrderError["field"], reason: string) => {
      assert.throws(() => completionInputs(SIGNATURE, { ...ORDER, ...order }), new CompletionOrderError(field, reason));
    };
    refused({ prompt: "" }, "prompt", "is empty: a model continues at least one byte");
    refused({ prompt: "a\0b" }, "prompt", "holds a zero byte, which would end it");
    refused({ prompt: "abcdefgh" }, "prompt", "has 8 bytes, and the window takes 7 at most");
    for (const limit of [0, 7, 1.5, Number.NaN])
      refused({ limit }, "limit", `is ${limit}, and behind this prompt the window has room for 1 to 6 bytes`);
    for (const seed of [2 ** 31, -(2 ** 31) - 1, 0.5])
      refused({ seed }, "seed", `is ${seed}, and must be a whole number of 32 bits with a sign`);
    for (const temperature of [-0.1, 4.1, Number.NaN])
      refused({ temperature }, "temperature", `is ${temperature}, and must be from 0 to 4`);
  });
});

describe("windowOf", () => {
  it("refuses a version that is no language model, and says why", () => {
    const refused = (signature: typeof SIGNATURE, reason: string) => {
      assert.throws(() => windowOf(signature), new NoCompletionModelError(signature.inputs, reason));
    };
    const [seed, prompt, temperature, limit] = SIGNATURE.inputs as [
      typeof PROMPT,
      typeof PROMPT,
      typeof PROMPT,
      typeof PROMPT,
    ];
    refused(withInputs(seed, temperature, limit), "it takes no prompt");
    refused(withInputs(prompt, seed, temperature), "it takes no limit");
    refused(withInputs(prompt, seed, temperature, limit, number("more")), "it takes 5 inputs");
    refused(withInputs({ ...prompt, dtype: 6 }, seed, temperature, limit), "its prompt has dtype 6 and shape [8]");
    refused(withInputs({ ...prompt, shape: [0] }, seed, temperature, limit), "its prompt has dtype 2 and shape [0]");
    refused(withInputs(prompt, { ...seed, shape: [2] }, temperature, limit), "its seed has dtype 6 and shape [2]");
    refused({ ...SIGNATURE, outputs: [{ name: "logits" }] }, "it makes logits");
  });
});

describe("completionText", () => {
  it("reads the text behind the prompt, and whether the model has ended it", () => {
    assert.deepEqual(completionText(SIGNATURE, ORDER, [bytes(0, 0, 120, 121, 0, 0, 0, 0)]), {
      bytes: Uint8Array.of(120, 121),
      text: "xy",
      isEnded: true,
    });
    const cut = completionText(SIGNATURE, ORDER, [bytes(0, 0, 120, 121, 122, 0xc3, 0, 0)]);
    assert.deepEqual(cut, { bytes: Uint8Array.of(120, 121, 122, 0xc3), text: "xyz\ufffd", isEnded: false });
  });

  it("refuses what cannot be right, whatever the model says", () => {
    const refused = (outputs: Parameters<typeof completionText>[2], reason: string) => {
      assert.throws(() => completionText(SIGNATURE, ORDER, outputs), new CompletionTextError(reason));
    };
    refused([bytes(1, 0, 120, 0, 0, 0, 0, 0)], "position 0 holds 1 outside of the text, not 0");
    refused([bytes(0, 0, 120, 0, 121, 0, 0, 0)], "position 4 holds 121 outside of the text, not 0");
    refused([bytes(0, 0, 120, 120, 120, 120, 121, 0)], "position 6 holds 121 outside of the text, not 0");
    const form = "it must be one tensor of 8 bytes";
    refused([], form);
    refused([bytes(0, 0, 120)], form);
    refused([{ ...bytes(0, 0, 120, 0, 0, 0, 0, 0), dtype: 3 }], form);
    refused([bytes(0, 0, 0, 0, 0, 0, 0, 0), bytes(0)], form);
  });
});

describe("completionOutput", () => {
  it("is what `completionText` reads", () => {
    const output = completionOutput(SIGNATURE, ORDER, Uint8Array.of(120));
    assert.deepEqual(completionText(SIGNATURE, ORDER, [output]).bytes, Uint8Array.of(120));
  });

  it("refuses a text for which the window has no room", () => {
    assert.throws(
      () => completionOutput(SIGNATURE, ORDER, new Uint8Array(7)),
      new CompletionTextError("it has 7 bytes, and the window room for 6"),
    );
  });
});
