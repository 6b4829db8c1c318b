import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { makeError, type Provider, type Signer, type TransactionReceipt, type TransactionRequest } from "ethers";

import { withdraw } from "../src/actions/market/accounts.ts";
import { interfaces } from "../src/contracts.ts";
import { SignerMissingError, TransactionRevertedError } from "../src/errors/faults.ts";
import { ProtocolError } from "../src/errors/ProtocolError.ts";
import { ADDRESSES, addressOf, clientOf, logOf, receiptOf } from "./support.ts";

const ACCOUNT = addressOf("account");
const REVERT = interfaces.market.encodeErrorResult("LedgerZeroAccount", []);
const refusal = () => Promise.reject(Object.assign(new Error("reverted"), { data: REVERT }));
const mined = receiptOf([logOf("market", "Withdrawn", [ACCOUNT, ACCOUNT, 5n])]);
const failed = receiptOf([], 0);

/** A client whose transactions end as a test says; notes what was sent. */
function acting(wait: () => Promise<TransactionReceipt | null>, provider: Partial<Provider> = {}) {
  const sent: TransactionRequest[] = [];
  const signer = {
    estimateGas: () => Promise.resolve(50_000n),
    sendTransaction: (request: TransactionRequest) => {
      sent.push(request);
      return Promise.resolve({ hash: mined.hash, wait });
    },
  } as unknown as Signer;
  return { client: clientOf(provider, { signer, account: ACCOUNT }), signer, sent };
}

describe("An action that sends", () => {
  it("sends its call with gas to spare, and gives what the events say", async () => {
    const { client, sent } = acting(() => Promise.resolve(mined));
    const { events, transactionHash, gasUsed } = await withdraw(client, { amount: 5n });
    assert.deepEqual([events[0]?.name, transactionHash, gasUsed], ["Withdrawn", mined.hash, mined.gasUsed]);
    assert.deepEqual(sent, [{ ...withdraw.call(ADDRESSES, { to: ACCOUNT, amount: 5n }), gasLimit: 150_000n }]);
  });

  it("sends nothing that would be refused, and explains why", async () => {
    const { client, signer, sent } = acting(() => Promise.resolve(mined));
    const refusing = { ...signer, estimateGas: refusal } as unknown as Signer;
    await assert.rejects(withdraw({ ...client, signer: refusing }, { amount: 5n }), (error) => {
      return error instanceof ProtocolError && error.decoded.name === "LedgerZeroAccount";
    });
    assert.deepEqual(sent, []);
  });

  it("explains what was refused only in the block, by the same call on that block's state", async () => {
    const asked: TransactionRequest[] = [];
    const call = (request: TransactionRequest) => {
      asked.push(request);
      return refusal();
    };
    const thrown = makeError("reverted", "CALL_EXCEPTION", { receipt: failed } as never);
    const { client, sent } = acting(() => Promise.reject(thrown), { call });
    await assert.rejects(withdraw(client, { amount: 5n }), ProtocolError);
    const [{ to, data } = {}] = sent;
    assert.deepEqual(asked, [{ from: ACCOUNT, to, data, blockTag: failed.blockNumber }]);
  });

  it("says so if the reason has passed", async () => {
    const { client } = acting(() => Promise.resolve(failed), { call: () => Promise.resolve("0x") });
    await assert.rejects(withdraw(client, { amount: 5n }), TransactionRevertedError);
  });

  it("takes the receipt of the same call that a wallet has sent again for more", async () => {
    const replaced = (cancelled: boolean) => {
      const thrown: Error = makeError("replaced", "TRANSACTION_REPLACED", { cancelled, receipt: mined } as never);
      return acting(() => Promise.reject(thrown));
    };
    assert.equal((await withdraw(replaced(false).client, { amount: 5n })).events.length, 1);
    await assert.rejects(withdraw(replaced(true).client, { amount: 5n }), { code: "TRANSACTION_REPLACED" });
  });

  it("needs a signer", async () => {
    await assert.rejects(withdraw(clientOf({}), { amount: 5n, to: ACCOUNT }), SignerMissingError);
  });
});
