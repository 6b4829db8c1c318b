/** What the demonstration prints while it runs: one line per event, with the seconds since the start. */
import { log, spinner } from "@clack/prompts";
import pc from "picocolors";

const startedAt = performance.now();

const elapsed = (): string => pc.dim(`${((performance.now() - startedAt) / 1000).toFixed(1)} s`.padStart(7));

export const say = (text: string): void => {
  log.message(`${elapsed()}  ${text}`, { spacing: 0 });
};

/** Shows that something is being done, and when it is. */
export async function during<T>(doing: string, work: (update: (text: string) => void) => Promise<T>): Promise<T> {
  if (!process.stdout.isTTY) {
    const result = await work(() => undefined);
    say(doing);
    return result;
  }
  const wheel = spinner();
  wheel.start(doing);
  try {
    const result = await work((text) => {
      wheel.message(`${doing}: ${text}`);
    });
    wheel.stop(`${elapsed()}  ${doing}`);
    return result;
  } catch (error) {
    wheel.error(doing);
    throw error;
  }
}
