/** `npm run bench:node`: what the daemon costs in time and memory. Writes bench/node.json. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { arch, cpus, platform, tmpdir, totalmem } from "node:os";
import { join } from "node:path";

import { log, progress } from "@clack/prompts";

import { ROOT } from "../test/support/network.ts";
import { benchAnswering } from "./answering.ts";
import { benchCatchUp } from "./catchUp.ts";

const JOBS = 10_000;
const LOGS = 100_000;

/** Shows how far the work is, where somebody looks; says what came out. */
async function during<T>(doing: string, max: number, work: (tick: (count: number) => void) => Promise<T>): Promise<T> {
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

const rounded = (figures: object): object =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number((value as number).toPrecision(3))]));

const folder = mkdtempSync(join(tmpdir(), "opg-bench-"));
try {
  const answering = await during(`Answers ${JOBS} jobs`, JOBS, (tick) =>
    benchAnswering(folder, JOBS, () => {
      tick(1);
    }),
  );
  const catchUp = await during(`Catches up on ${LOGS} logs`, LOGS, (tick) => benchCatchUp(folder, LOGS, tick));
  const [cpu] = cpus();
  const report = {
    command: "npm run bench:node",
    machine: {
      cpu: cpu?.model ?? "unknown",
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 1024 ** 3),
      system: `${platform()} ${arch()}`,
      node: process.version,
    },
    units: {
      bareRun: "ms, one run of the digits model in ONNX Runtime, called directly",
      job: "ms, one job in the node from its order to its end, the chain's own time left out",
      overhead: "job / bareRun",
      memory: "MiB resident in the daemon's process, after all jobs; memoryAfterTenth after a tenth of them",
      seconds: "from the first request for logs to the last write to the journal",
    },
    answering: rounded(answering),
    catchUp: rounded(catchUp),
  };
  writeFileSync(join(ROOT, "bench/node.json"), `${JSON.stringify(report, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
