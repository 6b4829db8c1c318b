/** The program of a MAP, run for one element in exact numbers. */
import { MapOp } from "./program.ts";

/** What a table has at an entry. */
export type Look = (table: number, entry: bigint) => bigint;

/** What an instruction makes of the values that it takes. */
export type Compute = (a: bigint, b: bigint, c: bigint) => bigint;

/** Instructions that make a value of values alone: all but those that hold or look up a number. */
export type ComputeOp = Exclude<MapOp, typeof MapOp.Const | typeof MapOp.Table>;

const truth = (is: boolean): bigint => (is ? 1n : 0n);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

export const COMPUTE: Readonly<Record<ComputeOp, Compute>> = {
  [MapOp.Add]: (a, b) => a + b,
  [MapOp.Sub]: (a, b) => a - b,
  [MapOp.Mul]: (a, b) => a * b,
  [MapOp.Div]: (a, b) => (b === 0n ? 0n : a / b),
  [MapOp.Abs]: (a) => most(a, -a),
  [MapOp.Wrap8]: (a) => BigInt.asUintN(8, a),
  [MapOp.Wrap32]: (a) => BigInt.asIntN(32, a),
  [MapOp.Clip]: (a, b, c) => least(most(a, b), c),
  [MapOp.Where]: (a, b, c) => (a === 0n ? c : b),
  [MapOp.Greater]: (a, b) => truth(a > b),
  [MapOp.Less]: (a, b) => truth(a < b),
  [MapOp.GreaterOrEqual]: (a, b) => truth(a >= b),
  [MapOp.Equal]: (a, b) => truth(a === b),
};

/** The last value of a program. */
export function runProgram(attrs: readonly bigint[], operands: readonly bigint[], look: Look): bigint {
  const values = [...operands];
  for (let i = 1; i < attrs.length; i += 1) {
    const [op, a, b, c] = partsOf(attrs[i] ?? 0n);
    if (op === MapOp.Const) values.push(attrs[(i += 1)] ?? 0n);
    else if (op === MapOp.Table) values.push(look(b, values[a] ?? 0n));
    else values.push(COMPUTE[op](values[a] ?? 0n, values[b] ?? 0n, values[c] ?? 0n));
  }
  return values.at(-1) ?? 0n;
}

/** An instruction as it is committed, of the values or the table with these numbers. */
export const instructionOf = (op: MapOp, a = 0, b = 0, c = 0): bigint =>
  BigInt(op + a * 2 ** 8 + b * 2 ** 16 + c * 2 ** 24);

const OPS: ReadonlySet<number> = new Set(Object.values(MapOp));
const isMapOp = (op: number): op is MapOp => OPS.has(op);

/**
 * An instruction: what it does, and which values it does it with.
 * @throws RangeError if there is no such instruction.
 */
export function partsOf(instruction: bigint): readonly [op: MapOp, a: number, b: number, c: number] {
  const part = (i: number): number => Number((instruction >> BigInt(8 * i)) & 255n);
  const op = part(0);
  if (!isMapOp(op)) throw new RangeError(`A MAP has no instruction ${op}.`);
  return [op, part(1), part(2), part(3)];
}
