/**
 * Plays the long campaigns and writes what they came to into bench/assurance.json, with the command, the seeds and the time of
 * each. What is not named keeps its last result.
 *
 *   npm run campaign                          all of them, as wide as a change deserves
 *   npm run campaign -- --night               all of them, as long as a night
 *   npm run campaign -- fuzz differential
 *   npm run campaign -- fuzz --only root      of fuzz and invariants those in whose name is the word, to play them in parts
 */
import { spawn } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { Command } from "commander";
import { id } from "ethers";
import { Listr, PRESET_TIMER } from "listr2";

const FILE = "bench/assurance.json";
/** Random steps of one process against the model: a failure is found again from its seed. */
const SHARD_STEPS = 100_000;
/** The first seed; each shard plays one for every 5,000 steps. */
const FIRST_SEED = 1_000;
const SHARD_SEEDS = 20;
/** Where invariants tell what became of the calls of their handlers: the one file that Solidity tests may write to. */
const TALLY_FILE = "cache/tally.txt";
/** Of the calls of one play, so many have to be accepted. */
const LEAST_SHARE = 0.6;
/** Functions of handlers that try nothing but what has to be refused. */
const REFUSED: readonly string[] = ["Sessions.playAgain"];

type Figures = Readonly<Record<string, unknown>>;

