import { expect } from "chai";

import {
  approveTokens,
  burnTokens,
  cancelAuthorization,
  delegateVotes,
  ensureAllowance,
  getTokenBalance,
  receiveWithAuthorization,
  sendPermit,
  signPermit,
  signReceiveAuthorization,
  signTransferAuthorization,
  transferTokens,
  transferTokensFrom,
  transferWithAuthorization,
} from "../../packages/sdk/src/index.ts";
import { clientOf } from "../support/clients.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";
import { refusalOf } from "../support/refusals.ts";

describe("The SDK's actions on OPG", () => {
  const given = async () => {
    const suite = await loadFixture(protocol);
    const client = await clientOf(suite, suite.deployer);
    const stranger = await clientOf(suite, suite.stranger);
    const to = suite.requester.address;
    return { suite, client, stranger, to, held: () => getTokenBalance(client, { account: to }) };
  };

  it("transfer, and what was approved from another account", async () => {
    const { suite, client, stranger, to, held } = await given();
    await transferTokens(client, { to, amount: 2n });
    const take = { from: suite.deployer.address, to, amount: 3n };
    const refusal = await refusalOf(transferTokensFrom(stranger, take));
    expect(refusal.decoded).to.deep.include({
      name: "ERC20InsufficientAllowance",
      args: { spender: suite.stranger.address, allowance: 0n, needed: 3n },
    });
    await approveTokens(client, { spender: suite.stranger.address, amount: 3n });
    await transferTokensFrom(stranger, take);
    expect(await held()).to.equal(5n);
  });

  it("approve only if less is approved [T149]", async () => {
    const { suite, client } = await given();
    const approval = { spender: suite.stranger.address, amount: 3n };
    expect(await ensureAllowance(client, approval)).to.equal(true);
    expect(await ensureAllowance(client, { ...approval, amount: 2n })).to.equal(false);
    expect(await suite.token.allowance(suite.deployer, suite.stranger)).to.equal(3n);
  });

  it("sign a permit that a stranger sends [T149]", async () => {
    const { suite, client, stranger } = await given();
    const permit = await signPermit(client, { spender: suite.requester.address, amount: 4n });
    await sendPermit(stranger, permit);
    expect(await suite.token.allowance(suite.deployer, suite.requester)).to.equal(4n);
    expect((await refusalOf(sendPermit(stranger, permit))).decoded.name).to.equal("ERC2612InvalidSigner");
  });

  it("sign a payment that a stranger sends", async () => {
    const { client, stranger, to, held } = await given();
    await transferWithAuthorization(stranger, await signTransferAuthorization(client, { to, value: 6n }));
    expect(await held()).to.equal(6n);
  });

  it("sign a payment that only the payee can send", async () => {
    const { suite, client, stranger, to, held } = await given();
    const payment = await signReceiveAuthorization(client, { to, value: 6n });
    const refusal = await refusalOf(receiveWithAuthorization(stranger, payment));
    expect(refusal.decoded).to.deep.include({ name: "ERC20InvalidReceiver", args: { receiver: to } });
    await receiveWithAuthorization(await clientOf(suite, suite.requester), payment);
    expect(await held()).to.equal(6n);
  });

  it("make a signed payment worth nothing", async () => {
    const { client, stranger, to } = await given();
    const payment = await signTransferAuthorization(client, { to, value: 6n });
    await cancelAuthorization(client, payment);
    const refusal = await refusalOf(transferWithAuthorization(stranger, payment));
    expect(refusal.decoded).to.deep.include({
      name: "ERC3009UsedAuthorization",
      args: { authorizer: payment.from, nonce: payment.nonce },
    });
  });

  it("burn, and give votes away", async () => {
    const { suite, client } = await given();
    const supply = await suite.token.totalSupply();
    await burnTokens(client, { amount: 1n });
    await delegateVotes(client, { delegatee: suite.stranger.address });
    expect(await suite.token.totalSupply()).to.equal(supply - 1n);
    expect(await suite.token.getVotes(suite.stranger)).to.equal(supply - 1n);
  });
});
