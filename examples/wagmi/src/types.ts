/** What the compiler must know of the ABIs through wagmi. `tsc -p .` is the test. */
import { InferenceMarketplaceAbi } from "@opg-protocol/sdk/abi/InferenceMarketplace";
import type { ContractFunctionArgs, ContractFunctionReturnType } from "viem";

type Equal<A, B> = [A, B] extends [B, A] ? true : false;
type Market = typeof InferenceMarketplaceAbi;
type Balances = ContractFunctionReturnType<Market, "view", "accountOf">;

export const facts: readonly true[] = [
  true satisfies Equal<Balances[0], bigint>,
  true satisfies Equal<ContractFunctionArgs<Market, "nonpayable", "deposit">[1], bigint>,
  // @ts-expect-error a balance is no number
  true satisfies Equal<Balances[0], number>,
];
