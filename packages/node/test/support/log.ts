import type { Logger } from "../../dist/log.js";

/** A log that keeps what operators have to see: warnings and errors, with their fields. */
export function recordingLog(): { readonly log: Logger; readonly lines: unknown[][] } {
  const lines: unknown[][] = [];
  const keep = (...line: unknown[]) => {
    lines.push(line);
  };
  const drop = () => undefined;
  return { log: { warn: keep, error: keep, info: drop, debug: drop } as unknown as Logger, lines };
}
