/** What the instructions of a MAP do to doubles that are exact. */
import type { ComputeOp } from "../mapProgram.ts";
import { MapOp } from "../program.ts";
import type { Values } from "./Operands.ts";

type Doubles = Values<Float64Array>;

/** Makes so many values. Instructions that take fewer do not look at the others. */
type DoubleLoop = (out: Float64Array, count: number, a: Doubles, b: Doubles, c: Doubles) => void;

/** The loop of each instruction. They are written out, so that engines compile each by itself. */
export const LOOPS: Readonly<Record<ComputeOp, DoubleLoop>> = {
  [MapOp.Add]: (out, count, a, b) => {
    for (let i = 0, x = 0, y = 0; i < count; i += 1, x += a.step, y += b.step)
      out[i] = (a.numbers[x] as number) + (b.numbers[y] as number);
  },
  [MapOp.Sub]: (out, count, a, b) => {
    for (let i = 0, x = 0, y = 0; i < count; i += 1, x += a.step, y += b.step)
      out[i] = (a.numbers[x] as number) - (b.numbers[y] as number);
  },
  [MapOp.Mul]: (out, count, a, b) => {
    for (let i = 0, x = 0, y = 0; i < count; i += 1, x += a.step, y += b.step)
      out[i] = (a.numbers[x] as number) * (b.numbers[y] as number);
  },
  [MapOp.Div]: (out, count, a, b) => {
    for (let i = 0, x = 0, y = 0; i < count; i += 1, x += a.step, y += b.step)
      out[i] = Math.trunc((a.numbers[x] as number) / (b.numbers[y] as number));
  },
  [MapOp.Abs]: (out, count, a) => {
    for (let i = 0, x = 0; i < count; i += 1, x += a.step) out[i] = Math.abs(a.numbers[x] as number);
  },
  [MapOp.Wrap8]: (out, count, a) => {
    for (let i = 0, x = 0; i < count; i += 1, x += a.step) out[i] = (a.numbers[x] as number) & 255;
  },
  [MapOp.Wrap32]: (out, count, a) => {
    for (let i = 0, x = 0; i < count; i += 1, x += a.step) out[i] = (a.numbers[x] as number) | 0;
  },
  [MapOp.Clip]: (out, count, a, b, c) => {
    for (let i = 0, x = 0, y = 0, z = 0; i < count; i += 1, x += a.step, y += b.step, z += c.step)
      out[i] = Math.min(Math.max(a.numbers[x] as number, b.numbers[y] as number), c.numbers[z] as number);
  },
  [MapOp.Where]: (out, count, a, b, c) => {
    for (let i = 0, x = 0, y = 0, z = 0; i < count; i += 1, x += a.step, y += b.step, z += c.step)
      out[i] = (a.numbers[x] as number) === 0 ? (c.numbers[z] as number) : (b.numbers[y] as number);
  },
  [MapOp.Greater]: (out, count, a, b) => {
    for (let i = 0, x = 0, y = 0; i < count; i += 1, x += a.step, y += b.step)
      out[i] = (a.numbers[x] as number) > (b.numbers[y] as number) ? 1 : 0;
  },
  [MapOp.Less]: (out, count, a, b) => {
    for (let i = 0, x = 0, y = 0; i < count; i += 1, x += a.step, y += b.step)
      out[i] = (a.numbers[x] as number) < (b.numbers[y] as number) ? 1 : 0;
  },
  [MapOp.GreaterOrEqual]: (out, count, a, b) => {
    for (let i = 0, x = 0, y = 0; i < count; i += 1, x += a.step, y += b.step)
      out[i] = (a.numbers[x] as number) >= (b.numbers[y] as number) ? 1 : 0;
  },
  [MapOp.Equal]: (out, count, a, b) => {
    for (let i = 0, x = 0, y = 0; i < count; i += 1, x += a.step, y += b.step)
      out[i] = (a.numbers[x] as number) === (b.numbers[y] as number) ? 1 : 0;
  },
};
