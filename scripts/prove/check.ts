/**
 * Proves the assertions of one file, and prints what it found as JSON. One process each: the compiler does not share a thread.
 *
 *   node scripts/prove/check.ts test/formal/Fees.sol
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { init } from "z3-solver";

import { inBits, inIntegers } from "./bits.ts";
import { overIntegers, queryOf, type Query } from "./query.ts";
import { sourcesOf } from "./sources.ts";

export type Outcome = "proved" | "violated" | "unknown" | "vacuous";

export interface Assertion {
  readonly contract: string;
  readonly function: string;
  readonly line: number;
  readonly outcome: Outcome;
}

type Solver = (query: string) => { readonly contents: string };
interface Solc {
  readonly compile: (input: string, callbacks: { import: (path: string) => object; smtSolver?: Solver }) => string;
}
interface Message {
  readonly errorCode?: string;
  readonly severity: string;
  readonly formattedMessage: string;
  readonly sourceLocation?: { readonly file: string; readonly start: number; readonly end: number };
}

const [SAFE, UNPROVED] = ["2961", "7812"];
/** Milliseconds in which a way must have an answer, the one that is likely to have it at last. */
const QUICK = 3_000;
const PATIENT = Number(process.env["PROVE_TIMEOUT"] ?? 60_000);
/** Whether the facts without the goal have a model at all; to look longer would prove nothing. */
const VACUOUS = 3_000;

const [file = ""] = process.argv.slice(2);
const solc = createRequire(import.meta.url)("solc") as Solc;
const { Z3 } = await init();

async function answerOf(text: string, milliseconds: number): Promise<string> {
  Z3.global_param_set("timeout", String(milliseconds));
  const config = Z3.mk_config();
  const context = Z3.mk_context(config);
  Z3.del_config(config);
  try {
    const answer = await Z3.eval_smtlib2_string(context, text);
    return /^(sat|unsat)\s*$/.exec(answer.trim())?.[1] ?? "unknown";
  } finally {
    Z3.del_context(context);
  }
}

/** Asks in bits and over integers in turn, first with little patience: what is hard for one is often easy for the other. */
async function solved(query: Query): Promise<Outcome> {
  const bits = inBits(query);
  const integers = { text: overIntegers(inIntegers(query)), isWhole: true };
  const ways = bits === undefined ? [integers] : [bits, integers];
  if (!integers.text.includes("(bv")) ways.reverse();
  for (const patience of [QUICK, PATIENT])
    for (const { text, isWhole } of ways) {
      const answer = await answerOf(text, patience);
      if (answer === "unsat") return "proved";
      // Without some of its facts a query can have a model that it does not have with them.
      if (answer === "sat" && isWhole) return "violated";
    }
  return "unknown";
}

/** Whether no input at all meets the requirements of the function, so that whatever it asserts would hold. */
async function isVacuous(query: Query): Promise<boolean> {
  const rest = { ...query, goal: [] };
  // Facts that bits leave out could be those that exclude each other.
  const bits = inBits(rest);
  const texts = [...(bits?.isWhole === true ? [bits.text] : []), overIntegers(inIntegers(rest))];
  for (const text of texts) {
    const answer = await answerOf(text, VACUOUS);
    if (answer !== "unknown") return answer === "unsat";
  }
  return false;
}

const content = readFileSync(file, "utf8");
const sources = sourcesOf(file, content, solc.compile);
const contracts = [...content.matchAll(/^contract (\w+)/gm)].map(([, name = ""]) => name);
const input = JSON.stringify({
  language: "Solidity",
  sources,
  settings: {
    evmVersion: "osaka",
    outputSelection: {},
    modelChecker: {
      engine: "bmc",
      targets: ["assert"],
      solvers: ["smtlib2"],
      showProvedSafe: true,
      showUnproved: true,
      contracts: { [file]: contracts },
    },
  },
});
const nothingElse = (path: string): object => ({ error: `${path} was not there before` });

/** The same for a query that is asked again: only the order of its parts depends on where the compiler has put them in memory. */
function keyOf(query: string): string {
  const lines = query.split("\n").filter((line) => line !== "" && !line.includes("EVALEXPR"));
  const goal = /\(not [^()]*\)\)+$/.exec(lines.findLast((line) => line.startsWith("(assert")) ?? "")?.[0] ?? "";
  const tokens = lines
    .join(" ")
    .split(/[\s()]+/)
    .sort()
    .join(" ");
  return `${goal.replaceAll(")", "")} ${createHash("sha256").update(tokens).digest("hex")}`;
}

const asked = new Map<string, string>();
const gather: Solver = (query) => {
  asked.set(keyOf(query), query);
  return { contents: "unknown\n" };
};
solc.compile(input, { import: nothingElse, smtSolver: gather });

const outcomes = new Map<string, Outcome>();
for (const [key, text] of asked) {
  const query = queryOf(text);
  const outcome = await solved(query);
  outcomes.set(key, outcome === "proved" && (await isVacuous(query)) ? "vacuous" : outcome);
}

const open: Outcome[] = [];
const answer: Solver = (query) => {
  const outcome = outcomes.get(keyOf(query)) ?? "unknown";
  if (outcome === "proved") return { contents: "unsat\n" };
  // The compiler would want the values of a counterexample, and not say more. It warns of these in the order in which it asks.
  open.push(outcome);
  return { contents: "unknown\n" };
};
const output = JSON.parse(solc.compile(input, { import: nothingElse, smtSolver: answer })) as { errors?: Message[] };

const bytes = Buffer.from(content, "utf8");
const assertions: Assertion[] = [];
for (const { errorCode = "", severity, sourceLocation, formattedMessage } of output.errors ?? []) {
  if (severity === "error") throw new Error(formattedMessage);
  if (![SAFE, UNPROVED].includes(errorCode) || sourceLocation?.file !== file) continue;
  const before = bytes.subarray(0, sourceLocation.start).toString("utf8");
  const outcome = errorCode === SAFE ? "proved" : (open.shift() ?? "unknown");
  assertions.push({
    contract: [...before.matchAll(/^contract (\w+)/gm)].at(-1)?.[1] ?? "",
    function: [...before.matchAll(/^ {4}function (\w+)/gm)].at(-1)?.[1] ?? "",
    line: before.split("\n").length,
    outcome,
  });
}
console.log(JSON.stringify(assertions));
// The threads of the solver would keep the process.
process.exit(0);
