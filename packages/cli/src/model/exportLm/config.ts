import { z } from "zod";

import { UnexportableError } from "./UnexportableError.ts";

/** The sizes and numbers that decide how a Llama computes. */
export interface LlamaConfig {
  /** Entries of the residual stream for each position. */
  readonly width: number;
  /** Entries between the two halves of a feed-forward block. */
  readonly innerWidth: number;
  readonly layers: number;
  readonly heads: number;
  /** Heads of keys and values; each serves `heads / keyHeads` heads of queries. */
  readonly keyHeads: number;
  readonly headWidth: number;
  /** Positions that the model was trained for. */
  readonly context: number;
  /** What is added to the mean square of a row before its root is taken. */
  readonly epsilon: number;
  /** Base of the angles of rotary positions. */
  readonly theta: number;
  /** Whether the embedding serves as the output matrix, too. */
  readonly tied: boolean;
}

/** Tokens are bytes, so that no tokenizer can be in dispute. */
export const VOCABULARY = 256;

const size = z.int().positive().max(1_000_000);

/** As Hugging Face writes it. What is left out has Hugging Face's default. */
const configSchema = z.object({
  model_type: z.literal("llama", "only llama is supported"),
  vocab_size: z.literal(VOCABULARY, "must be 256: tokens are bytes"),
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  max_position_embeddings: size,
  rms_norm_eps: z.number().positive().max(1),
  rope_theta: z.number().positive().optional(),
  rope_scaling: z.null("only unscaled rotary positions are supported").optional(),
  rope_parameters: z
    .object({
      rope_type: z.literal("default", "only unscaled rotary positions are supported").optional(),
      rope_theta: z.number().positive(),
    })
    .optional(),
  hidden_act: z.literal("silu", "only silu is supported").optional(),
  attention_bias: z.literal(false, "biases are not supported").optional(),
  mlp_bias: z.literal(false, "biases are not supported").optional(),
  tie_word_embeddings: z.boolean().optional(),
});

const DEFAULT_THETA = 10_000;

/**
 * Reads a Hugging Face `config.json`.
 * @throws UnexportableError if the model is none that the exporter can write.
 */
export function readConfig(text: string): LlamaConfig {
  const subject = "config.json";
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UnexportableError(subject, "is no JSON");
  }
  const read = configSchema.safeParse(json);
  if (!read.success) {
    const reasons = read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
    throw new UnexportableError(subject, reasons.join("; "));
  }
  const { hidden_size: width, num_attention_heads: heads, ...others } = read.data;
  const keyHeads = others.num_key_value_heads ?? heads;
  const headWidth = others.head_dim ?? width / heads;
  if (heads % keyHeads !== 0)
    throw new UnexportableError(subject, `num_attention_heads ${heads} is no multiple of ${keyHeads} key heads`);
  if (!Number.isInteger(headWidth / 2))
    throw new UnexportableError(subject, `a head has ${headWidth} entries, which must be an even number`);
  return {
    width,
    innerWidth: others.intermediate_size,
    layers: others.num_hidden_layers,
    heads,
    keyHeads,
    headWidth,
    context: others.max_position_embeddings,
    epsilon: others.rms_norm_eps,
    theta: others.rope_parameters?.rope_theta ?? others.rope_theta ?? DEFAULT_THETA,
    tied: others.tie_word_embeddings ?? false,
  };
}
