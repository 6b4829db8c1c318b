/**
 * The first part of `npm run bench:referee`: what traces cost, how far they are from ONNX Runtime's, and how much an
 * opening takes. Writes bench/referee.json, to which packages/cli/bench/main.ts adds language models and
 * scripts/bench-referee.ts what a dispute costs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";

import { log, progress } from "@clack/prompts";

import { compile, DType } from "../src/onnx/index.ts";
import { benchCampaign, byteSubjects } from "./campaign.ts";
import { rounded } from "./figures.ts";
import { benchMobileNet } from "./mobileNet.ts";
import { benchOpenings } from "./openings.ts";
import { benchTrace } from "./trace.ts";

const ROOT = new URL("../../../", import.meta.url);
/** Elements that are compared with each runtime. */
const ELEMENTS = 1_000_000;

log.step("Traces a network of MobileNetV2's layers");
const mobileNet = await benchMobileNet();

log.step("Traces the digits model");
const digits = readFileSync(new URL("examples/digits/digits.onnx", ROOT));
const trace = await benchTrace(digits);
const picture = { dtype: DType.Uint8, shape: [1, 1, 8, 8], data: Uint8Array.from({ length: 64 }, (_, i) => 3 * i) };
const openings = benchOpenings(compile(digits), [picture]);

log.step(`Compares ${ELEMENTS} elements with each runtime`);
const bar = process.stdout.isTTY ? progress({ max: ELEMENTS }) : undefined;
bar?.start("Compares");
const { runtimes, elements, mismatches } = await benchCampaign(byteSubjects(ELEMENTS), (count) => bar?.advance(count));
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
    openings: "bytes of words, siblings and paths that prove one element of each step of the digits model",
    mobileNet:
      "ms each; memory resident after the trace; a network of random weights with MobileNetV2's 52 convolutions",
    elements: "compared with each runtime, by operator: random and adversarial cases, and random networks",
    mismatches: "elements that differ from any runtime",
  },
  trace: rounded(trace),
  openings,
  mobileNet,
  campaign: { runtimes, elements, mismatches },
};
writeFileSync(new URL("bench/referee.json", ROOT), `${JSON.stringify(report, null, 2)}\n`);
