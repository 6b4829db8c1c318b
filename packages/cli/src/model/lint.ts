import {
  IntegerOpcode,
  ModelRefusedError,
  Opcode,
  PROFILE,
  type Profile,
  type Program,
  compileNearest,
} from "@opg-protocol/sdk/onnx";

import { ExitCode } from "../exits.ts";
import { readBytes } from "../files.ts";
import { printJson, printTable } from "../print.ts";

export interface LintOptions {
  readonly json?: boolean;
}

/** What people call an opcode of a profile. */
function nameOf(profile: Profile, opcode: number): string {
  const opcodes = profile === PROFILE ? Opcode : IntegerOpcode;
  return (
    Object.entries(opcodes)
      .find(([, code]) => code === opcode)?.[0]
      .toUpperCase() ?? ""
  );
}

const WORD = 32;
/** Reasons that a table shows; JSON has them all. */
const SHOWN = 50;

/** Says whether a model is inside of a profile, and of which. Gives the code that the process ends with. */
export function lint(path: string, { json }: LintOptions): number {
  const file = readBytes(path);
  try {
    report(compileNearest(file), json === true);
    return ExitCode.Success;
  } catch (error) {
    if (!(error instanceof ModelRefusedError)) throw error;
    const { profile, refusals } = error;
    if (json === true) printJson({ accepted: false, profile, refusals });
    else printRefusals(error, process.stdout);
    return ExitCode.Refused;
  }
}

function report({ profile, graphRoot, inputs, outputs, steps }: Program, json: boolean): void {
  const rows = steps.map(({ name, step, constants }, index) => ({
    index,
    name,
    opcode: nameOf(profile, step.opcode),
    dtype: step.dtype,
    shape: step.shape,
    inputs: step.inputs.map(({ from }) => from),
    constantWords: constants.length / WORD,
  }));
  if (json) {
    const specs = (list: Program["inputs"]) => list.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
    printJson({
      accepted: true,
      profile,
      graphRoot,
      inputs: specs(inputs),
      outputs: specs(outputs),
      steps: rows,
    });
    return;
  }
  printTable([
    ["Profile", profile],
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
export function printRefusals({ profile, refusals }: ModelRefusedError, stream: NodeJS.WritableStream): void {
  const count = refusals.length === 1 ? "one reason" : `${refusals.length} reasons`;
  stream.write(`The model is outside of the profile ${profile}, for ${count}.\n\n`);
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
