import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { makeError } from "ethers";

import { isRefusal } from "../../src/wallet/refusal.ts";
import { shownIcon, shownName } from "../../src/wallet/walletText.ts";

describe("isRefusal", () => {
  it("knows a refusal in whatever it is wrapped", () => {
    assert.ok(isRefusal({ code: 4001, message: "User rejected the request." }));
    assert.ok(isRefusal(new Error("failed", { cause: { code: 4001 } })));
    assert.ok(isRefusal({ info: { error: { code: 4001 } } }));
    const denied = makeError("user rejected action", "ACTION_REJECTED", {
      action: "sendTransaction",
      reason: "rejected",
      info: {},
    });
    assert.ok(isRefusal(denied));
  });

  it("takes nothing else for one", () => {
    assert.ok(!isRefusal(new Error("4001")));
    assert.ok(!isRefusal({ code: 4902 }));
    assert.ok(!isRefusal(undefined));
    assert.ok(!isRefusal("ACTION_REJECTED"));
  });

  it("ends with what contains itself", () => {
    const ring: { cause?: unknown } = {};
    ring.cause = ring;
    assert.ok(!isRefusal(ring));
  });
});

describe("What wallets say of themselves", () => {
  it("is a picture in itself, or none", () => {
    assert.equal(shownIcon("data:image/svg+xml,<svg/>"), "data:image/svg+xml,<svg/>");
    assert.equal(shownIcon("https://tracker.example/a.png"), undefined);
    assert.equal(shownIcon("data:text/html,<script>"), undefined);
    assert.equal(shownIcon("javascript:alert(1)"), undefined);
    assert.equal(shownIcon(undefined), undefined);
  });

  it("is short and visible", () => {
    assert.equal(shownName("\u202eksaMateM"), "⟨U+202E⟩ksaMateM");
    assert.equal(shownName(" "), "Wallet without a name");
    assert.equal(shownName("x".repeat(100)).length, 40);
  });
});
