import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

import type { Tensor } from "@opg-protocol/sdk";
import pidusage from "pidusage";

import type { Logger } from "../log.ts";
import { ExecutionError, RefusedByModelError, RunDeclinedError } from "./errors.ts";
import type { Executable, Executor } from "./Executor.ts";
import type { Reply, Request, StepRequest } from "./protocol.ts";

const RUNTIME = fileURLToPath(new URL("./runtime.js", import.meta.url));
const MEMORY_CHECK_PERIOD = 250;
const MIB = 1024 * 1024;
const STOPPING = "the node is stopping";

export interface RuntimeLimits {
  /** Most time of one run, the loading of its model included, milliseconds. */
  readonly time: number;
  /** Most resident memory of the process, MiB. */
  readonly memory: number;
  /** Runs that may wait. */
  readonly queue: number;
}

/** Unmodified ONNX Runtime in a process of its own, which is killed when it takes too long or too much. */
export class RuntimeProcess implements Executor {
  private child: ChildProcess | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private closed = false;
  /** What the process runs now: until when it may, and what ends it. */
  private running: { readonly deadline: number; readonly fail: (reason: string) => void } | undefined;

  /** The folder of checked models, the only data that the process can read. */
  private readonly store: string;

  constructor(
    store: string,
    private readonly limits: RuntimeLimits,
    private readonly log: Logger,
  ) {
    this.store = resolve(store);
  }

  run(version: Executable, inputs: readonly Tensor[], signal?: AbortSignal): Promise<Tensor[]> {
    return this.placed(version.versionId, async () => (await this.settle(version, inputs, [], signal)).outputs);
  }

  /**
   * Has a place among the runs that may wait, for all that leads to a run: nothing is begun that would be declined at its end.
   * @throws RunDeclinedError
   */
  async placed<Result>(versionId: string, act: () => Promise<Result>): Promise<Result> {
    if (this.waiting >= this.limits.queue) {
      throw new RunDeclinedError(versionId, `${this.limits.queue} runs are waiting already`);
    }
    this.waiting += 1;
    try {
      return await act();
    } finally {
      this.waiting -= 1;
    }
  }

  /**
   * Runs a version as `run` does, in a place that is taken; one that is shown its own outputs is shown drafts of them first.
   * @param drafts in the order of its outputs; those left out are zeros.
   * @returns also in how many runs the outputs were found: 1 for right drafts.
   */
  async settle(
    { versionId, path, digest, inputs: specs, outputs }: Executable,
    inputs: readonly Tensor[],
    drafts: readonly Tensor[],
    signal?: AbortSignal,
  ): Promise<{ readonly outputs: Tensor[]; readonly runs: number }> {
    const request: Request = {
      kind: "run",
      path: resolve(path),
      digest,
      inputs: specs.map(({ name }, i) => ({ name, tensor: inputs[i] ?? EMPTY })),
      outputs: outputs.map(({ name }) => name),
      drafts: drafts.map((tensor, i) => ({ name: outputs[i]?.name ?? "", tensor })),
    };
    const reply = await this.inTurn(versionId, request, signal);
    if (reply.kind === "outputs") return { outputs: [...reply.outputs], runs: reply.runs };
    if (reply.kind === "refused") throw new RefusedByModelError(versionId, reply.reason);
    throw faultIn(versionId, reply);
  }

  /**
   * Goes on with a text, and gives the token behind it. Between the steps of one text others have their turn. What a process
   * remembers of a text is lost with it: then this throws an ExecutionError.
   */
  async step(versionId: string, step: Omit<StepRequest, "kind">, signal?: AbortSignal): Promise<number> {
    const reply = await this.inTurn(versionId, { ...step, kind: "step", path: resolve(step.path) }, signal);
    if (reply.kind === "token") return reply.token;
    throw faultIn(versionId, reply);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.stop("closing");
  }

