import { UnexportableError } from "./UnexportableError.ts";

/** The token behind a text's end. A prompt has none. */
const END_MARK = 0;
const LINE_END = 10;

/**
 * Windows out of a file of texts, one in each line, evenly spread if there are more than asked for. A line's end becomes an end
 * mark, as in training.
 */
export function windowsOf(path: string, text: Uint8Array, length: number, most: number): Uint8Array[] {
  const tokens = text.map((byte) => (byte === LINE_END ? END_MARK : byte));
  const there = Math.floor(tokens.length / length);
  if (there === 0) throw new UnexportableError(path, `has ${tokens.length} bytes, fewer than a window of ${length}`);
  const count = Math.min(there, most);
  return Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i * there) / count) * length;
    return tokens.subarray(start, start + length);
  });
}
