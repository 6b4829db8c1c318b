/** What becomes a table of 256 bytes: Clip, QLinearLeakyRelu, QLinearSigmoid, Concat and QLinearConcat. */
import { DType } from "../model.ts";
import { Opcode, type Ref } from "../program.ts";
import { integersOf } from "./constant.ts";
import { quantise } from "../arithmetic.ts";
import { f } from "./scales.ts";
import { type Made, attrsOf, inner } from "./made.ts";
import type { QuantisedReader } from "./QuantisedReader.ts";
import { sigmoidByte } from "./sigmoid.ts";

/** A table from what it does to each byte. */
const table = (entry: (byte: number) => number): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => entry(byte));

const IDENTITY = table((byte) => byte);

const lut = (x: Ref, constants: Uint8Array): Made => ({
  opcode: Opcode.Lut,
  ...inner(x.shape),
  inputs: [x],
  attrs: [],
  constants,
});

/** A bound of Clip, one `uint8`. */
function boundOf(node: QuantisedReader, input: string, absent: number): number {
  if (!node.hasInput(input)) return absent;
  const constant = node.constant(input, [DType.Uint8]);
  if (constant.shape.length > 0) node.refuse(input, `has rank ${constant.shape.length}, not 0`);
  return integersOf(constant)[0] ?? absent;
}

export function clip(node: QuantisedReader): Made {
  const [low, high] = [boundOf(node, "min", 0), boundOf(node, "max", 255)];
  const x = node.tensor("input");
  return lut(
    x,
    table((byte) => Math.min(Math.max(byte, low), high)),
  );
}

/** Scales and zero points of an operator with one input and one output. */
function quantisation(node: QuantisedReader) {
  const [sx, sy] = [node.scale("X_scale"), node.scale("Y_scale")];
  const [zx, zy] = [node.zero("X_zero_point"), node.zero("Y_zero_point")];
  return { sx, sy, zx, zy };
}

export function qLinearLeakyRelu(node: QuantisedReader): Made {
  const { sx, sy, zx, zy } = quantisation(node);
  const alpha = node.float("alpha", f(0.01));
  if (!Number.isFinite(alpha)) node.stop("alpha", `is ${alpha}`);
  const x = node.tensor("X");
  return lut(
    x,
    table((byte) => {
      const value = f((byte - zx) * sx);
      return quantise(value < 0 ? f(value * alpha) : value, sy, zy);
    }),
  );
}

export function qLinearSigmoid(node: QuantisedReader): Made {
  const { sx, sy, zx, zy } = quantisation(node);
  const entries = Array.from({ length: 256 }, (_, byte) => sigmoidByte(f((byte - zx) * sx), sy, zy));
  const unsure = entries.indexOf(undefined);
  if (unsure >= 0)
    node.refuse(
      "Y_scale",
      `brings the entry for ${unsure} closer than 2^-14 to a rounding boundary; change it a little`,
    );
  const x = node.tensor("X");
  return lut(
    x,
    table((byte) => entries[byte] ?? 0),
  );
}

function concatenation(node: QuantisedReader, inputs: readonly Ref[], tables: readonly Uint8Array[]): Made {
  const [first] = inputs;
  if (first === undefined || inputs.length < 2 || inputs.length > 8)
    return node.stop("", `joins ${inputs.length} inputs, not 2 to 8`);
  if (!node.has("axis")) node.stop("axis", "is missing");
  const axis = node.axis("axis", 0, first.shape.length);
  const others = (shape: readonly number[]) => shape.toSpliced(axis, 1).join(", ");
  const odd = inputs.find(({ shape }) => shape.length !== first.shape.length || others(shape) !== others(first.shape));
  if (odd !== undefined) node.stop("", `joins [${odd.shape.join(", ")}] to [${first.shape.join(", ")}]`);
  const length = inputs.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
  const constants = new Uint8Array(256 * tables.length);
  tables.forEach((each, i) => {
    constants.set(each, 256 * i);
  });
  return {
    opcode: Opcode.Concat,
    ...inner(first.shape.with(axis, length)),
    inputs,
    attrs: attrsOf(axis),
    constants,
  };
}

export function concat(node: QuantisedReader): Made {
  const inputs = Array.from({ length: node.inputCount }, (_, i) => node.tensor(concatInputs[i] ?? ""));
  return concatenation(
    node,
    inputs,
    inputs.map(() => IDENTITY),
  );
}

export function qLinearConcat(node: QuantisedReader): Made {
  const [sy, zy] = [node.scale("Y_scale"), node.zero("Y_zero_point")];
  const count = Math.ceil((node.inputCount - 2) / 3);
  const tables = Array.from({ length: count }, (_, i) => {
    const [sx, zx] = [node.scale(`x${i}_scale`), node.zero(`x${i}_zero_point`)];
    return sx === sy && zx === zy ? IDENTITY : table((byte) => quantise(f((byte - zx) * sx), sy, zy));
  });
  const inputs = tables.map((_, i) => node.tensor(`x${i}`));
  return concatenation(node, inputs, tables);
}

const EIGHT = Array.from({ length: 8 }, (_, i) => i);
/** Names of the inputs of Concat. */
export const concatInputs = EIGHT.map((i) => `x${i}`);
/** Names of the inputs of QLinearConcat. */
export const qLinearConcatInputs = [
  "Y_scale",
  "Y_zero_point",
  ...EIGHT.flatMap((i) => [`x${i}`, `x${i}_scale`, `x${i}_zero_point`]),
];
