/** What is signed is what wallets sign: the digests that are made the short way are those of EIP-712. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { id, toBeHex, TypedDataEncoder, Wallet } from "ethers";

import { consentSigner, receiptSigner, signReceipt, signSessionConsent } from "../../src/actions/sessions/receipts.ts";
import { signVoucher, voucherSigner } from "../../src/actions/sessions/vouchers.ts";
import {
  RECEIPT_TYPES,
  receiptDigest,
  receiptHash,
  receiptsDomain,
  sessionsDomain,
  VOUCHER_TYPES,
  voucherDigest,
  voucherMessage,
} from "../../src/codecs/receipt.ts";
import { Random } from "../onnx/support/Random.ts";
import { ADDRESSES, addressOf } from "../support.ts";

const RUNS = 300;
const PLACE = { chainId: 31_337n, addresses: ADDRESSES };

describe("Digests of sessions", () => {
  const random = new Random(5);
  const uint = (bits: number) => {
    const most = 2n ** BigInt(bits) - 1n;
    return random.pick([0n, most, BigInt(id(`${random.unit()}`)) & most]);
  };
  const word = () => toBeHex(uint(256), 32);
  const receipt = () => ({
    sessionId: word(),
    sequence: uint(64),
    versionId: word(),
    inputRoot: word(),
    outputRoot: word(),
    price: uint(96),
    issuedAt: Number(uint(48)),
  });

  it("are those of ethers' TypedDataEncoder, on whatever chain and contract", () => {
    for (let run = 0; run < RUNS; run += 1) {
      const [chainId, contract] = [uint(53), addressOf(`${random.int(0, 3)}`)];
      const voucher = { sessionId: word(), amount: uint(128) };
      const sessions = sessionsDomain(chainId, contract);
      assert.equal(
        voucherDigest(sessions, voucher),
        TypedDataEncoder.hash(sessions, VOUCHER_TYPES, voucherMessage(voucher)),
      );
      const given = receipt();
      const receipts = receiptsDomain(chainId, contract);
      assert.equal(receiptDigest(receipts, given), TypedDataEncoder.hash(receipts, RECEIPT_TYPES, given));
      assert.equal(receiptHash(given), TypedDataEncoder.hashStruct("Receipt", RECEIPT_TYPES, given));
    }
  });

  it("are made of nothing that does not fit its field", () => {
    const sessions = sessionsDomain(1n, addressOf("sessions"));
    assert.throws(() => voucherDigest(sessions, { sessionId: word(), amount: 2n ** 128n }), /out-of-bounds/);
    assert.throws(() => receiptHash({ ...receipt(), sequence: 2n ** 64n }), /out-of-bounds/);
    assert.throws(() => receiptHash({ ...receipt(), inputRoot: "0x12" }), /incorrect data length/);
  });

  it("are signed by an open key as by a wallet that shows what it signs", async () => {
    const open = Wallet.createRandom();
    const shown = { signTypedData: open.signTypedData.bind(open) };
    const voucher = { sessionId: word(), amount: 5n };
    const given = receipt();
    for (const signer of [open, shown]) {
      assert.equal(voucherSigner(PLACE, await signVoucher(PLACE, signer, voucher)), open.address);
      assert.equal(receiptSigner(PLACE, await signReceipt(PLACE, signer, given)), open.address);
      const consent = await signSessionConsent(PLACE, signer, voucher.sessionId, 7);
      assert.equal(consentSigner(PLACE, voucher.sessionId, consent), open.address);
    }
    assert.deepEqual(await signVoucher(PLACE, open, voucher), await signVoucher(PLACE, shown, voucher));
  });

  it("are of one chain, contract and session each [T101]", async () => {
    const key = Wallet.createRandom();
    const voucher = await signVoucher(PLACE, key, { sessionId: word(), amount: 5n });
    assert.notEqual(voucherSigner({ ...PLACE, chainId: 1n }, voucher), key.address);
    const elsewhere = { ...PLACE, addresses: { ...ADDRESSES, sessions: addressOf("other sessions") } };
    assert.notEqual(voucherSigner(elsewhere, voucher), key.address);
    assert.notEqual(voucherSigner(PLACE, { ...voucher, sessionId: word() }), key.address);
    assert.notEqual(voucherSigner(PLACE, { ...voucher, amount: 6n }), key.address);
  });
});
