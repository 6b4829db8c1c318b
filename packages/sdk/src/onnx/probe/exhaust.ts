import type { Tensor } from "../../codecs/tensor.ts";
import { bitsOf, floatOf } from "../arithmetic.ts";
import { sizeOf } from "../layout.ts";
import { DType } from "../model.ts";
import { Opcode, type Step } from "../program.ts";

/** All inputs that can make a difference to a step, in one tensor for each of its activations. */
export interface Exhaustion {
  readonly inputs: readonly Tensor[];
  /** Shape of what the step makes of them. */
  readonly shape: readonly number[];
  /** Where the node has its activations. */
  readonly places: readonly number[];
}

const bytes = (shape: readonly number[], byte: (i: number) => number): Tensor => ({
  dtype: DType.Uint8,
  shape,
  data: Uint8Array.from({ length: sizeOf(shape) }, (_, i) => byte(i)),
});

/** Nothing for a step whose inputs are too many to try. */
export function exhaustionOf(step: Step): Exhaustion | undefined {
  switch (step.opcode) {
    case Opcode.Add:
      return allPairs();
    case Opcode.Lut:
      return { inputs: [bytes([256], (i) => i)], shape: [256], places: [0] };
    case Opcode.Gap:
      return allSums(step);
    case Opcode.Quant:
      return allBoundaries(step);
    default:
      return undefined;
  }
}

function allPairs(): Exhaustion {
  const shape = [256, 256];
  return { inputs: [bytes(shape, (i) => i >> 8), bytes(shape, (i) => i & 255)], shape, places: [0, 3] };
}

/** A channel for each sum that a mean can be of. */
function allSums({ inputs }: Step): Exhaustion {
  const [h = 1, w = 1] = inputs[0]?.shape.slice(2) ?? [];
  const channels = 255 * h * w + 1;
  const value = (i: number): number => {
    const sum = Math.floor(i / (h * w));
    return Math.min(Math.max(sum - 255 * (i % (h * w)), 0), 255);
  };
  return { inputs: [bytes([1, channels, h, w], value)], shape: [1, channels, 1, 1], places: [0] };
}

/** The floats around each of the 255 values where the byte changes, both zeros, and what saturates. */
function allBoundaries({ attrs: [scale = 0n, zero = 0n] }: Step): Exhaustion {
  const around = (value: number) => [-2, -1, 0, 1, 2].map((ulps) => floatOf(bitsOf(value) + ulps));
  const boundaries = Array.from({ length: 255 }, (_, byte) => (byte + 0.5 - Number(zero)) * floatOf(scale));
  const extremes = [0, -0, Infinity, -Infinity, 3e38, -3e38];
  const floats = Float32Array.from([...boundaries.flatMap((value) => around(Math.fround(value))), ...extremes]);
  const shape = [floats.length];
  return { inputs: [{ dtype: DType.Float, shape, data: new Uint8Array(floats.buffer) }], shape, places: [0] };
}
