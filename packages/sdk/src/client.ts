import { getAddress, type Provider, type Signer } from "ethers";

import type { Addresses } from "./addresses.ts";
import { connectContracts, type Contracts } from "./contracts.ts";

/** What every action takes: a chain, a deployment on it, and who acts. */
export interface Client extends Contracts {
  readonly chainId: bigint;
  readonly addresses: Addresses;
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

export interface CreateClientParameters {
  readonly provider: Provider;
  readonly signer?: Signer;
  /** A plain object, or that of `findDeployment`. */
  readonly addresses: Addresses;
  /** The block before which there is nothing of the deployment; by default 0. */
  readonly startBlock?: number;
  /** Most blocks that the provider searches for logs in one request; by default 10,000. */
  readonly logRange?: number;
}

/** Asks the provider for its chain, the signer for its address, and connects to the contracts. */
export async function createClient(parameters: CreateClientParameters): Promise<Client> {
  const { provider, signer, startBlock = 0, logRange = 10_000 } = parameters;
  const { token, access, registry, staking, commitments, policy, market } = parameters.addresses;
  const addresses: Addresses = {
    token: getAddress(token),
    access: getAddress(access),
    registry: getAddress(registry),
    staking: getAddress(staking),
    commitments: getAddress(commitments),
    policy: getAddress(policy),
    market: getAddress(market),
  };
  const { chainId } = await provider.getNetwork();
  const connected = signer === undefined || signer.provider !== null ? signer : signer.connect(provider);
  return {
    chainId,
    addresses,
    provider,
    signer: connected,
    account: await connected?.getAddress(),
    startBlock,
    logRange,
    ...connectContracts(addresses, connected ?? provider),
  };
}
