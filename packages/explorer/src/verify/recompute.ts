/** Runs a version again and says how what was stated compares. */
import { faultOf, PayloadError, payloadRoot, type Tensor, type Version } from "@opg-protocol/sdk";
import { namedInputs, type Program } from "@opg-protocol/sdk/onnx";

import { completionOf, firstWrongText, windowText } from "./completion.ts";
import { countOf, distanceOf } from "./distance.ts";
import { compareTrace, GRAPH_STEP, readGraph, type ReferenceRun, runReference, type TraceComparison } from "./graph.ts";
import type { RunModel } from "./ortRuntime.ts";
import { type FindingKind, type RunningStep, type StepName, type Steps } from "./steps.ts";
import { fitsAll } from "./version.ts";

const REFERENCE_STEP: StepName = {
  id: "reference",
  title: "Run with the reference executor",
  subject: "reference",
  isHeavy: true,
};
const RUNTIME_STEP: StepName = {
  id: "runtime",
  title: "Run with ONNX Runtime Web",
  subject: "runtime",
  isHeavy: true,
};
const TRACE_STEP: StepName = {
  id: "trace",
  title: "The whole trace compared",
  subject: "trace",
  isHeavy: true,
};

/** What was stated, and what is there to compute it again. */
export interface Claim {
  readonly version: Version;
  /** The file of the version, whose digest was checked. */
  readonly artifact: Uint8Array;
  /** The input, whose root was checked. */
  readonly input: readonly Tensor[];
  readonly outputRoot: string;
  /** The bytes of the output that was stated, whose root was checked, if somebody gave them. */
  readonly output: readonly Tensor[] | undefined;
}

/**
 * Runs a version on an input and compares the output with what was stated: by the reference executor, whose arithmetic the
 * referee's is, where the model is of a profile; and by ONNX Runtime Web. A model that reads its own output is shown the one
 * that was stated: that is right if and only if it comes out again.
 * @returns the outputs that have the stated root; undefined if none were found here.
 */
export async function recompute(steps: Steps, claim: Claim, run: RunModel): Promise<readonly Tensor[] | undefined> {
  const { version, artifact, input } = claim;
  const { identity } = version;
  const program = await steps.run(GRAPH_STEP, (step) => Promise.resolve(readGraph(artifact, identity, step)));
  const reference = program && (await steps.run(REFERENCE_STEP, (step) => checkReference(claim, program, step)));
  const theirs = await steps.run(RUNTIME_STEP, (step) => checkRuntime(claim, reference, run, step));
  if (reference !== undefined && theirs !== undefined)
    await steps.run(TRACE_STEP, async (step) => {
      tellTrace(await compareTrace(artifact, reference, input, run), step);
    });
  return [reference?.outputs, theirs].find((outputs) => outputs && payloadRoot(outputs) === claim.outputRoot);
}

async function checkReference(claim: Claim, program: Program, step: RunningStep): Promise<ReferenceRun> {
  const reference = await runReference(program, claim.input, claim.output);
  const { outputs, outputRoot } = reference;
  const isRight = outputRoot === claim.outputRoot;
  quoteTexts(program, claim.input, isRight ? outputs : claim.output, step);
  const detail = [`stated ${claim.outputRoot}`, `computed ${outputRoot}`];
  const text = isRight ? againText(reference) : otherText(claim, reference);
  step.find("reference", isRight ? "holds" : otherFinding(claim, reference), text, detail);
  return reference;
}

const againText = ({ outputs, shown }: ReferenceRun): string =>
  `${shown.length > 0 ? "Shown the stated output, the reference executor gives it again" : "The reference executor gives the stated output"}, bit for bit: ${numbers(outputs)}.`;

/** What it says that another output than the stated one comes out. A model may settle on several, depending on what it is shown. */
const otherFinding = ({ output }: Claim, { shown }: ReferenceRun): FindingKind =>
  shown.length > 0 && output === undefined ? "untold" : "fails";

function otherText(claim: Claim, { program, outputs, shown }: ReferenceRun): string {
  if (shown.length === 0)
    return `The reference executor gives another output than was stated. ${apart(claim, outputs)}`;
  if (claim.output === undefined)
    return "Nobody gave the stated bytes, and the model settles on others. Whether the stated ones come out again, too, is not known.";
  const distance = distanceOf(outputs, claim.output);
  const how = distance === undefined ? apart(claim, outputs) : firstWrongText(distance, program);
  return `What was stated does not come out of the reference executor again. ${how}`;
}

