import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import { completionText, type CompletionText, verifyCompletion } from "../../src/completions/index.ts";
import { ModelRefusedError } from "../../src/onnx/index.ts";
import { completionModel } from "../../src/completions/index.ts";
import { RUNTIME, truthOf, VERSES } from "./support.ts";

const PROMPT = "And God said";
const ORDER = { prompt: PROMPT, limit: 8, seed: 3, temperature: 0.5 };

for (const [name, model] of [
  ["the SDK's executor", VERSES],
  ["ONNX Runtime", RUNTIME],
] as const)
  describe(`verifyCompletion on ${name}`, () => {
    let truth: CompletionText;
    before(async () => {
      truth = completionText(VERSES, ORDER, await truthOf(ORDER));
    });

    it("says of a text that it is right", async () => {
      assert.equal(truth.bytes.length, 8);
      assert.deepEqual(await verifyCompletion({ model, order: ORDER, bytes: truth.bytes }), { isRight: true });
    });

    it("names the first wrong byte of a text, and the right one", async () => {
      const bytes = Uint8Array.from(truth.bytes);
      bytes[3] = (bytes[3] ?? 0) ^ 1;
      bytes[6] = (bytes[6] ?? 0) ^ 1;
      assert.deepEqual(await verifyCompletion({ model, order: ORDER, bytes }), {
        isRight: false,
        first: { position: PROMPT.length + 3, claimed: bytes[3], right: truth.bytes[3] },
      });
    });

    it("names the end of a text that is over too early, or goes on behind its limit", async () => {
      const short = truth.bytes.subarray(0, 5);
      assert.deepEqual(await verifyCompletion({ model, order: ORDER, bytes: short }), {
        isRight: false,
        first: { position: PROMPT.length + 5, claimed: 0, right: truth.bytes[5] },
      });
      assert.deepEqual(await verifyCompletion({ model, order: { ...ORDER, limit: 5 }, bytes: truth.bytes }), {
        isRight: false,
        first: { position: PROMPT.length + 5, claimed: truth.bytes[5], right: 0 },
      });
      assert.deepEqual(await verifyCompletion({ model, order: { ...ORDER, limit: 5 }, bytes: short }), {
        isRight: true,
      });
    });

    it("finds that a text is another order's", async () => {
      for (const order of [
        { ...ORDER, seed: 4 },
        { ...ORDER, prompt: "And Lot said" },
      ]) {
        const { isRight } = await verifyCompletion({ model, order, bytes: truth.bytes });
        assert.equal(isRight, false);
      }
    });
  });

describe("completionModel", () => {
  it("refuses a file that no referee judges", () => {
    assert.throws(() => completionModel(Uint8Array.of(1, 2, 3)), ModelRefusedError);
  });
});
