import { ZeroAddress, ZeroHash, encodeBytes32String } from "ethers";

import { type VersionIdentity, modelId, versionId } from "../../packages/sdk/src/codecs/model.ts";
import { LAST_ACCOUNT, ONES, type VectorFile, accountOf, numberOf, wordOf } from "./samples.ts";

const TYPICAL: VersionIdentity = {
  artifactDigest: wordOf("artifact"),
  artifactSize: 11_222n,
  format: "onnx",
  inputs: [{ name: "image", dtype: 2, shape: [1, 1, 8, 8] }],
  outputs: [{ name: "logits", dtype: 1, shape: [1, 10] }],
  profile: ZeroHash,
  graphRoot: ZeroHash,
};

const EMPTY: VersionIdentity = {
  artifactDigest: ZeroHash,
  artifactSize: 0n,
  format: "",
  inputs: [],
  outputs: [],
  profile: ZeroHash,
  graphRoot: ZeroHash,
};

const LARGE: VersionIdentity = {
  artifactDigest: ONES,
  artifactSize: 2n ** 64n - 1n,
  format: "f".repeat(32),
  inputs: Array.from({ length: 6 }, (_, i) => ({
    name: `a long name of an input that takes more than one word, number ${i}`,
    dtype: 255,
    shape: Array.from({ length: i }, () => 2 ** 32 - 1),
  })),
  outputs: [{ name: "", dtype: 0, shape: [] }],
  profile: ONES,
  graphRoot: ONES,
};

function describe(name: string, publisher: string, slug: string, identity: VersionIdentity) {
  const model = modelId(publisher, slug);
  return { name, publisher, slug, modelId: model, identity, versionId: versionId(model, identity) };
}

const publisher = accountOf("publisher");

export const modelVectors: VectorFile = {
  about: "Ids of models and versions. They are equal on every chain, and some could never be registered.",
  cases: [
    describe("typical", publisher, "digits", TYPICAL),
    describe("another publisher", accountOf("another publisher"), "digits", TYPICAL),
    describe("another slug", publisher, "digits-2", TYPICAL),
    describe("refereed", publisher, "digits", {
      ...TYPICAL,
      profile: encodeBytes32String("onnx-int8/1"),
      graphRoot: wordOf("graph"),
    }),
    // Encoded without lengths, this and the typical one would be the same bytes.
    describe("input and output exchanged", publisher, "digits", {
      ...TYPICAL,
      inputs: TYPICAL.outputs,
      outputs: TYPICAL.inputs,
    }),
    describe("open dimensions", publisher, "text", {
      ...TYPICAL,
      artifactSize: numberOf("size", 40),
      inputs: [
        { name: "ids", dtype: 7, shape: [0, 0] },
        { name: "mask", dtype: 9, shape: [0, 0] },
      ],
    }),
    describe("empty", ZeroAddress, "", EMPTY),
    describe("large", LAST_ACCOUNT, "a".repeat(64), LARGE),
  ],
};
