import { randomUUID } from "node:crypto";
import { open, rename } from "node:fs/promises";

/**
 * Writes a file that is on disk, and whole, when it is there under its name. Several may write the same one at once:
 * each has a draft of its own.
 */
export async function writeDurably(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const draft = `${path}.${randomUUID()}.draft`;
  const file = await open(draft, "wx", mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
