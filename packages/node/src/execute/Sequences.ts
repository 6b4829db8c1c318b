import { type InferenceSession, Tensor } from "onnxruntime-node";

import { SLOTS, type StepRequest } from "./protocol.ts";

/** An input of this name takes what the output behind the prefix has made of all tokens before. */
const PREFIX = "past_";
const NUMBERS = ["position", "seed", "temperature"] as const;
const TOKEN = "token";
const NEXT = "next";

/** What a graph remembers under one name, for a text of no tokens yet. */
interface Memory {
  /** Of the output; the input has the prefix before it. */
  readonly name: string;
  readonly type: "uint8" | "int8" | "int32";
  /** Its one open dimension, which grows with the text, is 0. */
  readonly shape: readonly number[];
  readonly axis: number;
}

/** A text that is being written. */
interface Sequence {
  readonly digest: string;
  /** Tokens that it has. */
  readonly length: number;
  readonly memory: Readonly<Record<string, Tensor>>;
}

/** A graph that is none that writes texts, or has lost what it wrote. */
class SequenceError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "SequenceError";
  }
}

/**
 * Texts that graphs write, one token in each run: such a graph takes a token with its position and gives the next one, and what it
 * remembers goes out of each run into the next.
 */
export class Sequences {
  private readonly memories = new WeakMap<InferenceSession, readonly Memory[]>();
  private readonly sequences: (Sequence | undefined)[] = new Array<undefined>(SLOTS).fill(undefined);

  /**
   * The token behind all that were said.
   * @throws SequenceError; what ONNX Runtime throws.
   */
  async step(session: InferenceSession, request: StepRequest): Promise<number> {
    const { slot, position, tokens, digest } = request;
    const memories = this.memoriesOf(session);
    let sequence = position === 0 ? begin(digest, memories) : this.sequences[slot];
    this.sequences[slot] = undefined; // a run that fails leaves nothing to go on with
    if (sequence?.length !== position || sequence.digest !== digest) {
      throw new SequenceError("it has lost what was said before");
    }
    let next = 0;
    for (const token of tokens) {
      const results = await session.run(feedsOf(sequence, token, request));
      next = nextIn(results);
      sequence = grown(sequence, memories, results);
    }
    this.sequences[slot] = sequence;
    return next;
  }

  private memoriesOf(session: InferenceSession): readonly Memory[] {
    const known = this.memories.get(session);
    if (known !== undefined) return known;
    const read = readMemories(session);
    this.memories.set(session, read);
    return read;
  }
}

/**
 * What a graph remembers, by the names of its inputs and outputs.
 * @throws SequenceError if it is none that writes texts.
 */
function readMemories({ inputMetadata, outputMetadata }: InferenceSession): readonly Memory[] {
  for (const [name, type] of [[TOKEN, "uint8"], ...NUMBERS.map((number) => [number, "int32"] as const)] as const) {
    const input = inputMetadata.find((given) => given.name === name);
    if (!isOne(input, type)) throw new SequenceError(`it does not take ${name}, one ${type}`);
  }
  const next = outputMetadata.find(({ name }) => name === NEXT);
  if (!isOne(next, "uint8")) throw new SequenceError(`it does not make ${NEXT}, one uint8`);
  const memories = inputMetadata.filter(({ name }) => !isNumber(name)).map((input) => memoryOf(input, outputMetadata));
  if (memories.length === 0) throw new SequenceError("it remembers nothing");
  return memories;
}

type Metadata = InferenceSession.ValueMetadata;

const isNumber = (name: string): boolean => [TOKEN, ...NUMBERS].includes(name);

const isOne = (value: Metadata | undefined, type: Tensor.Type): boolean =>
  value?.isTensor === true && value.type === type && value.shape.length === 1 && value.shape[0] === 1;

function memoryOf(input: Metadata, outputs: readonly Metadata[]): Memory {
  const name = input.name.startsWith(PREFIX) ? input.name.slice(PREFIX.length) : undefined;
  const output = outputs.find((made) => made.name === name);
  if (name === undefined || !input.isTensor || output?.isTensor !== true)
    throw new SequenceError(`it takes ${input.name}, and makes nothing for it`);
  const { type, shape } = input;
  const open = shape.flatMap((size, axis) => (typeof size === "number" ? [] : [axis]));
  const [axis] = open;
  const isSame = shape.every((size, i) => i === axis || size === output.shape[i]);
  if (axis === undefined || open.length !== 1 || output.shape.length !== shape.length || !isSame)
    throw new SequenceError(`what it takes as ${input.name} is not what it makes as ${name}, with one more place`);
  if (output.type !== type || (type !== "uint8" && type !== "int8" && type !== "int32"))
    throw new SequenceError(`what it remembers as ${name} is of type ${type}`);
  return { name, type, shape: shape.map((size) => (typeof size === "number" ? size : 0)), axis };
}

function begin(digest: string, memories: readonly Memory[]): Sequence {
  const memory = memories.map(({ name, type, shape }) => [PREFIX + name, empty(type, shape)] as const);
  return { digest, length: 0, memory: Object.fromEntries(memory) };
}

function empty(type: Memory["type"], shape: readonly number[]): Tensor {
  if (type === "uint8") return new Tensor(type, new Uint8Array(), shape);
  return type === "int8" ? new Tensor(type, new Int8Array(), shape) : new Tensor(type, new Int32Array(), shape);
}

function feedsOf({ length, memory }: Sequence, token: number, { seed, temperature }: StepRequest) {
  const number = (value: number) => new Tensor("int32", Int32Array.of(value), [1]);
  return {
    ...memory,
    token: new Tensor("uint8", Uint8Array.of(token), [1]),
    position: number(length),
    seed: number(seed),
    temperature: number(temperature),
  };
}

function nextIn(results: Readonly<Record<string, Tensor>>): number {
  const [next] = (results[NEXT]?.data ?? []) as Uint8Array;
  if (next === undefined) throw new SequenceError(`it made no ${NEXT}`);
  return next;
}

/** What it made is foreign: memories grow by one place, and not at will. */
function grown(
  { digest, length }: Sequence,
  memories: readonly Memory[],
  results: Readonly<Record<string, Tensor>>,
): Sequence {
  const memory = memories.map(({ name, shape, axis }) => {
    const made = results[name];
    const expected = shape.map((size, i) => (i === axis ? length + 1 : size)).join();
    if (made?.dims.join() !== expected) throw new SequenceError(`it made ${name} of another shape than [${expected}]`);
    return [PREFIX + name, made] as const;
  });
  return { digest, length: length + 1, memory: Object.fromEntries(memory) };
}
