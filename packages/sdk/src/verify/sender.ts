import { type Provider, Transaction, type TransactionResponse } from "ethers";

/** Who signed a transaction, by its signature alone, and what it calls. */
export interface SignedCall {
  readonly sender: string;
  readonly to: string | null;
  /** Calldata, hex. */
  readonly data: string;
}

/**
 * Recovers who signed a transaction. The provider is not believed: what it gives must hash to the transaction's own hash.
 * @returns undefined if the provider does not have it, gives another one, or the chain has made it without a signature.
 */
export async function recoverSender(provider: Provider, transactionHash: string): Promise<SignedCall | undefined> {
  const response = await provider.getTransaction(transactionHash);
  const signed = response === null ? undefined : signedAgain(response);
  if (signed?.from == null || signed.hash !== transactionHash) return undefined;
  return { sender: signed.from, to: signed.to, data: signed.data };
}

function signedAgain(response: TransactionResponse): Transaction | undefined {
  // Without `hash` and `from`: they are what follows from the rest.
  const { type, to, nonce, gasLimit, data, value, chainId, signature } = response;
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas, accessList, authorizationList } = response;
  const fees = type === 0 || type === 1 ? { gasPrice } : { maxFeePerGas, maxPriorityFeePerGas };
  const lists = { ...(type > 0 && { accessList }), ...(type === 4 && { authorizationList }) };
  const fields = { type, to, nonce, gasLimit, data, value, chainId, signature, ...fees, ...lists };
  try {
    return Transaction.from(fields);
  } catch {
    return undefined; // a type that only this chain has, or a signature that is none
  }
}
