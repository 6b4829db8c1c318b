/** Other processes: chains, and the suite's own commands as a user runs them. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

import { z } from "zod";

import { ask, HOST } from "./rpc.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const COMMANDS = `${ROOT}node_modules/.bin/`;
const PATIENCE = 20_000;

/** A chain in a process of its own. */
export interface Chain {
  readonly url: string;
  stop(): Promise<void>;
}

/** anvil, with a block every so many seconds. */
export const startAnvil = (chainId: number, blockPeriod: number): Promise<Chain> =>
  start(anvil(), (port) => [
    "--port",
    String(port),
    "--chain-id",
    String(chainId),
    "--block-time",
    String(blockPeriod),
    "--silent",
  ]);

/** Hardhat's node, with two blocks a second. */
export const startHardhatNode = (chainId: number): Promise<Chain> =>
  start(`${COMMANDS}hardhat`, (port) => [
    "--network",
    "local",
    "node",
    "--chain-id",
    String(chainId),
    "--hostname",
    HOST,
    "--port",
    String(port),
  ]);

/** The executable itself: the command of its npm package is another process, whose end would not be anvil's. */
function anvil(): string {
  const [executable] = globSync("node_modules/@foundry-rs/anvil-*/bin/anvil", { cwd: ROOT });
  if (executable === undefined) throw new Error("There is no anvil for this machine in node_modules: run `npm ci`");
  return ROOT + executable;
}

async function start(command: string, args: (port: number) => string[]): Promise<Chain> {
  const port = await freePort();
  const url = `http://${HOST}:${port}`;
  const child = spawn(command, args(port), { cwd: ROOT, stdio: "ignore" });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  for (const end = Date.now() + PATIENCE; ;) {
    try {
      await ask(url, "eth_chainId");
      return { url, stop };
    } catch (cause) {
      if (Date.now() > end || child.exitCode !== null) {
        await stop();
        throw new Error(`${command} does not answer at ${url}`, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, HOST);
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

const Report = z.looseObject({ exitCode: z.number() });
export type Report = z.infer<typeof Report>;

/** A command of the suite that runs. */
export interface Running {
  readonly process: ChildProcess;
  /** What it printed; with `killed` it printed nothing. */
  readonly report: Promise<Report | "killed">;
}

/** Starts `hardhat suite …` without a terminal. */
export function startSuite(args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const child = spawn(`${COMMANDS}hardhat`, ["suite", ...args, "--json"], {
    cwd: ROOT,
    env: { ...process.env, HARDHAT_DISABLE_TELEMETRY: "true", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err] = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    return chunks;
  });
  const report = once(child, "exit").then(([code, signal]: unknown[]) => {
    if (signal === "SIGKILL") return "killed" as const;
    const text = Buffer.concat(out ?? []).toString();
    if (text === "") throw new Error(`suite ${args.join(" ")} printed nothing: ${Buffer.concat(err ?? []).toString()}`);
    const parsed = Report.parse(JSON.parse(text));
    if (parsed.exitCode !== code)
      throw new Error(`suite ${args.join(" ")} says ${parsed.exitCode} and exits with ${String(code)}`);
    return parsed;
  });
  return { process: child, report };
}

/** Runs a command to its end, which must be with this code. */
export async function suite(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  exitCode = 0,
): Promise<Report> {
  const report = await startSuite(args, env).report;
  if (report === "killed" || report.exitCode !== exitCode) {
    throw new Error(`suite ${args.join(" ")}: ${JSON.stringify(report)}, expected exit code ${exitCode}`);
  }
  return report;
}
