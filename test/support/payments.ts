import { type Addressable, MaxUint256, Signature, type Signer } from "ethers";

import { RECEIVE_AUTHORIZATION_TYPES } from "../../packages/sdk/src/codecs/payment.ts";
import type { Protocol } from "./fixtures.ts";
import { ethers } from "./network.ts";

/** An ERC-3009 authorisation as every ledger takes it. */
export interface Payment {
  readonly value: bigint;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly signature: string;
}

/** What `payer` signs so that `payee` can receive `value` for what `nonce` names, from the payer or its wallet. */
export async function signPayment(
  token: Protocol["token"],
  payer: Signer,
  value: bigint,
  nonce: string,
  payee: Addressable,
  from?: string,
): Promise<Payment> {
  const terms = { value, validAfter: 0n, validBefore: MaxUint256 };
  const message = { from: from ?? (await payer.getAddress()), to: await payee.getAddress(), ...terms, nonce };
  const signature = await payer.signTypedData(await domainOf(token), RECEIVE_AUTHORIZATION_TYPES, message);
  return { ...terms, signature };
}

/** An EIP-2612 permit for a spender. */
export async function signPermit(
  token: Protocol["token"],
  owner: Signer,
  value: bigint,
  spender: Addressable,
): Promise<Signature> {
  const types = {
    Permit: [
      { name: "owner", type: "address" },
      { name: "spender", type: "address" },
      { name: "value", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
  };
  const message = {
    owner: await owner.getAddress(),
    spender: await spender.getAddress(),
    value,
    nonce: await token.nonces(owner),
    deadline: MaxUint256,
  };
  return Signature.from(await owner.signTypedData(await domainOf(token), types, message));
}

export const chainId = async (): Promise<bigint> => (await ethers.provider.getNetwork()).chainId;

async function domainOf(token: Protocol["token"]) {
  return { name: "OPG", version: "1", chainId: await chainId(), verifyingContract: await token.getAddress() };
}
