/**
 * All bytes of a stream, which is given up as soon as there are too many.
 * @param watch Is told each part as it comes; what it throws ends the reading.
 * @throws RangeError
 */
export async function readAtMost(
  stream: ReadableStream<Uint8Array>,
  mostBytes: number,
  watch?: (part: Uint8Array) => void,
): Promise<Uint8Array> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    size += part.value.length;
    if (size > mostBytes) {
      await reader.cancel();
      throw new RangeError(`more than ${mostBytes} bytes`);
    }
    watch?.(part.value);
  }
  return joinBytes(parts);
}

/** Bytes one after the other. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
