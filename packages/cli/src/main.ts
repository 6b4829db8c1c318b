import { Command, CommanderError, Option } from "commander";

import { ModelRefusedError } from "@opg-protocol/sdk/onnx";

import { ExitCode } from "./exits.ts";
import { UsageError } from "./files.ts";
import { lint, printRefusals, type LintOptions } from "./model/lint.ts";
import { run, trace, type RunOptions } from "./model/run.ts";
import { tuneFile, type TuneOptions } from "./model/tune.ts";

const program = new Command("opg").description("Prepares and runs models of OPG Protocol.").exitOverride();

const model = program
  .command("model")
  .description("ONNX files of the profile onnx-int8/1, which a contract can judge: see docs/onnx-int8.md");

model
  .command("lint")
  .description("says whether a model is inside of the profile, and if not, every reason")
  .argument("<file>", "ONNX file")
  .option("--json", "print JSON")
  .action((file: string, options: LintOptions) => {
    process.exitCode = lint(file, options);
  });

model
  .command("tune")
  .description("raises output scales of QLinearAdd until all processors agree on all sums")
  .argument("<file>", "ONNX file")
  .requiredOption("-o, --output <file>", "where the tuned model goes")
  .option("--json", "print JSON")
  .action((file: string, options: TuneOptions) => {
    tuneFile(file, options);
  });

const executor = () =>
  new Option("--executor <name>", "who computes").choices(["reference", "onnxruntime"]).default("reference");

model
  .command("run")
  .description("runs a model of the profile and prints its outputs as JSON")
  .argument("<file>", "ONNX file")
  .requiredOption("-i, --input <file>", "inputs as JSON: name -> { dtype, dims, data }, data in base64")
  .addOption(executor())
  .action(async (file: string, options: RunOptions) => {
    await run(file, options);
  });

model
  .command("trace")
  .description(
    "runs a model of the profile and prints the data root of what each step makes as JSON: what a challenger lays down",
  )
  .argument("<file>", "ONNX file")
  .requiredOption("-i, --input <file>", "inputs as JSON: name -> { dtype, dims, data }, data in base64")
  .addOption(executor())
  .action(async (file: string, options: RunOptions) => {
    await trace(file, options);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? ExitCode.Success : ExitCode.Usage;
  } else if (error instanceof ModelRefusedError) {
    printRefusals(error.refusals, process.stderr);
    process.exitCode = ExitCode.Refused;
  } else {
    process.stderr.write(`opg: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? ExitCode.Usage : ExitCode.Refused;
  }
}
