import { expect } from "chai";
import { recoverAddress, Signature, toBeHex, TypedDataEncoder } from "ethers";

import { tokenDomain } from "../support/authorisations.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";

const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};
const VALUE = 7n;
/** Of secp256k1: with `s` and with this less `s` a signature is as good. */
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** A permit of the requester for the stranger, good for a while. */
async function permitted() {
  const suite = await protocol();
  const { token, requester, stranger } = suite;
  const deadline = (await time.latest()) + 1_000;
  const domain = await tokenDomain(token);
  const message = { owner: requester.address, spender: stranger.address, value: VALUE, nonce: 0, deadline };
  const { v, r, s } = Signature.from(await requester.signTypedData(domain, TYPES, message));
  const send = (value = VALUE) => token.connect(stranger).permit(requester, stranger, value, deadline, v, r, s);
  /** Whom the token takes for the signer if the message is another one. */
  const recovered = (change: Partial<typeof message>) =>
    recoverAddress(TypedDataEncoder.hash(domain, TYPES, { ...message, ...change }), { v, r, s });
  return { ...suite, deadline, send, recovered, signature: { v, r, s } };
}

describe("OPGToken.permit", () => {
  const given = () => loadFixture(permitted);

  context("given a signed permit", () => {
    context("when anyone sends it, up to its deadline", () => {
      it("sets the allowance and counts the nonce", async () => {
        const { token, requester, stranger, deadline, send } = await given();
        await time.setNextBlockTimestamp(deadline);
        await expect(send()).to.emit(token, "Approval").withArgs(requester, stranger, VALUE);
        expect(await token.allowance(requester, stranger)).to.equal(VALUE);
        expect(await token.nonces(requester)).to.equal(1);
      });
    });

    context("when it is sent a second time", () => {
      it("reverts: the nonce has moved on [T005]", async () => {
        const { token, requester, send, recovered } = await given();
        await send();
        await expect(send())
          .to.be.revertedWithCustomError(token, "ERC2612InvalidSigner")
          .withArgs(recovered({ nonce: 1 }), requester);
      });
    });

    context("when its value is changed", () => {
      it("reverts and names whom the signature would be of", async () => {
        const { token, requester, send, recovered } = await given();
        await expect(send(VALUE + 1n))
          .to.be.revertedWithCustomError(token, "ERC2612InvalidSigner")
          .withArgs(recovered({ value: VALUE + 1n }), requester);
      });
    });

    context("when its signature is malformed", () => {
      it("reverts, and takes it in no second form", async () => {
        const { token, requester, stranger, deadline, signature } = await given();
        const { v, r, s } = signature;
        const send = (otherV: number, otherS: string) =>
          token.connect(stranger).permit(requester, stranger, VALUE, deadline, otherV, r, otherS);
        await expect(send(29, s)).to.be.revertedWithCustomError(token, "ECDSAInvalidSignature");
        const mirrored = toBeHex(CURVE_ORDER - BigInt(s), 32);
        await expect(send(55 - v, mirrored))
          .to.be.revertedWithCustomError(token, "ECDSAInvalidSignatureS")
          .withArgs(mirrored);
        expect(await token.allowance(requester, stranger)).to.equal(0n);
      });
    });

    context("when its deadline is over", () => {
      it("reverts and names it", async () => {
        const { token, deadline, send } = await given();
        await time.setNextBlockTimestamp(deadline + 1);
        await expect(send()).to.be.revertedWithCustomError(token, "ERC2612ExpiredSignature").withArgs(deadline);
      });
    });
  });
});
