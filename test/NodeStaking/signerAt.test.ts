import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { signConsent } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { nextTime, registered } from "../support/staking.ts";

/** As `local.json5` says, seconds. */
const ROTATION_PERIOD = 2n;

describe("NodeStaking.signerAt", () => {
  context("given a node that has changed its signer, and then revoked it", () => {
    async function rotated() {
      const suite = await registered();
      const { staking, owner, node, other } = suite;
      const registeredAt = BigInt(await time.latest());
      await nextTime(10n);
      await staking.connect(owner).proposeSigner(node, other.signer, await signConsent(suite, node, other));
      const activatedAt = await nextTime(ROTATION_PERIOD);
      await staking.connect(owner).activateSigner(node);
      const revokedAt = await nextTime(10n);
      await staking.connect(owner).revokeSigner(node);
      return { ...suite, registeredAt, activatedAt, revokedAt };
    }

    it("knows who was valid at each second [T039 I18]", async () => {
      const { staking, node, signer, other, registeredAt, activatedAt, revokedAt } = await loadFixture(rotated);
      for (const [at, key] of [
        [registeredAt - 1n, ZeroAddress],
        [registeredAt, signer.address],
        [activatedAt - 1n, signer.address],
        [activatedAt, other.signer.address],
        [revokedAt - 1n, other.signer.address],
        [revokedAt, ZeroAddress],
        [revokedAt + 1_000n, ZeroAddress],
      ] as const) {
        expect(await staking.signerAt(node, at)).to.equal(key);
      }
    });
  });

  context("given no node", () => {
    it("knows nobody", async () => {
      const { staking, stranger } = await loadFixture(registered);
      expect(await staking.signerAt(stranger, await nextTime())).to.equal(ZeroAddress);
    });
  });
});
