import { expect } from "chai";
import { AbiCoder, encodeBytes32String, id, ZeroAddress, ZeroHash } from "ethers";

import { modelId, versionId, type TensorSpec } from "../../packages/sdk/src/codecs/model.ts";
import { DETAILS, IDENTITY, released } from "../support/fixtures.ts";
import { ethers, loadFixture } from "../support/network.ts";

const NEXT = { ...IDENTITY, artifactDigest: id("next artifact") };
const NEXT_DETAILS = { ...DETAILS, minor: 1 };
const SPEC = "tuple(string,uint8,uint32[])[]";

/** A struct as events give it: nested tuples of bigints. */
function tuple(value: unknown): unknown {
  if (typeof value === "number") return BigInt(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.values(value).map(tuple);
}

/** Bytes of `abi.encode(inputs, outputs)`. */
function signatureBytes({ inputs, outputs }: { inputs: readonly TensorSpec[]; outputs: readonly TensorSpec[] }) {
  const specs = [inputs, outputs].map((list) => list.map(({ name, dtype, shape }) => [name, dtype, shape]));
  return (AbiCoder.defaultAbiCoder().encode([SPEC, SPEC], specs).length - 2) / 2;
}

/** The next version with inputs whose signature has exactly `bytes`: one more dimension is one more word. */
function withSignatureOf(bytes: number) {
  const sized = (rank: number) => ({
    ...NEXT,
    inputs: [{ name: "image", dtype: 2, shape: Array<number>(rank).fill(1) }],
  });
  return sized((bytes - signatureBytes(sized(0))) / 32);
}

describe("ModelRegistry.release", () => {
  const given = () => loadFixture(released);

  context("given a model with a version", () => {
    context("when its owner releases another one", () => {
      it("reports all of it under the id that the SDK makes", async () => {
        const { registry, publisher, model } = await given();
        await expect(registry.connect(publisher).release(model, NEXT, NEXT_DETAILS))
          .to.emit(registry, "VersionReleased")
          .withArgs(versionId(model, NEXT), model, tuple(NEXT), tuple(NEXT_DETAILS));
      });

      it("keeps what contracts read", async () => {
        const { registry, publisher, model } = await given();
        const refereed = { ...NEXT, profile: encodeBytes32String("onnx-int8/1"), graphRoot: id("graph") };
        const details = { ...NEXT_DETAILS, major: 2, minor: 65_535, uris: ["a", "b", "c"] };
        await registry.connect(publisher).release(model, refereed, details);

        const version = versionId(model, refereed);
        const block = BigInt(await ethers.provider.getBlockNumber());
        const kept = [BigInt(model), 2n, block, 2n, 65_535n, 3n, ZeroHash];
        expect(await registry.versionOf(version)).to.deep.equal(kept);
        expect(await registry.versionAt(model, 2, 65_535)).to.equal(version);
      });
    });

    context("when the very same version is released again", () => {
      it("reverts and names it, whatever its number [T014]", async () => {
        const { registry, publisher, model, version } = await given();
        await expect(registry.connect(publisher).release(model, IDENTITY, NEXT_DETAILS))
          .to.be.revertedWithCustomError(registry, "RegistryVersionExists")
          .withArgs(version);
      });
    });

    context("when another one is released under the same number", () => {
      it("reverts and names the version that has it", async () => {
        const { registry, publisher, model, version } = await given();
        await expect(registry.connect(publisher).release(model, NEXT, DETAILS))
          .to.be.revertedWithCustomError(registry, "RegistryNumberTaken")
          .withArgs(model, 1, 0, version);
      });
    });

    context("when the same identity is released for another model", () => {
      it("is another version", async () => {
        const { registry, publisher, version } = await given();
        const model = modelId(publisher.address, "letters");
        await registry.connect(publisher).registerModel("letters", 0, false);
        await registry.connect(publisher).release(model, IDENTITY, DETAILS);
        expect(await registry.versionAt(model, 1, 0))
          .to.equal(versionId(model, IDENTITY))
          .and.not.equal(version);
      });
    });

    context("when anyone but its owner releases", () => {
      it("reverts and names the owner", async () => {
        const { registry, publisher, stranger, model } = await given();
        await expect(registry.connect(stranger).release(model, NEXT, NEXT_DETAILS))
          .to.be.revertedWithCustomError(registry, "RegistryNotModelOwner")
          .withArgs(model, stranger, publisher);
      });
    });
  });

  context("given no such model", () => {
    it("reverts and names no owner", async () => {
      const { registry, publisher } = await given();
      const model = modelId(publisher.address, "letters");
      await expect(registry.connect(publisher).release(model, NEXT, NEXT_DETAILS))
        .to.be.revertedWithCustomError(registry, "RegistryNotModelOwner")
        .withArgs(model, publisher, ZeroAddress);
    });
  });

  context("given a release in which a field says nothing", () => {
    const blanks: readonly (readonly [string, Partial<typeof IDENTITY>])[] = [
      ["artifactDigest", { artifactDigest: ZeroHash }],
      ["artifactSize", { artifactSize: 0n }],
      ["profile", { graphRoot: id("graph") }],
      ["inputs", { inputs: [] }],
      ["outputs", { outputs: [] }],
    ];
    for (const [field, change] of blanks) {
      it(`reverts and names ${field}`, async () => {
        const { registry, publisher, model } = await given();
        await expect(registry.connect(publisher).release(model, { ...NEXT, ...change }, NEXT_DETAILS))
          .to.be.revertedWithCustomError(registry, "RegistryMissing")
          .withArgs(encodeBytes32String(field));
      });
    }

    for (const field of ["goldenInputRoot", "goldenOutputRoot", "metadataHash"] as const) {
      it(`reverts and names ${field}`, async () => {
        const { registry, publisher, model } = await given();
        await expect(registry.connect(publisher).release(model, NEXT, { ...NEXT_DETAILS, [field]: ZeroHash }))
          .to.be.revertedWithCustomError(registry, "RegistryMissing")
          .withArgs(encodeBytes32String(field));
      });
    }
  });

  context("given a release in which a field is empty or too long", () => {
    for (const bytes of [0, 33]) {
      it(`reverts and names format of ${bytes} bytes`, async () => {
        const { registry, publisher, model } = await given();
        await expect(registry.connect(publisher).release(model, { ...NEXT, format: "f".repeat(bytes) }, NEXT_DETAILS))
          .to.be.revertedWithCustomError(registry, "RegistryBadLength")
          .withArgs(encodeBytes32String("format"), bytes, 1, 32);
      });
    }

    it("reverts and names the signature of 2,080 bytes", async () => {
      const { registry, publisher, model } = await given();
      await expect(registry.connect(publisher).release(model, withSignatureOf(2_080), NEXT_DETAILS))
        .to.be.revertedWithCustomError(registry, "RegistryBadLength")
        .withArgs(encodeBytes32String("signature"), 2_080, 1, 2_048);
    });

    const lengths: readonly (readonly [string, number, number, Partial<typeof DETAILS>])[] = [
      ["licence", 0, 64, { licence: "" }],
      ["licence", 65, 64, { licence: "l".repeat(65) }],
      ["metadataURI", 0, 1_024, { metadataURI: "" }],
      ["metadataURI", 1_025, 1_024, { metadataURI: "m".repeat(1_025) }],
      ["uris", 0, 8, { uris: [] }],
      ["uris", 9, 8, { uris: Array<string>(9).fill("u") }],
      ["uri", 0, 256, { uris: ["u", ""] }],
      ["uri", 257, 256, { uris: ["u", "u".repeat(257)] }],
    ];
    for (const [field, length, most, change] of lengths) {
      it(`reverts and names ${field} of length ${length}`, async () => {
        const { registry, publisher, model } = await given();
        await expect(registry.connect(publisher).release(model, NEXT, { ...NEXT_DETAILS, ...change }))
          .to.be.revertedWithCustomError(registry, "RegistryBadLength")
          .withArgs(encodeBytes32String(field), length, 1, most);
      });
    }
  });

  context("given a release in which every field is as long as it may be", () => {
    it("is released", async () => {
      const { registry, publisher, model } = await given();
      const identity = { ...withSignatureOf(2_048), format: "f".repeat(32) };
      const details = {
        ...NEXT_DETAILS,
        licence: "l".repeat(64),
        metadataURI: "m".repeat(1_024),
        uris: Array<string>(8).fill("u".repeat(256)),
      };
      await registry.connect(publisher).release(model, identity, details);
      expect(await registry.versionAt(model, 1, 1)).to.equal(versionId(model, identity));
    });
  });
});
