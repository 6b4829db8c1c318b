import type { LlamaConfig } from "./config.ts";
import { VOCABULARY } from "./config.ts";
import { type StoredTensor, floatsOf } from "./safetensors.ts";
import { UnexportableError } from "./UnexportableError.ts";

/** A matrix as Hugging Face stores it: one row for each output. */
export interface Matrix {
  readonly inputs: number;
  readonly outputs: number;
  /** outputs x inputs. */
  readonly values: Float32Array;
}

export interface LlamaLayer {
  readonly attentionNorm: Float32Array;
  readonly query: Matrix;
  readonly key: Matrix;
  readonly value: Matrix;
  readonly output: Matrix;
  readonly feedForwardNorm: Float32Array;
  readonly gate: Matrix;
  readonly up: Matrix;
  readonly down: Matrix;
}

/** A Llama in float. */
export interface Llama {
  readonly config: LlamaConfig;
  /** A row of `width` for each token. */
  readonly embedding: Matrix;
  readonly layers: readonly LlamaLayer[];
  readonly norm: Float32Array;
  readonly head: Matrix;
}

/** Angles that old checkpoints store, which follow from the configuration. */
const DERIVED = /rotary_emb\.inv_freq$/;

/**
 * Puts a Llama together from tensors under Hugging Face's names.
 * @throws UnexportableError if one is missing, has another shape or is no number, or if there are others.
 */
export function readLlama(config: LlamaConfig, stored: ReadonlyMap<string, StoredTensor>): Llama {
  const left = new Set([...stored.keys()].filter((name) => !DERIVED.test(name)));
  const take = (name: string, shape: readonly number[]): Float32Array => {
    const tensor = stored.get(name);
    if (tensor === undefined) throw new UnexportableError(name, "is missing in model.safetensors");
    if (tensor.shape.join() !== shape.join())
      throw new UnexportableError(name, `has the shape [${tensor.shape.join(", ")}], not [${shape.join(", ")}]`);
    const values = floatsOf(tensor);
    if (!values.every(Number.isFinite)) throw new UnexportableError(name, "holds what is no finite number");
    left.delete(name);
    return values;
  };
  const matrix = (name: string, outputs: number, inputs: number): Matrix => ({
    inputs,
    outputs,
    values: take(`${name}.weight`, [outputs, inputs]),
  });
  const { width, innerWidth, heads, keyHeads, headWidth } = config;
  const gain = (name: string) => take(`${name}.weight`, [width]);
  const layers = Array.from({ length: config.layers }, (_, i): LlamaLayer => {
    const [layer, attention, feedForward] = [
      `model.layers.${i}`,
      `model.layers.${i}.self_attn`,
      `model.layers.${i}.mlp`,
    ];
    return {
      attentionNorm: gain(`${layer}.input_layernorm`),
      query: matrix(`${attention}.q_proj`, heads * headWidth, width),
      key: matrix(`${attention}.k_proj`, keyHeads * headWidth, width),
      value: matrix(`${attention}.v_proj`, keyHeads * headWidth, width),
      output: matrix(`${attention}.o_proj`, width, heads * headWidth),
      feedForwardNorm: gain(`${layer}.post_attention_layernorm`),
      gate: matrix(`${feedForward}.gate_proj`, innerWidth, width),
      up: matrix(`${feedForward}.up_proj`, innerWidth, width),
      down: matrix(`${feedForward}.down_proj`, width, innerWidth),
    };
  });
  const embedding = matrix("model.embed_tokens", VOCABULARY, width);
  const norm = gain("model.norm");
  const head = config.tied ? embedding : matrix("lm_head", VOCABULARY, width);
  if (config.tied) left.delete("lm_head.weight"); // some checkpoints store it again
  const [other] = left;
  if (other !== undefined) throw new UnexportableError(other, "is no tensor of a Llama without biases");
  return { config, embedding, layers, norm, head };
}
