import type { Constant } from "../../compile/constant.ts";
import type { ReaderArguments } from "../../compile/GraphReader.ts";
import { excessOf } from "../../compile/made.ts";
import { NodeReader, list } from "../../compile/NodeReader.ts";
import { sizeOf } from "../../layout.ts";
import { DType } from "../../model.ts";
import { Layout } from "../../program.ts";
import { broadcast } from "./broadcast.ts";
import { type Bounds, fits, rangeOf, shown } from "./bounds.ts";
import { boundsOf, INTEGER_TYPES } from "./constants.ts";
import { IndexMap } from "./IndexMap.ts";
import type { Elements, Form, IntegerTensor, Tensors } from "./IntegerTensor.ts";

/** Words of a tensor: a node can lay down 256 parts of 1,024 words in two transactions. */
export const MAX_TENSOR_WORDS = 2 ** 18;

/** Types of numbers that are wide enough for arithmetic. */
export const WIDE: readonly number[] = [DType.Int32, DType.Int64];
/** Types of numbers. */
export const NUMBERS: readonly number[] = [DType.Uint8, ...WIDE];
/** All types. */
export const ANY: readonly number[] = [...NUMBERS, DType.Bool];

const constantTensors = new WeakMap<Constant, IntegerTensor>();

/** What the file calls a tensor, if it has it. */
type Named = Pick<IntegerTensor, "output">;

/** Reads a node of exact integers, and makes tensors of it. */
export class IntegerReader extends NodeReader<IntegerTensor> {
  readonly #tensors: Tensors;
  readonly #operator: string;

  constructor(of: ReaderArguments<IntegerTensor>, tensors: Tensors) {
    super(...of);
    this.#tensors = tensors;
    this.#operator = of[0].opType ?? "";
  }

  /** Element type of an input; 0 for a constant that cannot be read. */
  dtypeOf(input: string): number {
    const value = this.value(input);
    if (value.kind === "tensor") return value.tensor.dtype;
    return value.kind === "constant" && typeof value.constant !== "string" ? value.constant.dtype : 0;
  }

  /** A tensor that is no constant. */
  tensor(input: string, dtypes: readonly number[]): IntegerTensor {
    const value = this.value(input);
    if (value.kind !== "tensor") return this.stop(input, "is a constant, not a tensor that an earlier node makes");
    return this.#ofType(input, value.tensor, dtypes);
  }

  /** A tensor that is no constant, as steps can read it that read no payload. */
  rows(input: string, dtypes: readonly number[]): IntegerTensor {
    return this.inRows(this.tensor(input, dtypes));
  }

  inRows(tensor: IntegerTensor): IntegerTensor {
    const { dtype, shape, bounds } = tensor;
    const copied = (): Form => {
      const map = IndexMap.identity(sizeOf(shape));
      return this.#checked({ dtype, shape, bounds, origin: { kind: "copy", source: tensor, map } });
    };
    return this.#tensors.inRows(tensor, copied);
  }

  /** A tensor, or a constant as one. */
  operand(input: string, dtypes: readonly number[]): IntegerTensor {
    const value = this.value(input);
    return value.kind === "constant"
      ? this.constantTensor(input, this.constant(input, dtypes))
      : this.tensor(input, dtypes);
  }

  /** Operands of one type. */
  operands(inputs: readonly string[], dtypes: readonly number[]): readonly IntegerTensor[] {
    const operands = inputs.map((input) => this.operand(input, dtypes));
    const [first] = operands;
    for (const [i, { dtype }] of operands.entries())
      if (dtype !== first?.dtype)
        this.stop(inputs[i] ?? "", `has element type ${dtype}, but ${inputs[0] ?? ""} ${first?.dtype ?? 0}`);
    return operands;
  }

