/** The language model of the examples, orders for it, and those who answer them with something else than the truth. */
import { readFileSync } from "node:fs";

import { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";

import { type Tensor } from "../../packages/sdk/src/codecs/tensor.ts";
import { compile, DType, Executor, INTEGER_PROFILE, type Program } from "../../packages/sdk/src/onnx/index.ts";
import { nth } from "./actors.ts";

const FILE = new URL("../../examples/models/verses/pass-64.onnx", import.meta.url);
/** Positions of prompt and text together. */
export const WINDOW = 64;

/** What is asked of the model. */
export interface Order {
  readonly prompt: string;
  /** Position before which the text ends. */
  readonly limit: number;
  readonly seed?: number;
  /** In units of 1/256; 0 takes the likeliest byte. */
  readonly temperature?: number;
}

/** The model, compiled once for all tests. */
export const verses: Program = compile(readFileSync(FILE), INTEGER_PROFILE);

const bytes = (data: Uint8Array): Tensor => ({ dtype: DType.Uint8, shape: [data.length], data });
const number = (value: number): Tensor => ({
  dtype: DType.Int32,
  shape: [1],
  data: new Uint8Array(Int32Array.of(value).buffer),
});

/** The input payload of an order. */
export function payloadOf({ prompt, limit, seed = 0, temperature = 0 }: Order): readonly Tensor[] {
  const window = new Uint8Array(WINDOW);
  new TextEncoder().encodeInto(prompt, window);
  return [bytes(window), number(limit), number(seed), number(temperature)];
}

/** An output payload with this text behind the prompt. */
export function textAt(prompt: string, text: string): Tensor {
  const window = new Uint8Array(WINDOW);
  new TextEncoder().encodeInto(text, window.subarray(prompt.length));
  return bytes(window);
}

/** The text of an output payload. */
export const textOf = ({ data }: Tensor): string => new TextDecoder().decode(data).replaceAll("\0", "");

const NOTHING = bytes(new Uint8Array(WINDOW));
const isSame = (a: Tensor, b: Tensor): boolean => Buffer.compare(a.data, b.data) === 0;

/** What somebody answers who runs the model in his own way: the text that he makes when he is shown it. */
export function answerOf(executor: Executor, order: Order): Tensor {
  let text = NOTHING;
  for (let made = nth(executor.run(payloadOf(order), [text]), 0); !isSame(made, text);) {
    text = made;
    made = nth(executor.run(payloadOf(order), [text]), 0);
  }
  return text;
}

/** What ONNX Runtime answers, which is the truth. */
export async function truthOf(order: Order): Promise<Tensor> {
  const session = await InferenceSession.create(readFileSync(FILE), { intraOpNumThreads: 1 });
  const [prompt, ...numbers] = payloadOf(order);
  const given = ["limit", "seed", "temperature"].map((name, i) => {
    const { buffer, byteOffset } = nth(numbers, i).data;
    return [name, new RuntimeTensor("int32", new Int32Array(buffer, byteOffset, 1), [1])] as const;
  });
  const shown = (data: Uint8Array) => new RuntimeTensor("uint8", data, [WINDOW]);
  const feeds = { ...Object.fromEntries(given), prompt: shown(prompt?.data ?? new Uint8Array()) };
  for (let text = NOTHING; ;) {
    const results = await session.run({ ...feeds, "text.stated": shown(text.data) });
    const made = bytes(Uint8Array.from(results["text"]?.data as Uint8Array));
    if (isSame(made, text)) return made;
    text = made;
  }
}

/** The step whose tensor the file calls so. */
export function stepNamed(name: string): number {
  const step = verses.steps.findIndex(({ name: its, output }) => its === name || output === name);
  if (step < 0) throw new RangeError(`The model has no step ${name}.`);
  return step;
}
