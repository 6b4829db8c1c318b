import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { followable, visibleText } from "../../src/parts/foreign.ts";

describe("text and addresses of others [T151 T152]", () => {
  it("makes visible what has no width or turns the direction of writing", () => {
    assert.equal(visibleText("dig\u202Estig"), "dig⟨U+202E⟩stig");
    assert.equal(visibleText("a\u200Bb\u0000c\n"), "a⟨U+200B⟩b⟨U+0000⟩c⟨U+000A⟩");
    assert.equal(visibleText("Ziffern, 数字, <b>"), "Ziffern, 数字, <b>");
  });

  it("follows https alone, and nothing that names a user", () => {
    assert.equal(followable("https://example.org/a b"), "https://example.org/a%20b");
    const refused = [
      "javascript:alert(1)",
      " javascript:alert(1)",
      "data:text/html,<script>alert(1)</script>",
      "http://example.org",
      "file:///etc/passwd",
      "ipfs://bafy",
      "https://example.org@evil.example",
      "//example.org",
      "",
    ];
    for (const uri of refused) assert.equal(followable(uri), undefined, uri);
  });
});
