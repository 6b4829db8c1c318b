import { type LayerActivation, forward } from "./forward.ts";
import { Histogram } from "./Histogram.ts";
import type { Llama } from "./Llama.ts";

/** Steps on either side of zero that a byte with the zero point 128 can hold. */
export const BYTE_LEVELS = 127;
/** The same for the places of the table of SiLU. */
export const GATE_LEVELS = 511;

/** The magnitude up to which each activation is held exactly but for rounding; what is beyond is cut off. */
export interface Ranges {
  /** The largest magnitude of the residual stream that was seen. */
  readonly residual: number;
  readonly layers: readonly Readonly<Record<LayerActivation, number>>[];
  /** Of the last norm. */
  readonly norm: number;
}

const ACTIVATIONS: readonly LayerActivation[] = [
  "attentionNorm",
  "query",
  "key",
  "value",
  "mixed",
  "feedForwardNorm",
  "gate",
  "product",
];

/** Finds the ranges of a model's activations by running it in float over windows of text. */
export function calibrate(llama: Llama, windows: readonly Uint8Array[]): Ranges {
  const histograms = new Map<string, Histogram>();
  const histogramOf = (activation: string, layer: number): Histogram => {
    const key = `${activation} ${layer}`;
    const histogram = histograms.get(key) ?? new Histogram();
    histograms.set(key, histogram);
    return histogram;
  };
  let residual = 0;
  for (const window of windows)
    forward(llama, window, (activation, layer, values) => {
      if (activation === "residual") for (const value of values) residual = Math.max(residual, Math.abs(value));
      else histogramOf(activation, layer).add(values);
    });
  const threshold = (activation: LayerActivation, layer: number) =>
    histogramOf(activation, layer).threshold(activation === "gate" ? GATE_LEVELS : BYTE_LEVELS);
  const layers = llama.layers.map((_, layer) => {
    const entries = ACTIVATIONS.map((activation) => [activation, threshold(activation, layer)] as const);
    return Object.fromEntries(entries) as Record<LayerActivation, number>;
  });
  return { residual, layers, norm: histogramOf("norm", -1).threshold(BYTE_LEVELS) };
}