  /** A constant as an operand: the same one for the same constant. */
  constantTensor(input: string, constant: Constant): IntegerTensor {
    const found = constantTensors.get(constant);
    if (found !== undefined) return found;
    const { dtype, shape } = constant;
    const bounds = boundsOf(constant);
    if (!fits(bounds, rangeOf(dtype)))
      this.stop(input, `has values in ${shown(bounds)}, not in ${shown(rangeOf(dtype))}`);
    const tensor = { dtype, shape, bounds, origin: { kind: "constant", constant }, place: -1, name: "" } as const;
    constantTensors.set(constant, tensor);
    return tensor;
  }

  #ofType(input: string, tensor: IntegerTensor, dtypes: readonly number[]): IntegerTensor {
    if (dtypes.includes(tensor.dtype)) return tensor;
    return this.stop(input, `has element type ${tensor.dtype}, not ${dtypes.join(" or ")}`);
  }

  /** Stops at an index that may be outside of what it chooses from. */
  expectIndex(input: string, { bounds }: Pick<IntegerTensor, "bounds">, count: number): void {
    const allowed = { low: 0n, high: BigInt(count) - 1n };
    if (!fits(bounds, allowed)) this.stop(input, `can be in ${shown(bounds)}, outside of ${shown(allowed)}`);
  }

  /** Stops at numbers that a type cannot hold. */
  expectFit(bounds: Bounds, dtype: number): void {
    const name = INTEGER_TYPES.get(dtype) ?? "";
    if (!fits(bounds, rangeOf(dtype)))
      this.stop("", `can reach ${shown(bounds)}, beyond ${name}: only Cast may overflow`);
  }

  /** Counts constants that have an order of their own. */
  countColumnWords(words: number): void {
    this.#tensors.columnWords += words;
  }

  /** Makes elements of elements at the same places. */
  elements(elements: Omit<Elements, "kind">, dtype: number, bounds: Bounds): IntegerTensor {
    const { operands } = elements;
    if (operands.every(({ origin }) => origin.kind === "constant"))
      this.stop("", "reads constants alone: write what it makes into the file");
    this.expectFit(bounds, dtype);
    const shapes = operands.map(({ shape }) => shape);
    const shape = broadcast(shapes) ?? this.stop("", `reads ${shapes.map(list).join(", ")}, which do not broadcast`);
    return this.made({ dtype, shape, bounds, origin: { kind: "elements", ...elements } });
  }

  /**
   * Makes a copy of elements of a tensor. A copy of a copy reads the source where one map can say it, and what is no other tensor
   * at all is the source.
   * @param output which output of the node it is.
   */
  copy(tensor: IntegerTensor, map: IndexMap, shape: readonly number[], output = 0): IntegerTensor {
    return this.#copy(tensor, map, shape, { output: this.outputs[output] ?? "" });
  }

  /** Makes a copy that the file does not have. */
  copyBetween(tensor: IntegerTensor, map: IndexMap, shape: readonly number[]): IntegerTensor {
    return this.#copy(tensor, map, shape, {});
  }

  #copy(tensor: IntegerTensor, map: IndexMap, shape: readonly number[], names: Named): IntegerTensor {
    const { dtype, bounds, origin } = tensor;
    const composed = origin.kind === "copy" ? map.after(origin.map) : undefined;
    const source = origin.kind === "copy" && composed !== undefined ? origin.source : tensor;
    const whole = composed ?? map;
    if (whole.isIdentity(sizeOf(source.shape)) && shape.join() === source.shape.join()) return source;
    return this.#add({ dtype, shape, bounds, origin: { kind: "copy", source, map: whole } }, names);
  }

  /** Takes what the node makes into the graph. */
  made(form: Form): IntegerTensor {
    return this.#add(form, { output: this.outputs[0] ?? "" });
  }

  #add(form: Form, names: Named): IntegerTensor {
    return this.#tensors.add(this.#checked(form), { name: this.name, operator: this.#operator, ...names });
  }

  #checked(form: Form): Form {
    const excess = excessOf({ ...form, layout: Layout.Rows }, MAX_TENSOR_WORDS);
    if (excess !== undefined) this.stop("", `makes a tensor that ${excess}`);
    return form;
  }
}
