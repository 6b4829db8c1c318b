import { type Tensor, tensorByteLength } from "@opg-protocol/sdk";
import {
  Executor,
  type Program,
  type Trace,
  compileNearest,
  rootOfTrace,
  settle,
  statedName,
  traceTree,
} from "@opg-protocol/sdk/onnx";

import { readBytes, UsageError } from "../files.ts";
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
  /** `stated`: for a model that reads its own outputs, what it is shown. */
  readonly run: (
    inputs: readonly Tensor[],
    stated: readonly Tensor[],
  ) => Promise<readonly Tensor[]> | readonly Tensor[];
  readonly trace: (inputs: readonly Tensor[], stated: readonly Tensor[]) => Promise<Trace> | Trace;
}

/** Runs a model and prints its outputs. */
export async function run(path: string, options: RunOptions): Promise<void> {
  const { program, inputs, stated, executor } = await prepare(path, options);
  printJson(toJson(program.outputs, await executor.run(inputs, stated)));
}

/** Runs a model and prints what a challenger would lay down: the root of every step's tensor, and the root of these. */
export async function trace(path: string, options: RunOptions): Promise<void> {
  const { program, inputs, stated, executor } = await prepare(path, options);
  const { outputs, roots } = await executor.trace(inputs, stated);
  printJson({
    graphRoot: program.graphRoot,
    traceRoot: rootOfTrace(traceTree(roots)),
    steps: program.steps.map(({ name }, index) => ({ index, name, root: roots[index] })),
    outputs: toJson(program.outputs, outputs),
  });
}

async function prepare(path: string, { input, executor: name }: RunOptions) {
  const file = readBytes(path);
  const program = compileNearest(file);
  const executor = await executorOf(name, file, program);
  const names = program.stated.map((k) => ({ name: statedName(program.outputs[k]?.name ?? "") }));
  const given = readTensors(input, program.inputs, names);
  const inputs = given.slice(0, program.inputs.length);
  const shown = given.slice(program.inputs.length);
  if (shown.length > 0 && shown.length < names.length) {
    const all = names.map(({ name: output }) => output).join(", ");
    throw new UsageError(
      `${input}: the model is shown all of its outputs or none, so give ${all}, or leave all of them out`,
    );
  }
  const stated =
    shown.length === names.length
      ? statedBy(program, shown)
      : await settle(program, (outputs) => executor.run(inputs, outputs));
  return { program, inputs, stated, executor };
}

/** All outputs, as a model that reads some of them takes them; nobody looks at the others. */
function statedBy({ outputs, stated }: Program, shown: readonly Tensor[]): readonly Tensor[] {
  if (stated.length === 0) return [];
  return outputs.map(({ dtype, shape }, k) => {
    const data = new Uint8Array(tensorByteLength({ dtype, shape }));
    return shown[stated.indexOf(k)] ?? { dtype, shape, data };
  });
}

async function executorOf(name: RunOptions["executor"], file: Uint8Array, program: Program): Promise<ModelExecutor> {
  if (name === "reference") return new Executor(program);
  const { runtimeExecutor } = await import("./runtime.ts"); // only now: loading ONNX Runtime takes a while
  return runtimeExecutor(file, program);
}
