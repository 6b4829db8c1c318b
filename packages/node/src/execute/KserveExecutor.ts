import type { Tensor } from "@opg-protocol/sdk";
import { type InferReply, type NamedTensor, OipClient, OipFormatError, OipStatusError } from "@opg-protocol/sdk/oip";
import PQueue from "p-queue";

import type { BackendConfig } from "../config/Config.ts";
import { fits } from "../jobs/Inputs.ts";
import { ExecutionError, ForeignRefusalError, RunDeclinedError } from "./errors.ts";
import type { Executable, Executor } from "./Executor.ts";

const MIB = 1024 * 1024;
/** Statuses by which a server says that it does not take an input. */
const REFUSALS = [400, 422];
/** And those by which it says that the run itself failed, or took too long. */
const FAILURES = [500, 504];

export interface KserveLimits {
  /** Most time of one run, milliseconds. */
  readonly time: number;
  /** Runs that may wait. */
  readonly queue: number;
}

/**
 * A server of the Open Inference Protocol v2 elsewhere: Triton, KServe, MLServer, another node. What it answers counts only if it
 * has the names, types and shapes of the version's signature; whether it is right, `BackendCheck` asks.
 */
export class KserveExecutor implements Executor {
  /** To ask after the server itself. */
  readonly client: OipClient;
  private readonly turns: PQueue;

  constructor(
    private readonly config: BackendConfig,
    private readonly limits: KserveLimits,
  ) {
    this.client = new OipClient({
      url: config.kserve,
      timeout: limits.time,
      mostBytes: Math.floor(config.answerMiB * MIB),
    });
    this.turns = new PQueue({ concurrency: config.runs });
  }

  /** What the server calls a version; undefined for one that does not run there. */
  modelOf(versionId: string): BackendConfig["models"][string] | undefined {
    return this.config.models[versionId];
  }

  /** @throws also ForeignRefusalError, instead of RefusedByModelError, which no server can be believed. */
  async run(version: Executable, inputs: readonly Tensor[], signal?: AbortSignal): Promise<Tensor[]> {
    const { versionId } = version;
    const { queue } = this.limits;
    if (this.turns.size >= queue) throw new RunDeclinedError(versionId, `${queue} runs are waiting already`);
    const ask = () => this.ask(version, inputs, signal);
    // Who leaves, waiting or not, makes room at once: the run goes on elsewhere, if at all.
    const reply = await this.turns.add(ask, signal === undefined ? {} : { signal });
    return outputsIn(reply, version);
  }

  close(): Promise<void> {
    return Promise.resolve(); // what is under way ends with the signal of who wants it
  }

  private async ask(version: Executable, inputs: readonly Tensor[], signal?: AbortSignal): Promise<InferReply> {
    const model = this.modelOf(version.versionId);
    if (model === undefined) throw new RunDeclinedError(version.versionId, "the backend does not have it");
    const named = version.inputs.flatMap(({ name }, i): NamedTensor[] => {
      const tensor = inputs[i];
      return tensor === undefined ? [] : [{ ...tensor, name }];
    });
    try {
      return await this.client.infer({
        model: model.name,
        version: model.version,
        inputs: named,
        outputs: version.outputs.map(({ name }) => name),
        form: this.config.form,
        signal,
      });
    } catch (error) {
      throw this.fault(version.versionId, error);
    }
  }

  /** What an error says of the version: nothing, where it is the server that cannot be had. */
  private fault(versionId: string, error: unknown): Error {
    if (error instanceof OipStatusError) {
      const { status, message } = error;
      if (REFUSALS.includes(status)) return new ForeignRefusalError(versionId, message);
      if (FAILURES.includes(status)) return new ExecutionError(versionId, message);
      return new RunDeclinedError(versionId, message);
    }
    if (error instanceof OipFormatError || error instanceof RangeError) {
      return new ExecutionError(versionId, `the backend's answer is none: ${error.message}`);
    }
    if (error instanceof Error && error.name === "TimeoutError") {
      return new ExecutionError(versionId, `took more than ${this.limits.time} ms`);
    }
    return new RunDeclinedError(versionId, `the backend is out of reach: ${String(error)}`);
  }
}

/** @throws ExecutionError where it is not what the version gives. */
function outputsIn({ outputs }: InferReply, { versionId, outputs: signature }: Executable): Tensor[] {
  const tensors = signature.flatMap(({ name }) => outputs.find((output) => output.name === name) ?? []);
  if (outputs.length !== signature.length || !fits(tensors, signature)) {
    throw new ExecutionError(
      versionId,
      "the backend's outputs are not of the names, types and shapes of its signature",
    );
  }
  return tensors.map(({ dtype, shape, data }) => ({ dtype, shape, data }));
}
