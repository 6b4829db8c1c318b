import { ModelRefusedError, Opcode, PROFILE, type Program, type Refusal, compile } from "@opg-protocol/sdk/onnx";

import { ExitCode } from "../exits.ts";
import { readBytes } from "../files.ts";
import { printJson, printTable } from "../print.ts";

export interface LintOptions {
  readonly json?: boolean;
}

const NAMES = new Map(Object.entries(Opcode).map(([name, code]) => [code, name.toUpperCase()]));
const WORD = 32;
/** Reasons that a table shows; JSON has them all. */
const SHOWN = 50;

/** Says whether a model is inside of the profile. Gives the code that the process ends with. */
export function lint(path: string, { json }: LintOptions): number {
  const file = readBytes(path);
  try {
    report(compile(file), json === true);
    return ExitCode.Success;
  } catch (error) {
    if (!(error instanceof ModelRefusedError)) throw error;
    const { refusals } = error;
    if (json === true) printJson({ accepted: false, profile: PROFILE, refusals });
    else printRefusals(refusals, process.stdout);
    return ExitCode.Refused;
  }
}

function report({ graphRoot, inputs, outputs, steps }: Program, json: boolean): void {
  const rows = steps.map(({ name, step, constants }, index) => ({
    index,
    name,
    opcode: NAMES.get(step.opcode) ?? "",
    dtype: step.dtype,
    shape: step.shape,
    inputs: step.inputs.map(({ from }) => from),
    constantWords: constants.length / WORD,
  }));
  if (json) {
    const specs = (list: Program["inputs"]) => list.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
    printJson({
      accepted: true,
      profile: PROFILE,
      graphRoot,
      inputs: specs(inputs),
      outputs: specs(outputs),
      steps: rows,
    });
    return;
  }
  printTable([
    ["Profile", PROFILE],
    ["Graph root", graphRoot],
    ...inputs.map(({ name, dtype, shape }) => ["Input", `${name}, type ${dtype}, [${shape.join(", ")}]`]),
    ...outputs.map(({ name, dtype, shape }) => ["Output", `${name}, type ${dtype}, [${shape.join(", ")}]`]),
  ]);
  process.stdout.write("\n");
  printTable([
    ["Step", "Does", "Name", "Makes", "Words of constants"],
    ...rows.map(({ index, opcode, name, shape, constantWords }) => [
      `${index}`,
      opcode,
      name,
      `[${shape.join(", ")}]`,
      constantWords === 0 ? "" : `${constantWords}`,
    ]),
  ]);
}

/** Says why a model is refused, to a person. */
export function printRefusals(refusals: readonly Refusal[], stream: NodeJS.WritableStream): void {
  const count = refusals.length === 1 ? "one reason" : `${refusals.length} reasons`;
  stream.write(`The model is outside of the profile ${PROFILE}, for ${count}.\n\n`);
  const shown = refusals.slice(0, SHOWN);
  printTable(
    [
      ["Node", "Operator", "Part", "Reason"],
      ...shown.map(({ node, operator, attribute, reason }) => [node, operator, attribute, reason]),
    ],
    stream,
  );
  if (refusals.length > SHOWN)
    stream.write(`\n\`opg model lint --json\` gives the other ${refusals.length - SHOWN}.\n`);
}
