/**
 * Compares every tensor of random models of both profiles in the executor and in ONNX Runtime, and prints what that came to as
 * one line of JSON. Fails if an element differs, and says of which seed.
 *
 *   ELEMENTS=100000 SEED=7 node packages/sdk/bench/compare.ts
 */
import { INTEGER_PROFILE, PROFILE } from "../src/onnx/program.ts";
import { benchCampaign, byteSubjects, FIRST_SEED, integerSubjects } from "./campaign.ts";

/** Compared with each runtime, half of them in each profile. */
const ELEMENTS = Number(process.env.ELEMENTS ?? 1_000_000);
const SEED = Number(process.env.SEED ?? FIRST_SEED);

const operators: Record<string, unknown> = {};
let elements = 0;
let differences = 0;
let lastSeed = SEED;
for (const [profile, subjects] of [
  [PROFILE, byteSubjects(ELEMENTS / 2)],
  [INTEGER_PROFILE, integerSubjects(ELEMENTS / 2)],
] as const) {
  const figures = await benchCampaign(subjects, undefined, SEED);
  const { all = 0, ...byOperator } = figures.elements;
  operators[profile] = byOperator;
  elements += all;
  differences += figures.mismatches;
  lastSeed = Math.max(lastSeed, figures.lastSeed);
  for (const model of figures.differing) console.error(`${profile} differs: ${model}`);
}
console.log(JSON.stringify({ elements, operators, differences, seeds: [SEED, lastSeed] }));
if (differences > 0) process.exitCode = 1;
