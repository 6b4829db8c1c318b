/** The tasks of `hardhat suite`. Their code is loaded when they run, so that nothing else pays for it. */
import { emptyTask, task } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";

const suite = (name: string, description: string) =>
  task(["suite", name], description)
    .addOption({ name: "deployment", description: "Which deployment on the network", defaultValue: "main" })
    .addFlag({ name: "json", description: "Print one JSON object on stdout, and nothing else there" });

const YES = { name: "yes", description: "Do not ask before anything is spent" } as const;
const NO_COMPILE = { name: "noCompile", description: "Take the compiled contracts that are there" } as const;

export const suiteTasks: HardhatPlugin = {
  id: "opg-suite",
  tasks: [
    emptyTask("suite", "Deploys, verifies and hands over the whole suite; --network, or Base Sepolia").build(),
    suite("preflight", "Finds out what would go wrong, before anything is spent")
      .addFlag(NO_COMPILE)
      .setAction(() => import("./preflight.ts"))
      .build(),
    suite("plan", "Shows every transaction with its gas and cost; asks for no key and sends nothing")
      .addOption({ name: "from", description: "The deployer, to compare its balance", defaultValue: "" })
      .addFlag(NO_COMPILE)
      .setAction(() => import("./plan.ts"))
      .build(),
    suite("deploy", "Deploys, or finishes what an earlier run began")
      .addFlag(YES)
      .addFlag(NO_COMPILE)
      .setAction(() => import("./deploy.ts"))
      .build(),
    suite("export", "Writes deployments/<chainId>/<name>.json, of which the address book is made")
      .setAction(() => import("./export.ts"))
      .build(),
    suite("check", "Compares the chain with that file and with the sources; fails on any difference")
      .addFlag(NO_COMPILE)
      .setAction(() => import("./check.ts"))
      .build(),
  ],
};
