import type { Head } from "../chain/Chain.ts";

/** For how long things have been as they are, in blocks. */
export class FirstSeen {
  private readonly blocks = new Map<string, number>();

  /** Blocks on top of the one in which this was first asked about. */
  depth(key: string, head: Head): number {
    // After a reorganisation the head can be lower than it was.
    const first = Math.min(this.blocks.get(key) ?? head.number, head.number);
    this.blocks.set(key, first);
    return head.number - first;
  }

  /** Forgets all keys in which this stands. */
  forget(subject: string): void {
    for (const key of this.blocks.keys()) if (key.includes(subject)) this.blocks.delete(key);
  }
}
