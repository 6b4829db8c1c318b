import { InferenceSession, Tensor } from "onnxruntime-node";

import { DType, type ValueMessage, readModel, writeModel } from "@opg-protocol/sdk/onnx";

import { VOCABULARY } from "./config.ts";
import { forward } from "./forward.ts";
import { LOGITS } from "./graph/choice.ts";
import { LOGIT_BITS } from "./IntegerLlama.ts";
import type { Llama } from "./Llama.ts";

/** How well a model foretells the next byte. */
export interface Foresight {
  /** Mean of the negative logarithm of the probability given to the byte that came, in nats. */
  readonly loss: number;
  /** Share of bytes that were held for the likeliest. */
  readonly accuracy: number;
}

/** A model in float beside the same in integers, on the same text. */
export interface Comparison {
  readonly windows: number;
  /** Bytes that were foretold: all of a window but the first. */
  readonly bytes: number;
  readonly float: Foresight;
  readonly integer: Foresight;
  /** Share of bytes for which both hold the same for the likeliest. */
  readonly agreement: number;
}

/** Compares a model with its pass graph on windows of the graph's length. */
export async function compare(llama: Llama, file: Uint8Array, windows: readonly Uint8Array[]): Promise<Comparison> {
  const session = await InferenceSession.create(withLogits(file), { logSeverityLevel: 3 });
  const [float, integer] = [new Tally(), new Tally()];
  let agreements = 0;
  for (const window of windows) {
    const chosen = float.add(forward(llama, window), window);
    const others = integer.add(await logitsOf(session, window), window);
    agreements += chosen.filter((token, t) => token === others[t]).length;
  }
  await session.release();
  const { bytes } = float;
  return {
    windows: windows.length,
    bytes,
    float: float.foresight(),
    integer: integer.foresight(),
    agreement: agreements / bytes,
  };
}

/** A pass or decode graph that gives its logits, too. */
export function withLogits(file: Uint8Array): Uint8Array {
  const model = readModel(file);
  const { graph } = model;
  if (graph === undefined) return file;
  const tensorType = { elemType: DType.Int32, shape: undefined, rest: [] };
  const output: ValueMessage = { name: LOGITS, type: { tensorType, rest: [] }, rest: [] };
  return writeModel({ ...model, graph: { ...graph, output: [...graph.output, output] } });
}

/** Logits in nats, a row of the vocabulary for each position. */
async function logitsOf(session: InferenceSession, window: Uint8Array): Promise<Float32Array> {
  const int32 = (value: number) => new Tensor("int32", Int32Array.of(value), [1]);
  const text = (bytes: Uint8Array) => new Tensor("uint8", bytes.slice(), [bytes.length]);
  const results = await session.run({
    prompt: text(new Uint8Array(window.length)), // as a stated text, so that it may hold end marks
    limit: int32(window.length),
    seed: int32(0),
    temperature: int32(0),
    "text.stated": text(window),
  });
  const { data } = results[LOGITS] ?? {};
  if (!(data instanceof Int32Array)) throw new Error("ONNX Runtime gives no logits of int32.");
  return Float32Array.from(data, (logit) => logit / 2 ** LOGIT_BITS);
}

/** Adds up what windows say of one model. */
class Tally {
  bytes = 0;
  private loss = 0;
  private hits = 0;

  /** Takes the logits of a window and gives the token held for likeliest behind each position but the last. */
  add(logits: Float32Array, window: Uint8Array): number[] {
    return Array.from(window.subarray(1), (came, t) => {
      const row = logits.subarray(t * VOCABULARY, (t + 1) * VOCABULARY);
      const most = Math.max(...row);
      const likeliest = row.indexOf(most);
      this.loss += most + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) - (row[came] ?? 0);
      this.hits += likeliest === came ? 1 : 0;
      this.bytes += 1;
      return likeliest;
    });
  }

  foresight(): Foresight {
    return { loss: this.loss / this.bytes, accuracy: this.hits / this.bytes };
  }
}
