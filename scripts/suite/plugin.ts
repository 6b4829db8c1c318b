/** The tasks of `hardhat suite`. Their code is loaded when they run, so that nothing else pays for it. */
import { emptyTask, task } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";

import { DEFAULT_DEPLOYMENT } from "./networks.ts";

const suite = (name: string, description: string) =>
  task(["suite", name], description)
    .addOption({ name: "deployment", description: "Which deployment on the network", defaultValue: DEFAULT_DEPLOYMENT })
    .addFlag({ name: "json", description: "Print one JSON object on stdout, and nothing else there" });

const YES = { name: "yes", description: "Do not ask before anything is spent" } as const;
const DRY_RUN = { name: "dryRun", description: "Say what would be sent or written, and do nothing of it" } as const;
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
      .addFlag(DRY_RUN)
      .addFlag(NO_COMPILE)
      .setAction(() => import("./deploy.ts"))
      .build(),
    suite("export", "Writes deployments/<chainId>/<name>.json, of which the address book is made")
      .addFlag(DRY_RUN)
      .setAction(() => import("./export.ts"))
      .build(),
    suite("check", "Compares the chain with that file and with the sources; fails on any difference")
      .addFlag(NO_COMPILE)
      .addFlag({
        name: "handedOver",
        description: "The deployer must have nothing left: no role, no OPG, no allowance",
      })
      .setAction(() => import("./check.ts"))
      .build(),
    suite("verify", "Publishes the sources on Sourcify and Blockscout, and on Etherscan where there is a key")
      .addFlag(DRY_RUN)
      .addFlag(NO_COMPILE)
      .setAction(() => import("./verify.ts"))
      .build(),
    suite("handover", "Gives control to the timelock, and leaves the deployer nothing of it")
      .addOption({
        name: "guardian",
        description: "Who may pause new entries; nobody, where none is named",
        defaultValue: "",
      })
      .addOption({ name: "votesTo", description: "Who gets the deployer's OPG and vesting wallets", defaultValue: "" })
      .addFlag(YES)
      .addFlag(DRY_RUN)
      .setAction(() => import("./handover.ts"))
      .build(),
    suite("status", "Says how far a deployment is, whether it is paused, and who controls it")
      .setAction(() => import("./status.ts"))
      .build(),
    suite("faucet", "Gives an account OPG of a test network")
      .addOption({ name: "to", description: "The account", defaultValue: "" })
      .addFlag(DRY_RUN)
      .setAction(() => import("./faucet.ts"))
      .build(),
  ],
};
