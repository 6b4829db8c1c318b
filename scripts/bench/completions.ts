import {
  changesByte,
  changesValue,
  dispute,
  type Lie,
  skipsLayer,
  takesOtherSeed,
} from "../../test/support/completionGame.ts";
import { loadFixture } from "../../test/support/network.ts";
import { players } from "../../test/support/players.ts";
import { figure, type Figures } from "./figures.ts";

/** Ways to lie about a completion, and the most gas of a whole dispute about each, both sides together. */
const LIES = {
  byte: { makes: changesByte, note: "A byte of the text was changed", most: 500_000 },
  value: { makes: changesValue, note: "A number of a layer was changed", most: 750_000 },
  layer: { makes: skipsLayer, note: "A layer was skipped", most: 750_000 },
  seed: { makes: takesOtherSeed, note: "Another seed was taken", most: 950_000 },
} as const;

export const COMPLETION_BOUNDS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(LIES).map(([lie, { most }]) => [nameOf(lie), most]),
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
