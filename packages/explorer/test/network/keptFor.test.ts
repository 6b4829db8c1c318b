import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { keptFor } from "../../src/network/keptFor.ts";

describe("keptFor", () => {
  const earlier = { queryKey: ["quote", "1 OPG", 7] };

  it("goes on showing a read while it is made anew", () => {
    assert.equal(keptFor(["quote", "1 OPG", 8])(5n, earlier), 5n);
  });

  it("shows nothing of another read: a quote of another price, a balance of another account", () => {
    assert.equal(keptFor(["quote", "100 OPG", 8])(5n, earlier), undefined);
    assert.equal(keptFor(["quote", "1 OPG", "more", 8])(5n, earlier), undefined);
    assert.equal(keptFor(["quote", "1 OPG", 8])(5n, undefined), undefined);
  });
});
