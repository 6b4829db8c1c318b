import { createConfig } from "ponder";
import type { Address } from "viem";

import { ABIS, CONTRACT_NAMES, type ContractName } from "./contracts.ts";
import { deployment, rpcUrl } from "./deployment.ts";

const { addresses, chainId, startBlock } = deployment;

/** Blocks between two of which the table `head` tells how far this has come. */
const HEAD_INTERVAL = 20;

const contracts = Object.fromEntries(
  CONTRACT_NAMES.map((name) => [
    name,
    { abi: ABIS[name], chain: "deployed", address: addresses[name] as Address, startBlock },
  ]),
) as { [Name in ContractName]: { abi: (typeof ABIS)[Name]; chain: "deployed"; address: Address; startBlock: number } };

export default createConfig({
  chains: { deployed: { id: chainId, rpc: rpcUrl } },
  contracts,
  blocks: { head: { chain: "deployed", startBlock, interval: HEAD_INTERVAL } },
});
