/** `npm run bench:sessions`: what calls in sessions cost in time and memory. Writes bench/sessions.json. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { killMany } from "../test/support/sessionKills.ts";
import { benchReceipts } from "./manyReceipts.ts";
import { benchPaidCalls } from "./paidCalls.ts";
import { during, machine, rounded, writeFigures } from "./report.ts";

const CALLS = 1_000;
const RECEIPTS = 1_000_000;
const KILLS = 100;

const folder = mkdtempSync(join(tmpdir(), "opg-bench-"));
try {
  const each = (tick: (count: number) => void) => () => {
    tick(1);
  };
  // Half of the calls in turn with as many that nobody pays for, then one after the other, then in 16 sessions.
  const made = 4 * CALLS;
  const digits = await during("Calls the digits model", made, (tick) =>
    benchPaidCalls(folder, "digits", CALLS, each(tick)),
  );
  const echo = await during("Calls a model that does nothing", made, (tick) =>
    benchPaidCalls(folder, "echo", CALLS, each(tick)),
  );
  const kills = await during(`Kills the process ${KILLS} times`, KILLS, (tick) => killMany(folder, KILLS, each(tick)));
  const receipts = await during(`Keeps ${RECEIPTS} receipts`, RECEIPTS, (tick) =>
    benchReceipts(folder, RECEIPTS, tick),
  );
  writeFigures("bench/sessions.json", {
    command: "npm run bench:sessions",
    machine: machine(),
    units: {
      oneSession: "calls per second, one after the other",
      sixteenSessions: "calls per second, in 16 sessions at once, all payers in one process",
      bareP50:
        "ms, a call of the same door and backend that nobody pays for; paid: a call in a session, in turn with those",
      addedP50: "ms, the difference of the two; P99 likewise",
      memory: "MiB resident in the process of the benchmark, with the real book and table and made-up calls",
      disk: "MiB of the book, with an input and an output of 64 bytes for each receipt",
      lost: "receipts that a payer has seen and the node has not after its process was killed",
    },
    digits: rounded(digits),
    echo: rounded(echo),
    receipts: rounded(receipts),
    kills,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
