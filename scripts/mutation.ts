/**
 * Makes small mistakes in the contracts, one at a time, and counts those that no test notices. Fails if fewer than 95 % are
 * noticed, or if one is not that `docs/mutants.md` does not account for. Works on copies.
 *
 *   npm run test:mutation                            all of them: days on two cores
 *   npm run test:mutation -- --since main            those in the files that were changed since
 *   npm run test:mutation -- --one-in 50             a sample, the same ones each time
 *   npm run test:mutation -- contracts/Mandates.sol
 */
import { execFileSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

import { Command } from "commander";
import { id } from "ethers";
import { Listr } from "listr2";

import { Build, DoesNotCompile } from "./lab/Build.ts";
import type { Lab } from "./lab/Lab.ts";
import { Pool } from "./lab/Pool.ts";
import { type Mutant, mutantsOf } from "./mutation/mutants.ts";

const SOURCES = "contracts/**/*.sol";
/** What is not deployed: a mistake there is one in a test, or none at all. */
const NO_CODE = /^contracts\/(test|interfaces|types)\//;
const TESTS = "test/**/*.{test.ts,t.sol}";
/** Each mistake that stays unseen, with the reason. */
const DOCUMENT = "docs/mutants.md";
const ROW = /^\| `([^`]+)` +\|/gm;
const LEAST_SCORE = 0.95;

type Fate = "killed" | "survived" | "same code" | "no code";

interface Result {
  readonly key: string;
  readonly line: number;
  readonly fate: Fate;
}

const options = parse();
const tests = globSync(TESTS).sort();
const build = Build.read(".");
const all = options.sources.flatMap((source) => mutantsOf(source, build.contentOf(source), build.treeOf(source)));
const chosen = all.filter(({ key }) => BigInt(id(key)) % BigInt(options.oneIn) === 0n);
const results: Result[] = [];
const begun = Date.now();
await run(chosen);
report();

interface Options {
  readonly sources: readonly string[];
  readonly oneIn: number;
  readonly out: string | undefined;
}

function parse(): Options {
  const command = new Command("mutation")
    .description("Counts the mistakes in contracts that no test notices")
    .argument("[sources...]", "contracts; all of them if none is named")
    .option("--since <ref>", "only contracts that differ from this commit")
    .option("--one-in <n>", "only every n-th mistake", Number, 1)
    .option("--out <file>", "write results there, as JSON")
    .parse();
  const { since, oneIn, out } = command.opts<{ since?: string; oneIn: number; out?: string }>();
  const changed =
    since === undefined
      ? undefined
      : execFileSync("git", ["diff", "--name-only", since], { encoding: "utf8" }).split("\n");
  const sources = globSync(SOURCES)
    .filter((source) => !NO_CODE.test(source))
    .filter((source) => command.args.length === 0 || command.args.includes(source))
    .filter((source) => changed === undefined || changed.includes(source))
    .sort();
  return { sources, oneIn, out };
}

/** One task for each source, as many at once as there are labs. */
async function run(mutants: readonly Mutant[]): Promise<void> {
  const bySource = Map.groupBy(mutants, ({ source }) => source);
  const labs = await Pool.of(build, bySource.size);
  const tasks = [...bySource].map(([source, ofSource]) => ({
    title: source,
    task: (_: unknown, task: { title: string; output: string }) =>
      labs.lend(async (lab) => {
        const fates: Fate[] = [];
        for (const mutant of ofSource) {
          const fate = await fateOf(lab, mutant);
          fates.push(fate);
          results.push({ key: mutant.key, line: mutant.line, fate });
          task.output = `${fates.length} of ${ofSource.length}: ${fate}, ${mutant.key}`;
        }
        task.title = `${source}: ${fates.filter((fate) => fate === "killed").length} of ${fates.length} killed`;
      }),
  }));
  await new Listr(tasks, { concurrent: labs.size, exitOnError: true, fallbackRenderer: "verbose" }).run();
}

async function fateOf(lab: Lab, { source, content }: Mutant): Promise<Fate> {
  const compiled = await build.compile(new Map([[source, content]])).catch((error: unknown) => {
    if (error instanceof DoesNotCompile) return undefined;
    throw error;
  });
  if (compiled === undefined) return "no code";
  const changed = compiled.filter((contract) => contract.fields["bytecode"] !== lab.artifactOf(contract)["bytecode"]);
  if (changed.length === 0) return "same code";
  const restore = lab.install(compiled);
  const restoreSource = lab.change(source, () => content);
  try {
    for (const stage of stagesOf(source)) {
      const mocha = stage.filter((path) => path.endsWith(".ts"));
      if (mocha.length > 0 && (await lab.mocha(mocha)).failed > 0) return "killed";
      const solidity = stage.filter((path) => path.endsWith(".sol"));
      if (solidity.length > 0 && (await lab.solidity(solidity)).failed > 0) return "killed";
    }
  } finally {
    restore();
    restoreSource();
  }
  return "survived";
}

/** Its own tests first, then those of what uses it, then all others in TypeScript. */
function stagesOf(source: string): string[][] {
  const own = testsOf([source]);
  const users = testsOf(build.usersOf(source)).filter((path) => !own.includes(path));
  const others = tests.filter((path) => path.endsWith(".ts") && !own.includes(path) && !users.includes(path));
  return [own, users, others];
}

/** The folder of a contract's tests has its name, and so has the file of a library's. */
function testsOf(sources: readonly string[]): string[] {
  const names = new Set(sources.map((source) => basename(source, ".sol")));
  return tests.filter((path) => path.split(/[./]/).some((part) => names.has(part)));
}

function report(): void {
  const accounted = new Set([...readFileSync(DOCUMENT, "utf8").matchAll(ROW)].map(([, key = ""]) => key));
  const count = (fate: Fate) => results.filter((result) => result.fate === fate).length;
  const survivors = results.filter(({ fate }) => fate === "survived");
  const unaccounted = survivors.filter(({ key }) => !accounted.has(key));
  const killed = count("killed");
  const mutants = killed + survivors.length;
  const score = mutants === 0 ? 1 : killed / mutants;
  for (const { key, line } of unaccounted) console.error(`Nobody noticed, line ${line}: ${key}`);
  console.log(
    `${mutants} mistakes of ${all.length}, ${killed} noticed, ${survivors.length} not: ${(100 * score).toFixed(2)} %; ` +
      `${count("same code")} change nothing and ${count("no code")} do not compile`,
  );
  const seconds = Math.round((Date.now() - begun) / 1_000);
  if (options.out !== undefined)
    writeFileSync(options.out, `${JSON.stringify({ mutants, killed, score, seconds, results }, null, 2)}\n`);
  if (score < LEAST_SCORE || unaccounted.length > 0) process.exitCode = 1;
}
