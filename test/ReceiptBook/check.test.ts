import { expect } from "chai";
import { id, TypedDataEncoder } from "ethers";

import { RECEIPT_TYPES, receiptDigest, receiptHash, receiptsDomain } from "../../packages/sdk/src/codecs/receipt.ts";
import { signerOfDigest } from "../../packages/sdk/src/codecs/signature.ts";
import { loadFixture, time } from "../support/network.ts";
import { chainId } from "../support/payments.ts";
import { conversing, TestSession } from "../support/sessions.ts";

async function opened() {
  const suite = await conversing();
  const session = await TestSession.open(suite);
  return { ...suite, session, receipt: await session.receipt() };
}

describe("ReceiptBook.check", () => {
  const given = () => loadFixture(opened);

  it("says what is stated and until when it can be disputed, and writes nothing", async () => {
    const { receipts, sessions, session, receipt } = await given();
    const statementId = await session.statementId(receipt);
    const until = BigInt(receipt.issuedAt) + session.fields.rules.receiptHorizonPeriod;
    const proof = await session.signed(receipt);
    expect(await receipts.check(sessions, session.packed, receipt, proof)).to.deep.equal([statementId, until]);
    expect(await receipts.shownOf(statementId)).to.equal(0n);
  });

  it("reverts as show does, when the horizon is over", async () => {
    const { receipts, sessions, session, receipt } = await given();
    const proof = await session.signed(receipt);
    const until = receipt.issuedAt + Number(session.fields.rules.receiptHorizonPeriod);
    await time.increaseTo(until);
    await expect(receipts.check(sessions, session.packed, receipt, proof))
      .to.be.revertedWithCustomError(receipts, "ReceiptsOutOfTime")
      .withArgs(session.id, receipt.issuedAt, until);
  });
});

describe("ReceiptBook.hashOf", () => {
  it("is the hash that EIP-712 gives the struct, and its digest that which the node signs", async () => {
    const { receipts, first, session, receipt } = await loadFixture(opened);
    expect(await receipts.hashOf(receipt)).to.equal(TypedDataEncoder.hashStruct("Receipt", RECEIPT_TYPES, receipt));
    expect(await receipts.hashOf(receipt)).to.equal(receiptHash(receipt));
    const { name, version, chainId: chain, verifyingContract } = await receipts.eip712Domain();
    const domain = receiptsDomain(await chainId(), await receipts.getAddress());
    expect({ name, version, chainId: chain, verifyingContract }).to.deep.equal(domain);
    const { signature } = await session.signed(receipt);
    expect(signerOfDigest(receiptDigest(domain, receipt), signature)).to.equal(first.signer.address);
  });

  it("differs as soon as any field does", async () => {
    const { receipts, receipt } = await loadFixture(opened);
    const variants = [
      receipt,
      { ...receipt, sessionId: id("another session") },
      { ...receipt, sequence: 2n ** 64n - 1n },
      { ...receipt, versionId: id("another version") },
      { ...receipt, inputRoot: id("another input") },
      { ...receipt, outputRoot: id("another output") },
      { ...receipt, price: 2n ** 96n - 1n },
      { ...receipt, issuedAt: 2 ** 48 - 1 },
    ];
    const hashes = await Promise.all(variants.map((variant) => receipts.hashOf(variant)));
    expect(hashes).to.deep.equal(variants.map(receiptHash));
    expect(new Set(hashes).size).to.equal(variants.length);
  });
});

describe("ReceiptBook.statementIdOf", () => {
  it("is the hash that the SDK makes, of what is stated and nothing else [T107]", async () => {
    const { receipts, first, second, session, receipt } = await loadFixture(opened);
    const own = await session.statementId(receipt);
    for (const same of [receipt, { ...receipt, price: 0n }, { ...receipt, issuedAt: 7 }]) {
      expect(await receipts.statementIdOf(first.node, same)).to.equal(own);
    }
    const others = [
      { ...receipt, sessionId: id("another session") },
      { ...receipt, sequence: 2n },
      { ...receipt, versionId: id("another version") },
      { ...receipt, inputRoot: id("another input") },
      { ...receipt, outputRoot: id("another output") },
    ];
    const ids = await Promise.all(others.map((other) => receipts.statementIdOf(first.node, other)));
    expect(ids).to.deep.equal(await Promise.all(others.map((other) => session.statementId(other))));
    expect(new Set([own, await receipts.statementIdOf(second.node, receipt), ...ids]).size).to.equal(7);
  });
});
