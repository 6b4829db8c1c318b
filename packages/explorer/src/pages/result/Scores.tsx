import type { ReactNode } from "react";

import { Bars, Columns } from "../../parts/charts/index.tsx";
import { bestOf, type Score, scoresOf } from "./scores.ts";
import { valueText } from "./tensorValues.ts";

const MOST_BARS = 20;

interface Props {
  readonly values: readonly number[];
  /** What the model calls the tensor; foreign text, only looked at. */
  readonly name: string | undefined;
}

/** One bar for each place of a list: classes with the largest in words; other long lists in their order. */
export default function Scores({ values, name }: Props): ReactNode {
  const scores = scoresOf(values, name);
  const best = bestOf(scores);
  const areShares = best?.share !== undefined;
  const isLong = scores.length > MOST_BARS;
  if (isLong && !areShares) return <Columns title="Numbers in their order" values={values} unit="" />;
  const shown = isLong ? scores.toSorted((a, b) => b.value - a.value).slice(0, MOST_BARS) : scores;
  return (
    <>
      {best !== undefined && (
        <p className="answer">
          Largest at place <strong>{best.index}</strong>: {textOf(best)}
        </p>
      )}
      <Bars
        title={areShares ? `Share of ${isLong ? `the ${MOST_BARS} largest` : "each place"}` : "Number at each place"}
        unit={areShares ? "%" : ""}
        items={shown.map((score) => ({
          label: String(score.index),
          value: score.share === undefined ? score.value : score.share * 100,
          tone: score === best ? "good" : "plain",
        }))}
      />
      {areShares && /logit/i.test(name ?? "") && (
        <p className="hint">Shares are the softmax of the logits that the model gave.</p>
      )}
    </>
  );
}

const textOf = ({ share, value }: Score): string =>
  share === undefined ? valueText(value) : `${(share * 100).toFixed(1)} %`;
