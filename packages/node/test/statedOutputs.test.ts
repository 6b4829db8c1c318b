import { strict as assert } from "node:assert";
import { describe, it } from "node:test";

import { type Client, encodePayload, payloadRoot, type Statement, type Tensor } from "@opg-protocol/sdk";

import type { Fetcher } from "../dist/artifacts/Fetcher.js";
import { StatedOutputs } from "../dist/disputes/StatedOutputs.js";

const MOST = 1_000_000;
const TEXT: Tensor = { dtype: 2, shape: [3], data: Uint8Array.of(1, 2, 3) };
/** One byte in so many dimensions. */
const byte = (dimensions: number): Tensor => ({
  dtype: 2,
  shape: new Array<number>(dimensions).fill(1),
  data: Uint8Array.of(7),
});

/** What is fetched of a node that states one output and serves another. */
async function fetched(stated: readonly Tensor[], served: Uint8Array = encodePayload(stated), place = "https://node/") {
  const asked: unknown[] = [];
  const client = { staking: { metadataURIOf: () => Promise.resolve(place) } } as unknown as Client;
  const fetcher: Pick<Fetcher, "fetch"> = {
    fetch: async (uri, most, read) => {
      asked.push([uri, most]);
      return read(await Promise.resolve(served));
    },
  };
  const statement = { node: "0xnode", outputRoot: payloadRoot(stated) } as Statement;
  return { tensors: await new StatedOutputs(client, fetcher, MOST).fetch(statement), asked };
}

describe("StatedOutputs", () => {
  it("asks a node for an output by its root, where the node says that it is", async () => {
    for (const place of ["https://node", "https://node/"]) {
      const { tensors, asked } = await fetched([TEXT], undefined, place);
      assert.deepEqual(tensors, [TEXT]);
      assert.deepEqual(asked, [[`https://node/v1/outputs/${payloadRoot([TEXT])}`, MOST]]);
    }
  });

  it("takes no other output than was stated, and nothing that is none", async () => {
    const other = encodePayload([{ ...TEXT, data: Uint8Array.of(1, 2, 4) }]);
    await assert.rejects(fetched([TEXT], other), new Error("0xnode serves another output than it states."));
    await assert.rejects(fetched([TEXT], Uint8Array.of(1, 2, 3)));
  });

  const bounds: readonly (readonly [string, readonly Tensor[], readonly Tensor[]])[] = [
    ["256 tensors", new Array<Tensor>(256).fill(byte(1)), new Array<Tensor>(257).fill(byte(1))],
    ["6 dimensions", [TEXT, byte(6)], [TEXT, byte(7)]],
    ["512 tensors and dimensions, as the contract does", new Array<Tensor>(256).fill(byte(6)), [byte(512)]],
  ];
  for (const [what, most, more] of bounds)
    it(`takes no more than ${what}: nobody could judge them`, async () => {
      assert.deepEqual((await fetched(most)).tensors, most);
      const reason = "0xnode states an output that cannot be judged: it is of too many parts.";
      await assert.rejects(fetched(more), new Error(reason));
    });
});
