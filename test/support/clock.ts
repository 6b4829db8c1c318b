import hre from "hardhat";
import type { EthereumProvider } from "hardhat/types/providers";

const MINING = ["eth_sendTransaction", "eth_sendRawTransaction", "evm_mine", "hardhat_mine"];

/**
 * Stops the clock of the chain: a block has the time of the one before, unless somebody says otherwise. Whether a phase
 * is over, and what a transaction costs, then does not depend on the speed of the machine.
 */
export function stopClock(): void {
  /** The number of the block for whose successor a time has been set. */
  let timed: string | undefined;
  hre.hooks.registerHandlers("network", {
    onRequest: async (context, connection, request, next) => {
      const { method } = request;
      if (method === "evm_revert") timed = undefined;
      if (method === "evm_setNextBlockTimestamp") timed = await numberNow(connection.provider);
      if (MINING.includes(method) && timed !== (await numberNow(connection.provider))) {
        const params = [await timeNow(connection.provider)];
        await connection.provider.request({ method: "evm_setNextBlockTimestamp", params });
      }
      return next(context, connection, request);
    },
  });
}

async function numberNow(provider: EthereumProvider): Promise<string> {
  return (await provider.request({ method: "eth_blockNumber" })) as string;
}

async function timeNow(provider: EthereumProvider): Promise<string> {
  const params = ["latest", false];
  const block = (await provider.request({ method: "eth_getBlockByNumber", params })) as { readonly timestamp: string };
  return block.timestamp;
}
