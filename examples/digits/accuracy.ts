/**
 * Measures digits.onnx on the held-back pictures, which it never saw in training: as they are, and shifted by one
 * pixel in each of the eight directions, because nobody centres a picture exactly.
 *
 *   node examples/digits/accuracy.ts [--json]
 *
 * Exits with 1 when fewer than 97 % of the unshifted pictures are right.
 */
import { readFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { PNG } from "pngjs";

interface HeldBack {
  tile: number;
  columns: number;
  labels: number[];
}

interface Mistake {
  index: number;
  label: number;
  answer: number;
}

const REQUIRED = 0.97;

const read = (name: string) => readFileSync(new URL(name, import.meta.url));
const { tile, columns, labels } = JSON.parse(read("held-back.json").toString()) as HeldBack;
const sheet = PNG.sync.read(read("held-back.png"));
const session = await InferenceSession.create(read("digits.onnx"));

/** One tile of the sheet, moved by (dx, dy); pngjs gives four bytes per pixel, of which the first is the grey value. */
function picture(index: number, dx: number, dy: number): Uint8Array {
  const left = (index % columns) * tile;
  const top = Math.floor(index / columns) * tile;
  const inside = (at: number) => at >= 0 && at < tile;
  return Uint8Array.from({ length: tile * tile }, (_, i) => {
    const x = (i % tile) - dx;
    const y = Math.floor(i / tile) - dy;
    return inside(x) && inside(y) ? (sheet.data[4 * ((top + y) * sheet.width + left + x)] ?? 0) : 0;
  });
}

async function recognise(pixels: Uint8Array): Promise<number> {
  const { logits } = await session.run({ image: new Tensor("uint8", pixels, [1, 1, tile, tile]) });
  const values = logits?.data as Float32Array;
  return values.indexOf(Math.max(...values));
}

async function mistakes(dx: number, dy: number): Promise<Mistake[]> {
  const wrong: Mistake[] = [];
  for (const [index, label] of labels.entries()) {
    const answer = await recognise(picture(index, dx, dy));
    if (answer !== label) wrong.push({ index, label, answer });
  }
  return wrong;
}

const wrong = await mistakes(0, 0);
const total = labels.length;
const correct = total - wrong.length;
const accuracy = correct / total;

const directions = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [-1, 0],
  [1, 0],
  [-1, 1],
  [0, 1],
  [1, 1],
] as const;
let shifted = 0;
for (const [dx, dy] of directions) shifted += (total - (await mistakes(dx, dy)).length) / total / directions.length;

if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ correct, total, accuracy, shifted, wrong }));
} else {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  console.log(`${correct} of ${total} right, ${percent(accuracy)}; shifted by one pixel ${percent(shifted)}`);
  for (const { index, label, answer } of wrong) console.log(`picture ${index}: ${label} taken for ${answer}`);
}
process.exitCode = accuracy < REQUIRED ? 1 : 0;
