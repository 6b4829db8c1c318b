/** What disputes have moved, over time. */
import { DisputeState } from "@opg-protocol/sdk";

import type { EventIndex } from "../history/EventIndex.ts";

/** A sum from some second on, unix. OPG, base units. */
export type Sum = readonly [at: number, amount: bigint];

/** Sums since the deployment, each with a point wherever it grew. */
export interface DisputeTotals {
  /** All bonds that were laid down. */
  readonly bonds: readonly Sum[];
  /** All bonds that challengers have lost. */
  readonly lostBonds: readonly Sum[];
  /** All stake that was slashed, for whatever reason. */
  readonly slashes: readonly Sum[];
}

/** How bonds and slashes have grown. */
export function disputeTotals(index: EventIndex): DisputeTotals {
  const games = index.named("Challenged");
  const bondOf = new Map(games.map(({ args }) => [args.gameId, args.game.bond]));
  const endings = index.named("DisputeEnded").flatMap(({ timestamp, args }) => {
    const bond = bondOf.get(args.disputeId);
    const lost = bond === undefined || args.state !== CHALLENGER_LOST ? 0n : bond;
    return lost === 0n ? [] : [[timestamp, lost] as const];
  });
  return {
    bonds: summed(games.map(({ timestamp, args }) => [timestamp, args.game.bond])),
    lostBonds: summed(endings),
    slashes: summed(index.named("NodeSlashed").map(({ timestamp, args }) => [timestamp, args.own + args.delegated])),
  };
}

const CHALLENGER_LOST = BigInt(DisputeState.ChallengerLost);

function summed(steps: readonly Sum[]): readonly Sum[] {
  let sum = 0n;
  return steps.map(([at, amount]) => {
    sum += amount;
    return [at, sum];
  });
}
