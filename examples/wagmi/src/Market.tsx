import { InferenceMarketplaceAbi } from "@opg-protocol/sdk/abi/InferenceMarketplace";
import { ModelRegistryAbi } from "@opg-protocol/sdk/abi/ModelRegistry";
import { decodeSuiteError } from "@opg-protocol/sdk/errors";
import { formatUnits } from "viem";
import { useReadContract } from "wagmi";

import type { Settings } from "./config.ts";

const amount = (baseUnits: bigint | undefined) => (baseUnits === undefined ? "…" : `${formatUnits(baseUnits, 18)} OPG`);

/** What an account has in the market, and what a model's owner asks of it, or why it cannot be ordered. */
export function Market({ market, registry, account, versionId }: Settings) {
  const balances = useReadContract({
    address: market,
    abi: InferenceMarketplaceAbi,
    functionName: "accountOf",
    args: [account],
  });
  const quote = useReadContract({
    address: registry,
    abi: ModelRegistryAbi,
    functionName: "quote",
    args: [versionId, account],
    query: { retry: false },
  });
  const refusal = decodeSuiteError(quote.error);
  return (
    <main>
      <p id="balance">{amount(balances.data?.[0])}</p>
      <p id="royalty">{refusal === undefined ? amount(quote.data?.[0]) : `${refusal.sentence} ${refusal.fix}`}</p>
    </main>
  );
}
