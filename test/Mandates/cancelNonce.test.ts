import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

describe("Mandates.cancelNonce", () => {
  it("uses up the caller's nonce and no other, and says so", async () => {
    const { mandates, requester, stranger } = await loadFixture(protocol);
    await expect(mandates.connect(requester).cancelNonce(256))
      .to.emit(mandates, "NonceUsed")
      .withArgs(requester, ZeroAddress, 256);
    expect(await mandates.isNonceUsed(requester, 256)).to.equal(true);
    for (const nonce of [0, 255, 257]) expect(await mandates.isNonceUsed(requester, nonce)).to.equal(false);
    expect(await mandates.isNonceUsed(stranger, 256)).to.equal(false);
  });

  it("takes the largest number there is", async () => {
    const { mandates, requester } = await loadFixture(protocol);
    await mandates.connect(requester).cancelNonce(MaxUint256);
    expect(await mandates.isNonceUsed(requester, MaxUint256)).to.equal(true);
  });

  it("reverts where it is used up already, and names it", async () => {
    const { mandates, requester } = await loadFixture(protocol);
    await mandates.connect(requester).cancelNonce(3);
    await expect(mandates.connect(requester).cancelNonce(3))
      .to.be.revertedWithCustomError(mandates, "MandateNonceUsed")
      .withArgs(requester, 3);
  });
});