interface Play {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Campaign {
  /** One process after the other. `out` is a file that one can write its results to. */
  readonly plays: (isNight: boolean, out: string) => readonly Play[];
  /** What is worth keeping of what they printed, or wrote. */
  readonly figuresOf: (printed: string, out: string) => Figures;
}

const command = new Command("campaign")
  .description("Plays the long campaigns, and writes what they came to into bench/assurance.json")
  .argument("[names...]", "campaigns; all of them if none is named")
  .option("--night", "as long as a night", false)
  .option("--only <word>", "of fuzz and invariants those in whose name it is", "")
  .parse();
const { night: isNight, only } = command.opts<{ night: boolean; only: string }>();

const solidity = (isNight: boolean, names: string, env: Play["env"] = {}): Play => ({
  command: [
    "hardhat",
    "--no-typechain",
    "test",
    "solidity",
    "--test-profile",
    isNight ? "night" : "wide",
    "--grep",
    `${names}.*${only}`,
  ],
  env,
});
/** One file in the folder of the node's tests. Built is the node already. */
const nodeTest = (file: string, env: Readonly<Record<string, string>>): Play => {
  const folder = "packages/node/test";
  const command = ["node", "--test", `--test-global-setup=${folder}/support/setup.ts`, `${folder}/${file}`];
  return { command, env };
};
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const numbersIn = (printed: string, pattern: RegExp): number[] =>
  [...printed.matchAll(pattern)].map(([, number = ""]) => Number(number));
/** A seed, and how often each thing happened, as a test says it in one line. */
const countsIn = (printed: string): { readonly seed: number; readonly counts: Readonly<Record<string, number>> } => {
  const [, seed, counts = "{}"] = /SEED=(\d+) (\{.*\})/.exec(printed) ?? [];
  return { seed: Number(seed), counts: JSON.parse(counts) as Record<string, number> };
};
/** The line of JSON that begins with a key. */
const lineIn = (printed: string, key: string): Figures => {
  const [line = "{}"] = new RegExp(`\\{"${key}":.*\\}`).exec(printed) ?? [];
  return JSON.parse(line) as Figures;
};
const json = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;

/** By its selector, which is all that Solidity knows of a function. */
function handlerFunctions(): ReadonlyMap<string, string> {
  const sources = globSync("test/invariants/*.sol").map((file) => readFileSync(file, "utf8"));
  const heads = sources.flatMap((source) => [...source.matchAll(/function (\w+)\(([\w ,]*)\)/g)]);
  return new Map(
    heads.map(([, name = "", parameters = ""]) => {
      const types = parameters.split(", ").map((parameter) => parameter.split(" ")[0]);
      return [id(`${name}(${types.join(",")})`).slice(0, 10), name];
    }),
  );
}

interface Calls {
  readonly tried: number;
  readonly done: number;
}

const allOf = (calls: readonly Calls[]): Calls => ({
  tried: sum(calls.map(({ tried }) => tried)),
  done: sum(calls.map(({ done }) => done)),
});
const shareOf = ({ tried, done }: Calls): number => done / tried;

/**
 * What became of the calls that each function of each handler made.
 *
 * @throws Error if all that a function ever tried was refused, or most of what one play tried: such play shows nothing.
 */
function tally(): Figures {
  const names = handlerFunctions();
  const moves = new Map<string, Calls>();
  for (const line of readFileSync(TALLY_FILE, "utf8").split("\n")) {
    const [play, selector = "", tried, done] = line.split(" ");
    if (play === "") continue;
    const move = `${play}.${names.get(selector) ?? selector}`;
    moves.set(move, allOf([moves.get(move) ?? allOf([]), { tried: Number(tried), done: Number(done) }]));
  }
  const idle = [...moves].filter(([move, { done }]) => done === 0 && !REFUSED.includes(move)).map(([move]) => move);
  if (idle.length > 0) throw new Error(`Whatever they tried was refused: ${idle.join(", ")}`);
  const byPlay = Map.groupBy(moves, ([move]) => move.split(".")[0] ?? "");
  const plays = [...byPlay].map(([play, its]) => [play, shareOf(allOf(its.map(([, calls]) => calls)))] as const);
  const refused = plays.filter(([, share]) => share < LEAST_SHARE);
  if (refused.length > 0) throw new Error(`Most was refused of ${refused.map((play) => play.join(": ")).join(", ")}`);
  const all = allOf([...moves.values()]);
  return {
    ...all,
    share: shareOf(all),
    plays: Object.fromEntries(plays.sort()),
    moves: Object.fromEntries([...moves].sort()),
  };
}

const CAMPAIGNS: Readonly<Record<string, Campaign>> = {
  fuzz: {
    plays: (isNight) => [solidity(isNight, "testFuzz")],
    figuresOf: (printed) => {
      const runs = numbersIn(printed, /✔ testFuzz.*\(runs: (\d+)/g);
      return { properties: runs.length, runs: sum(runs), leastRuns: Math.min(...runs) };
    },
  },
  invariants: {
    plays: (isNight) => {
      rmSync(TALLY_FILE, { force: true });
      return [solidity(isNight, "invariant_", { TALLY_FILE })];
    },
    figuresOf: (printed) => {
      const runs = numbersIn(printed, /✔ invariant_.*\(runs: (\d+)/g);
      return { invariants: runs.length, runs: sum(runs), ...tally() };
    },
  },
  differential: {
    plays: (isNight) =>
      Array.from({ length: isNight ? 10 : 2 }, (_, shard) => ({
        command: ["hardhat", "test", "mocha", "--no-compile", "test/model/differential.test.ts"],
        env: { STEPS: String(SHARD_STEPS), SEED: String(FIRST_SEED + SHARD_SEEDS * shard) },
      })),
    figuresOf: (printed) => {
      const shards = numbersIn(printed, /✔ do the same, in (\d+) random steps/g);
      return { steps: sum(shards), firstSeed: FIRST_SEED, lastSeed: FIRST_SEED + SHARD_SEEDS * shards.length - 1 };
    },
  },
  kills: {
    plays: (isNight) => [nodeTest("kill.test.ts", { KILLS: isNight ? "1000" : "200" })],
    figuresOf: (printed) => {
      const { seed, counts: boundaries } = countsIn(printed);
      return { kills: sum(Object.values(boundaries)), seed, boundaries };
    },
  },
  reorgs: {
    plays: (isNight) => [nodeTest("follow.test.ts", { REORGS: isNight ? "500" : "100" })],
    figuresOf: (printed) => ({
      reorgs: sum(numbersIn(printed, /✔ is what a fresh sync of the new chain gives, (\d+) times/g)),
      seed: sum(numbersIn(printed, /SEED=(\d+)/g)),
    }),
  },
  providers: {
    plays: (isNight) => [nodeTest("hostileRpc.ts", { JOBS: isNight ? "50" : "10" })],
    figuresOf: (printed) => {
      const { seed, counts } = countsIn(printed);
      return { meddled: sum(Object.values(counts)), seed, counts };
    },
  },
  soak: {
    plays: (isNight) => [nodeTest("soak.ts", { JOBS: isNight ? "100000" : "300" })],
    figuresOf: (printed) => lineIn(printed, "jobs"),
  },
  referee: {
    plays: (isNight) => [
      { command: ["node", "packages/sdk/bench/compare.ts"], env: { ELEMENTS: isNight ? "100000000" : "1000000" } },
    ],
    figuresOf: (printed) => lineIn(printed, "elements"),
  },
  proofs: {
    plays: (_, out) => [{ command: ["node", "scripts/prove.ts", "--out", out] }],
    figuresOf: (_, out) => json(out),
  },
  controls: {
    plays: () => [{ command: ["npm", "run", "-s", "test:controls"] }],
    figuresOf: (printed) => {
      const [, controls, red] = /(\d+) controls, (\d+) of them red/.exec(printed) ?? [];
      return { controls: Number(controls), red: Number(red) };
    },
  },
  mutation: {
    plays: (isNight, out) => [
      { command: ["npm", "run", "-s", "test:mutation", "--", "--out", out, ...(isNight ? [] : ["--one-in", "150"])] },
    ],
    figuresOf: (_, out) => {
      const { mutants, killed, score } = json(out);
      return { mutants, killed, score };
    },
  },
};

const unknown = command.args.filter((name) => !(name in CAMPAIGNS));
if (unknown.length > 0)
  throw new Error(`There is no campaign ${unknown.join(", ")}: ${Object.keys(CAMPAIGNS).join(", ")}`);
const chosen = Object.entries(CAMPAIGNS).filter(([name]) => command.args.length === 0 || command.args.includes(name));
const folder = mkdtempSync(join(tmpdir(), "opg-campaign-"));
process.once("exit", () => {
  rmSync(folder, { recursive: true });
});

await new Listr(
  chosen.map(([name, campaign]) => ({
    title: name,
    task: async (): Promise<void> => {
      keep(name, await result(name, campaign));
    },
  })),
  {
    exitOnError: false,
    rendererOptions: { timer: PRESET_TIMER },
    fallbackRendererOptions: { timer: PRESET_TIMER },
  },
).run();

/** @throws Error if a process fails: what is kept has passed. */
async function result(name: string, { plays, figuresOf }: Campaign): Promise<Figures> {
  const out = join(folder, `${name}.json`);
  const begun = Date.now();
  let printed = "";
  for (const { command, env = {} } of plays(isNight, out)) printed += await run(command, env);
  const seconds = Math.round((Date.now() - begun) / 1_000);
  const part = only === "" ? [] : ["--only", only];
  const command = ["npm run campaign --", name, ...(isNight ? ["--night"] : []), ...part].join(" ");
  return { command, seconds, ...figuresOf(printed, out) };
}

async function run([file = "", ...args]: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((done) => child.once("close", done));
  const [printed, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await ended) === 0) return printed;
  process.exitCode = 1;
  throw new Error(`${file} ${args.join(" ")} failed:\n${(printed + errors).slice(-5_000)}`);
}

function keep(name: string, figures: Figures): void {
  const before = existsSync(FILE) ? json(FILE) : {};
  const after = Object.fromEntries(
    Object.keys(CAMPAIGNS).flatMap((known) => {
      const value = known === name ? figures : before[known];
      return value === undefined ? [] : [[known, value]];
    }),
  );
  writeFileSync(FILE, `${JSON.stringify(after, null, 2)}\n`);
}
