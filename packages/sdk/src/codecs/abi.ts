import { AbiCoder, id, keccak256, ParamType } from "ethers";

/** A value that the ABI coder takes. */
export type AbiValue = string | bigint | number | boolean | Uint8Array | readonly AbiValue[];

/** The few types of the protocol. To read one costs as much as to encode a value of it. */
const parsed = new Map<string, ParamType>();

/** `abi.encode` of Solidity. */
export function abiEncode(types: readonly string[], values: readonly AbiValue[]): string {
  return AbiCoder.defaultAbiCoder().encode(types.map(parse), values);
}

function parse(type: string): ParamType {
  const known = parsed.get(type) ?? ParamType.from(type);
  parsed.set(type, known);
  return known;
}

/** `keccak256(abi.encode(keccak256(tag), ...))`: how every id and commitment of the protocol is made. */
export function taggedHash(tag: string, types: readonly string[], values: readonly AbiValue[]): string {
  return keccak256(abiEncode(["bytes32", ...types], [id(tag), ...values]));
}
