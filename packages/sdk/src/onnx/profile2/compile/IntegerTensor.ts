import type { Constant } from "../../compile/constant.ts";
import type { IntegerOpcode, MapOp } from "../program.ts";
import type { Bounds } from "./bounds.ts";
import type { IndexMap } from "./IndexMap.ts";

/** A tensor of a graph while it is compiled: its type, what its elements can be, and how it comes about. */
export interface IntegerTensor {
  /** As ONNX numbers them. */
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly bounds: Bounds;
  readonly origin: Origin;
  /** Where it stands among all that nodes make: behind all that it is made of. */
  readonly place: number;
  /** Name of the node, with its operator, or of the input of the graph. */
  readonly name: string;
  readonly operator?: string;
  /** What the file calls it; none where the file has no such tensor. */
  readonly output?: string;
}

/** How a tensor comes about. */
export type Origin = Given | Constants | Elements | Copy | Whole;

/** It belongs to a payload. */
export interface Given {
  readonly kind: "given";
  /** As a reference says it. */
  readonly from: number;
}

/** The file holds it. */
export interface Constants {
  readonly kind: "constant";
  readonly constant: Constant;
}

/** Each element is made of those at its place in the operands. */
export interface Elements {
  readonly kind: "elements";
  /** None where the element stays the same number. */
  readonly op: MapOp | undefined;
  readonly operands: readonly IntegerTensor[];
  /** What `MapOp.Table` looks up. */
  readonly table?: Constant;
}

/** Elements of another tensor at other places. */
export interface Copy {
  readonly kind: "copy";
  readonly source: IntegerTensor;
  readonly map: IndexMap;
}

/** A step of its own, whatever comes before and after. */
export interface Whole {
  readonly kind: "whole";
  readonly opcode: IntegerOpcode;
  readonly operands: readonly IntegerTensor[];
  readonly attrs: readonly number[];
  /** A constant that it reads as a tensor. */
  readonly constant?: Constant;
  /** Constants that it reads in an order of their own. */
  readonly columns?: Uint8Array;
}

/** A tensor before it has its place and names. */
export type Form = Pick<IntegerTensor, "dtype" | "shape" | "bounds" | "origin">;

/** All tensors of a graph that are not constants, in the order in which nodes make them. */
export class Tensors {
  readonly list: IntegerTensor[] = [];
  /** Words of the constants that have an order of their own. */
  columnWords = 0;
  readonly #inRows = new Map<IntegerTensor, IntegerTensor>();

  add(form: Form, names: Pick<IntegerTensor, "name" | "operator" | "output">): IntegerTensor {
    const tensor = { ...form, ...names, place: this.list.length };
    this.list.push(tensor);
    return tensor;
  }

  /** A tensor as all steps can read it: copied, if it belongs to a payload. */
  inRows(tensor: IntegerTensor, copied: () => Form): IntegerTensor {
    if (tensor.origin.kind !== "given") return tensor;
    const copy = this.#inRows.get(tensor) ?? this.add(copied(), { name: tensor.name });
    this.#inRows.set(tensor, copy);
    return copy;
  }
}
