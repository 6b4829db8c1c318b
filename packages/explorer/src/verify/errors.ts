/** Checks of a stated error, where an output would be: nodes agree on it like on an output. */
import { PayloadError, type Tensor, type Version } from "@opg-protocol/sdk";

import { readGraph, runReference } from "./graph.ts";
import { type RunModel, RunRefusedError } from "./ortRuntime.ts";
import { runVersion } from "./recompute.ts";
import { reasonOf, type RunningStep, type StepName } from "./steps.ts";
import { fitsAll } from "./version.ts";

export const ERROR_STEP: StepName = { id: "error", title: "The stated error", subject: "error", isHeavy: true };

/** What there is to check an error with. */
export interface StatedError {
  readonly fault: PayloadError;
  readonly version: Version | undefined;
  readonly artifact: Uint8Array | undefined;
  /** The input, if what has its root is here. */
  readonly input: readonly Tensor[] | undefined;
  /** Whether the order itself carries its input, so that all see the same. */
  readonly isInline: boolean;
}

/** Whether there is the error that was stated in place of an output. */
export async function checkError(stated: StatedError, run: RunModel, step: RunningStep): Promise<void> {
  switch (stated.fault) {
    case PayloadError.InputMissing:
      checkMissing(stated, step);
      return;
    case PayloadError.InputMalformed:
      checkMalformed(stated, step);
      return;
    default:
      await checkRefusal(stated, run, step);
  }
}

function checkMissing({ input, isInline }: StatedError, step: RunningStep): void {
  if (!isInline)
    step.find(
      "error",
      "untold",
      "Stated: the input is missing. Its place is elsewhere, and can give today what it did not give then.",
    );
  else if (input === undefined)
    step.find(
      "error",
      "holds",
      "Stated: the input is missing. What the order carries is indeed no payload with the root that it names.",
    );
  else step.find("error", "fails", "Stated: the input is missing. The order carries it, and it has the right root.");
}

function checkMalformed({ input, version }: StatedError, step: RunningStep): void {
  if (input === undefined || version === undefined) {
    step.find(
      "error",
      "untold",
      "Stated: the input is malformed. Without the input and the version that cannot be told.",
    );
  } else if (fitsAll(input, version.identity.inputs)) {
    step.find(
      "error",
      "fails",
      "Stated: the input is malformed. It is of the types and shapes that the version takes.",
    );
  } else {
    step.find(
      "error",
      "holds",
      "Stated: the input is malformed. It is indeed not of the types and shapes that the version takes.",
    );
  }
}

async function checkRefusal(
  { input, version, artifact }: StatedError,
  run: RunModel,
  step: RunningStep,
): Promise<void> {
  const stated = "Stated: the model does not run on this input.";
  if (input === undefined || version === undefined || artifact === undefined) {
    step.find("error", "untold", `${stated} Without input and file that cannot be told.`);
    return;
  }
  const program = readGraph(artifact, version.identity, step);
  if (program !== undefined) {
    // The reference executor refuses nothing but a NaN and what settles on no output, with errors that leave this open.
    await runReference(program, input);
    step.find("error", "fails", `${stated} The reference executor gets an output for it.`);
    return;
  }
  try {
    await runVersion({ version, artifact, input }, run);
    const text = "ONNX Runtime Web runs it here; other builds of the runtime may refuse what this one takes.";
    step.find("error", "untold", `${stated} ${text}`);
  } catch (error) {
    if (!(error instanceof RunRefusedError)) throw error;
    step.find("error", "holds", `${stated} ONNX Runtime Web does not run it either.`, [reasonOf(error)]);
  }
}
