import { expect } from "chai";

import { signAuthorisation, transferWithBytes, transferWithParts, type Submit } from "../support/authorisations.ts";
import {
  acceptsContractWallets,
  behavesAsAuthorisation,
  payer,
  refusesContractWallets,
  VALUE,
} from "../support/behaviours/authorisation.ts";
import { loadFixture } from "../support/network.ts";

const KIND = "TransferWithAuthorization";

/** Anyone may send it, and the payee is signed. */
function isAnyonesToSend(submit: Submit): void {
  context("when a stranger to both sends it", () => {
    it("moves the value to the payee", async () => {
      const { token, requester, stranger, thief, authorisation } = await loadFixture(payer);
      const signature = await signAuthorisation(token, KIND, requester, authorisation);
      await submit(token, thief, authorisation, signature);
      expect(await token.balanceOf(stranger)).to.equal(VALUE);
    });

    it("reverts if it puts another payee in [T004]", async () => {
      const { token, requester, thief, authorisation } = await loadFixture(payer);
      const signature = await signAuthorisation(token, KIND, requester, authorisation);
      await expect(
        submit(token, thief, { ...authorisation, to: thief.address }, signature),
      ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
    });
  });
}

describe("OPGToken.transferWithAuthorization", () => {
  context("given a signature of bytes", () => {
    behavesAsAuthorisation(KIND, transferWithBytes);
    isAnyonesToSend(transferWithBytes);
    acceptsContractWallets(KIND, transferWithBytes);
  });

  context("given a signature in parts", () => {
    behavesAsAuthorisation(KIND, transferWithParts);
    isAnyonesToSend(transferWithParts);
    refusesContractWallets(KIND, transferWithParts);
  });
});
