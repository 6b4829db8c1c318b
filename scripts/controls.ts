/**
 * Negative controls. Takes out, one by one, the defences against each threat that counts most, and fails unless a test that
 * names the threat goes red: one that stays green without the defence proves nothing. Works on copies.
 *
 *   npm run test:controls
 *   npm run test:controls -- T022 T023
 *   npm run test:controls -- --json
 */
import { basename, resolve } from "node:path";

import { Command } from "commander";
import { Listr } from "listr2";

import { Build } from "./lab/Build.ts";
import type { Lab, Outcome } from "./lab/Lab.ts";
import { Pool } from "./lab/Pool.ts";
import { controlsOf, readThreats, readTitles, solidityNamesOf } from "./threats.ts";

interface Control {
  readonly id: string;
  readonly patch: string;
  /** The first file with a test that named the threat and went red. */
  red?: string;
}

const { args, json } = options();
const titles = readTitles();
const critical = readThreats().filter(({ isCritical }) => isCritical);
const unknown = args.filter((id) => !critical.some((threat) => threat.id === id));
if (unknown.length > 0) throw new Error(`No document has ${unknown.join(", ")} as critical`);
const controls: Control[] = critical
  .filter(({ id }) => args.length === 0 || args.includes(id))
  .flatMap(({ id }) => controlsOf(id).map((patch) => ({ id, patch })));

const labs = await Pool.of(Build.read("."), controls.length);
const begun = Date.now();
await new Listr(
  controls.map((control) => ({
    title: basename(control.patch),
    task: async (_, task): Promise<void> => {
      control.red = await labs.lend((lab) => firstRed(lab, control));
      task.title = `${basename(control.patch)}: ${control.red}`;
    },
  })),
  { concurrent: labs.size, exitOnError: false, renderer: json ? "silent" : "default", fallbackRenderer: "simple" },
).run();
const red = controls.filter((control) => control.red !== undefined);
const seconds = Math.round((Date.now() - begun) / 1_000);
if (json)
  console.log(JSON.stringify({ controls: controls.length, red: red.length, seconds, results: controls }, null, 2));
else console.log(`${controls.length} controls, ${red.length} of them red, in ${seconds} s`);
if (red.length < controls.length) process.exitCode = 1;

function options(): { args: string[]; json: boolean } {
  const command = new Command("controls")
    .description("Fails unless the tests that name a threat go red without its defence")
    .argument("[ids...]", "threats; all of the most critical ones if none is named")
    .option("--json", "print results as JSON", false)
    .parse();
  return { args: command.args, json: command.opts<{ json: boolean }>().json };
}

/** The first file whose tests go red without the defence, and are green with it; the quickest kinds first. */
async function firstRed(lab: Lab, { id, patch }: Control): Promise<string> {
  const undo = await lab.apply(resolve(patch));
  const red = await redOf(runsOf(lab, id, testsNaming(id))).finally(undo);
  if (red === undefined) throw new Error(`${patch}: its tests stay green without the defence`);
  if ((await red.run()).failed > 0) throw new Error(`${id}: ${red.path} is red with the defence, too`);
  return red.path;
}

function testsNaming(id: string): string[] {
  return [...titles].filter(([, ids]) => ids.has(id)).map(([path]) => path);
}

/** A behaviour has tests in its file that not all who share in it run. */
async function redOf(runs: readonly Run[]): Promise<Run | undefined> {
  let ran = 0;
  for (const run of runs) {
    const { passed, failed } = await run.run();
    if (failed > 0) return run;
    ran += passed;
  }
  if (ran === 0) throw new Error("no test that names it runs");
  return undefined;
}

interface Run {
  readonly path: string;
  readonly run: () => Promise<Outcome>;
}

function runsOf(lab: Lab, id: string, paths: readonly string[]): Run[] {
  const at = (folder: string, end: string) => paths.filter((path) => path.startsWith(folder) && path.endsWith(end));
  const [mocha, solidity, packages] = [at("test/", ".test.ts"), at("test/", ".t.sol"), at("packages/", ".test.ts")];
  return [
    ...mocha.map((path) => ({ path, run: () => lab.mocha([path], id) })),
    ...packages
      .filter((path) => !path.includes("/e2e/"))
      .map((path) => ({ path, run: () => lab.package(path.split("/").slice(0, 2).join("/"), [path], id) })),
    ...solidity.map((path) => ({ path, run: () => lab.solidity([path], solidityNamesOf(path, id)) })),
  ];
}
