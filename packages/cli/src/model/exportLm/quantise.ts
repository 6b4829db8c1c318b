import { GATE_LEVELS, type Ranges } from "./calibrate.ts";
import type { LlamaConfig } from "./config.ts";
import { bitsOf, maximum } from "./fixedPoint.ts";
import { angleAt, silu } from "./forward.ts";
import {
  ANGLE_BITS,
  type IntegerAttention,
  type IntegerFeedForward,
  type IntegerLlama,
  type IntegerNorm,
  LOGIT_BITS,
  MEAN_BITS,
  RESIDUAL_LIMIT,
  ROTATION_FINENESS,
  TABLE_ENTRIES,
} from "./IntegerLlama.ts";
import type { Llama, LlamaLayer } from "./Llama.ts";
import { project, stepOf } from "./projection.ts";

/** Bits of the residual stream's fraction, if its range leaves room for them. */
const RESIDUAL_BITS = 12;
/** How many times of what was seen the stream may grow to before it is cut off. */
const RESIDUAL_MARGIN = 2;
/** Bits of the roots that norms divide by; their squares fit in int64. */
const ROOT_BITS = 30;
/** Bits of the largest entry of a table of SiLU. */
const SILU_BITS = 15;
/** Distance between two entries of the table of exponentials, in nats: the last is below half of 1/255. */
const EXPONENT_STEP = 6.25 / (TABLE_ENTRIES - 1);
/** Bits of the exponent's fraction: with them, the table's last place is still below 2^31. */
const EXPONENT_BITS = 20;
/** Bits of the exponent's factor, at most: one step beyond the table's last place is still below 2^31, too. */
const EXPONENT_FACTOR_BITS = 28;
/** A factor below would let distances grow to that of a masked score. */
const MIN_EXPONENT_FACTOR = 16;

type LayerRanges = Ranges["layers"][number];

/**
 * Turns a Llama into integers, given the ranges of its activations.
 * @throws UnexportableError if a range is next to nothing beside what its matrix could make.
 */
export function quantise(llama: Llama, ranges: Ranges): IntegerLlama {
  const { config } = llama;
  const room = Math.log2(RESIDUAL_LIMIT / (RESIDUAL_MARGIN * ranges.residual));
  const unit = 2 ** -Math.min(RESIDUAL_BITS, Math.floor(room));
  const from = stepOf(ranges.norm);
  return {
    config,
    embedding: Int32Array.from(llama.embedding.values, (value) => Math.round(value / unit)),
    layers: ranges.layers.flatMap((range, i) => {
      const layer = llama.layers[i];
      if (layer === undefined) return [];
      return [
        {
          attention: attentionOf(`layer ${i}`, layer, range, config, unit),
          feedForward: feedForwardOf(`layer ${i}`, layer, range, config, unit),
        },
      ];
    }),
    norm: normOf(config, from, unit),
    head: project(llama.head, { subject: "logits", gain: llama.norm, from, to: 2 ** -LOGIT_BITS }),
    cosine: anglesOf(config, (angle) => Math.cos(angle)),
    sine: anglesOf(config, (angle, isFirstHalf) => (isFirstHalf ? -Math.sin(angle) : Math.sin(angle))),
    exponentials: Uint8Array.from(places(0), (i) => Math.round(255 * Math.exp(-i * EXPONENT_STEP))),
    gumbel: Int32Array.from(places(0.5), (i) => Math.round(-Math.log(-Math.log(i / TABLE_ENTRIES)) * 2 ** LOGIT_BITS)),
  };
}

/** Numbers of a table's entries, from the first one on. */
const places = (first: number): number[] => Array.from({ length: TABLE_ENTRIES }, (_, i) => first + i);

function anglesOf(config: LlamaConfig, of: (angle: number, isFirstHalf: boolean) => number): Int32Array {
  const { context, headWidth } = config;
  return Int32Array.from({ length: context * headWidth }, (_, at) => {
    const i = at % headWidth;
    return Math.round(of(angleAt(Math.floor(at / headWidth), i, config), i < headWidth / 2) * 2 ** ANGLE_BITS);
  });
}

/** @param to step of the bytes that the norm makes. */
function normOf({ width, epsilon: smallest }: LlamaConfig, to: number, unit: number): IntegerNorm {
  const epsilon = Math.max(1, Math.round((width * smallest) / unit ** 2));
  const shift = 2 * ROOT_BITS - bitsOf(width * RESIDUAL_LIMIT ** 2 + epsilon);
  const factor = Math.round((2 * Math.sqrt(width * 2 ** shift)) / to);
  return { epsilon: BigInt(epsilon), shift: BigInt(shift), factor: BigInt(factor) };
}

function attentionOf(
  subject: string,
  layer: LlamaLayer,
  range: LayerRanges,
  config: LlamaConfig,
  unit: number,
): IntegerAttention {
  const from = stepOf(range.attentionNorm);
  const [query, key] = [stepOf(range.query), stepOf(range.key)];
  const [value, mixed] = [stepOf(range.value), stepOf(range.mixed)];
  const place = (name: string, to: number) => ({ subject: `${subject}, ${name}`, gain: layer.attentionNorm, from, to });
  return {
    norm: normOf(config, from, unit),
    query: project(layer.query, place("queries", query / ROTATION_FINENESS)),
    key: project(layer.key, place("keys", key / ROTATION_FINENESS)),
    value: project(layer.value, place("values", value)),
    exponent: exponentOf((query * key) / Math.sqrt(config.headWidth) / EXPONENT_STEP),
    mean: BigInt(Math.round((value / mixed) * 2 ** Number(MEAN_BITS))),
    output: project(layer.output, { subject: `${subject}, attention`, from: mixed, to: unit }),
  };
}

/** @param ratio places in the table of exponentials for one step between scores. */
function exponentOf(ratio: number): IntegerAttention["exponent"] {
  const shift = Math.max(0, Math.min(EXPONENT_BITS, EXPONENT_FACTOR_BITS - bitsOf(ratio)));
  return { factor: Math.max(MIN_EXPONENT_FACTOR, Math.round(ratio * 2 ** shift)), shift };
}

function feedForwardOf(
  subject: string,
  layer: LlamaLayer,
  range: LayerRanges,
  config: LlamaConfig,
  unit: number,
): IntegerFeedForward {
  const [from, product] = [stepOf(range.feedForwardNorm), stepOf(range.product)];
  const gate = range.gate === 0 ? 1 : range.gate / GATE_LEVELS;
  const values = places(-TABLE_ENTRIES / 2).map((i) => silu(i * gate));
  const siluUnit = maximum(values.map(Math.abs)) / 2 ** SILU_BITS;
  const gain = layer.feedForwardNorm;
  return {
    norm: normOf(config, from, unit),
    gate: project(layer.gate, { subject: `${subject}, gates`, gain, from, to: gate }),
    silu: Int32Array.from(values, (value) => Math.round(value / siluUnit)),
    up: project(layer.up, {
      subject: `${subject}, products`,
      gain,
      from: from * siluUnit,
      to: product,
      besides: 2 ** SILU_BITS,
    }),
    down: project(layer.down, { subject: `${subject}, feed-forward`, from: product, to: unit }),
  };
}
