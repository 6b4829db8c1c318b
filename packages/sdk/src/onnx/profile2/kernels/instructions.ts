/** The instructions of a MAP. */
import { partsOf } from "../mapProgram.ts";
import { MapOp } from "../program.ts";

/** What makes one value of a MAP. */
export interface Instruction {
  readonly op: MapOp;
  /** Numbers of the values that it takes. */
  readonly values: readonly number[];
  /** Of `Const`. */
  readonly constant: bigint;
  /** Number of the input that is the table. */
  readonly table: number;
}

/** How many values an instruction takes. */
const ARITY: Readonly<Record<MapOp, number>> = {
  [MapOp.Const]: 0,
  [MapOp.Add]: 2,
  [MapOp.Sub]: 2,
  [MapOp.Mul]: 2,
  [MapOp.Div]: 2,
  [MapOp.Abs]: 1,
  [MapOp.Wrap8]: 1,
  [MapOp.Wrap32]: 1,
  [MapOp.Clip]: 3,
  [MapOp.Where]: 3,
  [MapOp.Greater]: 2,
  [MapOp.Less]: 2,
  [MapOp.GreaterOrEqual]: 2,
  [MapOp.Equal]: 2,
  [MapOp.Table]: 1,
};

/** The instructions that the attributes of a MAP hold, behind the number of its operands. */
export function instructionsOf([, ...attrs]: readonly bigint[]): readonly Instruction[] {
  const instructions: Instruction[] = [];
  for (let at = 0; at < attrs.length; at += 1) {
    const [op, ...parts] = partsOf(attrs[at] ?? 0n);
    const isConstant = op === MapOp.Const;
    if (isConstant) at += 1;
    const constant = isConstant ? (attrs[at] ?? 0n) : 0n;
    instructions.push({ op, values: parts.slice(0, ARITY[op]), constant, table: parts[1] });
  }
  return instructions;
}
