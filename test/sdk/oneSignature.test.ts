import { expect } from "chai";
import {
  AbstractSigner,
  type Provider,
  type Signer,
  type TransactionRequest,
  type TypedDataDomain,
  type TypedDataField,
} from "ethers";

import {
  batchMarket,
  createClient,
  depositWithPermit,
  prepareOrder,
  quoteOrder,
  requestInference,
  requestWithAuthorization,
  signPermit,
  signRequest,
} from "../../packages/sdk/src/index.ts";
import { INPUT, termsOf } from "../support/answers.ts";
import { clientOf } from "../support/clients.ts";
import { servedByThree } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

/** Counts what a person is asked for. */
class CountingSigner extends AbstractSigner {
  readonly asked = { signatures: 0, transactions: 0 };

  constructor(private readonly inner: Signer) {
    super(inner.provider);
  }

  getAddress = (): Promise<string> => this.inner.getAddress();
  connect = (provider: null | Provider): Signer => new CountingSigner(this.inner.connect(provider));
  signTransaction = (transaction: TransactionRequest): Promise<string> => this.inner.signTransaction(transaction);
  signMessage(message: string | Uint8Array): Promise<string> {
    this.asked.signatures += 1;
    return this.inner.signMessage(message);
  }
  signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    this.asked.signatures += 1;
    return this.inner.signTypedData(domain, types, value);
  }
  override sendTransaction: Signer["sendTransaction"] = (transaction) => {
    this.asked.transactions += 1;
    return this.inner.sendTransaction(transaction);
  };
}

describe("An order", () => {
  const given = async () => {
    const suite = await loadFixture(servedByThree);
    const signer = new CountingSigner(suite.deployer);
    const { provider, addresses } = await clientOf(suite);
    const client = await createClient({ provider, addresses, signer });
    const spender = addresses.market;
    expect(await suite.token.allowance(suite.deployer, spender)).to.equal(0n);
    return { suite, client, spender, asked: signer.asked, order: { ...termsOf(suite), input: INPUT } };
  };

  it("takes one signature and no transaction of its requester, and no approval", async () => {
    const { suite, client, asked, order } = await given();
    const signed = await signRequest(client, order);
    const { job, transactionHash } = await requestWithAuthorization(await clientOf(suite, suite.stranger), signed);
    expect(job.requester).to.equal(suite.deployer.address);
    expect(asked).to.deep.equal({ signatures: 1, transactions: 0 });
    await expect(client.provider.getTransaction(transactionHash)).not.to.emit(suite.token, "Approval");
  });

  it("takes one signature and one transaction where its requester pays the gas", async () => {
    const { suite, client, spender, asked, order } = await given();
    const { escrow: amount } = await quoteOrder(client, order);
    const account = suite.deployer.address;
    const permit = await signPermit(client, { spender, amount });
    const calls = [
      depositWithPermit.call(client.addresses, { ...permit, account }),
      requestInference.call(client.addresses, prepareOrder(account, order)),
    ];
    const { events } = await batchMarket(client, { calls });
    expect(events.map(({ name }) => name)).to.include("JobRequested");
    expect(asked).to.deep.equal({ signatures: 1, transactions: 1 });
    expect(await suite.token.allowance(account, spender)).to.equal(0n);
  });
});
