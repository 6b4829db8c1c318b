/** A model of hard cases of every operator of the profile `onnx-int8/2`, and an input for it. */
import type { Tensor } from "../../codecs/tensor.ts";
import { GraphBuilder, type NodeOptions } from "../GraphBuilder.ts";
import { DType } from "../model.ts";

const { Uint8, Int32, Int64 } = DType;

/** Numbers around the powers of two where sums carry, products wrap, halves of a number meet and doubles round. */
const POWERS = [0, 7, 8, 15, 16, 30, 31, 32, 33, 47, 52, 53, 61, 62, 63];
const HARD = POWERS.flatMap((power) =>
  [-1n, 0n, 1n].flatMap((near) => [2n ** BigInt(power) + near, near - 2n ** BigInt(power)]),
);
const LONGS = HARD.filter((number) => BigInt.asIntN(64, number) === number);
const INTS = HARD.filter((number) => BigInt.asIntN(32, number) === number);

/** Rows and columns of a matrix product, long enough that every processor uses its vectors. */
const [DEPTH, COLUMNS] = [512, 20];

/** Puts a branch of its own into the model for each operator. */
class Golden {
  readonly graph = new GraphBuilder(17);
  readonly inputs: Tensor[] = [];

  input(dtype: number, shape: readonly number[], numbers: ArrayLike<number | bigint>): string {
    const array =
      dtype === Int64
        ? BigInt64Array.from(Array.from(numbers, BigInt))
        : dtype === Int32
          ? Int32Array.from(Array.from(numbers, Number))
          : Uint8Array.from(Array.from(numbers, Number));
    this.inputs.push({ dtype, shape, data: new Uint8Array(array.buffer) });
    return this.graph.input(`x${this.inputs.length}`, shape, dtype);
  }

  node(opType: string, inputs: readonly string[], attributes: NodeOptions["attributes"] = {}): string {
    return this.graph.node(opType, inputs, { attributes });
  }

  cast(x: string, to: number): string {
    return this.node("Cast", [x], { to });
  }

  clip(x: string, least: number, most: number): string {
    return this.node("Clip", [x, this.graph.int32(least), this.graph.int32(most)]);
  }

  output(name: string, shape: readonly number[], dtype: number): void {
    this.graph.output(name, shape, dtype);
  }
}

/** The model and its input, the same on every call. */
export function integerGoldenCase(): { readonly file: Uint8Array; readonly inputs: readonly Tensor[] } {
  const golden = new Golden();
  addArithmetic(golden);
  addChoices(golden);
  addIndices(golden);
  addRows(golden);
  addProducts(golden);
  addViews(golden);
  return { file: golden.graph.bytes(), inputs: golden.inputs };
}

/** Sums, products and quotients that come near to the ends of their types, of all pairs of hard numbers. */
function addArithmetic(golden: Golden): void {
  const { graph } = golden;
  const count = INTS.length;
  const [column, row] = [golden.input(Int32, [count, 1], INTS), golden.input(Int32, [count], INTS.toReversed())];
  const square = [count, count];
  const [a, b] = [golden.cast(column, Int64), golden.cast(row, Int64)];
  const product = golden.node("Mul", [a, b]);
  golden.output(product, square, Int64);
  golden.output(golden.cast(product, Int32), square, Int32);
  golden.output(golden.cast(product, Uint8), square, Uint8);
  golden.output(golden.node("Add", [product, b]), square, Int64);
  golden.output(golden.node("Sub", [a, product]), square, Int64);
  golden.output(golden.node("Abs", [product]), square, Int64);
  const [small, other] = [column, row].map((x) => golden.clip(x, -(2 ** 30), 2 ** 30 - 1)) as [string, string];
  golden.output(golden.node("Add", [small, other]), square, Int32);
  golden.output(golden.node("Sub", [small, other]), square, Int32);
  golden.output(golden.node("Abs", [small]), [count, 1], Int32);
  golden.output(golden.node("Mul", [small, graph.int32(2)]), [count, 1], Int32);
  golden.output(golden.node("Div", [column, golden.clip(row, 1, 2 ** 31 - 1)]), square, Int32);
  const longs = golden.input(Int64, [LONGS.length, 1], LONGS);
  const divisor = golden.cast(golden.clip(row, 1, 2 ** 31 - 1), Int64);
  golden.output(golden.node("Div", [longs, divisor]), [LONGS.length, count], Int64);
  golden.output(golden.cast(longs, Int32), [LONGS.length, 1], Int32);
  golden.output(golden.cast(longs, Uint8), [LONGS.length, 1], Uint8);
  golden.output(golden.cast(golden.cast(column, Uint8), Int64), [count, 1], Int64);
}

/** Comparisons of all pairs of hard numbers, and what is chosen by them. */
function addChoices(golden: Golden): void {
  const { graph } = golden;
  for (const [dtype, numbers] of [
    [Int64, LONGS],
    [Int32, INTS],
    [Uint8, [0n, 1n, 127n, 128n, 254n, 255n]],
  ] as const) {
    const [a, b] = [golden.input(dtype, [numbers.length, 1], numbers), golden.input(dtype, [numbers.length], numbers)];
    for (const opType of ["Greater", "Less", "GreaterOrEqual", "Equal"]) {
      const chosen = golden.node("Where", [golden.node(opType, [a, b]), a, b]);
      golden.output(chosen, [numbers.length, numbers.length], dtype);
    }
  }
  const ints = golden.input(Int32, [INTS.length], INTS);
  golden.output(golden.clip(ints, -(2 ** 31) + 1, 2 ** 31 - 2), [INTS.length], Int32);
  golden.output(golden.clip(ints, -5, 300), [INTS.length], Int32);
  const bytes = golden.input(
    Uint8,
    [256],
    Array.from({ length: 256 }, (_, i) => i),
  );
  golden.output(golden.node("Clip", [bytes, graph.uint8(3), graph.uint8(250)]), [256], Uint8);
}

