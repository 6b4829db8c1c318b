import { expect } from "chai";
import { parseEther } from "ethers";

import { Wallet1271__factory } from "../../../typechain-types/index.ts";
import {
  cancelWithBytes,
  NONCE,
  signAuthorisation,
  signCancellation,
  type Authorisation,
  type AuthorisationKind,
  type Submit,
} from "../authorisations.ts";
import { protocol } from "../fixtures.ts";
import { ethers, loadFixture, time } from "../network.ts";

export const VALUE = parseEther("10");
const VALID_PERIOD = 1_000;

/** A payer with tokens, and what it authorises: a payment to the stranger, valid from the next second on. */
export async function payer() {
  const suite = await protocol();
  const { token, deployer, requester, stranger } = suite;
  await token.connect(deployer).transfer(requester, VALUE);
  const now = await time.latest();
  const authorisation: Authorisation = {
    from: requester.address,
    to: stranger.address,
    value: VALUE,
    validAfter: now,
    validBefore: now + VALID_PERIOD,
    nonce: NONCE,
  };
  await time.increase(1);
  return { ...suite, authorisation };
}

/** What holds for each form in which an ERC-3009 authorisation can be sent. The payee sends it. */
export function behavesAsAuthorisation(kind: AuthorisationKind, submit: Submit): void {
  const given = () => loadFixture(payer);

  /** The authorisation with what `change` makes of it, signed by the payer. */
  async function signed(change: (authorisation: Authorisation) => Partial<Authorisation> = () => ({})) {
    const suite = await given();
    const authorisation = { ...suite.authorisation, ...change(suite.authorisation) };
    const signature = await signAuthorisation(suite.token, kind, suite.requester, authorisation);
    const send = () => submit(suite.token, suite.stranger, authorisation, signature);
    return { ...suite, authorisation, signature, send };
  }

  context("when it is sent in its time", () => {
    it("moves the value and spends the nonce", async () => {
      const { token, requester, stranger, send } = await signed();
      const transaction = await send();
      await expect(transaction).to.emit(token, "AuthorizationUsed").withArgs(requester, NONCE);
      await expect(transaction).to.emit(token, "Transfer").withArgs(requester, stranger, VALUE);
      expect(await token.balanceOf(stranger)).to.equal(VALUE);
      expect(await token.authorizationState(requester, NONCE)).to.equal(true);
    });

    it("counts blocks instead of seconds where both bounds carry the flag of ERC-4337", async () => {
      const flag = 2 ** 47;
      const block = await ethers.provider.getBlockNumber();
      const { token, stranger, send } = await signed(() => ({ validAfter: flag, validBefore: flag + block + 1_000 }));
      await send();
      expect(await token.balanceOf(stranger)).to.equal(VALUE);
    });
  });

  context("when it is sent a second time", () => {
    it("reverts and names the nonce [T005]", async () => {
      const { token, requester, send } = await signed(() => ({ value: 1n }));
      await send();
      await expect(send()).to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization").withArgs(requester, NONCE);
    });
  });

  context("when the payer has cancelled it", () => {
    it("reverts and names the nonce", async () => {
      const { token, requester, stranger, send } = await signed();
      const cancellation = await signCancellation(token, requester, requester.address);
      await cancelWithBytes(token.connect(stranger), requester.address, NONCE, cancellation);
      await expect(send()).to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization").withArgs(requester, NONCE);
    });
  });

  context("when it is sent at one of its bounds", () => {
    it("reverts and names them: both are exclusive", async () => {
      const { token, authorisation, send } = await signed(({ validAfter }) => ({ validAfter: validAfter + 100 }));
      const { validAfter, validBefore } = authorisation;
      for (const bound of [validAfter, validBefore]) {
        await time.setNextBlockTimestamp(bound);
        await expect(send())
          .to.be.revertedWithCustomError(token, "ERC3009InvalidAuthorizationTime")
          .withArgs(validAfter, validBefore);
      }
    });
  });

  context("when it is sent in the only second between them", () => {
    it("moves the value", async () => {
      const { token, stranger, authorisation, send } = await signed(({ validAfter }) => ({
        validAfter: validAfter + 100,
        validBefore: validAfter + 102,
      }));
      await time.setNextBlockTimestamp(authorisation.validAfter + 1);
      await send();
      expect(await token.balanceOf(stranger)).to.equal(VALUE);
    });
  });

  context("when any field is not what was signed", () => {
    it("reverts [T004]", async () => {
      const { token, stranger, authorisation, signature } = await signed();
      for (const change of [
        { from: stranger.address },
        { value: VALUE - 1n },
        { validAfter: 0 },
        { validBefore: 2 ** 40 },
        { nonce: `0x${"01".repeat(32)}` },
      ]) {
        await expect(submit(token, stranger, { ...authorisation, ...change }, signature)).to.be.revertedWithCustomError(
          token,
          "ERC3009InvalidSignature",
        );
      }
    });
  });

  context("when it was signed by another account, for another chain or contract, or as another kind", () => {
    it("reverts [T003 T005]", async () => {
      const { token, requester, stranger, thief, authorisation } = await signed();
      const otherKind = kind.startsWith("Transfer") ? "ReceiveWithAuthorization" : "TransferWithAuthorization";
      const signatures = await Promise.all([
        signAuthorisation(token, kind, thief, authorisation),
        signAuthorisation(token, kind, requester, authorisation, { chainId: 1 }),
        signAuthorisation(token, kind, requester, authorisation, { verifyingContract: thief.address }),
        signAuthorisation(token, otherKind, requester, authorisation),
      ]);
      for (const signature of signatures) {
        await expect(submit(token, stranger, authorisation, signature)).to.be.revertedWithCustomError(
          token,
          "ERC3009InvalidSignature",
        );
      }
    });
  });

  context("when the payer has less", () => {
    it("reverts and names what it has, and spends no nonce", async () => {
      const { token, requester, send } = await signed(() => ({ value: VALUE + 1n }));
      await expect(send())
        .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
        .withArgs(requester, VALUE, VALUE + 1n);
      expect(await token.authorizationState(requester, NONCE)).to.equal(false);
    });
  });
}

