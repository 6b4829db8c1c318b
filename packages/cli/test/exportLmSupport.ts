import { InferenceSession, Tensor } from "onnxruntime-node";

import { VOCABULARY, type LlamaConfig } from "../src/model/exportLm/config.ts";
import { calibrate } from "../src/model/exportLm/calibrate.ts";
import type { IntegerLlama } from "../src/model/exportLm/IntegerLlama.ts";
import type { Llama, Matrix } from "../src/model/exportLm/Llama.ts";
import { withLogits } from "../src/model/exportLm/measure.ts";
import { quantise } from "../src/model/exportLm/quantise.ts";
import { randomLlama } from "../src/model/exportLm/randomLlama.ts";
import type { StoredTensor } from "../src/model/exportLm/safetensors.ts";

/** A Llama that takes no time. */
export const SMALL: LlamaConfig = {
  width: 32,
  innerWidth: 48,
  layers: 2,
  heads: 4,
  keyHeads: 4,
  headWidth: 8,
  context: 24,
  epsilon: 1e-5,
  theta: 10_000,
  tied: false,
};

/** Bytes without a pattern and without an end mark, the same for the same seed. */
export function randomText(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return 1 + ((state >>> 16) % (VOCABULARY - 1));
  });
}

/** A random model in float and in integers. */
export function randomModel(config = SMALL, seed = 1): { readonly llama: Llama; readonly model: IntegerLlama } {
  const llama = randomLlama(config, seed);
  const windows = Array.from({ length: 12 }, (_, i) => randomText(config.context, i));
  return { llama, model: quantise(llama, calibrate(llama, windows)) };
}

/** What a choice of tokens depends on besides the text. */
export interface Chance {
  readonly seed: number;
  /** In units of 1/256. */
  readonly temperature: number;
}

export const GREEDY: Chance = { seed: 0, temperature: 0 };
export const SAMPLED: Chance = { seed: -1_234_567_891, temperature: 256 };

const bytes = (data: Uint8Array) => new Tensor("uint8", data.slice(), [data.length]);
const number = (value: number) => new Tensor("int32", Int32Array.of(value), [1]);
const padded = (text: Uint8Array, length: number) => {
  const all = new Uint8Array(length);
  all.set(text);
  return all;
};

/** A pass graph in ONNX Runtime. */
export class Judge {
  readonly length: number;
  private readonly session: InferenceSession;

  private constructor(session: InferenceSession, length: number) {
    this.session = session;
    this.length = length;
  }

  static async of(file: Uint8Array, length: number): Promise<Judge> {
    return new Judge(await InferenceSession.create(withLogits(file)), length);
  }

  /** What the text must be, and the logits behind each position. Prompt and text are filled up with zeros. */
  async judge(
    prompt: Uint8Array,
    text: Uint8Array,
    { seed, temperature }: Chance,
    limit = this.length,
  ): Promise<{ readonly text: Uint8Array; readonly logits: Int32Array }> {
    const results = await this.session.run({
      prompt: bytes(padded(prompt, this.length)),
      limit: number(limit),
      seed: number(seed),
      temperature: number(temperature),
      "text.stated": bytes(padded(text, this.length)),
    });
    return { text: results.text?.data as Uint8Array, logits: results.logits?.data as Int32Array };
  }
}

/** A decode graph in ONNX Runtime, with what it remembers. */
export class Writer {
  private readonly session: InferenceSession;
  private readonly config: LlamaConfig;

  private constructor(session: InferenceSession, config: LlamaConfig) {
    this.session = session;
    this.config = config;
  }

  static async of(file: Uint8Array, config: LlamaConfig): Promise<Writer> {
    return new Writer(await InferenceSession.create(withLogits(file)), config);
  }

