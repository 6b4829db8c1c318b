import { joinBytes } from "./codecs/joinBytes.ts";

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
