import { WORD } from "../../codecs/merkle.ts";
import { floatOf } from "../arithmetic.ts";

/** What the constants of CONV and DOT hold of one output channel. A column of a matrix is a channel, too. */
export interface Channel {
  readonly bias: number;
  readonly scale: number;
  /** Zero point of the weights. */
  readonly zero: number;
  /** As they are committed; the zero point is not yet taken away. */
  readonly weights: Uint8Array;
}

/** The constants of a step, by output channel. */
export function channelsOf(constants: Uint8Array, count: number): Channel[] {
  const size = constants.length / count;
  return Array.from({ length: count }, (_, channel) => {
    const own = constants.subarray(channel * size, (channel + 1) * size);
    const head = new DataView(own.buffer, own.byteOffset);
    return {
      bias: head.getInt32(0),
      scale: floatOf(head.getUint32(4)),
      zero: head.getUint8(8),
      weights: own.subarray(WORD),
    };
  });
}
