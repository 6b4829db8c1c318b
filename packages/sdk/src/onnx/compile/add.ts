/** QLinearAdd. */
import { sizeOf, toWords } from "../layout.ts";
import { DType } from "../model.ts";
import { Opcode } from "../program.ts";
import { type AddScales, addFactors, disagreement } from "./addKernels.ts";
import { bitsOf } from "../arithmetic.ts";
import { type Made, attrsOf, inner } from "./made.ts";
import type { QuantisedReader } from "./QuantisedReader.ts";

/** Scales and zero points of a node. */
function scalesOf(node: QuantisedReader): AddScales {
  const [sa, sb, sc] = [node.scale("A_scale"), node.scale("B_scale"), node.scale("C_scale")];
  const [za, zb] = [node.zero("A_zero_point"), node.zero("B_zero_point")];
  return { sa, za, sb, zb, sc, zc: node.zero("C_zero_point") };
}

/** A constant row, as long as the last axis of what it is added to: its words. */
function rowOf(node: QuantisedReader, shape: readonly number[]): Uint8Array {
  const row = node.constant("B", [DType.Uint8]);
  const length = shape.at(-1) ?? 0;
  if (length < 2 || row.shape.at(-1) !== length || sizeOf(row.shape) !== length || row.shape.length > shape.length)
    node.stop(
      "B",
      `is a constant of shape [${row.shape.join(", ")}], not a row of the last axis of [${shape.join(", ")}]`,
    );
  const bytes = new Uint8Array(toWords(length));
  bytes.set(row.bytes);
  return bytes;
}

export function qLinearAdd(node: QuantisedReader): Made {
  const before = node.refusals.length;
  for (const tensor of ["A", "B", "C"])
    for (const part of ["scale", "zero_point"]) node.expectRank0(`${tensor}_${part}`);
  const scales = scalesOf(node);
  const { ra, rb, t } = addFactors(scales);
  node.combined("A_scale", ra);
  node.combined("B_scale", rb);
  const pair = node.refusals.length === before ? disagreement(scales) : undefined;
  if (pair !== undefined)
    node.refuse(
      "C_scale",
      `makes processors disagree on the sum of the bytes ${pair.join(" and ")}; run \`opg model tune\``,
    );

  const made = { opcode: Opcode.Add, attrs: attrsOf(bitsOf(ra), bitsOf(rb), bitsOf(t)) };
  const a = node.tensor("A");
  if (sizeOf(a.shape) === 1) node.refuse("A", "has one element, which ONNX Runtime adds in another order");
  if (node.isConstant("B")) return { ...made, ...inner(a.shape), inputs: [a], constants: rowOf(node, a.shape) };
  const b = node.tensor("B");
  if (a.shape.join() !== b.shape.join())
    node.stop("B", `has the shape [${b.shape.join(", ")}], not that of A, [${a.shape.join(", ")}]`);
  return { ...made, ...inner(a.shape), inputs: [a, b] };
}
