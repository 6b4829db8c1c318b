import { expect } from "chai";

import type { InferenceMarketplace } from "../../typechain-types/index.ts";
import type { Served } from "./fixtures.ts";

/** The books of a market. */
type Books = Pick<InferenceMarketplace, "accountOf" | "servingOf" | "getAddress">;

/** Every balance that a job can touch, by name. OPG, base units. */
export type Ledger = Readonly<Record<string, bigint>>;

/** Tokens of the contracts' books, what the market owes to whom, and what each node has at stake. */
export async function ledgerOf(suite: Served, market: Books = suite.market): Promise<Ledger> {
  const { token, staking, requester, publisher, stranger, timelock, nodes, version } = suite;
  const account = await market.accountOf(requester);
  const ledger: Record<string, bigint> = {
    requester: account.balance,
    fees: account.fees,
    publisher: (await market.accountOf(publisher)).balance,
    stranger: (await market.accountOf(stranger)).balance,
    treasury: await token.balanceOf(timelock),
    market: await token.balanceOf(market),
    staking: await token.balanceOf(staking),
    supply: await token.totalSupply(),
  };
  for (const [i, { node }] of nodes.entries()) {
    const { earned, used, maxLock } = await market.servingOf(node, version);
    const [bonded] = await staking.delegatedStakeOf(node);
    ledger[`node ${i} earned`] = earned;
    ledger[`node ${i} used`] = used;
    ledger[`node ${i} free`] = maxLock - used;
    ledger[`node ${i} own`] = (await staking.ownStakeOf(node)).bonded;
    ledger[`node ${i} delegated`] = bonded.assets;
    ledger[`node ${i} locked`] = await staking.lockedOf(node);
  }
  return ledger;
}

/** What is different now; what stayed as it was is left out. */
export async function changesSince(before: Ledger, suite: Served, market: Books = suite.market): Promise<Ledger> {
  const after = await ledgerOf(suite, market);
  const changes = Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0n)] as const);
  return Object.fromEntries(changes.filter(([, change]) => change !== 0n));
}

/** The tokens in the contracts have changed by exactly what is owed, and the supply by what was burned. */
export function expectConserved(changes: Ledger): void {
  const sum = (name: RegExp) =>
    Object.entries(changes)
      .filter(([key]) => name.test(key))
      .reduce((total, [, change]) => total + change, 0n);
  expect(sum(/^market$/)).to.equal(sum(/^(requester|fees|publisher|stranger|node \d+ earned)$/));
  expect(sum(/^staking$/)).to.equal(sum(/^node \d+ (own|delegated)$/));
  expect(sum(/^supply$/)).to.equal(sum(/^(market|staking|treasury)$/));
}

/** What earning `amount` in the market changes in the books of each of these nodes. */
export const earningsOf = (indices: readonly number[], amount: bigint): Ledger =>
  Object.fromEntries(indices.map((i) => [`node ${i} earned`, amount]));

/** What the loss of `amount` of own stake changes in the books of each of these nodes. */
export const lossOf = (indices: readonly number[], amount: bigint): Ledger =>
  Object.fromEntries(indices.flatMap((i) => ["own", "free", "locked"].map((book) => [`node ${i} ${book}`, -amount])));
