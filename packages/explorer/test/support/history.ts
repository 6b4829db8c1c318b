import type { History } from "../../src/history/History.ts";
import type { HistoryState } from "../../src/history/HistoryState.ts";

/** Milliseconds between looks at the chain. */
export const OFTEN = 5;

/** Waits for a state. */
export function until(history: History, isReached: (state: HistoryState) => boolean): Promise<HistoryState> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error("the history did not come to that state"));
    }, 20_000);
    const look = () => {
      if (!isReached(history.state())) return;
      clearTimeout(timer);
      stop();
      resolve(history.state());
    };
    const stop = history.subscribe(look);
    look();
  });
}

/** The amounts of all deposits, oldest first. */
export const deposits = ({ index }: HistoryState): readonly bigint[] =>
  index.named("Deposited").map(({ args }) => args.amount);
