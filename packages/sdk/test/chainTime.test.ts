import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { BlockTag } from "ethers";

import { chainTime } from "../src/chainTime.ts";
import { NoBlockError } from "../src/errors/index.ts";
import { clientOf } from "./support.ts";

describe("chainTime", () => {
  const client = clientOf({
    getBlock: (block: BlockTag) => Promise.resolve(block === "latest" ? ({ timestamp: 7 } as never) : null),
  });

  it("is the time of the latest block", async () => {
    assert.equal(await chainTime(client), 7);
  });

  it("is no time at all where the provider does not give the block", async () => {
    await assert.rejects(chainTime(client, 9), new NoBlockError(9));
  });
});
