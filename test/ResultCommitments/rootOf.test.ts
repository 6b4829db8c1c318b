import { expect } from "chai";
import { concat, ZeroHash } from "ethers";

import { encodePayload, errorRoot, PayloadError, payloadRoot } from "../../packages/sdk/src/codecs/payload.ts";
import type { Tensor } from "../../packages/sdk/src/codecs/tensor.ts";
import { protocol } from "../support/fixtures.ts";
import { ethers, loadFixture } from "../support/network.ts";

const LOGITS: Tensor = { dtype: 1, shape: [1, 10], data: new Uint8Array(40).fill(7) };
const TEXT: Tensor = { dtype: 2, shape: [5], data: new TextEncoder().encode("hello") };

describe("ResultCommitments.rootOf", () => {
  const given = () => loadFixture(protocol);

  context("given tensors whose bytes fit their types and shapes", () => {
    it("is the root that the SDK makes", async () => {
      const { commitments } = await given();
      for (const payload of [[], [LOGITS], [LOGITS, TEXT], [TEXT, LOGITS]]) {
        expect(await commitments.rootOf(PayloadError.None, encodePayload(payload))).to.equal(payloadRoot(payload));
      }
    });

    it("differs as soon as type, shape, data or order does", async () => {
      const { commitments } = await given();
      const payloads: Tensor[][] = [
        [LOGITS, TEXT],
        [TEXT, LOGITS],
        [{ ...LOGITS, dtype: 6 }, TEXT],
        [{ ...LOGITS, shape: [10, 1] }, TEXT],
        [{ ...LOGITS, data: new Uint8Array(40).fill(8) }, TEXT],
      ];
      const roots = await Promise.all(
        payloads.map((payload) => commitments.rootOf(PayloadError.None, encodePayload(payload))),
      );
      expect(new Set(roots).size).to.equal(payloads.length);
    });
  });

  context("given a tensor whose bytes do not fit", () => {
    it("reverts and names which tensor, its bytes and those it should have", async () => {
      const { commitments } = await given();
      for (const [tensor, expected] of [
        [{ ...LOGITS, data: new Uint8Array(39) }, 40n],
        [{ ...LOGITS, data: concatBytes(LOGITS.data, new Uint8Array(24)) }, 40n],
        [{ ...LOGITS, dtype: 8 }, 0n],
        [{ ...LOGITS, shape: [] }, 0n],
        [{ ...LOGITS, shape: [10, 0] }, 0n],
      ] as const) {
        await expect(commitments.rootOf(PayloadError.None, encodePayload([TEXT, tensor])))
          .to.be.revertedWithCustomError(commitments, "PayloadWrongLength")
          .withArgs(1, tensor.data.length, expected);
      }
    });
  });

  context("given bytes that encode no tensors", () => {
    it("reverts", async () => {
      const { commitments } = await given();
      const whole = encodePayload([LOGITS]);
      for (const bytes of ["0x", whole.slice(0, -32), concat(["0x".padEnd(66, "f"), whole])]) {
        await expect(commitments.rootOf(PayloadError.None, bytes)).to.be.revertedWithoutReason(ethers);
      }
    });
  });

  context("given a canonical error", () => {
    it("is the root that the SDK makes, and another one for each", async () => {
      const { commitments } = await given();
      const faults = [PayloadError.InputMissing, PayloadError.InputMalformed, PayloadError.RefusedByModel];
      const roots = await Promise.all(faults.map((fault) => commitments.rootOf(fault, "0x")));
      expect(roots).to.deep.equal(faults.map(errorRoot));
      expect(new Set(roots).size).to.equal(faults.length);
    });

    it("is no statement's root for a payload beside it, which nothing commits to", async () => {
      const { commitments } = await given();
      expect(await commitments.rootOf(PayloadError.InputMissing, encodePayload([LOGITS]))).to.equal(ZeroHash);
    });
  });

  context("given a number that is no error", () => {
    it("reverts", async () => {
      const { commitments } = await given();
      await expect(commitments.rootOf(4, "0x")).to.be.revertedWithoutReason(ethers);
    });
  });
});

function concatBytes(head: Uint8Array, tail: Uint8Array): Uint8Array {
  return new Uint8Array([...head, ...tail]);
}
