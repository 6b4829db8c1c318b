/**
 * Measures what every operation costs on chain, compiled as it is deployed, and writes bench/gas.json and the table of
 * docs/benchmarks.md. They are committed, so that a change of a figure is seen where it is reviewed; some figures have a
 * bound here that holds.
 */
import { readFileSync, writeFileSync } from "node:fs";

import { format, resolveConfig } from "prettier";

import { chainFigures } from "./bench/chain.ts";
import { COMPLETION_BOUNDS, completionFigures } from "./bench/completions.ts";
import { consumerFigures } from "./bench/consumers.ts";
import { disputeFigures } from "./bench/disputes.ts";
import type { Figures } from "./bench/figures.ts";
import { INTEGER_JUDGEMENT_BOUNDS, integerJudgementFigures } from "./bench/integerJudgements.ts";
import { JUDGEMENT_BOUNDS, judgementFigures } from "./bench/judgements.ts";
import { accountFigures, agreementFigures, crowdFigures, otherEndFigures } from "./bench/market.ts";
import { optimisticFigures } from "./bench/optimistic.ts";
import { refereedFigures } from "./bench/refereed.ts";
import { schedulerFigures } from "./bench/scheduler.ts";
import { registryFigures, stakingFigures } from "./bench/registers.ts";
import { sessionFigures } from "./bench/sessions.ts";

const FILE = "bench/gas.json";
const DOCUMENT = "docs/benchmarks.md";
/** Between these stands the table. */
const TABLE = /(<!-- figures of bench\/gas.json -->).*?(<!-- end of figures -->)/s;

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
    ...(await disputeFigures()),
    ...(await judgementFigures()),
    ...(await integerJudgementFigures()),
    ...(await completionFigures()),
  };
}

async function writeTable(figures: Figures): Promise<void> {
  const rows = Object.entries(figures).map(
    ([operation, { gas, calldataBytes, note }]) =>
      `| \`${operation}\` | ${gas.toLocaleString("en")} | ${calldataBytes.toLocaleString("en")} | ${note} |`,
  );
  const table = ["| operation | gas | calldata bytes | note |", "| --- | --: | --: | --- |", ...rows].join("\n");
  const text = readFileSync(DOCUMENT, "utf8");
  if (!TABLE.test(text)) throw new Error(`${DOCUMENT} has lost the place of its table`);
  const written = text.replace(TABLE, (_, begin: string, end: string) => [begin, table, end].join("\n\n"));
  writeFileSync(DOCUMENT, await format(written, { ...(await resolveConfig(DOCUMENT)), filepath: DOCUMENT }));
}

const figures = await measureAll();
writeFileSync(FILE, `${JSON.stringify(figures, null, 2)}\n`);
await writeTable(figures);

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
if (broken.length > 0) process.exitCode = 1;
