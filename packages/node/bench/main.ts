/** `npm run bench:node`: what the daemon costs in time and memory. Writes bench/node.json. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { benchAnswering } from "./answering.ts";
import { benchCatchUp } from "./catchUp.ts";
import { during, machine, rounded, writeFigures } from "./report.ts";

const JOBS = 10_000;
const LOGS = 100_000;

const folder = mkdtempSync(join(tmpdir(), "opg-bench-"));
try {
  const answering = await during(`Answers ${JOBS} jobs`, JOBS, (tick) =>
    benchAnswering(folder, JOBS, () => {
      tick(1);
    }),
  );
  const catchUp = await during(`Catches up on ${LOGS} logs`, LOGS, (tick) => benchCatchUp(folder, LOGS, tick));
  writeFigures("bench/node.json", {
    command: "npm run bench:node",
    machine: machine(),
    units: {
      bareRun: "ms, one run of the digits model in ONNX Runtime, called directly",
      job: "ms, one job in the node from its order to its end, the chain's own time left out",
      overhead: "job / bareRun",
      memory: "MiB resident in the daemon's process, after all jobs; memoryAfterTenth after a tenth of them",
      seconds: "from the first request for logs to the last write to the journal",
    },
    answering: rounded(answering),
    catchUp: rounded(catchUp),
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
