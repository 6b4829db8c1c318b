import { expect } from "chai";
import { Signature } from "ethers";

import { tokenDomain } from "../support/authorisations.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";

const TYPES = {
  Delegation: [
    { name: "delegatee", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "expiry", type: "uint256" },
  ],
};

/** A delegation of the requester to the stranger, good for a while. */
async function signedDelegation() {
  const suite = await protocol();
  const { token, requester, stranger } = suite;
  const expiry = (await time.latest()) + 1_000;
  const message = { delegatee: stranger.address, nonce: 0, expiry };
  const { v, r, s } = Signature.from(await requester.signTypedData(await tokenDomain(token), TYPES, message));
  const send = () => token.connect(stranger).delegateBySig(stranger, 0, expiry, v, r, s);
  return { ...suite, expiry, send };
}

describe("OPGToken.delegateBySig", () => {
  const given = () => loadFixture(signedDelegation);

  context("given a signed delegation", () => {
    context("when anyone sends it", () => {
      it("gives the signer's votes to the delegate", async () => {
        const { token, deployer, requester, stranger, send } = await given();
        await token.connect(deployer).transfer(requester, 5n);
        await expect(send()).to.emit(token, "DelegateVotesChanged").withArgs(stranger, 0, 5n);
        expect(await token.delegates(requester)).to.equal(stranger);
        expect(await token.nonces(requester)).to.equal(1);
      });
    });

    context("when it is sent a second time", () => {
      it("reverts and names the nonce that is due [T005]", async () => {
        const { token, requester, send } = await given();
        await send();
        await expect(send()).to.be.revertedWithCustomError(token, "InvalidAccountNonce").withArgs(requester, 1);
      });
    });

    context("when it has expired", () => {
      it("reverts and names when", async () => {
        const { token, expiry, send } = await given();
        await time.setNextBlockTimestamp(expiry + 1);
        await expect(send()).to.be.revertedWithCustomError(token, "VotesExpiredSignature").withArgs(expiry);
      });
    });
  });
});
