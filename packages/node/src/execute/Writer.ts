import type { Tensor } from "@opg-protocol/sdk";
import { endIn, numberIn, promptIn } from "@opg-protocol/sdk/completions";
import PQueue from "p-queue";

import { namedInputs } from "../jobs/texts.ts";
import type { Logger } from "../log.ts";
import { ExecutionError, RunDeclinedError } from "./errors.ts";
import type { Executable, Executor, Watch } from "./Executor.ts";
import { SLOTS } from "./protocol.ts";
import type { RuntimeProcess } from "./RuntimeProcess.ts";

const UINT8 = 2;

export interface WriterLimits {
  /** Most time in which one text is written, milliseconds. */
  readonly time: number;
  /** Texts that may wait. */
  readonly queue: number;
}

/** What a language model is asked, as its inputs hold it. */
interface Asked {
  readonly prompt: Uint8Array;
  /** Position before which the text ends. */
  readonly end: number;
  readonly window: number;
  readonly seed: number;
  readonly temperature: number;
}

/**
 * Writes texts of language models with the graph that remembers, where a version has one: token by token, several texts in turn. Nobody
 * trusts that graph: what it writes is a draft, which the version's own graph makes again in one run, or from which it finds the
 * right text. All other versions run as they are.
 */
export class Writer implements Executor {
  private readonly turns: PQueue;
  private readonly slots = Array.from({ length: SLOTS }, (_, slot) => slot);
  /** Digests of graphs that have written what their versions do not say. */
  private readonly unfit = new Set<string>();

  constructor(
    private readonly runtime: Pick<RuntimeProcess, "run" | "placed" | "settle" | "step" | "close">,
    private readonly limits: WriterLimits,
    private readonly log: Logger,
  ) {
    this.turns = new PQueue({ concurrency: Math.min(SLOTS, limits.queue) });
  }

  async run(version: Executable, inputs: readonly Tensor[], signal?: AbortSignal, watch?: Watch): Promise<Tensor[]> {
    const { versionId, decode } = version;
    const asked = decode === undefined || this.unfit.has(decode.digest) ? undefined : askedIn(version, inputs);
    if (decode === undefined || asked === undefined) return this.runtime.run(version, inputs, signal);
    const { queue } = this.limits;
    if (this.turns.size >= queue) throw new RunDeclinedError(versionId, `${queue} texts are waiting already`);
    const write = async () => {
      const { draft, isWhole } = await this.write(versionId, decode, asked, signal, watch);
      const { outputs, runs } = await this.runtime.settle(version, inputs, [draft], signal);
      // A whole draft that is not the version's text was written by a graph that is not the version's.
      if (isWhole && runs > 1) {
        this.unfit.add(decode.digest);
        this.log.error({ versionId, digest: decode.digest }, "the graph that writes texts writes others: used no more");
      }
      return outputs;
    };
    // The run that confirms a text has its place before any of it is told: who was told all of it is not turned away then.
    return this.turns.add(() => this.runtime.placed(versionId, write));
  }

  close(): Promise<void> {
    return this.runtime.close();
  }

  /** A draft of the text: whole, or what could be written of it. */
  private async write(
    versionId: string,
    decode: NonNullable<Executable["decode"]>,
    { prompt, end, window, seed, temperature }: Asked,
    signal: AbortSignal | undefined,
    watch: Watch | undefined,
  ): Promise<{ readonly draft: Tensor; readonly isWhole: boolean }> {
    const text = new Uint8Array(window);
    const draft: Tensor = { dtype: UINT8, shape: [window], data: text };
    signal?.throwIfAborted();
    const slot = this.slots.pop() ?? 0; // there is one for each turn
    const { time } = this.limits;
    const deadline = performance.now() + time;
    try {
      let tokens = prompt;
      let position = 0;
      for (let at = prompt.length; at < end; at += 1) {
        const step = { ...decode, slot, position, tokens, seed, temperature };
        const next = await this.runtime.step(versionId, step, signal);
        if (next === 0) break;
        if (performance.now() > deadline) throw new ExecutionError(versionId, `it was not written in ${time} ms`);
        text[at] = next;
        watch?.(Uint8Array.of(next));
        position = at;
        tokens = Uint8Array.of(next);
      }
      return { draft, isWhole: true };
    } catch (error) {
      if (!(error instanceof ExecutionError)) throw error;
      this.log.warn(
        { versionId, error: error.message },
        "a text could not be written to its end: it is found otherwise",
      );
      return { draft, isWhole: false };
    } finally {
      this.slots.push(slot);
    }
  }
}

/** What is asked of a language model; undefined where no text begins behind a prompt. */
function askedIn(version: Executable, tensors: readonly Tensor[]): Asked | undefined {
  const inputs = namedInputs(version, tensors);
  const { window, prompt, hasHoles } = promptIn(inputs);
  // Prompts with holes have texts, too, but not from one place on.
  if (hasHoles || prompt.length < 1 || prompt.length === window) return undefined;
  const [seed, temperature] = [numberIn(inputs, "seed"), numberIn(inputs, "temperature")];
  return { prompt, end: endIn(inputs), window, seed, temperature };
}