  /** One after another: a model uses all cores by itself, and a kill for one must not hit another. */
  private inTurn(versionId: string, request: Request, signal: AbortSignal | undefined): Promise<Reply> {
    const turn = this.last.then(() => {
      signal?.throwIfAborted();
      if (this.closed) throw new RunDeclinedError(versionId, STOPPING);
      return this.ask(versionId, request);
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** Sends one request and waits for its reply, for the end of the process, or for a limit. */
  private async ask(versionId: string, request: Request): Promise<Reply> {
    const done = new AbortController();
    try {
      const child = await this.start(versionId);
      const reply = once(child, "message", done).then(([message]) => message as Reply);
      const death = this.send(child, versionId, request, done.signal);
      return await Promise.race([reply, death, this.limit(versionId, done.signal)]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await this.stop(reason);
      if (error instanceof ExecutionError || error instanceof RunDeclinedError) throw error;
      throw new ExecutionError(versionId, reason);
    } finally {
      done.abort();
    }
  }

  /** Sends a request; rejects when the process is found dead, and never settles while it lives. */
  private send(child: ChildProcess, versionId: string, request: Request, signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      const died = () => {
        reject(this.lost(versionId, "the runtime died"));
      };
      child.once("exit", died);
      signal.addEventListener("abort", () => child.off("exit", died));
      // Of a process that has just been killed, the pipe may tell before its end does.
      child.send(request, (error) => {
        if (error !== null) died();
      });
    });
  }

  /** Rejects when a run breaks a limit, as the process's watch finds out; never settles while it keeps them. */
  private limit(versionId: string, signal: AbortSignal): Promise<never> {
    const deadline = performance.now() + this.limits.time;
    return new Promise((_, reject) => {
      this.running = {
        deadline,
        fail: (reason) => {
          reject(new ExecutionError(versionId, reason));
        },
      };
      signal.addEventListener("abort", () => (this.running = undefined));
    });
  }

  /** Looks after the limits of whatever a process runs, for as long as it lives: a text alone has a run for each of its bytes. */
  private async watch(child: ChildProcess): Promise<void> {
    while (child.exitCode === null && child.signalCode === null) {
      await new Promise((done) => setTimeout(done, MEMORY_CHECK_PERIOD).unref());
      const { running } = this;
      if (running === undefined || child !== this.child) continue;
      if (performance.now() > running.deadline) running.fail(`took more than ${this.limits.time} ms`);
      const used = await residentMemory(child);
      if (used > this.limits.memory * MIB) running.fail(`took more than ${this.limits.memory} MiB of memory`);
    }
  }

  private async start(versionId: string): Promise<ChildProcess> {
    if (this.child?.connected === true && this.child.exitCode === null) return this.child;
    const child = fork(RUNTIME, [], {
      // From here ONNX Runtime reads the external data of models, whatever Node itself may read.
      cwd: this.store,
      env: {},
      execArgv: ["--permission", "--allow-addons", "--disable-warning=PERM0001", ...readable(this.store)],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.child = child;
    void this.watch(child);
    child.on("error", (error) => {
      this.log.warn({ error: error.message }, "runtime process");
    });
    const ready = await Promise.race([once(child, "message"), once(child, "exit")]);
    if ((ready[0] as Reply | undefined)?.kind !== "ready") {
      throw this.lost(versionId, "the runtime does not start");
    }
    return child;
  }

  /** Why a run gets no reply: the process is gone by itself, or because the node stops. */
  private lost(versionId: string, reason: string): Error {
    return this.closed ? new RunDeclinedError(versionId, STOPPING) : new ExecutionError(versionId, reason);
  }

  private async stop(reason: string): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    this.log.debug({ reason }, "runtime process is killed");
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }
}

const faultIn = (versionId: string, reply: Reply): ExecutionError =>
  new ExecutionError(versionId, reply.kind === "failed" ? reply.reason : "it answered out of turn");

const EMPTY: Tensor = { dtype: 0, shape: [], data: new Uint8Array() };

/** What the runtime process may read: its own code, ONNX Runtime with what that needs, and the models. */
function readable(store: string): string[] {
  const require = createRequire(import.meta.url);
  const modules = require.resolve("onnxruntime-node").split(`${sep}node_modules${sep}`)[0] ?? "";
  return [dirname(dirname(RUNTIME)), `${modules}${sep}node_modules`, store].map((path) => `--allow-fs-read=${path}`);
}

/** Bytes; zero when the process is gone, whose end is noticed elsewhere. */
async function residentMemory({ pid }: ChildProcess): Promise<number> {
  if (pid === undefined) return 0;
  try {
    return (await pidusage(pid)).memory;
  } catch {
    return 0;
  }
}
