import { AbiCoder, id, keccak256 } from "ethers";

/** A value that the ABI coder takes. */
export type AbiValue = string | bigint | number | boolean | Uint8Array | readonly AbiValue[];

/** `abi.encode` of Solidity. */
export function abiEncode(types: readonly string[], values: readonly AbiValue[]): string {
  return AbiCoder.defaultAbiCoder().encode(types, values);
}

/** `keccak256(abi.encode(keccak256(tag), ...))`: how every id and commitment of the protocol is made. */
export function taggedHash(tag: string, types: readonly string[], values: readonly AbiValue[]): string {
  return keccak256(abiEncode(["bytes32", ...types], [id(tag), ...values]));
}
