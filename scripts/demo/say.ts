/** What the demonstration prints while it runs: one line per event, with the seconds since the start. */
import type { Writable } from "node:stream";
import type { WriteStream } from "node:tty";

import { log, note, spinner } from "@clack/prompts";
import pc from "picocolors";

const startedAt = performance.now();

/** Where all that people read goes; a program that reads results has the other stream for itself. */
export const stage: { output: Writable & Partial<Pick<WriteStream, "isTTY" | "getColorDepth">> } = {
  output: process.stdout,
};

const BITS_OF_GREY = 8;

/** Whether what reads it shows shades of grey: a terminal with 256 colours, or whoever asks for colours in a file. */
export const hasGreys = (): boolean =>
  pc.isColorSupported && (stage.output.getColorDepth?.() ?? BITS_OF_GREY) >= BITS_OF_GREY;

const elapsed = (): string => pc.dim(`${((performance.now() - startedAt) / 1000).toFixed(1)} s`.padStart(7));

export const say = (text: string): void => {
  log.message(`${elapsed()}  ${text}`, { spacing: 0, output: stage.output });
};

/** Shows that something is being done, and when it is. */
export async function during<T>(doing: string, work: (update: (text: string) => void) => Promise<T>): Promise<T> {
  if (stage.output.isTTY !== true) {
    const result = await work(() => undefined);
    say(doing);
    return result;
  }
  const wheel = spinner({ output: stage.output });
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

/** Shows lines in a box. */
export const show = (title: string, text: string): void => {
  note(text, title, { format: (line) => line, output: stage.output });
};

/** For `JSON.stringify`: amounts are larger than what JSON's numbers hold exactly. */
export const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);
