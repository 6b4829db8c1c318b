/** Writes small ONNX models: protobuf by hand, so that a test can have exactly the model that it needs. */

type Field = readonly [number, number | string | Uint8Array];

/** One input or output; a dimension given as text is left open. */
export interface Value {
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly (number | string)[];
}

export interface Operation {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A constant whose bytes lie in another file. */
export interface ExternalConstant {
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly location: string;
}

const IR_VERSION = 8;
const OPSET = 17;

export function onnxModel(
  inputs: readonly Value[],
  outputs: readonly Value[],
  operations: readonly Operation[],
  constants: readonly ExternalConstant[] = [],
): Uint8Array {
  const graph = message(
    ...operations.map(({ type, inputs: from, outputs: to }, i): Field => [
      1,
      message(...from.map((name): Field => [1, name]), ...to.map((name): Field => [2, name]), [3, `n${i}`], [4, type]),
    ]),
    [2, "graph"],
    ...constants.map(({ name, dtype, shape, location }): Field => [
      5,
      message(
        ...shape.map((dimension): Field => [1, dimension]),
        [2, dtype],
        [8, name],
        [13, message([1, "location"], [2, location])],
        [14, 1], // data_location: EXTERNAL
      ),
    ]),
    ...inputs.map((value): Field => [11, valueInfo(value)]),
    ...outputs.map((value): Field => [12, valueInfo(value)]),
  );
  return message([1, IR_VERSION], [7, graph], [8, message([1, ""], [2, OPSET])]);
}

/** A model that gives back what it is given, after so many steps that do nothing. */
export function longModel(dtype: number, shape: readonly number[], count: number): Uint8Array {
  const tensor = (i: number) => (i === 0 ? "x" : i === count ? "y" : `t${i}`);
  const steps = Array.from({ length: count }, (_, i) => ({
    type: "Identity",
    inputs: [tensor(i)],
    outputs: [tensor(i + 1)],
  }));
  return onnxModel([{ name: "x", dtype, shape }], [{ name: "y", dtype, shape }], steps);
}

/** A model that gives back what it is given. */
export const identityModel = (dtype: number, shape: readonly number[]): Uint8Array =>
  onnxModel(
    [{ name: "x", dtype, shape }],
    [{ name: "y", dtype, shape }],
    [{ type: "Identity", inputs: ["x"], outputs: ["y"] }],
  );

/** A model that multiplies a matrix of the size it is told with itself, many times. */
export function heavyModel(times: number): Uint8Array {
  const products = Array.from({ length: times }, (_, i) => ({
    type: "MatMul",
    inputs: ["m0", `m${i}`],
    outputs: [`m${i + 1}`],
  }));
  return onnxModel(
    [{ name: "size", dtype: 7, shape: [2] }],
    [{ name: "shape", dtype: 7, shape: [2] }],
    [
      { type: "ConstantOfShape", inputs: ["size"], outputs: ["m0"] },
      ...products,
      { type: "Shape", inputs: [`m${times}`], outputs: ["shape"] },
    ],
  );
}

function valueInfo({ name, dtype, shape }: Value): Uint8Array {
  const dimensions = shape.map((dimension): Field => [1, message([typeof dimension === "number" ? 1 : 2, dimension])]);
  return message([1, name], [2, message([1, message([1, dtype], [2, message(...dimensions)])])]);
}

function message(...fields: readonly Field[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === "number") return [varint(number << 3), varint(value)];
      const bytes = Buffer.from(value);
      return [varint((number << 3) | 2), varint(bytes.length), bytes];
    }),
  );
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}
