import { sizeOf } from "../../layout.ts";
import type { ProgramStep } from "../../program.ts";
import { attrsOf, nth } from "../../kernels/kernel.ts";
import { broadcast } from "../compile/broadcast.ts";
import type { Bounds } from "../compile/bounds.ts";
import { MapOp } from "../program.ts";
import { type Instruction, instructionsOf } from "./instructions.ts";
import { constantWords, type Integers, integersIn } from "./integers.ts";
import { boundsIn } from "./vectors.ts";

/** Numbers that do not change from run to run. */
export interface Held {
  readonly numbers: Integers;
  readonly bounds: Bounds;
}

/** An instruction, and the number of the value that it makes. */
export interface Numbered extends Instruction {
  readonly number: number;
}

/** Instructions whose values have one shape: none of them has to be computed more often than that. */
export interface Stage {
  readonly shape: readonly number[];
  readonly instructions: readonly Numbered[];
}

/** What a MAP does, worked out once. */
export class MapPlan {
  /** Operands; all other values have the numbers behind. */
  readonly operands: number;
  /** Shape of each value, of the rank of what the MAP makes. */
  readonly shapes: readonly (readonly number[])[];
  /** In an order in which each has what it takes. */
  readonly stages: readonly Stage[];
  /** Values that other stages take, and the last one. */
  readonly kept: ReadonlySet<number>;
  /** By inputs of the step: constants and tables. */
  readonly held: readonly (Held | undefined)[];
  readonly instructions: readonly Instruction[];

  constructor(program: ProgramStep) {
    const { step } = program;
    [this.operands = 0] = attrsOf(program);
    const words = constantWords(program);
    this.held = step.inputs.map((ref, i) => {
      const own = words[i];
      if (own === undefined) return undefined;
      const numbers = integersIn(ref, own);
      return { numbers, bounds: boundsIn(numbers) };
    });
    this.instructions = instructionsOf(step.attrs);
    const rank = step.shape.length;
    const shapes = step.inputs.slice(0, this.operands).map(({ shape }) => padded(shape, rank));
    for (const { values } of this.instructions)
      shapes.push(broadcast([padded([], rank), ...values.map((value) => nth(shapes, value))]) ?? step.shape);
    this.shapes = shapes;
    this.stages = stagesOf(this.instructions, this.operands, shapes);
    this.kept = new Set([...this.stages.flatMap((stage) => takenFromElsewhere(stage)), shapes.length - 1]);
  }
}

const padded = (shape: readonly number[], rank: number): readonly number[] => [
  ...Array<number>(rank - shape.length).fill(1),
  ...shape,
];

function stagesOf(
  instructions: readonly Instruction[],
  operands: number,
  shapes: readonly (readonly number[])[],
): readonly Stage[] {
  const stages = new Map<string, { shape: readonly number[]; instructions: Numbered[] }>();
  for (const [i, instruction] of instructions.entries()) {
    const shape = nth(shapes, operands + i);
    const stage = stages.get(shape.join()) ?? { shape, instructions: [] };
    stage.instructions.push({ ...instruction, number: operands + i });
    stages.set(shape.join(), stage);
  }
  // What a value is made of is never larger.
  return [...stages.values()].sort((a, b) => sizeOf(a.shape) - sizeOf(b.shape));
}

function takenFromElsewhere({ instructions }: Stage): readonly number[] {
  const own = new Set(instructions.map(({ number }) => number));
  return instructions
    .flatMap(({ op, values }) => (op === MapOp.Const ? [] : values))
    .filter((value) => !own.has(value));
}
