import { expect } from "chai";
import { parseEther } from "ethers";

import {
  deposit,
  depositWithAuthorization,
  depositWithPermit,
  getBalance,
  getTokenBalance,
  ProtocolError,
  signDeposit,
  SignerMissingError,
  withdraw,
} from "../../packages/sdk/src/index.ts";
import { clientOf } from "../support/clients.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";
import { refusalOf } from "../support/refusals.ts";

const AMOUNT = parseEther("5");

describe("The SDK's actions on balances", () => {
  const given = async () => {
    const suite = await loadFixture(protocol);
    const client = await clientOf(suite, suite.deployer);
    return { suite, client, account: suite.requester.address };
  };

  context("given an account with OPG", () => {
    it("deposit for another account, and approve exactly what is taken", async () => {
      const { suite, client, account } = await given();
      const { events } = await deposit(client, { amount: AMOUNT, account });
      expect(await getBalance(client, { account })).to.deep.equal({ balance: AMOUNT, fees: 0n });
      expect(events.map(({ name }) => name)).to.include("Deposited");
      expect(await suite.token.allowance(suite.deployer, suite.market)).to.equal(0n);
    });

    it("deposit with a permit, in one transaction", async () => {
      const { suite, client, account } = await given();
      const before = await suite.deployer.getNonce();
      await depositWithPermit(client, { amount: AMOUNT, account });
      expect((await getBalance(client, { account })).balance).to.equal(AMOUNT);
      expect(await suite.deployer.getNonce()).to.equal(before + 1);
    });

    it("sign a deposit that a stranger sends, once", async () => {
      const { suite, client, account } = await given();
      const signed = await signDeposit(client, { amount: AMOUNT, account });
      const stranger = await clientOf(suite, suite.stranger);
      await depositWithAuthorization(stranger, signed);
      expect((await getBalance(client, { account })).balance).to.equal(AMOUNT);

      const refusal = await refusalOf(depositWithAuthorization(stranger, signed));
      expect(refusal.decoded.name).to.equal("ERC3009UsedAuthorization");
      expect(refusal.decoded.args.authorizer).to.equal(suite.deployer.address);
    });

    it("withdraw to another account", async () => {
      const { suite, client } = await given();
      await deposit(client, { amount: AMOUNT });
      await withdraw(client, { amount: 2n, to: suite.stranger.address });
      expect(await getTokenBalance(client, { account: suite.stranger.address })).to.equal(2n);
      expect((await getBalance(client, { account: suite.deployer.address })).balance).to.equal(AMOUNT - 2n);
    });
  });

  context("given too small a balance", () => {
    it("say what is there, what is needed and what to do", async () => {
      const { suite } = await given();
      const requester = await clientOf(suite, suite.requester);
      const refusal = await refusalOf(withdraw(requester, { amount: AMOUNT }));
      expect(refusal).to.be.instanceOf(ProtocolError);
      expect(refusal.message).to.equal(
        `A balance is too small (account ${suite.requester.address}, balance 0 OPG, amount 5 OPG). ` +
          "Deposit at least `amount - balance` more (OPG, base units).",
      );
    });
  });

  context("given a client without a signer", () => {
    it("refuse to send", async () => {
      const { suite } = await given();
      const reader = await clientOf(suite);
      const thrown: unknown = await withdraw(reader, { amount: 1n }).catch((error: unknown) => error);
      expect(thrown).to.be.instanceOf(SignerMissingError);
    });
  });

  it("give the same call unsigned, for a sender of one's own", async () => {
    const { suite, client } = await given();
    const { addresses } = client;
    const call = withdraw.call(addresses, { to: suite.stranger.address, amount: 1n });
    expect(call.to).to.equal(addresses.market);
    expect(call.data).to.equal(suite.market.interface.encodeFunctionData("withdraw", [suite.stranger.address, 1n]));
  });
});