/** Prompt and text of a language model: words of others, which stand apart from the page's own. */
function quoteTexts(
  program: Program,
  input: readonly Tensor[],
  stated: readonly Tensor[] | undefined,
  step: RunningStep,
): void {
  const completion = completionOf(program);
  if (completion === undefined) return;
  const [prompt, text] = [input[completion.prompt], stated?.[completion.text]];
  if (prompt !== undefined) step.quote("Prompt", windowText(prompt));
  if (text !== undefined) step.quote("Text that was stated", windowText(text));
}

async function checkRuntime(
  claim: Claim,
  reference: ReferenceRun | undefined,
  run: RunModel,
  step: RunningStep,
): Promise<readonly Tensor[]> {
  const outputs = await runVersion(claim, run, reference);
  const root = payloadRoot(outputs);
  const detail = [`stated ${claim.outputRoot}`, `computed ${root}`];
  if (root === claim.outputRoot) {
    step.find(
      "runtime",
      "holds",
      `ONNX Runtime Web gives the stated output, bit for bit: ${numbers(outputs)}.`,
      detail,
    );
  } else if (reference === undefined) {
    const text = `ONNX Runtime Web gives other bits than were stated. ${apart(claim, outputs)} Processors differ for this model, so this proves neither agreement nor a fault.`;
    step.find("runtime", "untold", text, detail);
  } else if (root === reference.outputRoot) {
    step.find(
      "runtime",
      otherFinding(claim, reference),
      "ONNX Runtime Web gives what the reference executor gives, and not what was stated.",
      detail,
    );
  } else {
    const text =
      "ONNX Runtime Web gives something else than the reference executor in this browser, which says nothing of the answer.";
    step.find("runtime", "untold", text, detail);
  }
  return outputs;
}

/**
 * Runs the file of a version as it is, and brings its outputs into the order of the version's signature.
 * @param judged its program and what that is shown of its own outputs, for a file that every processor runs alike.
 */
export async function runVersion(
  { version, artifact, input }: Pick<Claim, "version" | "artifact" | "input">,
  run: RunModel,
  judged?: Pick<ReferenceRun, "program" | "shown">,
): Promise<readonly Tensor[]> {
  const { inputs, outputs } = version.identity;
  if (!fitsAll(input, inputs)) throw new Error("the input is not of the types and shapes that the version takes");
  const named =
    judged === undefined
      ? new Map(inputs.flatMap(({ name }, i) => (input[i] === undefined ? [] : [[name, input[i]]])))
      : namedInputs(judged.program, input, judged.shown);
  const found = await run(artifact, named);
  return outputs.map(({ name }) => {
    const tensor = found.get(name);
    if (tensor === undefined) throw new Error(`the model gives no output with the name ${name}`);
    return tensor;
  });
}

function tellTrace({ tensors, elements, different, first }: TraceComparison, step: RunningStep): void {
  if (different === 0) {
    const text = `ONNX Runtime Web and the reference executor agree on all ${elements} numbers of all ${tensors} tensors, inner ones included.`;
    step.find("trace", "holds", text);
    return;
  }
  const text = `ONNX Runtime Web and the reference executor differ in ${different} of ${elements} numbers in this browser, which says nothing of the answer.`;
  step.find("trace", "untold", text, first === undefined ? [] : [first]);
}

const numbers = (tensors: readonly Tensor[]): string => {
  const count = tensors.reduce((sum, tensor) => sum + countOf(tensor), 0);
  return count === 1 ? "one number" : `${count} numbers`;
};

/** How far what was stated is from what was computed, as far as its bytes are here. */
function apart({ output, outputRoot }: Claim, computed: readonly Tensor[]): string {
  if (faultOf(outputRoot) !== PayloadError.None) return "What was stated is an error, and the model gives an output.";
  if (output === undefined) return "Nobody gave the stated bytes, so how far apart they are is not known.";
  const distance = distanceOf(computed, output);
  if (distance === undefined) return "They are not even of the same types and shapes.";
  const { count, different, most, mostUlps, first } = distance;
  const ulps = mostUlps === undefined ? "" : ` (${mostUlps} units in the last place)`;
  const where =
    first === undefined
      ? ""
      : ` The first: ${first.ours} here, ${first.theirs} stated, number ${first.element} of output ${first.tensor}.`;
  return `${different} of ${count} numbers differ, by at most ${most}${ulps}.${where}`;
}
