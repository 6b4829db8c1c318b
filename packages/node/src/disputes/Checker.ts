import {
  type Client,
  faultOf,
  type MadeStatement,
  PayloadError,
  payloadRoot,
  PayloadSide,
  type Tensor,
  TracedRun,
} from "@opg-protocol/sdk";
import { encodeHeader, namedInputs, type Program, shownOutputs, type StatedTensor } from "@opg-protocol/sdk/onnx";
import { getBytes } from "ethers";

import { RefusedByModelError } from "../execute/errors.ts";
import type { Executable, Executor } from "../execute/Executor.ts";
import { fits, type Inputs } from "../jobs/Inputs.ts";
import type { JournalTask } from "../journal/Journal.ts";
import { ProfileError } from "../profile/Profile.ts";
import type { Runs } from "./Runs.ts";
import type { Stories } from "./Stories.ts";
import type { StatedOutputs } from "./StatedOutputs.ts";
import { WithheldPayload } from "./Withheld.ts";

export interface CheckerModules {
  readonly client: Client;
  readonly runs: Runs;
  readonly inputs: Inputs;
  readonly outputs: StatedOutputs;
  readonly runtime: Executor;
  readonly stories: Stories;
}

/** What a check of a statement has found. */
export type Finding =
  | { readonly kind: "right" | "skip"; readonly reason: string }
  | { readonly kind: "wrong"; readonly run: TracedRun }
  | { readonly kind: "refutable"; readonly header: string; readonly inputs: readonly Tensor[] }
  | { readonly kind: "withheld"; readonly side: PayloadSide; readonly reason: string };

/** Finds out whether what others state is right: runs it as they should have. */
export class Checker {
  private readonly findings = new Map<string, Finding>();

  constructor(
    private readonly modules: CheckerModules,
    /** Who demands words. */
    private readonly account: string,
  ) {}

  /** What is to be said of a statement. Made once in a life of the process, but for an input that is not here. */
  async check(task: JournalTask, made: MadeStatement, signal: AbortSignal): Promise<Finding> {
    const known = this.findings.get(task.id);
    if (known !== undefined) return known;
    const finding = await this.run(task, made, signal);
    if (finding.kind !== "withheld") this.findings.set(task.id, finding);
    this.tell(task, made, finding);
    return finding;
  }

  private tell(task: JournalTask, { statement, disputableUntil: deadline }: MadeStatement, finding: Finding): void {
    const { stories } = this.modules;
    const { node, outputRoot } = statement;
    if (finding.kind === "skip") stories.say(task, finding.reason, "warn");
    if (finding.kind !== "wrong" && finding.kind !== "refutable") return;
    stories.show(task, { statementId: task.id, role: "watcher", node, state: "Wrong", deadline });
    const why =
      finding.kind === "refutable"
        ? `by the shapes of its input alone: ${node} states ${outputRoot}`
        : `${node} states ${outputRoot}, and ONNX Runtime gives ${payloadRoot(finding.run.trace.outputs)}`;
    stories.say(task, `is wrong: ${why}`, "warn");
  }

  /** Runs the statement's version on its input as nodes do; traces it only if the output is another one. */
  private async run(task: JournalTask, made: MadeStatement, signal: AbortSignal): Promise<Finding> {
    const { runs, runtime } = this.modules;
    const { statement, version } = made;
    try {
      const { executor, executable } = await runs.learn(version.versionId, version, signal);
      const input = await this.input(task, made, signal);
      if ("kind" in input) return input;
      const tensors = input;
      const isFitting = fits(tensors, executor.program.inputs);
      const saysFitting = faultOf(statement.outputRoot) === PayloadError.None;
      if (isFitting !== saysFitting) {
        return { kind: "refutable", header: encodeHeader(executor.program), inputs: tensors };
      }
      if (!isFitting) return { kind: "right", reason: "" };
      const stated = executor.program.stated.length === 0 ? [] : await this.stated(task, made, signal);
      const outputs =
        "kind" in stated
          ? await runtime.run(executable, tensors, signal) // nobody pays for words that turn out to be right
          : await runtime.run(...shownTo(executable, executor.program, tensors, stated), signal);
      if (payloadRoot(outputs) === statement.outputRoot) return { kind: "right", reason: "" };
      if ("kind" in stated) return stated;
      const run = new TracedRun(executor, tensors, stated);
      if (payloadRoot(run.trace.outputs) === statement.outputRoot) {
        return { kind: "skip", reason: "is right by the profile, and this machine's runtime differs from it" };
      }
      await runs.keep(tensors);
      if (executor.program.stated.length > 0) await runs.keepStated(statement.outputRoot, stated);
      return { kind: "wrong", run };
    } catch (error) {
      if (error instanceof ProfileError || error instanceof RefusedByModelError) {
        return { kind: "skip", reason: `cannot be challenged: ${error.message}` };
      }
      throw error;
    }
  }

  private async input(
    task: JournalTask,
    made: MadeStatement,
    signal: AbortSignal,
  ): Promise<readonly Tensor[] | Finding> {
    const { client, inputs, runs } = this.modules;
    const { statement, input, version } = made;
    const kept = await runs.payload(statement.inputRoot);
    if (kept !== undefined) return kept;
    const { jobId, inputRoot } = statement;
    const question = { jobId, input: getBytes(input), job: { versionId: version.versionId, inputRoot } };
    try {
      const tensors = await inputs.payload(question, signal);
      if (tensors !== undefined) return tensors;
      throw new Error("its order carries another input than it commits to");
    } catch (error) {
      signal.throwIfAborted();
      const side = PayloadSide.Input;
      const tensors = (await WithheldPayload.read(client, made, side, this.account, task.blockNumber)).tensors();
      if (tensors?.every((tensor) => "data" in tensor)) return tensors;
      if (faultOf(statement.outputRoot) !== PayloadError.None) {
        return { kind: "skip", reason: "states an error about an input that cannot be had" };
      }
      return { kind: "withheld", side, reason: messageOf(error) };
    }
  }

  /** What a model is shown that says whether it is right. */
  private async stated(
    task: JournalTask,
    made: MadeStatement,
    signal: AbortSignal,
  ): Promise<readonly StatedTensor[] | Finding> {
    const { client, outputs, runs } = this.modules;
    const { statement } = made;
    const kept = await runs.payload(statement.outputRoot);
    if (kept !== undefined) return kept;
    try {
      return await outputs.fetch(statement, signal);
    } catch (error) {
      signal.throwIfAborted();
      const side = PayloadSide.Output;
      const withheld = await WithheldPayload.read(client, made, side, this.account, task.blockNumber);
      return withheld.tensors() ?? { kind: "withheld", side, reason: messageOf(error) };
    }
  }

  forget(statementId: string): void {
    this.findings.delete(statementId);
  }
}

/**
 * A version and what it takes, with the outputs that are stated among that if it reads them: given as any input is, they take one
 * run, and need not be found. That makes what each element must be if those before it are right: the first other one is the lie.
 */
function shownTo(
  executable: Executable,
  program: Program,
  inputs: readonly Tensor[],
  stated: readonly StatedTensor[],
): [Executable, readonly Tensor[]] {
  const named = namedInputs(program, inputs, shownOutputs(program, stated));
  const specs = [...named].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  return [{ ...executable, inputs: specs }, [...named.values()]];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
