/** The daemon as operators start it: a process that can be killed. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

import { BIN, eventually, type TestNode } from "./network.ts";

export class DaemonProcess {
  #process: ChildProcess | undefined;
  #output = "";
  readonly #node: TestNode;
  readonly #command: string;
  #preloads: readonly string[] = [];
  #env: NodeJS.ProcessEnv = process.env;

  constructor(node: TestNode, command = "start") {
    this.#node = node;
    this.#command = command;
  }

  get output(): string {
    return this.#output;
  }

  /** From its next start on it loads a module of this folder before anything else, which finds these variables. */
  preload(module: string, env: Readonly<Record<string, string>>): void {
    this.#preloads = ["--import", new URL(module, import.meta.url).href];
    this.#env = { ...process.env, ...env };
  }

  start(...flags: readonly string[]): void {
    const args = [...this.#preloads, BIN, "--data", this.#node.folder, this.#command, "--log", "info", ...flags];
    this.#process = spawn(process.execPath, args, { env: this.#env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
  }

  /** Waits until it has read the chain up to its head. */
  async ready(): Promise<void> {
    try {
      await eventually("the daemon is ready", () => {
        if (this.#process?.exitCode !== null) throw new Error(`The daemon has ended (${this.#process?.exitCode})`);
        return fetch(`${this.#node.url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
      });
    } catch (error) {
      throw new Error(`It said last:\n${this.#output.slice(-2_000)}`, { cause: error });
    }
  }

  /** Ends it without a word, as a power cut would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Asks it to stop; gives its exit code. */
  async stop(): Promise<number | null> {
    return this.#end("SIGTERM");
  }

  /** The exit code of a process that ends by itself; null if a signal has ended it. */
  async ended(): Promise<number | null> {
    const process_ = this.#process;
    if (process_ === undefined) return null;
    if (process_.exitCode === null && process_.signalCode === null) await once(process_, "exit");
    return process_.exitCode;
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const process_ = this.#process;
    if (process_ === undefined || process_.exitCode !== null || process_.signalCode !== null) return null;
    const exit = once(process_, "exit");
    process_.kill(signal);
    const [code] = (await exit) as [number | null];
    return code;
  }
}
