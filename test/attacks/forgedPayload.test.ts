import { expect } from "chai";
import { concat, keccak256, toBeHex } from "ethers";

import { encodePayload, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { OUTPUT, OUTPUT_ROOT, PAYLOAD, settledFor, withCallbacks } from "../support/callbacks.ts";
import { loadFixture } from "../support/network.ts";

const WORD = 32;
/** What the deliverer would like the callback to read. */
const DECOY = encodePayload([{ dtype: 1, shape: [2], data: new Uint8Array(8).fill(255) }]);

/** The output's tensors, with the decoy's bytes where a callback finds them that reads at fixed places. */
const FORGED = concat([toBeHex(DECOY.length, WORD), DECOY.slice(WORD), PAYLOAD.slice(WORD)]);
const PADDED = concat([PAYLOAD, new Uint8Array(WORD)]);

describe("A deliverer who encodes the right output in another way", () => {
  for (const { kind, payload } of [
    { kind: "with other tensors in front", payload: FORGED },
    { kind: "with more bytes at its end", payload: PADDED },
  ]) {
    it(`cannot hand it to a callback ${kind} [T093]`, async () => {
      const suite = await loadFixture(withCallbacks);
      const job = await settledFor(suite, await suite.recorder.getAddress());
      await expect(suite.market.connect(suite.thief).deliver(job.packed, PayloadError.None, payload))
        .to.be.revertedWithCustomError(suite.commitments, "PayloadNotCanonical")
        .withArgs(keccak256(payload), keccak256(PAYLOAD));
    });
  }

  it("has the same root for the bytes that everybody expects", async () => {
    const { commitments } = await loadFixture(withCallbacks);
    expect(await commitments.rootOf(PayloadError.None, encodePayload(OUTPUT))).to.equal(OUTPUT_ROOT);
  });
});
