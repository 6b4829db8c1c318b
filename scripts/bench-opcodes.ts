/**
 * The last part of `npm run bench:gas` and of `npm run bench:referee`: takes the dearest judgement of each opcode out of
 * bench/gas.json, and adds it to bench/referee.json and to the table of docs/benchmarks.md. It measures nothing itself, so that
 * a judgement has one figure.
 *
 *   npm run bench:opcodes
 */
import { readFileSync, writeFileSync } from "node:fs";

import { INTEGER_PROFILE, IntegerOpcode, Opcode, PROFILE } from "../packages/sdk/src/onnx/index.ts";
import type { Figure, Figures } from "./bench/figures.ts";
import { writeTable } from "./bench/table.ts";

const REPORT = "bench/referee.json";
const UNIT = "gas of the transaction that judges one element, the dearest that is measured of each opcode";
/** `dispute.judge.CONV.K576`, `dispute.judge.integer.DOT.pair.K64`. */
const JUDGEMENT = /^dispute\.judge\.(?<integer>integer\.)?(?<opcode>[A-Z]+)\..*?K(?<numbers>\d+)$/;

interface Dearest extends Figure {
  readonly profile: string;
  readonly opcode: string;
  /** How many numbers, or products of two, the element is computed from. */
  readonly numbers: number;
}

interface Report {
  readonly units: Readonly<Record<string, string>>;
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

function judgementsIn(figures: Figures): readonly Dearest[] {
  return Object.entries(figures).flatMap(([name, figure]) => {
    const { integer, opcode, numbers } = JUDGEMENT.exec(name)?.groups ?? {};
    if (opcode === undefined) return [];
    return [
      { profile: integer === undefined ? PROFILE : INTEGER_PROFILE, opcode, numbers: Number(numbers), ...figure },
    ];
  });
}

const judgements = judgementsIn(read("bench/gas.json") as Figures);

function dearestOf(profile: string, opcode: string): Dearest {
  const [first, ...others] = judgements.filter(
    (judgement) => judgement.profile === profile && judgement.opcode === opcode,
  );
  if (first === undefined) throw new Error(`No judgement of ${opcode} of ${profile} is measured`);
  return others.reduce((dearest, other) => (other.gas > dearest.gas ? other : dearest), first);
}

const opcodes = Object.entries({ [PROFILE]: Opcode, [INTEGER_PROFILE]: IntegerOpcode }).flatMap(
  ([profile, ofProfile]) => Object.keys(ofProfile).map((opcode) => dearestOf(profile, opcode.toUpperCase())),
);

const report = read(REPORT) as Report;
const units = { ...report.units, opcodes: UNIT };
writeFileSync(REPORT, `${JSON.stringify({ ...report, units, opcodes }, null, 2)}\n`);
await writeTable(
  `${REPORT}, by opcode`,
  ["| opcode | profile | numbers | gas | calldata bytes | note |", "| --- | --- | --: | --: | --: | --- |"],
  opcodes.map(({ opcode, profile, numbers, gas, calldataBytes, note }) => {
    const [count, cost, bytes] = [numbers, gas, calldataBytes].map((figure) => figure.toLocaleString("en"));
    return `| ${opcode} | \`${profile}\` | ${count} | ${cost} | ${bytes} | ${note} |`;
  }),
);
