/** Steps of the profile `onnx-int8/2` with their inputs, small enough to judge every element of them. */
import type { Tensor } from "../../packages/sdk/src/codecs/tensor.ts";
import {
  commit,
  CONSTANT,
  GRAPH_INPUT,
  graphRootOf,
  INTEGER_PROFILE,
  IntegerOpcode,
  Layout,
  type MapOp,
  type ProgramStep,
  type Ref,
  STATED_OUTPUT,
} from "../../packages/sdk/src/onnx/index.ts";
import { joined, played, programOf, reversedWords, type Scene, withConstants } from "./scenes.ts";

export const INT32 = 6;
export const BOOL = 9;

/** What a scene says of its step; the rest follows. */
export interface IntegerAct {
  readonly opcode: IntegerOpcode;
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly attrs?: readonly (number | bigint)[];
  readonly layout?: Layout;
  /** Constants that are inputs behind the tensors. */
  readonly constants?: readonly Tensor[];
  /** Constants that are no inputs. */
  readonly columns?: Uint8Array;
}

/** A tensor of given numbers. */
export function integers(dtype: number, values: readonly (number | bigint)[], ...shape: readonly number[]): Tensor {
  const size = dtype === INT32 ? 4 : dtype === 7 ? 8 : 1;
  const data = new Uint8Array(size * values.length);
  values.forEach((value, i) => {
    for (let byte = 0; byte < size; byte += 1)
      data[size * i + byte] = Number((BigInt(value) >> BigInt(8 * byte)) & 255n);
  });
  return { dtype, shape, data };
}

/** An instruction of a MAP. */
export const instruction = (op: MapOp, a = 0, b = 0, c = 0): bigint =>
  BigInt(op) | (BigInt(a) << 8n) | (BigInt(b) << 16n) | (BigInt(c) << 24n);

/** Words of the columns of a DOT. */
export const columnsOf = (columns: readonly Uint8Array[]): Uint8Array => joined(columns.map(reversedWords));

/** A MOVE that copies everything in order. */
export const inOrder = (count: number): readonly bigint[] => [1n, BigInt(count), 0n, 1n];

const given = ({ dtype, shape }: Tensor, from: number): Ref => ({ from, layout: Layout.Packed, dtype, shape });

/** How a tensor of a payload enters the graph. */
function entry(tensor: Tensor, from: number): ProgramStep {
  const { dtype, shape } = tensor;
  const attrs = inOrder(shape.reduce((count, size) => count * size, 1));
  const inputs = [given(tensor, from)];
  return withConstants(
    { opcode: IntegerOpcode.Move, layout: Layout.Rows, dtype, shape, inputs, attrs },
    new Uint8Array(),
  );
}

function stepOf(act: IntegerAct, tensors: readonly Ref[]): ProgramStep {
  const { opcode, layout = Layout.Rows, dtype, shape, attrs = [], constants = [], columns } = act;
  const named = constants.map((constant): Ref => ({
    from: CONSTANT,
    layout: Layout.Rows,
    dtype: constant.dtype,
    shape: constant.shape,
  }));
  const step = { opcode, layout, dtype, shape, inputs: [...tensors, ...named], attrs: attrs.map(BigInt) };
  const words = constants.map((constant) => commit({ ...constant, layout: Layout.Rows }, constant.data));
  return withConstants(step, columns ?? joined(words));
}

/** A step on tensors of the input, each of which a step before it brings into the graph. */
export function integerScene(act: IntegerAct, ...payload: readonly Tensor[]): Scene {
  const entries = payload.map((tensor, k) => entry(tensor, GRAPH_INPUT + k));
  const refs = entries.map(({ step: { layout, dtype, shape } }, from): Ref => ({ from, layout, dtype, shape }));
  return played(programOf(payload, [...entries, stepOf(act, refs)], INTEGER_PROFILE), payload);
}

/** A step on tensors of the payload itself. */
export function integerOpeningScene(act: IntegerAct, ...payload: readonly Tensor[]): Scene {
  const refs = payload.map((tensor, k) => given(tensor, GRAPH_INPUT + k));
  return played(programOf(payload, [stepOf(act, refs)], INTEGER_PROFILE), payload);
}

/** A step on tensors that the statement states. */
export function statedScene(act: IntegerAct, ...stated: readonly Tensor[]): Scene {
  const refs = stated.map((tensor, k) => given(tensor, STATED_OUTPUT + k));
  const outputs = stated.map(({ dtype, shape }, k) => ({ name: `y${k}`, dtype, shape, step: 0 }));
  const program = { ...programOf([], [stepOf(act, refs)], INTEGER_PROFILE), outputs, stated: [...stated.keys()] };
  return { ...played({ ...program, graphRoot: graphRootOf(program) }, [], stated), outputs: stated };
}
