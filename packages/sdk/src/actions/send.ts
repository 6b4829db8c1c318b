import { isError, type Signer, type TransactionReceipt, type TransactionResponse } from "ethers";

import type { Client } from "../client.ts";
import { SignerMissingError, TransactionRevertedError } from "../errors/faults.ts";
import { explained } from "../errors/ProtocolError.ts";
import type { Call } from "./action.ts";
import { gasLimitOf } from "./gas.ts";

/**
 * The signer of a client, and its address.
 * @throws SignerMissingError if the client can only read.
 */
export function signerOf({ signer, account }: Client): { readonly signer: Signer; readonly account: string } {
  if (signer === undefined || account === undefined) throw new SignerMissingError();
  return { signer, account };
}

/** Sends a call from the client's account and waits until it is in a block. */
export async function sendCall(client: Client, { to, data }: Call): Promise<TransactionReceipt> {
  const { signer, account: from } = signerOf(client);
  const gasLimit = gasLimitOf(await explained(signer.estimateGas({ to, data })));
  const response = await explained(signer.sendTransaction({ to, data, gasLimit }));
  const receipt = await receiptOf(response);
  if (receipt?.status === 1) return receipt;

  // A receipt does not say why: the same call on the block's state mostly does.
  const replay = { from, to, data, ...(receipt !== null && { blockTag: receipt.blockNumber }) };
  await explained(client.provider.call(replay));
  throw new TransactionRevertedError(response.hash);
}

async function receiptOf(response: TransactionResponse): Promise<TransactionReceipt | null> {
  try {
    return await response.wait();
  } catch (thrown) {
    // Of wallets that send the same call again for a higher fee.
    if (isError(thrown, "TRANSACTION_REPLACED") && !thrown.cancelled) return thrown.receipt;
    if (isError(thrown, "CALL_EXCEPTION") && thrown.receipt !== undefined) return thrown.receipt;
    throw thrown;
  }
}
