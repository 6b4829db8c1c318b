import hre from "hardhat";
import type { EthereumProvider } from "hardhat/types/providers";

const MINING = ["eth_sendTransaction", "eth_sendRawTransaction", "evm_mine", "hardhat_mine"];

interface Block {
  readonly number: string;
  readonly timestamp: string;
}

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
      if (method === "evm_setNextBlockTimestamp") timed = (await latest(connection.provider)).number;
      if (MINING.includes(method)) {
        const { number, timestamp } = await latest(connection.provider);
        if (number !== timed)
          await connection.provider.request({ method: "evm_setNextBlockTimestamp", params: [timestamp] });
      }
      return next(context, connection, request);
    },
  });
}

async function latest(provider: EthereumProvider): Promise<Block> {
  return (await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] })) as Block;
}