/** What holds beside that where the signature is `bytes`: contract wallets (ERC-1271) can pay, too. */
export function acceptsContractWallets(kind: AuthorisationKind, submit: Submit): void {
  /** A wallet that the requester owns, with tokens. */
  async function wallet() {
    const suite = await payer();
    const contract = await new Wallet1271__factory(suite.deployer).deploy(suite.requester);
    await suite.token.connect(suite.requester).transfer(contract, VALUE);
    const authorisation = { ...suite.authorisation, from: await contract.getAddress() };
    return { ...suite, contract, authorisation };
  }

  context("when a contract wallet pays and its owner has signed", () => {
    it("moves the value", async () => {
      const { token, requester, stranger, contract, authorisation } = await loadFixture(wallet);
      const signature = await signAuthorisation(token, kind, requester, authorisation);
      await expect(submit(token, stranger, authorisation, signature))
        .to.emit(token, "AuthorizationUsed")
        .withArgs(contract, NONCE);
      expect(await token.balanceOf(stranger)).to.equal(VALUE);
    });
  });

  context("when a contract wallet pays and somebody else has signed", () => {
    it("reverts", async () => {
      const { token, stranger, thief, authorisation } = await loadFixture(wallet);
      const signature = await signAuthorisation(token, kind, thief, authorisation);
      await expect(submit(token, stranger, authorisation, signature)).to.be.revertedWithCustomError(
        token,
        "ERC3009InvalidSignature",
      );
    });
  });
}

/** What holds where the signature comes in parts: it must be an account's own. */
export function refusesContractWallets(kind: AuthorisationKind, submit: Submit): void {
  context("when a contract wallet pays and its owner has signed", () => {
    it("reverts: parts of a signature are an account's own", async () => {
      const { token, deployer, requester, stranger, authorisation } = await loadFixture(payer);
      const contract = await new Wallet1271__factory(deployer).deploy(requester);
      const fromWallet = { ...authorisation, from: await contract.getAddress() };
      const signature = await signAuthorisation(token, kind, requester, fromWallet);
      await expect(submit(token, stranger, fromWallet, signature)).to.be.revertedWithCustomError(
        token,
        "ERC3009InvalidSignature",
      );
    });
  });
}
