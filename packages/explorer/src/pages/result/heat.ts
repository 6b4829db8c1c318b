/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Colours of a heat map: nothing, most above zero, most below. */
export interface HeatColours {
  readonly zero: Rgb;
  readonly above: Rgb;
  readonly below: Rgb;
}

/** Pixels of a heat map: the further from zero, the stronger the colour. What is no number stays empty. */
export function heatPixels(values: readonly number[], colours: HeatColours): Uint8ClampedArray<ArrayBuffer> {
  const finite = values.filter(Number.isFinite);
  const most = finite.reduce((far, value) => Math.max(far, Math.abs(value)), 0);
  const pixels = new Uint8ClampedArray(4 * values.length);
  for (const [index, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    const part = most === 0 ? 0 : Math.min(1, Math.abs(value) / most);
    const far = value < 0 ? colours.below : colours.above;
    const mixed = colours.zero.map((zero, channel) => zero + ((far[channel] ?? 0) - zero) * part);
    pixels.set([...mixed, 255], 4 * index);
  }
  return pixels;
}
