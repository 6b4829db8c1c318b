/** What a classifier says of one class. */
export interface Score {
  readonly index: number;
  /** As the model gave it. */
  readonly value: number;
  /** Its part of 1; undefined where the numbers are neither logits nor shares. */
  readonly share: number | undefined;
}

/** How far a sum of shares may be from 1. */
const TOLERANCE = 0.01;

/** The numbers of a list of classes: logits (named so) as shares by softmax, shares as they are, other numbers without. */
export function scoresOf(values: readonly number[], name = ""): readonly Score[] {
  const shares = /logit/i.test(name) ? softmax(values) : areShares(values) ? values : undefined;
  return values.map((value, index) => ({ index, value, share: shares?.[index] }));
}

/** The class with the largest number. */
export const bestOf = (scores: readonly Score[]): Score | undefined =>
  scores.reduce<Score | undefined>(
    (best, score) => (best === undefined || score.value > best.value ? score : best),
    undefined,
  );

function areShares(values: readonly number[]): boolean {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) < TOLERANCE;
}

function softmax(values: readonly number[]): readonly number[] {
  const most = Math.max(...values);
  const weights = values.map((value) => Math.exp(value - most));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
