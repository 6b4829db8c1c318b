import { readFileSync, writeFileSync } from "node:fs";

/** What the command line asks for cannot be done. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export function readBytes(path: string): Uint8Array {
  return attempt(() => new Uint8Array(readFileSync(path)));
}

export function writeBytes(path: string, bytes: Uint8Array): void {
  attempt(() => {
    writeFileSync(path, bytes);
  });
}

/** What Node says of a file names the file. */
function attempt<T>(access: () => T): T {
  try {
    return access();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
