/**
 * Measures what every operation costs on chain, compiled as it is deployed, and writes bench/gas.json and the table of
 * docs/benchmarks.md. They are committed, so that a change of a figure is seen where it is reviewed; some figures have a
 * bound here that holds.
 */
import { readFileSync, writeFileSync } from "node:fs";

import { chainFigures } from "./bench/chain.ts";
import { COMPLETION_BOUNDS, completionFigures } from "./bench/completions.ts";
import { consumerFigures } from "./bench/consumers.ts";
import { DISPUTE_BOUNDS, disputeFigures } from "./bench/disputes.ts";
import type { Figures } from "./bench/figures.ts";
import { INTEGER_JUDGEMENT_BOUNDS, integerJudgementFigures } from "./bench/integerJudgements.ts";
import { JUDGEMENT_BOUNDS, judgementFigures } from "./bench/judgements.ts";
import { accountFigures, agreementFigures, crowdFigures, otherEndFigures } from "./bench/market.ts";
import { optimisticFigures } from "./bench/optimistic.ts";
import { OUTSIDER_BOUNDS, outsiderFigures } from "./bench/outsiders.ts";
import { refereedFigures } from "./bench/refereed.ts";
import { schedulerFigures } from "./bench/scheduler.ts";
import { registryFigures, stakingFigures } from "./bench/registers.ts";
import { sessionFigures } from "./bench/sessions.ts";
import { DOCUMENT, writeTable } from "./bench/table.ts";

const FILE = "bench/gas.json";

/** What others can raise: its table names in the last column the figures that show how far, and each has a bound. */
const DEARER = /### What an outsider can make dearer\n(.*?)\n##/s;

/** Most gas that these may cost. */
const BOUNDS: Readonly<Record<string, number>> = {
  "market.deposit": 50_000,
  "market.request": 72_000,
  "market.commit": 80_000,
  "market.commit.nodes10000": 80_000,
  "market.reveal.first": 62_000,
  "market.reveal.next": 46_000,
  "market.settle.t3": 100_000,
  "dispute.seal": 50_000,
  "dispute.challenge.n16": 115_000 + 1_300 * 16,
  "dispute.challenge.n64": 110_000 + 1_300 * 64,
  "dispute.challenge.n256": 110_000 + 1_300 * 256,
  "dispute.pick": 42_000,
  "dispute.demand": 110_000,
  "dispute.timeout.challenger": 60_000,
  "dispute.timeout.node": 60_000,
  "lifecycle.dispute": 600_000,
  "lifecycle.replicated.t2": 425_000,
  "lifecycle.replicated.t3": 560_000,
  "commitments.unpack.t3": 102_000,
  // With the order, as much as such a job has been bound to since seals can be signed: 445,000.
  "relay.sealMany.t3": 221_000,
  "relay.revealAndSettle.t3": 152_000,
  "lifecycle.replicated.t3.relayed": 310_000,
  "lifecycle.refereed.t3": 640_000,
  "market.request.inline1k": 99_000,
  "market.expire": 64_000,
  "market.settle.appeal15": 440_000,
  "market.settle.refereed.lie": 290_000,
  "dispute.challengeInGroups.n4096": 200_000,
  "dispute.lay": 130_000,
  "dispute.respond.parts256": 395_000,
  "dispute.reveal.words1024": 1_420_000,
  "dispute.supply.words1024": 1_410_000,
  "market.claim": 46_500,
  "market.answer": 48_000,
  "market.answer.claimed": 42_000,
  "market.settle.optimistic": 60_000,
  "lifecycle.optimistic.named": 180_000,
  "lifecycle.optimistic.open": 220_000,
  "sessions.open": 95_000,
  "sessions.redeem": 56_000,
  "sessions.redeemMany.100": 25_000,
  "lifecycle.session.per1000": 200,
  "batch.post": 54_000,
  "lifecycle.optimistic.signed": 160_000,
  "scheduler.trigger": 60_000,
  "chain.follow": 60_000,
  ...OUTSIDER_BOUNDS,
  ...DISPUTE_BOUNDS,
  ...JUDGEMENT_BOUNDS,
  ...INTEGER_JUDGEMENT_BOUNDS,
  ...COMPLETION_BOUNDS,
};

/** In the order in which an account meets the operations. */
async function measureAll(): Promise<Figures> {
  return {
    ...(await registryFigures()),
    ...(await stakingFigures()),
    ...(await accountFigures()),
    ...(await agreementFigures()),
    ...(await otherEndFigures()),
    ...(await refereedFigures()),
    ...(await optimisticFigures()),
    ...(await sessionFigures()),
    ...(await schedulerFigures()),
    ...(await chainFigures()),
    ...(await consumerFigures()),
    ...(await crowdFigures()),
    ...(await outsiderFigures()),
    ...(await disputeFigures()),
    ...(await judgementFigures()),
    ...(await integerJudgementFigures()),
    ...(await completionFigures()),
  };
}

/** A row of the document for each operation. */
const rowsOf = (figures: Figures): string[] =>
  Object.entries(figures).map(
    ([operation, { gas, calldataBytes, note }]) =>
      `| \`${operation}\` | ${gas.toLocaleString("en")} | ${calldataBytes.toLocaleString("en")} | ${note} |`,
  );

/** Figures of what others can raise that nothing bounds. */
function unbounded(): string[] {
  const [, section] = DEARER.exec(readFileSync(DOCUMENT, "utf8")) ?? [];
  if (section === undefined) throw new Error(`${DOCUMENT} does not say any more what an outsider can make dearer`);
  const cells = [...section.matchAll(/^\|.*\| (`[^|]+`) *\|$/gm)].map(([, cell = ""]) => cell);
  const names = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
  return names.filter((name) => !(name in BOUNDS));
}

const figures = await measureAll();
writeFileSync(FILE, `${JSON.stringify(figures, null, 2)}\n`);
await writeTable(FILE, ["| operation | gas | calldata bytes | note |", "| --- | --: | --: | --- |"], rowsOf(figures));

console.table(
  Object.entries(figures).map(([operation, { gas, calldataBytes }]) => ({
    operation,
    gas,
    bound: BOUNDS[operation] ?? "",
    calldataBytes,
  })),
);
const broken = Object.entries(BOUNDS).filter(([operation, bound]) => !((figures[operation]?.gas ?? Infinity) <= bound));
for (const [operation, bound] of broken) console.error(`${operation} costs more than ${bound} gas`);
const missing = unbounded();
for (const name of missing) console.error(`${name} can be raised by others, and has no bound`);
if (broken.length + missing.length > 0) process.exitCode = 1;
