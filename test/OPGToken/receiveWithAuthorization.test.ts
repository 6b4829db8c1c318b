import { expect } from "chai";

import { receiveWithBytes, receiveWithParts, signAuthorisation, type Submit } from "../support/authorisations.ts";
import {
  acceptsContractWallets,
  behavesAsAuthorisation,
  payer,
  refusesContractWallets,
} from "../support/behaviours/authorisation.ts";
import { loadFixture } from "../support/network.ts";

const KIND = "ReceiveWithAuthorization";

/** Nobody can take a payment out of the payee's hands. */
function isThePayeesToSend(submit: Submit): void {
  context("when anyone but the payee sends it", () => {
    it("reverts and names the payee [T003]", async () => {
      const { token, requester, stranger, thief, authorisation } = await loadFixture(payer);
      const signature = await signAuthorisation(token, KIND, requester, authorisation);
      for (const sender of [thief, requester]) {
        await expect(submit(token, sender, authorisation, signature))
          .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
          .withArgs(stranger);
      }
    });

    it("reverts if it makes itself the payee [T004]", async () => {
      const { token, requester, thief, authorisation } = await loadFixture(payer);
      const signature = await signAuthorisation(token, KIND, requester, authorisation);
      await expect(
        submit(token, thief, { ...authorisation, to: thief.address }, signature),
      ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
    });
  });
}

describe("OPGToken.receiveWithAuthorization", () => {
  context("given a signature of bytes", () => {
    behavesAsAuthorisation(KIND, receiveWithBytes);
    isThePayeesToSend(receiveWithBytes);
    acceptsContractWallets(KIND, receiveWithBytes);
  });

  context("given a signature in parts", () => {
    behavesAsAuthorisation(KIND, receiveWithParts);
    isThePayeesToSend(receiveWithParts);
    refusesContractWallets(KIND, receiveWithParts);
  });
});
