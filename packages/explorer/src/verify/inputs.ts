import { isInlineInput, PayloadError, type Tensor } from "@opg-protocol/sdk";
import { getBytes, toUtf8String } from "ethers";

import type { FetchBytes } from "./download.ts";
import { countOf } from "./distance.ts";
import { MOST_PAYLOAD_BYTES, tensorsOf } from "./payloads.ts";
import type { RunningStep, StepName } from "./steps.ts";

export const INPUT_STEP: StepName = { id: "input", title: "The input", subject: "input" };
export const OUTPUT_STEP: StepName = { id: "output", title: "The bytes of the output", subject: "output" };

/** An input that an order commits to. */
export interface CommittedInput {
  readonly inputRoot: string;
  /** The payload itself, or its URI; hex. */
  readonly carried: string;
  /** The error that was stated in place of an output, if any. */
  readonly fault: PayloadError;
}

/** Whether an order carries its input itself. */
export const isInline = ({ carried }: Pick<CommittedInput, "carried">): boolean => isInlineInput(getBytes(carried));

/** The input of an order, from the order or from where that says; undefined, with a finding, unless it has its root. */
export async function readInput(
  { inputRoot, carried, fault }: CommittedInput,
  fetchBytes: FetchBytes,
  signal: AbortSignal | undefined,
  step: RunningStep,
): Promise<readonly Tensor[] | undefined> {
  const bytes = getBytes(carried);
  if (isInlineInput(bytes)) {
    const tensors = tensorsOf(bytes, inputRoot);
    const text =
      "What the order carries is no payload with the root that it names: an honest answer says that it is missing.";
    if (tensors !== undefined) tell("The order carries its input", tensors, inputRoot, step);
    else if (fault === PayloadError.InputMissing) step.note(text);
    else step.find("input", "untold", text, [`root ${inputRoot}`]);
    return tensors;
  }
  const uri = toUtf8String(carried);
  const tensors = tensorsOf(await fetchBytes(uri, { mostBytes: MOST_PAYLOAD_BYTES, signal }), inputRoot);
  if (tensors !== undefined) tell(`The input at ${uri}`, tensors, inputRoot, step);
  else
    step.find("input", "untold", `What is at ${uri} now is not the input that the order commits to.`, [
      `root ${inputRoot}`,
    ]);
  return tensors;
}

function tell(what: string, tensors: readonly Tensor[], root: string, step: RunningStep): void {
  const count = tensors.reduce((sum, tensor) => sum + countOf(tensor), 0);
  step.find("input", "holds", `${what}; computed from all its ${count} numbers, the root is what the order names.`, [
    `root ${root}`,
  ]);
}
