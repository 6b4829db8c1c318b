import { createClient, type Client } from "@opg-protocol/sdk";
import { FetchRequest, JsonRpcProvider, WebSocketProvider, type JsonRpcApiProvider } from "ethers";

import type { Config } from "../config/Config.ts";
import type { Chain } from "./Chain.ts";
import { ProtocolChain } from "./ProtocolChain.ts";

const REQUEST_TIMEOUT = 30_000;

/** The provider has closed the connection. A new one has to be made. */
export class ConnectionLostError extends Error {
  constructor(readonly url: string) {
    super(`The connection to ${url} was closed`);
    this.name = "ConnectionLostError";
  }
}

/** What one provider gives the node. */
export interface Connection {
  readonly chain: Chain;
  readonly client: Client;
  readonly provider: JsonRpcApiProvider;
  /** Seconds in which the seed of a draw must be recorded. */
  readonly seedPeriod: number;
  /** A second provider, asked where stake is put at risk. */
  readonly witness: Pick<Chain, "blockHash"> | undefined;
  /**
   * Gives once at first, and then whenever the chain has moved; what happens while one is worked on gives one more. Ends
   * when the signal says stop.
   * @throws ConnectionLostError
   */
  moves(signal: AbortSignal): AsyncGenerator<undefined, void, undefined>;
  close(): void;
}

/** Connects to the chain and to the deployment that the configuration names. */
export async function connect(config: Pick<Config, "addresses" | "chain" | "node">): Promise<Connection> {
  const { rpcUrl, witnessUrl, pollingInterval, logRange } = config.chain;
  const provider = await reach(rpcUrl, pollingInterval);
  const client = await createClient({ provider, addresses: config.addresses, logRange });
  const chain = new ProtocolChain(client, config.node);
  const witness = witnessUrl === undefined ? undefined : providerOf(witnessUrl, pollingInterval);
  return {
    chain,
    client,
    provider,
    seedPeriod: Number(await client.policy.SEED_PERIOD()),
    witness: witness && { blockHash: async (number) => (await witness.getBlock(number))?.hash ?? undefined },
    moves: (signal) => moves(provider, rpcUrl, signal),
    close() {
      provider.destroy();
      witness?.destroy();
    },
  };
}

/** A provider that answers. Without this, ethers would ask for the network for ever. */
export async function reach(url: string, pollingInterval?: number): Promise<JsonRpcApiProvider> {
  const provider = providerOf(url, pollingInterval);
  try {
    await provider._detectNetwork();
    return provider;
  } catch (error) {
    provider.destroy();
    throw error;
  }
}

/** A provider for an http(s) or ws(s) address. Every answer comes from the chain: what was true a quarter of a second ago is not good enough for clocks. */
function providerOf(url: string, pollingInterval = 4_000): JsonRpcApiProvider {
  const options = { cacheTimeout: -1, pollingInterval };
  if (url.startsWith("ws")) return new WebSocketProvider(url, undefined, options);
  const request = new FetchRequest(url);
  request.timeout = REQUEST_TIMEOUT;
  return new JsonRpcProvider(request, undefined, options);
}

async function* moves(
  provider: JsonRpcApiProvider,
  url: string,
  signal: AbortSignal,
): AsyncGenerator<undefined, void, undefined> {
  const bell: { isRinging: boolean; isLost: boolean; ring: () => void } = {
    isRinging: true,
    isLost: false,
    ring: () => undefined,
  };
  const ring = () => {
    bell.isRinging = true;
    bell.ring();
  };
  if (provider instanceof WebSocketProvider) {
    // The interface that ethers declares leaves out that sockets are event targets.
    (provider.websocket as unknown as EventTarget).addEventListener("close", () => {
      bell.isLost = true;
      ring();
    });
  }
  signal.addEventListener("abort", ring);
  await provider.on("block", ring);
  try {
    for (;;) {
      if (!bell.isRinging && !signal.aborted) await new Promise<void>((resolve) => (bell.ring = resolve));
      if (signal.aborted) return;
      if (bell.isLost) throw new ConnectionLostError(url);
      bell.isRinging = false;
      yield;
    }
  } finally {
    signal.removeEventListener("abort", ring);
    await provider.off("block", ring);
  }
}
