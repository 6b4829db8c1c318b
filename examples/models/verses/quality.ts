/**
 * Measures pass-128.onnx on held-back.txt, which neither training nor calibration has seen, beside what train.py measured in
 * float on the same windows.
 *
 *   node examples/models/verses/quality.ts [--json]
 *
 * Exits with 1 when the loss is more than 1 % above that of the model in float.
 */
import { readFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";

import { readModel, writeModel } from "@opg-protocol/sdk/onnx";

/** Positions of a window. */
const LENGTH = 128;
const TOKENS = 256;
/** Units of logits in a nat. */
const NAT = 2 ** 16;
const LINE_END = 10;
const ALLOWED = 1.01;

interface Float {
  heldBackWindows: number;
  lossNatsPerByte: number;
  accuracy: number;
}

const read = (name: string) => readFileSync(new URL(name, import.meta.url));
const float = JSON.parse(read("quality.json").toString()) as Float;
const text = read("held-back.txt").map((byte) => (byte === LINE_END ? 0 : byte));
const session = await InferenceSession.create(withLogits(read("pass-128.onnx")));

/** The model with one more output: the tensor that holds the logits. */
function withLogits(file: Uint8Array): Uint8Array {
  const { graph, ...model } = readModel(file);
  if (graph === undefined) throw new Error("pass-128.onnx has no graph");
  const logits = {
    name: "logits",
    type: { tensorType: { elemType: 6, shape: undefined, rest: [] }, rest: [] },
    rest: [],
  };
  return writeModel({ ...model, graph: { ...graph, output: [...graph.output, logits] } });
}

/** Logits in nats behind each position of a window. */
async function logitsOf(window: Uint8Array): Promise<Float64Array> {
  const number = (value: number) => new Tensor("int32", Int32Array.of(value), [1]);
  const { logits } = await session.run({
    prompt: new Tensor("uint8", new Uint8Array(LENGTH), [LENGTH]),
    limit: number(LENGTH),
    seed: number(0),
    temperature: number(0),
    "text.stated": new Tensor("uint8", window, [LENGTH]),
  });
  return Float64Array.from(logits?.data as Int32Array, (logit) => logit / NAT);
}

const windows = Math.floor(text.length / LENGTH);
let [loss, hits] = [0, 0];
for (let start = 0; start < windows * LENGTH; start += LENGTH) {
  const window = Uint8Array.from(text.subarray(start, start + LENGTH));
  const logits = await logitsOf(window);
  for (let t = 0; t + 1 < LENGTH; t++) {
    const row = logits.subarray(t * TOKENS, (t + 1) * TOKENS);
    const most = Math.max(...row);
    const byte = window[t + 1] ?? 0;
    loss += most + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) - (row[byte] ?? 0);
    hits += row.indexOf(most) === byte ? 1 : 0;
  }
}
const bytes = windows * (LENGTH - 1);
const integer = { heldBackWindows: windows, lossNatsPerByte: loss / bytes, accuracy: hits / bytes };
const ratio = integer.lossNatsPerByte / float.lossNatsPerByte;

if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ float, integer, ratio }));
} else {
  const line = ({ lossNatsPerByte, accuracy }: Float) =>
    `${lossNatsPerByte.toFixed(4)} nats per byte, ${(100 * accuracy).toFixed(2)} % of next bytes right`;
  console.log(`${windows} windows\nfloat    ${line(float)}\ninteger  ${line(integer)}`);
  console.log(`loss times ${ratio.toFixed(5)}`);
}
process.exitCode = ratio > ALLOWED || windows !== float.heldBackWindows ? 1 : 0;
