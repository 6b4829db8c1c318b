/** How benchmarks show that they work, and what they write. */
import { writeFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";
import { join } from "node:path";

import { log, progress } from "@clack/prompts";

import { ROOT } from "../test/support/network.ts";

/** Shows how far the work is, where somebody looks; says what came out. */
export async function during<T>(
  doing: string,
  max: number,
  work: (tick: (count: number) => void) => Promise<T>,
): Promise<T> {
  log.step(doing);
  if (!process.stdout.isTTY) return work(() => undefined);
  const bar = progress({ max });
  bar.start(doing);
  const result = await work((count) => {
    bar.advance(count);
  });
  bar.stop(doing);
  return result;
}

/** To three digits. */
export const rounded = (figures: object): object =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number((value as number).toPrecision(3))]));

export function machine(): object {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${arch()}`,
    node: process.version,
  };
}

export function writeFigures(path: string, figures: object): void {
  writeFileSync(join(ROOT, path), `${JSON.stringify(figures, null, 2)}\n`);
}
