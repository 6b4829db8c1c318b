import type { ContractTransactionResponse, Signer, TransactionReceipt } from "ethers";

import type { Client } from "./client.ts";
import { SignerMissingError } from "./errors/faults.ts";
import { explained } from "./errors/ProtocolError.ts";

/** A transaction that was sent; nobody has waited for it. */
export interface Sent {
  readonly transactionHash: string;
}

/**
 * The signer of a client, and its address.
 * @throws SignerMissingError if the client can only read.
 */
export function signerOf({ signer, account }: Client): { readonly signer: Signer; readonly account: string } {
  if (signer === undefined || account === undefined) throw new SignerMissingError();
  return { signer, account };
}

/** Sends one transaction from the client's account. */
export async function send(
  client: Client,
  call: (account: string) => Promise<ContractTransactionResponse>,
): Promise<Sent> {
  const { account } = signerOf(client);
  const { hash } = await explained(call(account));
  return { transactionHash: hash };
}

/** Sends one transaction from the client's account and waits until it is in a block. */
export async function sendAndWait(
  client: Client,
  call: (account: string) => Promise<ContractTransactionResponse>,
): Promise<TransactionReceipt> {
  const { account } = signerOf(client);
  const response = await explained(call(account));
  const receipt = await response.wait();
  if (receipt === null) throw new Error(`Transaction ${response.hash} has no receipt: ask the provider for it again.`);
  return receipt;
}
