import { type Addresses, type Client, createClient } from "@opg-protocol/sdk";
import { FetchRequest, JsonRpcProvider, type JsonRpcApiProvider } from "ethers";

import type { Config } from "../config/Config.ts";
import type { Chain } from "./Chain.ts";
import { readFindings } from "./findings.ts";
import { ProtocolChain } from "./ProtocolChain.ts";
import { Socket } from "./Socket.ts";

/** Milliseconds. */
const REQUEST_TIMEOUT = 30_000;

/** What one provider gives the node. */
export interface Connection {
  readonly chain: Chain;
  readonly client: Client;
  readonly provider: JsonRpcApiProvider;
  /** Seconds in which the seed of a draw must be recorded. */
  readonly seedPeriod: number;
  /** A second provider: asked where stake is put at risk, and for what the first one may leave out. */
  readonly witness: Witness | undefined;
  /**
   * Gives once at first, and then whenever the chain has moved, or may have; what happens while one is worked on gives one
   * more. Ends when the signal says stop.
   * @throws ConnectionLostError
   */
  moves(signal: AbortSignal): AsyncGenerator<undefined, void, undefined>;
  close(): void;
}

/** What a second provider is asked. */
export type Witness = Pick<Chain, "blockHash" | "findings">;

/** Connects to the chain and to the deployment that the configuration names. */
export async function connect(config: Pick<Config, "addresses" | "chain" | "node">): Promise<Connection> {
  const { rpcUrl, witnessUrl, pollingInterval, logRange } = config.chain;
  const provider = await reach(rpcUrl, pollingInterval);
  const client = await createClient({ provider, addresses: config.addresses, logRange });
  const chain = new ProtocolChain(client, config.node);
  const witness = witnessUrl === undefined ? undefined : witnessOf(witnessUrl, client.addresses);
  return {
    chain,
    client,
    provider,
    seedPeriod: Number(await client.policy.SEED_PERIOD()),
    witness,
    moves: (signal) => moves(provider, signal),
    close() {
      provider.destroy();
      witness?.close();
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
  if (url.startsWith("ws")) return new Socket(url, options, REQUEST_TIMEOUT);
  const request = new FetchRequest(url);
  request.timeout = REQUEST_TIMEOUT;
  return new JsonRpcProvider(request, undefined, options);
}

/** Where its connection was lost, it opens another one when it is asked next: nothing else waits for it. */
function witnessOf(url: string, addresses: Addresses): Witness & Pick<Connection, "close"> {
  let provider = providerOf(url);
  const standing = () => {
    if (provider instanceof Socket && provider.lost.aborted) provider = providerOf(url);
    return provider;
  };
  return {
    blockHash: async (number) => (await standing().getBlock(number))?.hash ?? undefined,
    findings: (from, to, interest) => readFindings(standing(), addresses, from, to, interest),
    close: () => {
      provider.destroy();
    },
  };
}

async function* moves(provider: JsonRpcApiProvider, signal: AbortSignal): AsyncGenerator<undefined, void, undefined> {
  const bell: { isRinging: boolean; ring: () => void } = { isRinging: true, ring: () => undefined };
  const ring = () => {
    bell.isRinging = true;
    bell.ring();
  };
  signal.addEventListener("abort", ring);
  try {
    await (provider instanceof Socket ? provider.hear(ring) : provider.on("block", ring));
    for (;;) {
      if (!bell.isRinging && !signal.aborted) await new Promise<void>((resolve) => (bell.ring = resolve));
      if (signal.aborted) return;
      if (provider instanceof Socket) provider.lost.throwIfAborted();
      bell.isRinging = false;
      yield;
    }
  } finally {
    signal.removeEventListener("abort", ring);
    await provider.off("block", ring);
  }
}
