import { expect } from "chai";

import { Wallet1271__factory } from "../../typechain-types/index.ts";
import { cancelWithBytes, cancelWithParts, NONCE, signCancellation } from "../support/authorisations.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

describe("OPGToken.cancelAuthorization", () => {
  const given = () => loadFixture(protocol);

  for (const [form, cancel] of [
    ["of bytes", cancelWithBytes],
    ["in parts", cancelWithParts],
  ] as const) {
    context(`given a signature ${form}`, () => {
      context("when anyone sends it", () => {
        it("spends the nonce without a transfer", async () => {
          const { token, requester, stranger } = await given();
          const signature = await signCancellation(token, requester, requester.address);
          await expect(cancel(token.connect(stranger), requester.address, NONCE, signature))
            .to.emit(token, "AuthorizationCanceled")
            .withArgs(requester, NONCE);
          expect(await token.authorizationState(requester, NONCE)).to.equal(true);
          expect(await token.authorizationState(stranger, NONCE)).to.equal(false);
        });
      });

      context("when the nonce is spent", () => {
        it("reverts and names it", async () => {
          const { token, requester, stranger } = await given();
          const signature = await signCancellation(token, requester, requester.address);
          await cancel(token.connect(stranger), requester.address, NONCE, signature);
          await expect(cancel(token.connect(stranger), requester.address, NONCE, signature))
            .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
            .withArgs(requester, NONCE);
        });
      });

      context("when another account has signed, or another nonce was signed", () => {
        it("reverts", async () => {
          const { token, requester, stranger, thief } = await given();
          const signatures = await Promise.all([
            signCancellation(token, thief, requester.address),
            signCancellation(token, requester, requester.address, `0x${"01".repeat(32)}`),
          ]);
          for (const signature of signatures) {
            await expect(
              cancel(token.connect(stranger), requester.address, NONCE, signature),
            ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
          }
        });
      });
    });
  }

  context("given a contract wallet", () => {
    context("when its owner has signed", () => {
      it("spends the wallet's nonce", async () => {
        const { token, deployer, requester, stranger } = await given();
        const wallet = await new Wallet1271__factory(deployer).deploy(requester);
        const address = await wallet.getAddress();
        const signature = await signCancellation(token, requester, address);
        await expect(cancelWithBytes(token.connect(stranger), address, NONCE, signature))
          .to.emit(token, "AuthorizationCanceled")
          .withArgs(wallet, NONCE);
        expect(await token.authorizationState(wallet, NONCE)).to.equal(true);
      });
    });
  });
});
