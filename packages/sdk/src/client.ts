import type { Provider, Signer } from "ethers";

import type { Addresses } from "./addresses.ts";
import { connectContracts, type Contracts } from "./contracts.ts";
import { checkedAddress, readAddresses } from "./deployment.ts";
import { WrongChainError } from "./errors/faults.ts";
import { connectTestnetFaucet, type TestnetFaucet } from "./ethers/TestnetFaucet.ts";

/** What every action takes: a chain, a deployment on it, and who acts. */
export interface Client extends Contracts {
  readonly chainId: bigint;
  readonly addresses: Addresses;
  /** Gives OPG to try things with; only deployments where OPG is worth nothing have one. */
  readonly faucet: TestnetFaucet | undefined;
  readonly provider: Provider;
  /** Without it the client can only read. */
  readonly signer: Signer | undefined;
  /** The signer's address. */
  readonly account: string | undefined;
  /** The block from which logs are searched. */
  readonly startBlock: number;
  /** Most blocks in one request for logs. */
  readonly logRange: number;
}

/** A `Deployment` fits: `createClient({ provider, signer, ...deployment })`. */
export interface CreateClientParameters {
  readonly provider: Provider;
  readonly signer?: Signer;
  readonly addresses: Addresses;
  readonly faucet?: string;
  /** The chain on which the addresses are; without it the provider's chain is believed. */
  readonly chainId?: number;
  /** The block before which there is nothing of the deployment; by default 0. */
  readonly startBlock?: number;
  /** Most blocks that the provider searches for logs in one request; by default 10,000. */
  readonly logRange?: number;
}

/**
 * Asks the provider for its chain, the signer for its address, and connects to the contracts.
 * @throws BadDeploymentError, WrongChainError.
 */
export async function createClient(parameters: CreateClientParameters): Promise<Client> {
  const { provider, signer, startBlock = 0, logRange = 10_000 } = parameters;
  const addresses = readAddresses(parameters.addresses);
  const { chainId } = await provider.getNetwork();
  const expected = parameters.chainId;
  if (expected !== undefined && BigInt(expected) !== chainId) throw new WrongChainError(chainId, BigInt(expected));
  const connected = signer === undefined || signer.provider !== null ? signer : signer.connect(provider);
  const runner = connected ?? provider;
  const { faucet } = parameters;
  return {
    chainId,
    addresses,
    faucet: faucet === undefined ? undefined : connectTestnetFaucet(checkedAddress(faucet, "faucet"), runner),
    provider,
    signer: connected,
    account: await connected?.getAddress(),
    startBlock,
    logRange,
    ...connectContracts(addresses, runner),
  };
}
