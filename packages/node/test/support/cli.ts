/** Commands as operators give them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

import { BIN } from "./network.ts";

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** What `opg-node doctor --json` prints. */
export interface Report {
  readonly healthy: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

/** Runs a command to its end, as an operator would. */
export async function opgNode(...args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 });
  const exit = once(child, "exit") as Promise<[number | null]>;
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, output, errors };
}

/** The names of what doctor found missing. */
export const missing = ({ checks }: Report): string[] => checks.filter(({ ok }) => !ok).map(({ name }) => name);
