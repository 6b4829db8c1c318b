import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id, Signature, type ContractTransactionResponse, type TypedDataDomain } from "ethers";

import type { OPGToken } from "../../typechain-types/index.ts";
import { ethers } from "./network.ts";

/** What an account signs so that somebody else can move its tokens (ERC-3009). Times in unix seconds, exclusive. */
export interface Authorisation {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly validAfter: number;
  readonly validBefore: number;
  readonly nonce: string;
}

export type AuthorisationKind = "TransferWithAuthorization" | "ReceiveWithAuthorization";

const MESSAGE = ["from address", "to address", "value uint256", "validAfter uint256", "validBefore uint256"];
const fieldsOf = (lines: readonly string[]) =>
  lines.map((line) => {
    const [name = "", type = ""] = line.split(" ");
    return { name, type };
  });

export const NONCE = id("nonce");

export async function tokenDomain(token: OPGToken): Promise<TypedDataDomain> {
  const { chainId } = await ethers.provider.getNetwork();
  return { name: "OPG", version: "1", chainId, verifyingContract: await token.getAddress() };
}

export async function signAuthorisation(
  token: OPGToken,
  kind: AuthorisationKind,
  signer: HardhatEthersSigner,
  authorisation: Authorisation,
  domain: TypedDataDomain = {},
): Promise<string> {
  const types = { [kind]: fieldsOf([...MESSAGE, "nonce bytes32"]) };
  return signer.signTypedData({ ...(await tokenDomain(token)), ...domain }, types, authorisation);
}

export async function signCancellation(
  token: OPGToken,
  signer: HardhatEthersSigner,
  authorizer: string,
  nonce = NONCE,
): Promise<string> {
  const types = { CancelAuthorization: fieldsOf(["authorizer address", "nonce bytes32"]) };
  return signer.signTypedData(await tokenDomain(token), types, { authorizer, nonce });
}

/** One of the forms in which an authorisation can be sent. */
export type Submit = (
  token: OPGToken,
  sender: HardhatEthersSigner,
  authorisation: Authorisation,
  signature: string,
) => Promise<ContractTransactionResponse>;

const HEAD = "address,address,uint256,uint256,uint256,bytes32";
const valuesOf = ({ from, to, value, validAfter, validBefore, nonce }: Authorisation) =>
  [from, to, value, validAfter, validBefore, nonce] as const;
const partsOf = (signature: string) => {
  const { v, r, s } = Signature.from(signature);
  return [v, r, s] as const;
};

export const transferWithBytes: Submit = (token, sender, authorisation, signature) =>
  token.connect(sender)[`transferWithAuthorization(${HEAD},bytes)`](...valuesOf(authorisation), signature);

export const transferWithParts: Submit = (token, sender, authorisation, signature) =>
  token
    .connect(sender)
    [`transferWithAuthorization(${HEAD},uint8,bytes32,bytes32)`](...valuesOf(authorisation), ...partsOf(signature));

export const receiveWithBytes: Submit = (token, sender, authorisation, signature) =>
  token.connect(sender)[`receiveWithAuthorization(${HEAD},bytes)`](...valuesOf(authorisation), signature);

export const receiveWithParts: Submit = (token, sender, authorisation, signature) =>
  token
    .connect(sender)
    [`receiveWithAuthorization(${HEAD},uint8,bytes32,bytes32)`](...valuesOf(authorisation), ...partsOf(signature));

export const cancelWithBytes = (token: OPGToken, authorizer: string, nonce: string, signature: string) =>
  token["cancelAuthorization(address,bytes32,bytes)"](authorizer, nonce, signature);

export const cancelWithParts = (token: OPGToken, authorizer: string, nonce: string, signature: string) =>
  token["cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)"](authorizer, nonce, ...partsOf(signature));
