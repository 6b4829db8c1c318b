/** What a task shows while it works. On stderr, because stdout belongs to the result. */
import { progress } from "@clack/prompts";

/** What work tells of itself. */
export interface Work {
  /** Something is going on. */
  readonly say: (line: string) => void;
  /** One more of its steps is done. */
  readonly step: () => void;
}

/** Shows work of so many steps. */
export type During = <T>(doing: string, steps: number, work: (tell: Work) => Promise<T>) => Promise<T>;

export const say = (line: string): void => {
  console.error(`  ${line}`);
};

/** A bar on a terminal; elsewhere what is said, a line each. */
export const during: During = async (doing, steps, work) => {
  if (!process.stderr.isTTY) {
    say(doing);
    return work({ say, step: () => undefined });
  }
  const bar = progress({ max: Math.max(1, steps), output: process.stderr });
  bar.start(doing);
  const tell: Work = {
    say: (line) => {
      bar.message(line);
    },
    step: () => {
      bar.advance();
    },
  };
  try {
    const result = await work(tell);
    bar.stop(doing);
    return result;
  } catch (error) {
    bar.error(doing);
    throw error;
  }
};
