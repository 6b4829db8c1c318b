/**
 * The second part of `npm run bench:referee`: how fast the language model of the examples writes and is checked, how far the
 * executor is from ONNX Runtime in language models, and what a large one costs. Adds to bench/referee.json, which the first part
 * has written.
 */
import { readFileSync, writeFileSync } from "node:fs";

import { log, progress } from "@clack/prompts";

import { rounded } from "../../sdk/bench/figures.ts";
import { benchElements } from "./elements.ts";
import { benchLarge } from "./large.ts";
import { benchVerses } from "./verses.ts";

const FILE = new URL("../../../bench/referee.json", import.meta.url);
/** Elements that are compared with each runtime. */
const ELEMENTS = 40_000_000;

const UNITS = {
  "language.verses.tokens": "bytes that are written, behind a prompt of 12 in a window of 64; one thread",
  "language.verses.tokensPerSecond":
    "the prompt's runs included; uncached: a pass over the window for each byte; float: the same model as it was trained",
  "language.verses.floatError": "nats, logits of the graph in float against the exporter's own forward pass",
  "language.verses.passes": "ms; integer and float in ONNX Runtime, compile, run and trace in the executor",
  "language.verses.check": "one pass over the window of 64 / writing all bytes in integers, cached",
  "language.elements": "compared with each runtime, every tensor that the file has; random layers are 256 to 768 wide",
  "language.large":
    "ms each, (float)inference in ONNX Runtime on one thread; memory resident after the traces; elements of all tensors",
  "language.mismatches": "bytes that differ from any runtime",
  "language.dispute": "gas of each move; a node has changed one element of the largest tensor of the large model",
};

interface Report {
  readonly units: Readonly<Record<string, string>>;
}

log.step("Traces a large language model");
const large = await benchLarge();

log.step("Writes and checks verses");
const verses = await benchVerses();

log.step(`Compares ${ELEMENTS} elements of language models with each runtime`);
const bar = process.stdout.isTTY ? progress({ max: ELEMENTS }) : undefined;
bar?.start("Compares");
const elements = await benchElements(ELEMENTS, (count) => bar?.advance(count));
bar?.stop("Compares");

const report = JSON.parse(readFileSync(FILE, "utf8")) as Report;
const units = { ...report.units, ...UNITS };
const language = rounded({ verses, elements, large });
writeFileSync(FILE, `${JSON.stringify({ ...report, units, language }, null, 2)}\n`);
