import { expect } from "chai";
import { encodeBytes32String, id } from "ethers";

import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import { IDENTITY, released } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

describe("ModelRegistry.versionIdOf", () => {
  context("given identities", () => {
    it("is the id that the SDK makes, and differs as soon as any field does [T015]", async () => {
      const { registry, model } = await loadFixture(released);
      const [input] = IDENTITY.inputs;
      const identities = [
        IDENTITY,
        { ...IDENTITY, artifactDigest: id("another artifact") },
        { ...IDENTITY, artifactSize: 11_223n },
        { ...IDENTITY, format: "onn" },
        { ...IDENTITY, inputs: [...IDENTITY.inputs, ...IDENTITY.inputs] },
        { ...IDENTITY, inputs: [{ ...input, name: "picture", dtype: 2, shape: [1, 1, 8, 8] }] },
        { ...IDENTITY, inputs: IDENTITY.outputs, outputs: IDENTITY.inputs },
        { ...IDENTITY, profile: encodeBytes32String("onnx-int8/1") },
        { ...IDENTITY, graphRoot: id("graph") },
      ];
      const ids = await Promise.all(identities.map((identity) => registry.versionIdOf(model, identity)));
      expect(ids).to.deep.equal(identities.map((identity) => versionId(model, identity)));
      expect(new Set(ids).size).to.equal(identities.length);
    });

    it("differs from model to model [T015]", async () => {
      const { registry, model } = await loadFixture(released);
      const ids = await Promise.all([model, id("another model")].map((of) => registry.versionIdOf(of, IDENTITY)));
      expect(new Set(ids).size).to.equal(2);
    });
  });
});
