/**
 * Fails when the tests leave something of the contracts untouched, and names it. Reads what `npm run coverage` has
 * measured: Hardhat the lines, with all tests; forge the branches, with the Solidity tests alone. Hardhat calls a line
 * covered only if every statement on it was executed, so full lines are full statements.
 */
import { readFileSync } from "node:fs";

interface Measured {
  readonly place: string;
  readonly taken: boolean;
}

const LEAST_BRANCHES = 0.97;

/** Everything but what only tests use. */
const isOurs = (file: string) => file.startsWith("contracts/") && !file.startsWith("contracts/test/");

/** The records of one kind in a report in the format of lcov; the last field of each says how often it was taken. */
function read(report: string, kind: "DA" | "BRDA"): Measured[] {
  const measured: Measured[] = [];
  let file = "";
  for (const row of readFileSync(report, "utf8").split("\n")) {
    const [key, value = ""] = row.split(":");
    if (key === "SF") file = value;
    if (key !== kind || !isOurs(file)) continue;
    const fields = value.split(",");
    const taken = !["0", "-"].includes(fields.at(-1) ?? "");
    measured.push({ place: `${file}:${fields[0] ?? ""}`, taken });
  }
  if (measured.length === 0) throw new Error(`${report} measures nothing`);
  return measured;
}

function check(what: string, measured: readonly Measured[], least: number): void {
  const missed = measured.filter(({ taken }) => !taken);
  const share = 1 - missed.length / measured.length;
  for (const { place } of missed) console.error(`${place}: uncovered ${what}`);
  console.log(`${what}: ${(100 * share).toFixed(2)} % of ${measured.length}, at least ${100 * least} % are due`);
  if (share < least) process.exitCode = 1;
}

check("line", read("coverage/lcov.info", "DA"), 1);
check("branch", read("coverage/forge.info", "BRDA"), LEAST_BRANCHES);
