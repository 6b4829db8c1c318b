import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { InferenceMarketplaceAbi } from "@opg-protocol/sdk/abi/InferenceMarketplace";
import { Interface } from "ethers";

import { errorText } from "../../src/parts/errorText.ts";

describe("errorText", () => {
  it("gives sentence and remedy of a contract's error", () => {
    const data = new Interface(InferenceMarketplaceAbi).encodeErrorResult("EntryPaused", [1_800_000_000n]);
    const { sentence, fix } = errorText({ code: 3, data, message: "execution reverted" });
    assert.match(sentence, /2027-01-15/);
    assert.ok(fix !== undefined && fix !== "");
  });

  it("takes the short part of what libraries throw, and cuts what is long", () => {
    const thrown = Object.assign(new Error("x".repeat(5_000)), { shortMessage: "user rejected action" });
    assert.equal(errorText(thrown).sentence, "user rejected action");
    assert.equal(errorText(new Error("y".repeat(5_000))).sentence.length, 302);
    assert.equal(errorText("plain").sentence, "plain");
  });

  it("keeps the remedy that an error of ours carries", () => {
    assert.equal(errorText(Object.assign(new Error("no"), { fix: "Do this." })).fix, "Do this.");
  });
});
