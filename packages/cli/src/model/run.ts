import { type Tensor, merkleRoot } from "@opg-protocol/sdk";
import { Executor, type Program, type Trace, compile } from "@opg-protocol/sdk/onnx";

import { readBytes } from "../files.ts";
import { printJson } from "../print.ts";
import { readTensors, toJson } from "./tensors.ts";

export interface RunOptions {
  /** File of the inputs. */
  readonly input: string;
  /** The emulator of the profile, or ONNX Runtime as a node runs it. Both make the same bytes. */
  readonly executor: "reference" | "onnxruntime";
}

/** What somebody who can compute a model can do with it. */
export interface ModelExecutor {
  readonly run: (inputs: readonly Tensor[]) => Promise<readonly Tensor[]> | readonly Tensor[];
  readonly trace: (inputs: readonly Tensor[]) => Promise<Trace> | Trace;
}

/** Runs a model and prints its outputs. */
export async function run(path: string, options: RunOptions): Promise<void> {
  const { program, inputs, executor } = await prepare(path, options);
  printJson(toJson(program.outputs, await executor.run(inputs)));
}

/** Runs a model and prints what a challenger would lay down: the root of every step's tensor, and the root of these. */
export async function trace(path: string, options: RunOptions): Promise<void> {
  const { program, inputs, executor } = await prepare(path, options);
  const { outputs, roots } = await executor.trace(inputs);
  const words = Buffer.from(roots.map((root) => root.slice(2)).join(""), "hex");
  printJson({
    graphRoot: program.graphRoot,
    traceRoot: `0x${Buffer.from(merkleRoot(new Uint8Array(words))).toString("hex")}`,
    steps: program.steps.map(({ name }, index) => ({ index, name, root: roots[index] })),
    outputs: toJson(program.outputs, outputs),
  });
}

async function prepare(path: string, { input, executor }: RunOptions) {
  const file = readBytes(path);
  const program = compile(file);
  const inputs = readTensors(input, program.inputs);
  return { program, inputs, executor: await executorOf(executor, file, program) };
}

async function executorOf(name: RunOptions["executor"], file: Uint8Array, program: Program): Promise<ModelExecutor> {
  if (name === "reference") return new Executor(program);
  const { runtimeExecutor } = await import("./runtime.ts"); // only now: loading ONNX Runtime takes a while
  return runtimeExecutor(file, program);
}
