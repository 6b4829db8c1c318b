/**
 * Fails when the tests leave something of the contracts untouched, and names it. Reads what `npm run coverage` has
 * measured: Hardhat the lines, with all tests; forge the branches, with the Solidity tests alone. Hardhat calls a line
 * covered only if every statement on it was executed, so full lines are full statements. A branch that is not taken must
 * stand in docs/branches.md, by its file and the code of its line, with the reason.
 */
import { readFileSync } from "node:fs";

interface Measured {
  readonly file: string;
  readonly line: number;
  readonly taken: boolean;
}

const LEAST_BRANCHES = 0.97;
const REASONS = "docs/branches.md";
/** `| file | code | why |`, where a bar in the code is escaped. */
const ROW = /^\| `(contracts\/[^`]+)` *\| `([^`]+)` *\| [^|]+\|$/gm;

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
    measured.push({ file, line: Number(fields[0]), taken });
  }
  if (measured.length === 0) throw new Error(`${report} measures nothing`);
  return measured;
}

function check(what: string, measured: readonly Measured[], least: number): void {
  const missed = measured.filter(({ taken }) => !taken);
  const share = 1 - missed.length / measured.length;
  for (const { file, line } of missed) console.error(`${file}:${line}: uncovered ${what}`);
  console.log(`${what}: ${(100 * share).toFixed(2)} % of ${measured.length}, at least ${100 * least} % are due`);
  if (share < least) process.exitCode = 1;
}

/** Numbers of lines change with every comment, the code of a line does not. */
const keyOf = (file: string, code: string): string => `${file}: ${code}`;

/** Whatever is not taken has its reason. */
function checkReasons(measured: readonly Measured[]): void {
  const rows = [...readFileSync(REASONS, "utf8").matchAll(ROW)];
  const known = new Set(rows.map(([, file = "", code = ""]) => keyOf(file, code.replaceAll("\\|", "|"))));
  const missed = measured.filter(({ taken }) => !taken);
  const keys = missed.map(({ file, line }) =>
    keyOf(file, readFileSync(file, "utf8").split("\n")[line - 1]?.trim() ?? ""),
  );
  const unknown = new Set(keys.filter((key) => !known.has(key)));
  for (const key of unknown) console.error(`${REASONS} has no reason for ${key}`);
  if (unknown.size > 0) process.exitCode = 1;
}

check("line", read("coverage/lcov.info", "DA"), 1);
const branches = read("coverage/forge.info", "BRDA");
check("branch", branches, LEAST_BRANCHES);
checkReasons(branches);
