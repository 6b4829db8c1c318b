/** A model of hard cases of every operator of the profile, and an input for it. */
import type { Tensor } from "../../codecs/tensor.ts";
import { GraphBuilder } from "../GraphBuilder.ts";
import { sizeOf } from "../layout.ts";
import { DType } from "../model.ts";
import { tune } from "../tune.ts";

/** Products of a sum in 16 bits that saturates: 255 · 64 · 2 fits, 255 · 65 · 2 does not. */
const [MOST, WEIGHT] = [255, 64];

/** Puts a branch of its own into the model for each operator. */
class Golden {
  readonly graph = new GraphBuilder();
  readonly inputs: Tensor[] = [];

  input(shape: readonly number[], byte: (i: number) => number): string {
    const data = Uint8Array.from({ length: sizeOf(shape) }, (_, i) => byte(i));
    this.inputs.push({ dtype: DType.Uint8, shape, data });
    return this.graph.input(`x${this.inputs.length}`, shape);
  }

  floats(values: readonly number[]): string {
    const data = new Uint8Array(Float32Array.from(values).buffer);
    this.inputs.push({ dtype: DType.Float, shape: [values.length], data });
    return this.graph.input(`x${this.inputs.length}`, [values.length], DType.Float);
  }

  quantised(scale: number, zero: number): readonly [string, string] {
    return [this.graph.float(scale), this.graph.uint8(zero)];
  }

  output(name: string, shape: readonly number[], dtype: number = DType.Uint8): void {
    this.graph.output(name, shape, dtype);
  }
}

/** The model and its input, the same on every call. */
export function goldenCase(): { readonly file: Uint8Array; readonly inputs: readonly Tensor[] } {
  const golden = new Golden();
  addMatrices(golden);
  addConvolutions(golden);
  addWindows(golden);
  addElements(golden);
  return { file: tune(golden.graph.bytes()).model, inputs: golden.inputs };
}

/** Rows at both ends and in turn. */
const rows = (i: number, length: number): number =>
  [MOST, (i % 2) * MOST, 0, (i * 37) & 255][Math.floor(i / length)] ?? 0;

/** Columns of weights at both ends: the same, in pairs and in turn. */
function columns(i: number): number {
  const row = i >> 2;
  return [WEIGHT, -WEIGHT, (row & 2) === 0 ? WEIGHT : -WEIGHT, (row & 1) === 0 ? WEIGHT : -WEIGHT][i & 3] ?? 0;
}

/** What saturates in 16 bits, sums beyond 2^24, and sums half-way between two bytes. */
function addMatrices(golden: Golden): void {
  const { graph } = golden;
  const [a, length, count] = [golden.input([4, 256], (i) => rows(i, 256)), 256, 4];
  const signed = graph.int8(
    Array.from({ length: length * count }, (_, i) => columns(i)),
    [length, count],
  );
  const unsigned = graph.uint8(
    Array.from({ length: length * count }, (_, i) => (i * 89) & 255),
    [length, count],
  );
  const x = [a, ...golden.quantised(1, 0)];
  const multiply = (weights: readonly string[], zero: number) =>
    graph.node("QLinearMatMul", [...x, ...weights, ...golden.quantised(1, zero)]);
  golden.output(multiply([signed, graph.float(2 ** -15), graph.int8(0)], 128), [4, count]);
  golden.output(multiply([unsigned, graph.float(Math.fround(1e-4)), graph.uint8(128)], 100), [4, count]);
  const bias = graph.int32([2 ** 24 + 1, -(2 ** 24) - 3, 2 ** 29 + 7, 1]);
  const head = [signed, graph.float([2 ** -18, 2 ** -18, 2 ** -22, 0.5]), graph.int8([0, 1, 0, -3])];
  golden.output(graph.node("QGemm", [...x, ...head, bias, ...golden.quantised(1, 128)]), [4, count]);
}

/** Dense, in groups, and by channel; with pads, strides and dilations. */
function addConvolutions(golden: Golden): void {
  const { graph } = golden;
  const x = golden.input([1, 36, 7, 6], (i) => (i < 36 * 21 ? MOST : (i * 53) & 255));
  for (const [group, attributes, image] of [
    [1, { pads: [1, 1, 1, 1] }, [7, 6]],
    [4, { strides: [2, 1], pads: [0, 1, 1, 0] }, [3, 5]],
    [36, { dilations: [2, 2], pads: [2, 2, 2, 2] }, [7, 6]],
  ] as const) {
    const depth = 36 / group;
    const weights = Array.from({ length: 36 * depth * 9 }, (_, i) => columns(i));
    const scales = Array.from({ length: 36 }, (_, i) => Math.fround((i + 1) / (depth * 40_000)));
    const head = [graph.int8(weights, [36, depth, 3, 3]), graph.float(scales), graph.int8(0)];
    const inputs = [x, ...golden.quantised(1, 128), ...head, ...golden.quantised(1, 100)];
    golden.output(graph.node("QLinearConv", inputs, { attributes: { group, ...attributes } }), [1, 36, ...image]);
  }
}

function addWindows(golden: Golden): void {
  const { graph } = golden;
  const x = golden.input([1, 33, 5, 4], (i) => (i * 101) & 255);
  const attributes = { kernel_shape: [3, 2], strides: [2, 1], pads: [1, 1, 1, 0] };
  golden.output(graph.node("MaxPool", [x], { attributes }), [1, 33, 3, 4]);
  const means = [x, ...golden.quantised(Math.fround(0.1), 3), ...golden.quantised(Math.fround(0.07), 9)];
  const mean = graph.node("QLinearGlobalAveragePool", means, { attributes: { channels_last: 0 } });
  golden.output(mean, [1, 33, 1, 1]);
  golden.output(graph.node("Transpose", [x], { attributes: { perm: [0, 2, 3, 1] } }), [1, 5, 4, 33]);
  golden.output(graph.node("Reshape", [x, graph.int64([6, 110])]), [6, 110]);
}

function addElements(golden: Golden): void {
  const { graph } = golden;
  const x = golden.input([4, 64], (i) => i);
  const [q, r] = [golden.quantised(Math.fround(0.05), 120), golden.quantised(Math.fround(0.03), 100)];
  const reversed = graph.node("Clip", [golden.input([4, 64], (i) => 255 - i), graph.uint8(3), graph.uint8(250)]);
  golden.output(
    graph.node("QLinearAdd", [x, ...q, reversed, ...r, ...golden.quantised(Math.fround(0.06), 127)]),
    [4, 64],
  );
  golden.output(graph.node("QLinearSigmoid", [x, ...q, ...golden.quantised(2 ** -8, 0)]), [4, 64]);
  golden.output(graph.node("QLinearLeakyRelu", [x, ...q, ...r], { attributes: { alpha: { float: 0.1 } } }), [4, 64]);
  golden.output(graph.node("QLinearConcat", [...q, x, ...q, reversed, ...r], { attributes: { axis: 0 } }), [8, 64]);
  golden.output(graph.node("DequantizeLinear", [x, ...q]), [4, 64], DType.Float);
  golden.output(graph.node("ArgMax", [reversed], { attributes: { axis: 1 } }), [4, 1], DType.Int64);
  const floats = golden.floats([0.05, 0.15, -0.25, 1e-45, -0, Infinity, -Infinity, 3e38]);
  golden.output(graph.node("QuantizeLinear", [floats, ...golden.quantised(Math.fround(0.1), 5)]), [8]);
}
