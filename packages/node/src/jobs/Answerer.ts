import { PayloadError, errorRoot } from "@opg-protocol/sdk";

import { ExecutionError, RefusedByModelError } from "../execute/errors.ts";
import type { Executor } from "../execute/Executor.ts";
import type { Logger } from "../log.ts";
import type { OutputStore } from "../serve/OutputStore.ts";
import type { Offers } from "../offer/Offers.ts";
import { holdsNaN, type Inputs, type Question } from "./Inputs.ts";

/** After so many failures of the runtime a version is not run here any more. */
const MOST_CRASHES = 3;

/** What the node would state of a job. */
export interface Answer {
  readonly outputRoot: string;
  /** `None` if the output itself is in the store. */
  readonly fault: PayloadError;
}

/** Finds the answer to jobs: input, run, root. Each job once, however often it is asked. */
export class Answerer {
  private readonly answers = new Map<string, Promise<Answer>>();
  private readonly crashes = new Map<string, number>();

  constructor(
    private readonly inputs: Inputs,
    private readonly executor: Executor,
    private readonly offers: Offers,
    private readonly outputs: OutputStore,
    /** Where the inputs of what is stated are kept. */
    private readonly kept: OutputStore,
    private readonly log: Logger,
  ) {}

  /**
   * The answer, as soon as it is known. On failure the node keeps away from the job.
   * @throws as `Inputs.load` and `Executor.run` do
   */
  answer(job: Question, signal: AbortSignal): Promise<Answer> {
    const known = this.answers.get(job.jobId);
    if (known !== undefined) return known;
    const answer = this.find(job, signal);
    this.answers.set(job.jobId, answer);
    answer.catch(() => {
      this.answers.delete(job.jobId);
    });
    return answer;
  }

  forget(jobId: string): void {
    this.answers.delete(jobId);
  }

  private async find(job: Question, signal: AbortSignal): Promise<Answer> {
    const version = this.offers.executable(job.job.versionId);
    const input = await this.inputs.load(job, version.inputs, signal);
    if (input.kind === "fault") return faulty(input.fault);
    // Whatever the runtime makes of it here, the referee finds it wrong.
    if (version.isJudged === true && holdsNaN(input.tensors)) return faulty(PayloadError.RefusedByModel);
    // What is stated may have to be defended when the input's place has forgotten it.
    if (version.isJudged === true) await this.kept.put(input.tensors);
    try {
      const tensors = await this.executor.run(version, input.tensors, signal);
      if (version.isShown === true) await this.kept.put(tensors);
      return { outputRoot: await this.outputs.put(tensors), fault: PayloadError.None };
    } catch (error) {
      if (error instanceof RefusedByModelError) {
        this.log.info({ jobId: job.jobId, reason: error.reason }, "the model refuses the input");
        return faulty(PayloadError.RefusedByModel);
      }
      if (error instanceof ExecutionError) this.countCrash(error);
      throw error;
    }
  }

  private countCrash({ versionId, reason }: ExecutionError): void {
    const crashes = (this.crashes.get(versionId) ?? 0) + 1;
    this.crashes.set(versionId, crashes);
    if (crashes >= MOST_CRASHES) this.offers.quarantine(versionId, `failed ${crashes} times, last: ${reason}`);
  }
}

const faulty = (fault: PayloadError): Answer => ({ outputRoot: errorRoot(fault), fault });
