/** What a deployment costs: its gas, measured in private, at the price of the real chain. */
import Table from "cli-table3";
import { formatUnits } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { z } from "zod";

import { dataCostOf } from "./rollups.ts";
import type { StepCost } from "./simulation.ts";
import type { Suite } from "./suite.ts";

const Quantity = z.string().regex(/^0x[0-9a-f]+$/i);

export interface Prices {
  /** Per gas: the base fee, and what Ignition adds for whoever makes the block. */
  readonly gasPrice: bigint;
  /** What Ignition offers at most, which the balance must cover while a transaction waits. */
  readonly mostGasPrice: bigint;
}

export interface Cost {
  readonly step: string;
  readonly gas: bigint;
  /** Wei. */
  readonly cost: bigint;
}

export interface Costs {
  readonly prices: Prices;
  readonly steps: readonly Cost[];
  readonly gas: bigint;
  readonly cost: bigint;
  /** What the deployer must have to begin. */
  readonly needed: bigint;
}

/** The price of gas as Ignition will find it. */
async function pricesOf({ ethers, provider }: NetworkConnection): Promise<Prices> {
  const block = await ethers.provider.getBlock("latest");
  const baseFee = block?.baseFeePerGas ?? null;
  if (baseFee === null) {
    const gasPrice = BigInt(Quantity.parse(await provider.request({ method: "eth_gasPrice" })));
    return { gasPrice, mostGasPrice: gasPrice };
  }
  // Ignition's own rule: nothing is added upon a base fee of zero.
  const tip =
    baseFee === 0n ? 0n : BigInt(Quantity.parse(await provider.request({ method: "eth_maxPriorityFeePerGas" })));
  return { gasPrice: baseFee + tip, mostGasPrice: 2n * baseFee + tip };
}

/** Prices the steps of a simulation. */
export async function costsOf({ network }: Suite, live: NetworkConnection, steps: readonly StepCost[]): Promise<Costs> {
  const prices = await pricesOf(live);
  const priced = await Promise.all(
    steps.map(async ({ step, gas: executing, request }) => {
      const ofData = await dataCostOf(live, network.rollup, request);
      const used = executing + ofData.gas;
      return { step, gas: used, cost: used * prices.gasPrice + ofData.fee };
    }),
  );
  const gas = sum(priced.map((step) => step.gas));
  const cost = sum(priced.map((step) => step.cost));
  return { prices, steps: priced, gas, cost, needed: cost + gas * (prices.mostGasPrice - prices.gasPrice) };
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

/** Six digits behind the point, or as many as it takes to show one. */
export function coins(amount: bigint, currency: string): string {
  const whole = formatUnits(amount, 18);
  const [, zeros = ""] = /^0\.(0*)/.exec(whole) ?? [];
  return `${Number(whole).toFixed(Math.min(18, Math.max(6, zeros.length + 2)))} ${currency}`;
}

/** Step, gas and cost, in two columns. */
export function costTable({ steps, gas, cost }: Costs, currency: string): string {
  const rows = [...steps, { step: "total", gas, cost }].map(({ step, gas: used, cost: price }) => [
    step.replace(/^.*[#~]/, ""),
    used.toLocaleString("en"),
    coins(price, currency),
  ]);
  const half = Math.ceil(rows.length / 2);
  const none = ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"];
  const inner = ["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"];
  const table = new Table({
    head: ["step", "gas", "cost", "step", "gas", "cost"],
    chars: Object.fromEntries([...none, ...inner].map((part) => [part, ""])),
    style: { head: [], border: [], "padding-left": 2, "padding-right": 0 },
    colAligns: ["left", "right", "right", "left", "right", "right"],
  });
  for (let row = 0; row < half; row += 1) table.push([...(rows[row] ?? []), ...(rows[row + half] ?? ["", "", ""])]);
  return table.toString();
}
