import { constantsCommitment, graphRootOf, stepsRootOf } from "../graph.ts";
import type { Program, ProgramStep } from "../program.ts";
import type { Made } from "./made.ts";

/** A step before its constants are hashed, and what people call it and its numbers. */
export type NamedStep = Omit<ProgramStep, "step" | "constants"> & { readonly made: Made };

/** A program before anything of it is hashed. */
export type Unfinished = Pick<Program, "profile" | "inputs" | "outputs" | "stated"> & {
  readonly steps: readonly NamedStep[];
};

/** Hashes what a program commits to. */
export function finish({ steps: named, ...rest }: Unfinished): Program {
  const steps = named.map(commit);
  const stepsRoot = stepsRootOf(
    steps.map(({ step }) => step),
    rest.profile,
  );
  const program = { ...rest, steps, stepsRoot };
  return { ...program, graphRoot: graphRootOf(program) };
}

/** A step with the root of its constants. */
function commit({ made, ...names }: NamedStep): ProgramStep {
  const { constants = new Uint8Array(), ...step } = made;
  return { ...names, constants, step: { ...step, ...constantsCommitment(constants) } };
}
