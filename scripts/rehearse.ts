/**
 * Rehearses a deployment from its first question to the last proof, with the commands and files of a real one, against
 * chains in other processes that have the real numbers: with kills, lies, refusals and reorganisations in between.
 *
 *   npm run rehearse
 */
import { deepStrictEqual } from "node:assert/strict";

import { Wallet } from "ethers";
import { Listr, PRESET_TIMER, type ListrTask } from "listr2";

import {
  finishes,
  gasGetsDear,
  handsOver,
  isKilled,
  KILLS,
  limitsRate,
  noticesAnotherChain,
  noticesLies,
  noticesLoss,
  plans,
  proves,
  refusesOtherParameters,
  survivesReorganisation,
  survivesSilence,
  verifies,
  withCreatex,
} from "./rehearsal/acts.ts";
import { createxCode } from "./rehearsal/createx.ts";
import { startAnvil, startHardhatNode } from "./rehearsal/processes.ts";
import { Stage } from "./rehearsal/stage.ts";

/** Seconds; faster than the real ones, for these chains have nothing else to do. */
const BLOCK_PERIOD = 0.5;
const anvil = (chainId: number) => startAnvil(chainId, BLOCK_PERIOD);

const deployer = Wallet.createRandom();
const createx = await createxCode();
// The same account and the same factory on both: contracts must have the same addresses.
const base = await Stage.of("base-sepolia", anvil, deployer);
const sepolia = await Stage.of("sepolia", startHardhatNode, deployer);
const hoodi = await Stage.of("hoodi", anvil, Wallet.createRandom());
const addresses: Readonly<Record<string, string>>[] = [];

/** On anvil with the number of Base Sepolia: the whole story, with kills and lies. */
function story(): ListrTask[] {
  let plan: Awaited<ReturnType<typeof plans>>;
  const [first, ...others] = KILLS.map((kill) => ({
    title: `killed at transaction ${kill.at} ${kill.how}`,
    task: () => isKilled(base, kill),
  }));
  return [
    { title: "another chain is noticed", task: () => noticesAnotherChain(base) },
    { title: "preflight, plan", task: async () => void (plan = await plans(base)) },
    ...(first === undefined ? [] : [first]),
    { title: "other parameters are refused", task: () => refusesOtherParameters(base) },
    ...others,
    { title: "deploy finishes, nothing twice", task: () => finishes(base, plan) },
    { title: "export, check", task: async () => void addresses.push(await proves(base)) },
    { title: "lies are noticed", task: () => noticesLies(base) },
    { title: "handover, check --handed-over", task: () => handsOver(base) },
    { title: "a deep reorganisation is noticed", task: () => noticesLoss(base) },
  ];
}

/** On Hardhat's node with the number of Sepolia: a limit of requests, and a question that is never answered. */
const impatient: ListrTask[] = [
  { title: "a silent node is noticed", task: () => survivesSilence(sepolia) },
  {
    title: "deploy within a limit of requests",
    task: async () => {
      limitsRate(sepolia);
      await sepolia.run(["deploy", "--yes", "--no-compile"]);
    },
  },
  { title: "export, check", task: async () => void addresses.push(await proves(sepolia)) },
];

/** On anvil with the number of Hoodi, without the factory. */
const shaken: ListrTask[] = [
  { title: "deploy through a reorganisation", task: () => survivesReorganisation(hoodi) },
  {
    title: "export, check while gas is dear",
    task: async () => {
      await gasGetsDear(hoodi);
      await proves(hoodi);
    },
  },
  { title: "verify", task: () => verifies(hoodi) },
];

try {
  await withCreatex(base, createx);
  await withCreatex(sepolia, createx);
  const inTurn = { concurrent: false, exitOnError: true };
  const tasks = new Listr(
    [
      { title: "Base Sepolia", task: (_, task) => task.newListr(story(), inTurn) },
      { title: "Sepolia", task: (_, task) => task.newListr(impatient, inTurn) },
      { title: "Hoodi", task: (_, task) => task.newListr(shaken, inTurn) },
    ],
    {
      concurrent: true,
      // Whoever fails lets the others come to their end: their chains are still needed.
      exitOnError: false,
      collectErrors: true,
      rendererOptions: { timer: PRESET_TIMER, collapseSubtasks: false },
      fallbackRendererOptions: { timer: PRESET_TIMER },
    },
  );
  await tasks.run();
  if (tasks.errors?.length === 0) deepStrictEqual(addresses[0], addresses[1], "Create2 must give equal addresses");
  else process.exitCode = 1;
} finally {
  await Promise.all([base, sepolia, hoodi].map((stage) => stage.close()));
}
