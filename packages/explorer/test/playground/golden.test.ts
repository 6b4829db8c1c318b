import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { bytesTensor, encodePayload, payloadRoot } from "@opg-protocol/sdk";
import { hexlify, ZeroHash } from "ethers";

import { fetchExample, NoExampleError } from "../../src/playground/golden.ts";

const tensors = [bytesTensor(Uint8Array.of(1, 2, 3))];
const release = {
  ...{
    major: 1,
    minor: 0,
    licence: "MIT",
    uris: [],
    metadataURI: "https://example.org/m.json",
    metadataHash: ZeroHash,
  },
  ...{ goldenInputRoot: payloadRoot(tensors), goldenOutputRoot: ZeroHash },
};
const serving = (text: string) => () => Promise.resolve(new TextEncoder().encode(text));
const metadata = (input: unknown): string => JSON.stringify({ name: "m", golden: { input } });

describe("playground: the example of a model's owner", () => {
  it("is taken if it has the root of the registry", async () => {
    const found = await fetchExample({ release }, serving(metadata(hexlify(encodePayload(tensors)))));
    assert.equal(payloadRoot(found), release.goldenInputRoot);
  });

  it("is refused if it is another", async () => {
    const other = hexlify(encodePayload([bytesTensor(Uint8Array.of(9))]));
    await assert.rejects(fetchExample({ release }, serving(metadata(other))), NoExampleError);
  });

  for (const text of ["", "null", "[]", "{}", metadata(7), metadata("0xzz"), metadata("0x00")]) {
    it(`is refused of ${text === "" ? "nothing" : text}`, async () => {
      await assert.rejects(fetchExample({ release }, serving(text)), NoExampleError);
    });
  }
});
