/** The language model of the examples: how fast it writes and is checked, in integers and in float, and what its trace costs. */
import { readFileSync } from "node:fs";

import { type InferenceSession, Tensor } from "onnxruntime-node";

import { compile, Executor, INTEGER_PROFILE } from "@opg-protocol/sdk/onnx";

import { fastest } from "../../sdk/bench/figures.ts";
import { readConfig } from "../src/model/exportLm/config.ts";
import { forward } from "../src/model/exportLm/forward.ts";
import { type Llama, readLlama } from "../src/model/exportLm/Llama.ts";
import { readSafetensors } from "../src/model/exportLm/safetensors.ts";
import { floatDecodeGraph, floatPassGraph } from "./floatGraphs.ts";
import { payloadOf } from "./orders.ts";
import {
  floatFeeds,
  judgedFeeds,
  openSession,
  PROMPT,
  TOKENS,
  writeByFloatDecoder,
  writeByFloatPass,
  writeByIntegerDecoder,
  writeByJudge,
} from "./writers.ts";

/** Short rounds, so that some of them have the machine for themselves. */
const ROUNDS = 40;
/** Of the executor, which takes longer. */
const EXECUTOR_ROUNDS = 8;
/** Of logits, in nats: orders of summation differ. */
const TOLERANCE = 1e-3;

const FOLDER = new URL("../../../examples/models/verses/", import.meta.url);
export const readVerses = (name: string): Uint8Array => readFileSync(new URL(name, FOLDER));

export interface VersesFigures {
  readonly tokens: number;
  /** Largest difference between logits of the graph in float and of the exporter's own forward pass, in nats. */
  readonly floatError: number;
  readonly tokensPerSecond: Readonly<Record<"integer" | "integerUncached" | "float" | "floatUncached", number>>;
  readonly passes: readonly PassFigures[];
  readonly check: number;
}

interface PassFigures {
  readonly length: number;
  readonly steps: number;
  readonly integer: number;
  readonly float: number;
  readonly compile: number;
  readonly run: number;
  readonly trace: number;
}

export async function benchVerses(): Promise<VersesFigures> {
  const config = readConfig(new TextDecoder().decode(readVerses("config.json")));
  const llama = readLlama(config, readSafetensors(readVerses("model.safetensors")));
  const [small, large] = [await passOf(llama, 64), await passOf(llama, 128)];
  const floatError = Math.max(await floatErrorOf(llama, small), await floatErrorOf(llama, large));
  if (!(floatError < TOLERANCE)) throw new Error(`The graph in float is ${floatError} nats from the model.`);

  const decoder = await openSession(readVerses("decode.onnx"));
  const floatDecoder = await openSession(floatDecodeGraph(llama));
  const ways = {
    integer: () => writeByIntegerDecoder(decoder, config),
    integerUncached: () => writeByJudge(small.integer, small.length),
    float: () => writeByFloatDecoder(floatDecoder, config),
    floatUncached: () => writeByFloatPass(small.float, small.length),
  };
  const text = await textOfBoth(ways.integer, ways.integerUncached);
  await textOfBoth(ways.float, ways.floatUncached);
  const writing = await fastest(ROUNDS, ways);
  const perSecond = (ms: number) => (1000 * TOKENS) / ms;
  const passes = [await timesOf(small, text), await timesOf(large, text)] as const;
  return {
    tokens: TOKENS,
    floatError,
    tokensPerSecond: {
      integer: perSecond(writing.integer),
      integerUncached: perSecond(writing.integerUncached),
      float: perSecond(writing.float),
      floatUncached: perSecond(writing.floatUncached),
    },
    passes,
    check: passes[0].integer / writing.integer,
  };
}

/** The pass graphs of a window, and the file of the one in integers. */
interface Pass {
  readonly length: number;
  readonly file: Uint8Array;
  readonly integer: InferenceSession;
  readonly float: InferenceSession;
}

async function passOf(llama: Llama, length: number): Promise<Pass> {
  const file = readVerses(`pass-${length}.onnx`);
  return { length, file, integer: await openSession(file), float: await openSession(floatPassGraph(llama, length)) };
}

async function floatErrorOf(llama: Llama, { length, float }: Pass): Promise<number> {
  const tokens = readVerses("held-back.txt").slice(0, length);
  const { logits } = await float.run({ tokens: new Tensor("uint8", tokens, [length]) }, ["logits"]);
  const given = logits?.data as Float32Array;
  return forward(llama, tokens).reduce((most, logit, i) => Math.max(most, Math.abs(logit - (given[i] ?? NaN))), 0);
}

/** What two ways to write the same text both give. */
async function textOfBoth(one: () => Promise<Uint8Array>, other: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const [text, same] = [await one(), await other()];
  if (Buffer.compare(text, same) !== 0 || text.includes(0))
    throw new Error("Two ways to write a text give others, or it ends.");
  return text;
}

/** What a pass over the text costs, in ONNX Runtime and in the executor. */
async function timesOf({ length, file, integer, float }: Pass, text: Uint8Array): Promise<PassFigures> {
  const program = compile(file, INTEGER_PROFILE);
  const executor = new Executor(program);
  const order = { prompt: PROMPT, limit: PROMPT.length + TOKENS, seed: 0, temperature: 0 };
  const { inputs, stated } = payloadOf(program, order, text);
  const [made] = executor.run(inputs, stated);
  if (Buffer.compare(made?.data ?? new Uint8Array(), stated[0].data) !== 0)
    throw new Error("The executor makes another text than ONNX Runtime has written.");

  const judged = judgedFeeds(length, text);
  const tokens = floatFeeds(length, text);
  const runtime = await fastest(ROUNDS, {
    integer: () => integer.run(judged),
    float: () => float.run(tokens, ["next"]),
  });
  const reference = await fastest(EXECUTOR_ROUNDS, {
    compile: () => compile(file, INTEGER_PROFILE),
    run: () => executor.run(inputs, stated),
    trace: () => executor.trace(inputs, stated),
  });
  return { length, steps: program.steps.length, ...runtime, ...reference };
}
