import { Command, CommanderError, Option } from "commander";

import { ModelRefusedError } from "@opg-protocol/sdk/onnx";

import { ExitCode } from "./exits.ts";
import { UsageError } from "./files.ts";
import { lint, printRefusals, type LintOptions } from "./model/lint.ts";
import { run, trace, type RunOptions } from "./model/run.ts";
import { tuneFile, type TuneOptions } from "./model/tune.ts";
import type { ExportLmOptions } from "./model/exportLm/exportLm.ts";
import type { MetadataOptions } from "./publish/metadata.ts";
import type { PublishOptions } from "./publish/publish.ts";

const program = new Command("opg").description("Prepares and runs models of OPG Protocol.").exitOverride();

const model = program
  .command("model")
  .description("ONNX files, those of onnx-int8/1 and /2 among them: see docs/onnx-int8.md and docs/language-models.md");

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

model
  .command("export-lm")
  .description("writes a language model of the Llama family as graphs of integers, of the profile onnx-int8/2")
  .argument("<folder>", "config.json and model.safetensors, as Hugging Face has them")
  .requiredOption("-o, --output <folder>", "where pass-<length>.onnx and decode.onnx go")
  .option("--lengths <list>", "positions of the windows that are judged", "64,128")
  .option(
    "--calibration <file>",
    "texts that tell the ranges of activations; calibration.txt of the folder unless given",
  )
  .option("--held-back <file>", "texts that both models are measured on; held-back.txt of the folder unless given")
  .option("--json", "print JSON")
  .action(async (folder: string, options: ExportLmOptions) => {
    const { exportLm } = await import("./model/exportLm/exportLm.ts");
    await exportLm(folder, options);
  });

const executor = () =>
  new Option("--executor <name>", "who computes").choices(["reference", "onnxruntime"]).default("reference");

model
  .command("run")
  .description("runs a model of a profile and prints its outputs as JSON")
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

model
  .command("metadata")
  .description("runs any ONNX model once and writes what a release points to: its name, and the input of that run")
  .argument("<file>", "ONNX file")
  .requiredOption("-o, --output <file>", "where the metadata go")
  .requiredOption("--name <text>", "what people call the model")
  .option("--description <text>", "what it does, in a sentence")
  .option("-i, --input <file>", "golden input as JSON, as for `run`; made up unless given")
  .option("--decode <file>", "of a language model: the graph of `export-lm` that writes its texts for nodes")
  .option("--decode-uri <uri>", "where that file will be served")
  .option("--json", "print JSON")
  .action(async (file: string, options: MetadataOptions) => {
    const { writeMetadata } = await import("./publish/metadata.ts");
    await writeMetadata(file, options);
  });

model
  .command("publish")
  .description(
    "publishes any ONNX model: reads it, checks where it is served, runs it, says what it costs, and sends that",
  )
  .argument("<file>", "ONNX file")
  .requiredOption("--deployment <file>", "JSON of the deployment: chainId, startBlock, addresses")
  .requiredOption("--rpc-url <url>", "where the chain is reached: http(s)")
  .requiredOption("--slug <name>", "name among the models of the publisher: 3 to 64 of a-z, 0-9 and -")
  .requiredOption("--licence <expression>", "SPDX expression, such as MIT")
  .requiredOption("--uri <uri...>", "places where the file is served")
  .requiredOption("--metadata-uri <uri>", "place where the metadata are served that `opg model metadata` has made")
  .option("--number <major.minor>", "number of the version", "1.0")
  .option("--royalty <OPG>", "what each inference pays to the publisher, of a new model", "0")
  .option("--keystore <file>", "encrypted key that signs")
  .option("--password-file <file>", "its password; asked for unless given")
  .option("--from <address>", "who publishes, where nothing is signed")
  .option("--calldata", "print the calls for a multisig, and send nothing")
  .option("--dry-run", "say what would be sent, and send nothing")
  .option("--yes", "do not ask before sending")
  .option("--json", "print JSON")
  .option("--gateway <url>", "where ipfs: is read from", "https://ipfs.io")
  .option("--dev", "take file: and http: places, which only nodes of a development chain read", false)
  .action(async (file: string, options: PublishOptions) => {
    const { publish } = await import("./publish/publish.ts");
    process.exitCode = await publish(file, options);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? ExitCode.Success : ExitCode.Usage;
  } else if (error instanceof ModelRefusedError) {
    printRefusals(error, process.stderr);
    process.exitCode = ExitCode.Refused;
  } else {
    process.stderr.write(`opg: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? ExitCode.Usage : ExitCode.Refused;
  }
}
