/** `npm run bench:referee`: what a trace costs, and how far it is from ONNX Runtime's. Writes bench/referee.json. */
import { readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";

import { log, progress } from "@clack/prompts";

import { benchCampaign } from "./campaign.ts";
import { benchTrace } from "./trace.ts";

const ROOT = new URL("../../../", import.meta.url);
/** Elements that are compared with each runtime. */
const ELEMENTS = 1_000_000;

const rounded = (figures: object): object =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number((value as number).toPrecision(3))]));

log.step("Traces the digits model");
const trace = await benchTrace(readFileSync(new URL("examples/digits/digits.onnx", ROOT)));

log.step(`Compares ${ELEMENTS} elements with each runtime`);
const bar = process.stdout.isTTY ? progress({ max: ELEMENTS }) : undefined;
bar?.start("Compares");
const campaign = await benchCampaign(ELEMENTS, (count) => bar?.advance(count));
bar?.stop("Compares");

const [cpu] = cpus();
const report = {
  command: "npm run bench:referee",
  machine: {
    cpu: cpu?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${arch()}`,
    node: process.version,
  },
  units: {
    inference: "ms, one run of the digits model in ONNX Runtime, called directly",
    run: "ms, one run of it in the executor",
    trace: "ms, one run in the executor with the root of every tensor",
    overhead: "trace / inference",
    elements: "compared with each runtime, by operator: random and adversarial cases, and random networks",
    mismatches: "elements that differ from any runtime",
  },
  trace: rounded(trace),
  campaign,
};
writeFileSync(new URL("bench/referee.json", ROOT), `${JSON.stringify(report, null, 2)}\n`);
