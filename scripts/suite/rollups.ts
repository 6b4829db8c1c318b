/** What roll-ups charge for the data of a transaction, which goes to their layer 1. */
import { dataLength, Interface, ZeroAddress } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

export type Rollup = "op-stack" | "arbitrum";

/** What the sender of a transaction decides of it. */
export interface Request {
  /** Null where it creates a contract. */
  readonly to: string | null;
  readonly data: string;
}

/** What comes on top of the gas that executing takes: more gas, or a fee in wei. */
export interface DataCost {
  readonly gas: bigint;
  readonly fee: bigint;
}

const NOTHING: DataCost = { gas: 0n, fee: 0n };

/** A contract of every OP Stack chain, since Fjord: specs.optimism.io/protocol/fjord/predeploys.html. */
const GAS_PRICE_ORACLE = {
  address: "0x420000000000000000000000000000000000000F",
  abi: new Interface(["function getL1FeeUpperBound(uint256 unsignedTxSize) view returns (uint256)"]),
};
/** What a transaction has beside its data, once it is serialised. */
const ENVELOPE_BYTES = 120;

/** No contract, but answered by every Arbitrum node: docs.arbitrum.io/arbitrum-essentials/nodeinterface/reference. */
const NODE_INTERFACE = {
  address: "0x00000000000000000000000000000000000000C8",
  abi: new Interface([
    "function gasEstimateL1Component(address to, bool contractCreation, bytes data) payable returns (uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate)",
  ]),
};

/** Asks the chain what the data of a transaction costs; a chain that is no roll-up charges nothing apart. */
export async function dataCostOf(
  live: NetworkConnection,
  rollup: Rollup | undefined,
  { to, data }: Request,
): Promise<DataCost> {
  switch (rollup) {
    case undefined:
      return NOTHING;
    case "op-stack":
      return { ...NOTHING, fee: await ask(live, GAS_PRICE_ORACLE, [dataLength(data) + ENVELOPE_BYTES]) };
    case "arbitrum":
      return { ...NOTHING, gas: await ask(live, NODE_INTERFACE, [to ?? ZeroAddress, to === null, data]) };
  }
}

/** The first number of the answer. A rehearsal's chain has the roll-up's number and nothing of its layer 1: zero. */
async function ask(
  { ethers }: NetworkConnection,
  { address, abi }: typeof GAS_PRICE_ORACLE,
  args: readonly unknown[],
): Promise<bigint> {
  const [method] = abi.fragments;
  const name = method?.format() ?? "";
  const answer = await ethers.provider.call({ to: address, data: abi.encodeFunctionData(name, args) });
  return answer === "0x" ? 0n : (abi.decodeFunctionResult(name, answer)[0] as bigint);
}
