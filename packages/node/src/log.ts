import { pino, type Logger } from "pino";

export type { Logger };

/** One JSON object per line; on a terminal, lines for people. Secrets never get here: nothing logs keys or payloads. */
export function createLogger(level: string, pretty: boolean): Logger {
  return pino({ level, base: null, ...(pretty && { transport: { target: "pino-pretty", options: PRETTY } }) });
}

const PRETTY = { translateTime: "SYS:HH:MM:ss", ignore: "pid,hostname" };
