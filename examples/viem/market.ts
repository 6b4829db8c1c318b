import {
  type Addresses,
  entitiesOf,
  type Entity,
  packInput,
  packOrder,
  parseOpg,
  withHex,
  type WithHex,
} from "@opg-protocol/sdk";
import { InferenceMarketplaceAbi } from "@opg-protocol/sdk/abi/InferenceMarketplace";
import { ModelRegistryAbi } from "@opg-protocol/sdk/abi/ModelRegistry";
import { OPGTokenAbi } from "@opg-protocol/sdk/abi/OPGToken";
import type { Account, Address, Chain, Hex, PublicClient, Transport, WalletClient } from "viem";

/** A wallet that signs for one account on one chain. */
export type Wallet = WalletClient<Transport, Chain, Account>;

/** A deployment's addresses as viem types them: those of `addresses(84532, "main")` are. */
export type Deployed = WithHex<Addresses>;

/** OPG in the market, base units. */
export async function balanceOf(client: PublicClient, { market }: Deployed, account: Address): Promise<bigint> {
  const [balance] = await client.readContract({
    address: market,
    abi: InferenceMarketplaceAbi,
    functionName: "accountOf",
    args: [account],
  });
  return balance;
}

/** What the model's owner asks for, base units of OPG. */
export async function royaltyOf(client: PublicClient, { registry }: Deployed, versionId: Hex, account: Address) {
  const [royalty] = await client.readContract({
    address: registry,
    abi: ModelRegistryAbi,
    functionName: "quote",
    args: [versionId, account],
  });
  return royalty;
}

/** Puts OPG into the market. */
export async function deposit(client: PublicClient, wallet: Wallet, { token, market }: Deployed, amount: bigint) {
  const approval = await wallet.writeContract({
    address: token,
    abi: OPGTokenAbi,
    functionName: "approve",
    args: [market, amount],
  });
  await client.waitForTransactionReceipt({ hash: approval });
  const hash = await wallet.writeContract({
    address: market,
    abi: InferenceMarketplaceAbi,
    functionName: "deposit",
    args: [wallet.account.address, amount],
  });
  await client.waitForTransactionReceipt({ hash });
}

/** Orders, and gives what the logs of the transaction tell. */
export async function order(
  client: PublicClient,
  wallet: Wallet,
  deployed: Deployed,
  versionId: Hex,
  maxRoyalty: bigint,
): Promise<readonly Entity[]> {
  const { inputRoot, input } = packInput({
    tensors: [{ dtype: 2, shape: [1, 1, 8, 8], data: new Uint8Array(64) }],
  });
  const packed = packOrder({
    requester: wallet.account.address,
    versionId,
    inputRoot,
    seatPrice: parseOpg("1"),
    quorum: 2,
    collateralFactor: 8,
    sealPeriod: 5,
    maxRoyalty,
  });
  const { request } = await client.simulateContract({
    account: wallet.account,
    address: deployed.market,
    abi: InferenceMarketplaceAbi,
    functionName: "request",
    args: [withHex(packed), withHex(input)],
  });
  const receipt = await client.waitForTransactionReceipt({ hash: await wallet.writeContract(request) });
  return entitiesOf(deployed, receipt.logs);
}
