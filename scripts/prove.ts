/**
 * Proves with the model checker of the compiler, and z3, what the files of `test/formal` assert of the libraries: for every
 * input that meets the requirements, not for some. Fails when an assertion is violated, undecided, or holds of no input at all,
 * or when there are too few of them in all.
 *
 *   npm run prove
 *   npm run prove -- test/formal/Fees.sol --json
 *   npm run prove -- --out assurance.json
 */
import { execFile } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

import Table from "cli-table3";
import { Command } from "commander";
import { Listr, PRESET_TIMER } from "listr2";

import type { Assertion, Outcome } from "./prove/check.ts";

const LEAST = 60;
const CHECK = join(import.meta.dirname, "prove/check.ts");
/** Milliseconds for one file. */
const MOST_TIME = 15 * 60_000;
const PACKAGES = ["solc", "z3-solver"];

const command = new Command("prove")
  .description("Proves for every input what the files assert")
  .argument("[files...]", "files of assertions; all of test/formal if none is named")
  .option("--json", "print every assertion as JSON", false)
  .option("--out <file>", "write counts, seconds and versions there")
  .option("--least <count>", "assertions that must be proved", Number)
  .parse();
const options = command.opts<{ json: boolean; out?: string; least?: number }>();
const isWhole = command.args.length === 0;
const least = options.least ?? (isWhole ? LEAST : 1);
const files = isWhole
  ? globSync("test/formal/*.sol")
      .filter((file) => !file.endsWith(".t.sol"))
      .sort()
  : command.args;

interface Result {
  readonly file: string;
  readonly seconds: number;
  readonly assertions: readonly Assertion[];
}

const run = promisify(execFile);
const start = performance.now();
const results: Result[] = [];

async function prove(file: string): Promise<Result> {
  const begun = performance.now();
  const { stdout } = await run(process.execPath, [CHECK, file], { timeout: MOST_TIME, maxBuffer: 1 << 26 });
  const assertions = JSON.parse(stdout) as Assertion[];
  return { file, seconds: Math.round((performance.now() - begun) / 1_000), assertions };
}

const count = (result: Result, outcome: Outcome): number =>
  result.assertions.filter((assertion) => assertion.outcome === outcome).length;

await new Listr(
  files.map((file) => ({
    title: basename(file),
    task: async (_: unknown, task: { title: string }): Promise<void> => {
      const result = await prove(file);
      results.push(result);
      task.title = `${basename(file)}: ${count(result, "proved")} of ${result.assertions.length} proved`;
    },
  })),
  {
    concurrent: availableParallelism(),
    exitOnError: false,
    // What is printed to be read by a program has no progress in it.
    renderer: options.json ? "silent" : "default",
    rendererOptions: { timer: PRESET_TIMER },
    fallbackRendererOptions: { timer: PRESET_TIMER },
  },
).run();
results.sort((a, b) => a.file.localeCompare(b.file, "en"));

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")) as { version: string }).version;
const assertions = results.flatMap(({ file, assertions }) => assertions.map((assertion) => ({ file, ...assertion })));
const proved = assertions.filter(({ outcome }) => outcome === "proved").length;
const summary = {
  command: "npm run prove",
  proved,
  violated: assertions.filter(({ outcome }) => outcome === "violated").length,
  unknown: assertions.filter(({ outcome }) => outcome === "unknown").length,
  vacuous: assertions.filter(({ outcome }) => outcome === "vacuous").length,
  least,
  seconds: Math.round((performance.now() - start) / 1_000),
  engine: "bmc",
  versions: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
  files: results.map((result) => ({
    file: result.file,
    proved: count(result, "proved"),
    of: result.assertions.length,
    seconds: result.seconds,
  })),
};

const failed = files.filter((file) => results.every((result) => result.file !== file));
const isSound = failed.length === 0 && proved === assertions.length && proved >= least;
if (options.json) console.log(JSON.stringify({ ...summary, assertions }, null, 2));
else {
  const table = new Table({
    head: ["file", "function", "proved", "violated", "unknown"],
    style: { head: [], border: [] },
  });
  for (const [key, group] of Map.groupBy(assertions, ({ file, function: name }) => `${file} ${name}`)) {
    const of = (...outcomes: readonly Outcome[]): number =>
      group.filter(({ outcome }) => outcomes.includes(outcome)).length;
    const [file = "", name = ""] = key.split(" ");
    table.push([basename(file), name, of("proved"), of("violated"), of("unknown", "vacuous")]);
  }
  console.log(table.toString());
  for (const { file, line, outcome } of assertions.filter(({ outcome }) => outcome !== "proved"))
    console.error(`${file}:${line}: ${outcome}`);
  console.log(
    `${proved} of ${assertions.length} assertions proved in ${summary.seconds} s, at least ${least} are wanted`,
  );
}
for (const file of failed) console.error(`${file} was not checked`);
if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(summary, null, 2)}\n`);
if (!isSound) process.exitCode = 1;
