/** Which tensors of a graph become steps, and which are made on the way to others. */
import { type Made, attrsOf } from "../../compile/made.ts";
import { commit, elementSize, sizeOf } from "../../layout.ts";
import { DType } from "../../model.ts";
import { Layout } from "../../program.ts";
import { IntegerOpcode, MapOp, SumKind } from "../program.ts";
import type { Copy, IntegerTensor, Whole } from "../compile/IntegerTensor.ts";
import { IndexMap } from "../compile/IndexMap.ts";
import { isComputed, MapUnit, refOfConstant } from "./MapUnit.ts";
import { type RefOf, rowsOf, Unit } from "./Unit.ts";

/** A copy: a tensor at other places, or an output as a payload holds it. */
class CopyUnit extends Unit {
  readonly #source: IntegerTensor;
  readonly #map: IndexMap;
  readonly #layout: Layout;

  constructor(root: IntegerTensor, { source, map }: Omit<Copy, "kind">, layout: Layout) {
    super(root);
    this.#source = source;
    this.#map = map;
    this.#layout = layout;
  }

  get reads(): readonly IntegerTensor[] {
    return [this.#source];
  }

  join(): boolean {
    return false;
  }

  made(refOf: RefOf): Made {
    const { base, digits } = this.#map;
    const all = digits.length === 0 ? [{ size: 1, stride: 0 }] : digits;
    return {
      opcode: IntegerOpcode.Move,
      ...rowsOf(this.root),
      layout: this.#layout,
      inputs: [refOf(this.#source)],
      attrs: attrsOf(all.length, ...all.map(({ size }) => size), base, ...all.map(({ stride }) => stride)),
    };
  }
}

/** Sums of rows. Numbers that are only widened or squared before are so on the way. */
class SumUnit extends Unit {
  #source: IntegerTensor;
  #kind: number;

  constructor(root: IntegerTensor, source: IntegerTensor, kind: number) {
    super(root);
    this.#source = source;
    this.#kind = kind;
  }

  get reads(): readonly IntegerTensor[] {
    return [this.#source];
  }

  join(tensor: IntegerTensor): boolean {
    if (!isComputed(tensor)) return false;
    const { op, operands } = tensor.origin;
    const [source, other] = operands;
    // Only MAP and MOVE read payloads.
    if (source === undefined || source.origin.kind === "given" || source.dtype === DType.Bool) return false;
    const isWidened = op === undefined && elementSize(source.dtype) < elementSize(tensor.dtype);
    const isSquared = op === MapOp.Mul && source === other && this.#kind === SumKind.Values;
    if (!isWidened && !isSquared) return false;
    if (isSquared) this.#kind = SumKind.Squares;
    this.#source = source;
    return true;
  }

  made(refOf: RefOf): Made {
    const inputs = [refOf(this.#source)];
    return { opcode: IntegerOpcode.Sum, ...rowsOf(this.root), inputs, attrs: attrsOf(this.#kind) };
  }
}

/** A step that takes nothing else in. */
class WholeUnit extends Unit {
  readonly #whole: Whole;

  constructor(root: IntegerTensor, whole: Whole) {
    super(root);
    this.#whole = whole;
  }

  get reads(): readonly IntegerTensor[] {
    return this.#whole.operands;
  }

  join(): boolean {
    return false;
  }

  made(refOf: RefOf): Made {
    const { opcode, operands, attrs, constant, columns } = this.#whole;
    const held = constant === undefined ? columns : commit({ ...constant, layout: Layout.Rows }, constant.bytes);
    return {
      opcode,
      ...rowsOf(this.root),
      inputs: [...operands.map(refOf), ...(constant === undefined ? [] : [refOfConstant(constant)])],
      attrs: attrsOf(...attrs),
      ...(held === undefined ? {} : { constants: held }),
    };
  }
}

/** What makes a tensor, as long as nothing has joined; nothing for what is there already. */
function unitOf(tensor: IntegerTensor): Unit | undefined {
  const { origin } = tensor;
  if (isComputed(tensor)) return new MapUnit(tensor);
  if (origin.kind === "copy") return new CopyUnit(tensor, origin, Layout.Rows);
  if (origin.kind !== "whole") return undefined;
  const [source] = origin.operands;
  return origin.opcode === IntegerOpcode.Sum && source !== undefined
    ? new SumUnit(tensor, source, origin.attrs[0] ?? 0)
    : new WholeUnit(tensor, origin);
}

/** An output of the graph, read straight from where it comes from. */
function outputUnit(tensor: IntegerTensor): Unit {
  const { origin } = tensor;
  const whole = { source: tensor, map: IndexMap.identity(sizeOf(tensor.shape)) };
  return new CopyUnit(tensor, origin.kind === "copy" ? origin : whole, Layout.Packed);
}

/**
 * Fuses a graph, from its end to its beginning: a tensor that one unit alone reads joins it if it can. What nobody reads makes no
 * step.
 * @param list all tensors in the order in which they are made.
 * @returns the units in this order, then one for each output.
 */
export function unitsOf(list: readonly IntegerTensor[], outputs: readonly IntegerTensor[]): readonly Unit[] {
  const last = outputs.map(outputUnit);
  const readers = new Map<IntegerTensor, Set<Unit>>();
  const note = (unit: Unit): void => {
    for (const tensor of unit.reads) readers.set(tensor, (readers.get(tensor) ?? new Set<Unit>()).add(unit));
  };
  last.forEach(note);
  const units: Unit[] = [];
  for (const tensor of list.toReversed()) {
    const [only, ...others] = readers.get(tensor) ?? [];
    if (only === undefined) continue;
    const joined = others.length === 0 && only.join(tensor) ? only : undefined;
    const unit = joined ?? unitOf(tensor);
    if (unit !== undefined) note(unit);
    if (unit !== undefined && joined === undefined) units.push(unit);
  }
  return [...units.toReversed(), ...last];
}
