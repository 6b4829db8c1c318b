import {
  cancelJob,
  type Client,
  createClient,
  deposit,
  getJob,
  type OrderQuote,
  type OrderTerms,
  parseOpg,
  quoteOrder,
  readDeployment,
  requestInference,
} from "@opg-protocol/sdk";
import { connectInferenceMarketplace } from "@opg-protocol/sdk/ethers/InferenceMarketplace";
import type { Provider, Signer } from "ethers";

/** Connects to a deployment that a file describes; for a published one, `...deploymentOf(84532, "main")`. */
export function connect(provider: Provider, signer: Signer, file: string): Promise<Client> {
  return createClient({ provider, signer, ...readDeployment(JSON.parse(file)) });
}

/** Two nodes must agree, each for one OPG. */
export const termsFor = (versionId: string): OrderTerms => ({
  versionId,
  seatPrice: parseOpg("1"),
  quorum: 2,
  collateralFactor: 8,
  sealPeriod: 5,
});

/** Deposits what the order takes, and orders. */
export async function order(
  client: Client,
  terms: OrderTerms,
  picture: Uint8Array,
): Promise<{ jobId: string; quote: OrderQuote }> {
  const quote = await quoteOrder(client, terms);
  await deposit(client, { amount: quote.escrow });
  const input = { tensors: [{ dtype: 2, shape: [1, 1, 8, 8], data: picture }] };
  const { jobId } = await requestInference(client, { ...terms, maxRoyalty: quote.royalty, input });
  return { jobId, quote };
}

/** Takes the order back. */
export async function cancel(client: Client, jobId: string): Promise<bigint> {
  const { packed: job } = await getJob(client, { jobId });
  await cancelJob(client, { job });
  return balanceOf(client.addresses.market, client.provider, client.account ?? "");
}

/** Reads a contract through its binding: any provider, no client. */
export async function balanceOf(market: string, provider: Provider, account: string): Promise<bigint> {
  const { balance } = await connectInferenceMarketplace(market, provider).accountOf(account);
  return balance;
}
