/** The ways in which a text is written: with and without a memory of keys and values, in integers and in float. */
import { InferenceSession, Tensor } from "onnxruntime-node";

import type { LlamaConfig } from "../src/model/exportLm/config.ts";

/** Alone on a thread, as the model is too small to be worth a second one. */
const OPTIONS: InferenceSession.SessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };

export const PROMPT = new TextEncoder().encode("And God said");
/** Bytes of a text. */
export const TOKENS = 40;

type Feeds = Readonly<Record<string, Tensor>>;

export const openSession = (file: Uint8Array): Promise<InferenceSession> => InferenceSession.create(file, OPTIONS);

const bytes = (data: Uint8Array) => new Tensor("uint8", data, [data.length]);
const int32 = (value: number) => new Tensor("int32", Int32Array.of(value), [1]);
const bytesIn = (tensor: Tensor | undefined): Uint8Array => {
  if (tensor?.data instanceof Uint8Array) return tensor.data;
  throw new Error("ONNX Runtime gives no bytes.");
};

function inWindow(data: Uint8Array, at: number, length: number): Tensor {
  const window = new Uint8Array(length);
  window.set(data, at);
  return bytes(window);
}

/** What decides about chance in the graphs of integers: the likeliest byte. */
const GREEDY: Feeds = { seed: int32(0), temperature: int32(0) };

/** What a pass graph in integers is given of a window. */
export const judgedFeeds = (length: number, text: Uint8Array): Feeds => ({
  ...{ prompt: inWindow(PROMPT, 0, length), limit: int32(PROMPT.length + TOKENS), ...GREEDY },
  "text.stated": inWindow(text, PROMPT.length, length),
});

/** What a pass graph in float is given of a window. */
export const floatFeeds = (length: number, text: Uint8Array): Feeds => ({
  tokens: inWindow(Uint8Array.of(...PROMPT, ...text), 0, length),
});

/** Writes by a pass graph in integers: every run settles one byte more. */
export async function writeByJudge(session: InferenceSession, length: number): Promise<Uint8Array> {
  let text = new Uint8Array();
  while (text.length < TOKENS) {
    const made = bytesIn((await session.run(judgedFeeds(length, text)))["text"]);
    text = made.slice(PROMPT.length, PROMPT.length + text.length + 1);
  }
  return text;
}

/** Writes by a pass graph in float. */
export async function writeByFloatPass(session: InferenceSession, length: number): Promise<Uint8Array> {
  const text = new Uint8Array(TOKENS);
  for (let t = 0; t < TOKENS; t += 1) {
    const { next } = await session.run(floatFeeds(length, text.subarray(0, t)), ["next"]);
    text[t] = bytesIn(next)[PROMPT.length + t - 1] ?? 0;
  }
  return text;
}

/** Writes by a decode graph: a run for each byte of the prompt and of the text. */
async function writeByDecoder(session: InferenceSession, { layers }: LlamaConfig, none: Tensor, chance: Feeds) {
  const names = Array.from({ length: layers }, (_, i) => [`k.${i}`, `v.${i}`]).flat();
  const text = new Uint8Array(TOKENS);
  let memory: Feeds = Object.fromEntries(names.map((name) => [`past_${name}`, none]));
  for (let position = 0; position < PROMPT.length + TOKENS - 1; position += 1) {
    const t = position - PROMPT.length;
    const token = bytes(Uint8Array.of(PROMPT[position] ?? text[t] ?? 0));
    const results = await session.run({ ...chance, ...memory, token, position: int32(position) }, ["next", ...names]);
    memory = Object.fromEntries(names.map((name) => [`past_${name}`, results[name] ?? none]));
    if (t >= -1) text[t + 1] = bytesIn(results["next"])[0] ?? 0;
  }
  return text;
}

/** The same in integers. */
export function writeByIntegerDecoder(session: InferenceSession, config: LlamaConfig): Promise<Uint8Array> {
  const none = new Tensor("uint8", new Uint8Array(), [config.keyHeads, 0, config.headWidth]);
  return writeByDecoder(session, config, none, GREEDY);
}

/** The same in float. */
export function writeByFloatDecoder(session: InferenceSession, config: LlamaConfig): Promise<Uint8Array> {
  const none = new Tensor("float32", new Float32Array(), [config.keyHeads, 0, config.headWidth]);
  return writeByDecoder(session, config, none, {});
}