  /** The byte behind each byte of a text, and the logits, from one run for each. */
  async *follow(chance: Chance): AsyncGenerator<Step, never, number> {
    const { keyHeads, headWidth, layers } = this.config;
    const names = Array.from({ length: layers }, (_, i) => [`k.${i}`, `v.${i}`]).flat();
    const none = new Tensor("uint8", new Uint8Array(), [keyHeads, 0, headWidth]);
    let memory = new Map<string, Tensor>(names.map((name) => [name, none]));
    let step: Step = { next: 0, logits: new Int32Array() };
    for (let position = 0; ; position++) {
      const token = yield step;
      const results = await this.session.run({
        token: bytes(Uint8Array.of(token)),
        position: number(position),
        seed: number(chance.seed),
        temperature: number(chance.temperature),
        ...Object.fromEntries([...memory].map(([name, tensor]) => [`past_${name}`, tensor])),
      });
      memory = new Map(names.map((name) => [name, results[name] ?? none]));
      const [next = 0] = results.next?.data as Uint8Array;
      step = { next, logits: results.logits?.data as Int32Array };
    }
  }

  /** Continues a prompt until the limit or an end mark, as a node does: zeros, and the output in their midst. */
  async write(prompt: Uint8Array, limit: number, chance: Chance): Promise<Uint8Array> {
    const text = new Uint8Array(this.config.context);
    const steps = this.follow(chance);
    await steps.next();
    let last = 0;
    for (let t = 0; t < limit; t++) {
      const token = prompt[t] ?? (text[t] = last);
      if (token === 0) break;
      last = (await steps.next(token)).value.next;
    }
    return text;
  }
}

interface Step {
  readonly next: number;
  readonly logits: Int32Array;
}

/** What a header says of a tensor. */
export interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** A safetensors file with this header, whatever it says. */
export function safetensors(header: string | Readonly<Record<string, unknown>>, data: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

/** The weights of a Llama under Hugging Face's names, in float32. */
export function weightsOf({ config, embedding, layers, norm, head }: Llama): Map<string, StoredTensor> {
  const { width } = config;
  const tensors = new Map<string, StoredTensor>();
  const put = (name: string, shape: readonly number[], values: Float32Array) =>
    tensors.set(`${name}.weight`, { type: "F32", shape, bytes: new Uint8Array(values.buffer) });
  const matrix = (name: string, { outputs, inputs, values }: Matrix) => put(name, [outputs, inputs], values);
  matrix("model.embed_tokens", embedding);
  layers.forEach((layer, i) => {
    const prefix = `model.layers.${i}`;
    put(`${prefix}.input_layernorm`, [width], layer.attentionNorm);
    matrix(`${prefix}.self_attn.q_proj`, layer.query);
    matrix(`${prefix}.self_attn.k_proj`, layer.key);
    matrix(`${prefix}.self_attn.v_proj`, layer.value);
    matrix(`${prefix}.self_attn.o_proj`, layer.output);
    put(`${prefix}.post_attention_layernorm`, [width], layer.feedForwardNorm);
    matrix(`${prefix}.mlp.gate_proj`, layer.gate);
    matrix(`${prefix}.mlp.up_proj`, layer.up);
    matrix(`${prefix}.mlp.down_proj`, layer.down);
  });
  put("model.norm", [width], norm);
  if (!config.tied) matrix("lm_head", head);
  return tensors;
}

/** Tensors as a safetensors file. */
export function fileOf(tensors: ReadonlyMap<string, StoredTensor>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [name, { type, shape, bytes: data }] of tensors) {
    header[name] = { dtype: type, shape, data_offsets: [at, at + data.length] } satisfies HeaderEntry;
    parts.push(data);
    at += data.length;
  }
  return safetensors(header, new Uint8Array(Buffer.concat(parts)));
}

/** A configuration as Hugging Face writes it. */
export const hfConfig = (config: LlamaConfig) => ({
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  vocab_size: VOCABULARY,
  hidden_size: config.width,
  intermediate_size: config.innerWidth,
  num_hidden_layers: config.layers,
  num_attention_heads: config.heads,
  num_key_value_heads: config.keyHeads,
  head_dim: config.headWidth,
  max_position_embeddings: config.context,
  rms_norm_eps: config.epsilon,
  rope_theta: config.theta,
  rope_scaling: null,
  hidden_act: "silu",
  attention_bias: false,
  mlp_bias: false,
  tie_word_embeddings: config.tied,
});
