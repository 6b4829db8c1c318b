import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { UsageError, readBytes, writeBytes } from "../../files.ts";
import { printJson, printTable } from "../../print.ts";
import { calibrate } from "./calibrate.ts";
import { type LlamaConfig, readConfig } from "./config.ts";
import { decodeGraph } from "./graph/decodeGraph.ts";
import { passGraph } from "./graph/passGraph.ts";
import { readLlama } from "./Llama.ts";
import { type Comparison, compare } from "./measure.ts";
import { quantise } from "./quantise.ts";
import { readSafetensors } from "./safetensors.ts";
import { windowsOf } from "./windows.ts";

export interface ExportLmOptions {
  /** Folder of the graphs. */
  readonly output: string;
  /** Lengths of the pass graphs, with commas. */
  readonly lengths: string;
  /** File of texts that tell the ranges of activations. */
  readonly calibration?: string;
  /** File of texts that neither training nor calibration has seen. */
  readonly heldBack?: string;
  readonly json?: boolean;
}

/** Beyond, ranges hardly change any more. */
const CALIBRATION_WINDOWS = 128;
/** Beyond, figures hardly change any more. */
const MEASURED_WINDOWS = 128;

interface Written {
  readonly path: string;
  readonly bytes: number;
}

/** Writes the graphs of a model of language in integers, and says how well they foretell text beside the model in float. */
export async function exportLm(folder: string, options: ExportLmOptions): Promise<void> {
  const config = readConfig(new TextDecoder().decode(readBytes(join(folder, "config.json"))));
  const lengths = lengthsOf(options.lengths, config);
  const textOf = (given: string | undefined, name: string, most: number) => {
    const path = given ?? join(folder, name);
    return windowsOf(path, readBytes(path), config.context, most);
  };
  const seen = textOf(options.calibration, "calibration.txt", CALIBRATION_WINDOWS);
  const heldBack = textOf(options.heldBack, "held-back.txt", MEASURED_WINDOWS);
  const llama = readLlama(config, readSafetensors(readBytes(join(folder, "model.safetensors"))));

  const model = quantise(llama, calibrate(llama, seen));
  makeFolder(options.output);
  const write = (name: string, bytes: Uint8Array): Written => {
    const path = join(options.output, name);
    writeBytes(path, bytes);
    return { path, bytes: bytes.length };
  };
  const files = [
    ...lengths.map((length) => write(`pass-${length}.onnx`, passGraph(model, length))),
    write("decode.onnx", decodeGraph(model)),
  ];
  report(files, await compare(llama, passGraph(model, config.context), heldBack), options.json === true);
}

/** @throws UsageError if a length is none that the model has positions for. */
function lengthsOf(list: string, { context }: LlamaConfig): number[] {
  return list.split(",").map((text) => {
    const length = Number(text);
    if (!Number.isInteger(length) || length < 2 || length > context)
      throw new UsageError(`--lengths: ${text} is no number from 2 to ${context}, the positions of the model`);
    return length;
  });
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function report(files: readonly Written[], comparison: Comparison, json: boolean): void {
  if (json) {
    printJson({ files, ...comparison });
    return;
  }
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const { float, integer, agreement, windows, bytes } = comparison;
  printTable(files.map((file) => [file.path, `${file.bytes} bytes`]));
  process.stdout.write(`\n${bytes} held-back bytes in ${windows} windows\n`);
  printTable([
    ["", "Nats per byte", "Next byte right"],
    ["Float", float.loss.toFixed(4), percent(float.accuracy)],
    ["Integer", integer.loss.toFixed(4), percent(integer.accuracy)],
    ["Change of loss", percent(integer.loss / float.loss - 1)],
    ["Same next byte", percent(agreement)],
  ]);
}
