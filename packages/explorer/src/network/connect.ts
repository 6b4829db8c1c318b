import { type Client, createClient } from "@opg-protocol/sdk";
import { FetchRequest, JsonRpcProvider, Network } from "ethers";

import type { NetworkConfig } from "./config.ts";

/** Milliseconds after which a request to the RPC has failed. */
const TIMEOUT = 20_000;
/** Most requests in one call of the RPC: public ones refuse longer batches. */
const BATCH = 20;

/**
 * The client that only reads. The chain's id is asked for once, here: an RPC of another chain is refused.
 * @throws WrongChainError.
 */
export async function connect({ rpcUrl, deployment, logRange, pollingInterval }: NetworkConfig): Promise<Client> {
  const request = new FetchRequest(rpcUrl);
  request.timeout = TIMEOUT;
  const found = new JsonRpcProvider(request, undefined, { staticNetwork: true, batchMaxCount: 1 });
  try {
    const chainId = BigInt(await withTimeout(found.send("eth_chainId", []) as Promise<string>));
    const provider = new JsonRpcProvider(request, Network.from(chainId), {
      staticNetwork: true,
      batchMaxCount: BATCH,
      pollingInterval,
      cacheTimeout: -1,
    });
    return await createClient({ provider, logRange, ...deployment });
  } finally {
    found.destroy();
  }
}

async function withTimeout<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error("The RPC does not answer. Check your connection, or choose another RPC."));
    }, TIMEOUT);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
