/** What the distribution keeps for whom: wallets that release their part over time. */
import { Contract, getAddress } from "ethers";

import { asker, type Find } from "./contracts.ts";

const OWNED = ["function owner() view returns (address)"];

/** The vesting wallets that an account owns. */
export async function walletsOf(find: Find, account: string): Promise<string[]> {
  const shares = (await asker(find)("distribution", "shares")) as readonly (readonly [payee: string, amount: bigint])[];
  const { runner } = find("distribution");
  const owned: string[] = [];
  for (const [payee] of shares) {
    const code = await runner?.provider?.getCode(payee);
    if (code === undefined || code === "0x") continue;
    const owner: unknown = await new Contract(payee, OWNED, runner)
      .getFunction("owner")
      .staticCall()
      .catch(() => undefined);
    if (typeof owner === "string" && getAddress(owner) === account) owned.push(payee);
  }
  return owned;
}
