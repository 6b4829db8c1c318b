import {
  changesByte,
  changesValue,
  dispute,
  type Lie,
  players,
  skipsLayer,
  takesOtherSeed,
} from "../../test/support/completionGame.ts";
import { loadFixture } from "../../test/support/network.ts";
import { figure, type Figures } from "./figures.ts";

/** Most gas of a whole dispute about a completion, both sides together. */
const MOST_GAS = 1_000_000;
const LIES = {
  byte: { makes: changesByte, note: "A byte of the text was changed" },
  value: { makes: changesValue, note: "A number of a layer was changed" },
  layer: { makes: skipsLayer, note: "A layer was skipped" },
  seed: { makes: takesOtherSeed, note: "Another seed was taken" },
} as const;

export const COMPLETION_BOUNDS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.keys(LIES).map((lie) => [nameOf(lie), MOST_GAS]),
);

/** Whole disputes about texts of the language model of the examples, from the challenge to the judgement. */
export async function completionFigures(): Promise<Figures> {
  const figures: Record<string, Figures[string]> = {};
  for (const [name, { makes, note }] of Object.entries(LIES)) {
    const lie: Lie = makes();
    const { transactions } = await dispute(await loadFixture(players), lie);
    figures[nameOf(name)] = await figure(`${note}: ${transactions.length} moves of both sides.`, ...transactions);
  }
  return figures;
}

function nameOf(lie: string): string {
  return `lifecycle.completion.${lie}`;
}