/** Tables, rows of a constant, and elements by index. */
function addIndices(golden: Golden): void {
  const { graph } = golden;
  const index = golden.cast(
    golden.input(
      Uint8,
      [4, 16],
      Array.from({ length: 64 }, (_, i) => (i * 37) & 255),
    ),
    Int32,
  );
  const table = graph.int64(Array.from({ length: 256 }, (_, i) => LONGS[i % LONGS.length] ?? 0n));
  golden.output(golden.node("Gather", [table, index]), [4, 16], Int64);
  const rows = graph.int32(
    Array.from({ length: 256 * 5 }, (_, i) => i * 0x10001),
    [256, 5],
  );
  golden.output(golden.node("Gather", [rows, golden.cast(index, Int64)]), [4, 16, 5], Int32);
  const x = golden.input(Int64, [4, LONGS.length], Array.from({ length: 4 }, () => LONGS).flat());
  const last = LONGS.length - 1;
  golden.output(golden.node("GatherElements", [x, golden.clip(index, 0, last)], { axis: 1 }), [4, 16], Int64);
  golden.output(golden.node("Gather", [x, graph.int64([3, 2, 1, 0])], { axis: 0 }), [4, LONGS.length], Int64);
}

/** Sums up to where doubles hold every number, and maxima that doubles cannot tell apart. */
function addRows(golden: Golden): void {
  const { graph } = golden;
  const shape = [3, 64];
  const numbers = Array.from({ length: 3 * 64 }, (_, i) => INTS[(i * 7) % INTS.length] ?? 0n);
  const ints = golden.input(Int32, shape, numbers);
  const wide = golden.node("Mul", [golden.cast(ints, Int64), graph.int64(2 ** 16 - 1)]);
  const axes = graph.int64([-1]);
  golden.output(golden.node("ReduceSum", [wide, axes]), [3, 1], Int64);
  const small = golden.cast(golden.clip(ints, -(2 ** 23), 2 ** 23), Int64);
  golden.output(golden.node("ReduceSum", [golden.node("Mul", [small, small]), axes]), [3, 1], Int64);
  golden.output(golden.node("ReduceSumSquare", [small], { axes: [1], keepdims: 0 }), [3], Int64);
  golden.output(golden.node("ReduceSum", [golden.clip(ints, -(2 ** 24), 2 ** 24), axes]), [3, 1], Int32);
  const close = Array.from({ length: 3 * 64 }, (_, i) => 2n ** 62n + BigInt([0, 1, -1, 1, 0][i % 5] ?? 0));
  for (const [dtype, x] of [
    [Int64, close],
    [Int32, numbers],
    [Uint8, numbers.map((number) => BigInt.asUintN(8, number))],
  ] as const)
    golden.output(golden.node("ArgMax", [golden.input(dtype, shape, x)], { axis: 1 }), [3, 1], Int64);
}

/** Bytes at both ends, in runs and in turn: what saturates where two products are added in 16 bits. */
function addProducts(golden: Golden): void {
  const { graph } = golden;
  const byte = (i: number): number =>
    [255, (i % 2) * 255, (i & 2) * 127, (i * 89) & 255][Math.floor(i / DEPTH) % 4] ?? 0;
  const a = golden.input(
    Uint8,
    [2, 4, DEPTH],
    Array.from({ length: 8 * DEPTH }, (_, i) => byte(i)),
  );
  const weights = graph.uint8(
    Array.from({ length: DEPTH * COLUMNS }, (_, i) => [255, 0, (i >> 5) & 255, (i * 53) & 255][i & 3] ?? 0),
    [DEPTH, COLUMNS],
  );
  const b = golden.input(
    Uint8,
    [2, DEPTH, 5],
    Array.from({ length: 10 * DEPTH }, (_, i) => byte(i * 4)),
  );
  for (const [za, zb] of [
    [0, 0],
    [128, 128],
    [255, 0],
    [0, 255],
  ] as const) {
    const zeros = [graph.uint8(za), graph.uint8(zb)];
    golden.output(golden.node("MatMulInteger", [a, weights, ...zeros]), [2, 4, COLUMNS], Int32);
    golden.output(golden.node("MatMulInteger", [a, b, ...zeros]), [2, 4, 5], Int32);
  }
}

function addViews(golden: Golden): void {
  const { graph } = golden;
  const x = golden.input(
    Int32,
    [3, 4, 5],
    Array.from({ length: 60 }, (_, i) => i * 0x1010101),
  );
  golden.output(golden.node("Transpose", [x], { perm: [2, 0, 1] }), [5, 3, 4], Int32);
  golden.output(golden.node("Reshape", [x, graph.int64([2, -1])]), [2, 30], Int32);
  const ends = [
    [-1, 0],
    [-(2 ** 31), 2 ** 31 - 1],
    [2, 1],
    [-2, 3],
  ].map((list) => graph.int64(list));
  golden.output(golden.node("Slice", [x, ...ends]), [3, 2, 3], Int32);
  const [first = "", second = ""] = graph.split("Split", [x, graph.int64([1, 3])], 2, { attributes: { axis: 1 } });
  golden.output(golden.node("Concat", [second, first, first], { axis: 1 }), [3, 5, 5], Int32);
  golden.output(golden.node("Expand", [first, graph.int64([2, 3, 4, 5])]), [2, 3, 4, 5], Int32);
}
