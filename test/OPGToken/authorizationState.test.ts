import { expect } from "chai";

import { NONCE, signAuthorisation, transferWithBytes } from "../support/authorisations.ts";
import { payer } from "../support/behaviours/authorisation.ts";
import { loadFixture } from "../support/network.ts";

describe("OPGToken.authorizationState", () => {
  context("given an authorisation", () => {
    it("is true for its account and nonce once it was used, and for nothing else", async () => {
      const { token, requester, stranger, authorisation } = await loadFixture(payer);
      expect(await token.authorizationState(requester, NONCE)).to.equal(false);
      const signature = await signAuthorisation(token, "TransferWithAuthorization", requester, authorisation);
      await transferWithBytes(token, stranger, authorisation, signature);
      expect(await token.authorizationState(requester, NONCE)).to.equal(true);
      expect(await token.authorizationState(stranger, NONCE)).to.equal(false);
      expect(await token.authorizationState(requester, `0x${"01".repeat(32)}`)).to.equal(false);
    });
  });
});
