/** What the steps of a model of the profile `onnx-int8/2` do: exact arithmetic on integers. */

/** What a step does. The numbers go into the graph root. */
export const IntegerOpcode = {
  /** Sums of products of bytes with weights, or with rows of another tensor. */
  Dot: 1,
  /** A small program over the elements at one place of its operands. */
  Map: 2,
  /** Sums, or sums of squares, along the last axis. */
  Sum: 3,
  /** Index of the first maximum along the last axis. */
  ArgMax: 4,
  /** Elements of the last axis by index. */
  Take: 5,
  /** Rows of a constant by index. */
  Rows: 6,
  /** A copy by strides. */
  Move: 7,
  /** Concatenation. */
  Join: 8,
} as const;
export type IntegerOpcode = (typeof IntegerOpcode)[keyof typeof IntegerOpcode];

/** Instructions of a MAP: `op | a << 8 | b << 16 | c << 24`, where a, b and c number earlier values. */
export const MapOp = {
  /** The attribute after it is the value. */
  Const: 0,
  Add: 1,
  Sub: 2,
  Mul: 3,
  /** Towards zero. */
  Div: 4,
  Abs: 5,
  /** The lowest 8 bits, unsigned. */
  Wrap8: 6,
  /** The lowest 32 bits, signed. */
  Wrap32: 7,
  /** `min(max(a, b), c)`. */
  Clip: 8,
  /** `a ? b : c`. */
  Where: 9,
  Greater: 10,
  Less: 11,
  GreaterOrEqual: 12,
  Equal: 13,
  /** Element a of the table that is input b of the step. */
  Table: 14,
} as const;
export type MapOp = (typeof MapOp)[keyof typeof MapOp];

/** What a SUM adds: its first attribute. */
export const SumKind = { Values: 0, Squares: 1 } as const;
export type SumKind = (typeof SumKind)[keyof typeof SumKind];
