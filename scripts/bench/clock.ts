import hre from "hardhat";
import type { EthereumProvider } from "hardhat/types/providers";

const MINING = ["eth_sendTransaction", "eth_sendRawTransaction", "evm_mine", "hardhat_mine"];

/**
 * Stops the chain's clock: it moves only where a benchmark moves it. Times are part of ids, ids are calldata, and a zero
 * byte of calldata costs less than another, so figures would otherwise depend on the speed of the machine.
 */
export function stopClock(): void {
  let moved = false;
  hre.hooks.registerHandlers("network", {
    onRequest: async (context, connection, request, next) => {
      if (request.method === "evm_setNextBlockTimestamp") moved = true;
      else if (MINING.includes(request.method)) {
        if (!moved) await holdTime(connection.provider);
        moved = false;
      }
      return next(context, connection, request);
    },
  });
}

async function holdTime(provider: EthereumProvider): Promise<void> {
  const block: unknown = await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
  const { timestamp } = block as { readonly timestamp: string };
  await provider.request({ method: "evm_setNextBlockTimestamp", params: [timestamp] });
}
