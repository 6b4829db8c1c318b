import { type Deployment, readDeployment } from "@opg-protocol/sdk";
import { z } from "zod/mini";

/** Which deployment the page shows, and through whom. */
export interface NetworkConfig {
  /** For people, such as `Base Sepolia`. */
  readonly name: string;
  /** JSON-RPC that answers pages: over http or https. */
  readonly rpcUrl: string;
  readonly deployment: Deployment;
  /** Most blocks that the RPC searches for logs in one request. */
  readonly logRange: number;
  /** Milliseconds between looks at the chain. */
  readonly pollingInterval: number;
  /** A block explorer for addresses, blocks and transactions; its pages are opened, never asked. */
  readonly blockExplorer: string | undefined;
  /** What serves the logs of the past where an RPC would take too long. */
  readonly indexer: string | undefined;
  /** A gateway for what lies in IPFS; without one such addresses are shown and not fetched. */
  readonly ipfsGateway: string | undefined;
}

/** The page's `network.json` is missing or wrong. */
export class BadNetworkError extends Error {
  constructor(what: string) {
    super(`${what} Put the \`network.json\` that docs/explorer.md describes beside the page.`);
    this.name = "BadNetworkError";
  }
}

const webAddress = z.string().check(z.regex(/^https?:\/\/[^\s]+$/));
const schema = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(60)),
  rpcUrl: webAddress,
  deployment: z.unknown(),
  logRange: z._default(z.int().check(z.positive()), 10_000),
  pollingInterval: z._default(z.int().check(z.gte(250)), 4_000),
  blockExplorer: z.optional(webAddress),
  indexer: z.optional(webAddress),
  ipfsGateway: z.optional(webAddress),
});

/** Where the address of an RPC that the user has chosen is kept, by chain. It is no secret: keys in it are the user's own. */
const chosenRpcKey = (chainId: number) => `opg-rpc-${chainId}`;

/**
 * Checks what `network.json` says.
 * @throws BadNetworkError that names the field.
 */
export function readNetwork(value: unknown, chosenRpc: (chainId: number) => string | undefined): NetworkConfig {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new BadNetworkError(`\`${issue?.path.join(".") ?? ""}\` of network.json is wrong: ${issue?.message ?? ""}.`);
  }
  const { blockExplorer, indexer, ipfsGateway, ...rest } = parsed.data;
  const deployment = readDeployment(rest.deployment);
  const rpcUrl = chosenRpc(deployment.chainId) ?? rest.rpcUrl;
  return { ...rest, deployment, rpcUrl, blockExplorer, indexer, ipfsGateway };
}

/** Asks for the configuration beside the page. */
export async function loadNetwork(signal: AbortSignal): Promise<NetworkConfig> {
  const response = await fetch("./network.json", { signal, cache: "no-cache" });
  if (!response.ok) throw new BadNetworkError(`network.json answers with status ${response.status}.`);
  let value: unknown;
  try {
    value = await response.json();
  } catch {
    throw new BadNetworkError("network.json is not JSON.");
  }
  return readNetwork(value, chosenRpc);
}

/** The RPC that the user has chosen for a chain. */
export function chosenRpc(chainId: number): string | undefined {
  try {
    return localStorage.getItem(chosenRpcKey(chainId)) ?? undefined;
  } catch {
    // Storage can be switched off; the page works without.
    return undefined;
  }
}

/** Uses another RPC from now on, or the one of `network.json` again; the page is loaded anew for that. */
export function chooseRpc(chainId: number, url: string | undefined): void {
  if (url === undefined) localStorage.removeItem(chosenRpcKey(chainId));
  else localStorage.setItem(chosenRpcKey(chainId), url);
  location.reload();
}
