import { expect } from "chai";
import { ZeroHash } from "ethers";

import {
  bytesTensor,
  encodePayload,
  errorRoot,
  PayloadError,
  payloadRoot,
} from "../../packages/sdk/src/codecs/payload.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const TENSORS = [bytesTensor(new Uint8Array(40).fill(7))];

describe("ResultCommitments.rootOf", () => {
  it("is the root of an output, or of the error that stands for one", async () => {
    const { commitments } = await loadFixture(protocol);
    expect(await commitments.rootOf(PayloadError.None, encodePayload(TENSORS))).to.equal(payloadRoot(TENSORS));
    for (const fault of [PayloadError.InputMissing, PayloadError.InputMalformed, PayloadError.RefusedByModel]) {
      expect(await commitments.rootOf(fault, "0x")).to.equal(errorRoot(fault));
    }
  });

  it("is no statement's root for a payload beside an error, which nothing commits to", async () => {
    const { commitments } = await loadFixture(protocol);
    expect(await commitments.rootOf(PayloadError.InputMissing, encodePayload(TENSORS))).to.equal(ZeroHash);
  });
});
