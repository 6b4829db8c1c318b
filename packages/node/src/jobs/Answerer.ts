import { PayloadError, errorRoot } from "@opg-protocol/sdk";
import { mostTextBytes } from "@opg-protocol/sdk/session";

import { ExecutionError, RefusedByModelError } from "../execute/errors.ts";
import type { Executor } from "../execute/Executor.ts";
import type { Logger } from "../log.ts";
import type { OutputStore } from "../serve/OutputStore.ts";
import type { Offers } from "../offer/Offers.ts";
import { holdsNaN, type Input, type Inputs, type Question } from "./Inputs.ts";
import { isWriter, namedInputs } from "./texts.ts";

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
  private readonly lengths = new Map<string, Promise<number>>();
  /** Inputs of texts that were measured, until they are answered: each is fetched once. */
  private readonly loaded = new Map<string, Promise<Input>>();
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
    return once(this.answers, job.jobId, () => this.find(job, signal));
  }

  /**
   * Most bytes of the text that a job asks for; 0 where it asks for none.
   * @throws as `Inputs.load`
   */
  length(job: Question, signal: AbortSignal): Promise<number> {
    return once(this.lengths, job.jobId, () => this.measure(job, signal));
  }

  forget(jobId: string): void {
    this.answers.delete(jobId);
    this.lengths.delete(jobId);
    this.loaded.delete(jobId);
  }

  private async measure(job: Question, signal: AbortSignal): Promise<number> {
    const version = this.offers.executable(job.job.versionId);
    if (!isWriter(version)) return 0;
    const input = await once(this.loaded, job.jobId, () => this.inputs.load(job, version.inputs, signal));
    return input.kind === "fault" ? 0 : mostTextBytes(namedInputs(version, input.tensors));
  }

  private async find(job: Question, signal: AbortSignal): Promise<Answer> {
    const version = this.offers.executable(job.job.versionId);
    const input = await (this.loaded.get(job.jobId) ?? this.inputs.load(job, version.inputs, signal));
    this.loaded.delete(job.jobId);
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

/** Finds something about a job, unless it was found before, or is being found. What has failed is tried again. */
function once<Found>(found: Map<string, Promise<Found>>, jobId: string, find: () => Promise<Found>): Promise<Found> {
  const known = found.get(jobId);
  if (known !== undefined) return known;
  const finding = find();
  found.set(jobId, finding);
  finding.catch(() => {
    found.delete(jobId);
  });
  return finding;
}

const faulty = (fault: PayloadError): Answer => ({ outputRoot: errorRoot(fault), fault });
