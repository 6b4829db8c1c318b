/** The ways in which processors and compilers round `QLinearAdd`. */
import { bitsOf, fma, rte, sat } from "../arithmetic.ts";
import { f } from "./scales.ts";

/** Scales (float32) and zero points of both inputs and of the output. */
export interface AddScales {
  readonly sa: number;
  readonly za: number;
  readonly sb: number;
  readonly zb: number;
  readonly sc: number;
  readonly zc: number;
}

/** The sum of two bytes, as a byte. */
type Kernel = (a: number, b: number) => number;

/** What the referee's formula needs: `sat(rte(fma(a, ra, fma(b, rb, t))))`. */
export function addFactors({ sa, za, sb, zb, sc, zc }: AddScales) {
  const [ra, rb] = [f(sa / sc), f(sb / sc)];
  return { ra, rb, t: f(zc - fma(za, ra, f(rb * zb))) };
}

const fused =
  (ra: number, rb: number, t: number): Kernel =>
  (a, b) =>
    sat(rte(fma(a, ra, fma(b, rb, t))));

const plain =
  (ra: number, rb: number, u: number): Kernel =>
  (a, b) =>
    sat(rte(f(f(u + f(a * ra)) + f(b * rb))));

const portable =
  ({ sa, za, sb, zb, sc, zc }: AddScales): Kernel =>
  (a, b) => {
    const sum = f(f(f(sa * (a - za)) + f(sb * (b - zb))) / sc);
    return rte(f(Math.min(Math.max(sum, -zc), 255 - zc) + zc));
  };

/** ARM64 adds in integers, unless the ratios are far from one. */
function integer(scales: AddScales, ra: number, rb: number): Kernel {
  const [small, large] = [Math.min(ra, rb), Math.max(ra, rb)];
  const exponent = (bitsOf(large) >>> 23) - 127; // of a normal float32
  const h = 21 - exponent;
  const [A, B] = [rte(ra * 2 ** h), rte(rb * 2 ** h)];
  if (small < 2 ** -14 || large >= 2 ** 8 || h > 31 || A >= 2 ** 22 || B >= 2 ** 22) return portable(scales);
  const { za, zb, zc } = scales;
  return (a, b) => {
    const sum = (a - za) * A + (b - zb) * B;
    const rounded = sum - (sum < 0 ? 1 : 0) + 2 ** (h - 1);
    return sat(Math.floor(rounded / 2 ** h) + zc);
  };
}

/** The five kernels; the first is the referee's. */
export function addKernels(scales: AddScales): readonly Kernel[] {
  const { za, zb, zc } = scales;
  const { ra, rb, t } = addFactors(scales);
  const u = f(zc - f(f(ra * za) + f(rb * zb)));
  return [fused(ra, rb, t), fused(ra, rb, u), plain(ra, rb, u), portable(scales), integer(scales, ra, rb)];
}

/** A pair of bytes that two kernels add differently; nothing if all agree on all 65,536 pairs. */
export function disagreement(scales: AddScales): readonly [a: number, b: number] | undefined {
  const [first, ...others] = addKernels(scales);
  if (first === undefined) return undefined;
  for (let a = 0; a < 256; a++)
    for (let b = 0; b < 256; b++) {
      const sum = first(a, b);
      if (others.some((kernel) => kernel(a, b) !== sum)) return [a, b];
    }
  return undefined;
}
