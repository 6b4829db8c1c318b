import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { ZeroAddress } from "ethers";

import ProtocolModule from "../../deploy/modules/Protocol.ts";
import TestnetModule from "../../deploy/modules/Testnet.ts";
import type { GameRules } from "../../packages/sdk/src/codecs/gameRules.ts";
import type { OptimisticRules } from "../../packages/sdk/src/codecs/optimisticRules.ts";
import type { Rules } from "../../packages/sdk/src/codecs/rules.ts";
import type { SchedulerRules } from "../../packages/sdk/src/codecs/schedulerRules.ts";
import type { SessionRules } from "../../packages/sdk/src/codecs/sessionRules.ts";
import { TestnetFaucet__factory } from "../../typechain-types/index.ts";
import { connectProtocol } from "./fixtures.ts";
import { ethers, ignition, lowerBaseFee } from "./network.ts";

const FOLDER = fileURLToPath(new URL("../../deploy/parameters/", import.meta.url));

/** What a file of parameters says; big integers are strings that end with `n`. */
export interface Parameters {
  readonly Timelock: { readonly period: number; readonly leastPeriod: number; readonly mostPeriod: number };
  readonly Distribution: { readonly allocations: readonly ParameterAllocation[] };
  readonly Registry: { readonly royaltyNoticePeriod: number };
  readonly Staking: {
    readonly thawPeriod: number;
    readonly parameters: Readonly<Record<StakingParameter, number | string>>;
  };
  readonly Policy: {
    readonly seedPeriod: number;
    readonly leastSealPeriod: number;
    readonly moneyClockFloor: number;
  };
  readonly Disputes: {
    readonly moneyClockFloor: number;
    readonly mostGamePeriod: number;
    readonly leastWindowPeriod: number;
    readonly rules: Readonly<Record<keyof GameRules, number>>;
  };
  readonly Marketplace: {
    readonly seedDelayPeriod: number;
    readonly mostInputBytes: number;
    readonly mostOutputBytes: number;
    readonly marginPeriod: number;
    readonly rules: Readonly<Record<Exclude<keyof Rules, "horizonPeriod">, number>>;
  };
  readonly Audits: { readonly seedDelayPeriod: number; readonly seedPeriod: number };
  readonly Optimistic: {
    readonly mostInputBytes: number;
    readonly mostOutputBytes: number;
    readonly marginPeriod: number;
    readonly numbers: Readonly<Record<Exclude<keyof OptimisticRules, "horizonPeriod">, number>>;
  };
  readonly Sessions: {
    readonly marginPeriod: number;
    readonly numbers: Readonly<Record<Exclude<keyof SessionRules, "horizonPeriod">, number>>;
  };
  readonly Scheduler: { readonly numbers: Readonly<Record<keyof SchedulerRules, number>> };
  readonly Governor: {
    readonly mostVotePeriod: number;
    readonly numbers: {
      readonly votingDelay: number;
      readonly votingPeriod: number;
      readonly lateQuorumPeriod: number;
      readonly proposalThreshold: string;
      readonly quorumBps: number;
    };
  };
  readonly Guardian: { readonly maxPausePeriod: number; readonly coolDownPeriod: number };
}

interface ParameterAllocation {
  readonly account: string;
  readonly amount: string;
  readonly startsAt: number;
  readonly cliffPeriod: number;
  readonly vestingPeriod: number;
}

type StakingParameter =
  "leastOwnStake" | "leastDelegation" | "delegationRatio" | "signerRotationPeriod" | "commissionNoticePeriod";

/** The kinds of network for which there are parameters. */
export const NETWORKS = readdirSync(FOLDER).map((file) => file.replace(/\.json5$/, ""));

/** The text of a network's parameters, with `account` in each place that is left to whoever deploys. */
export const parametersFor = (network: string, account: string): string =>
  readFileSync(join(FOLDER, `${network}.json5`), "utf8").replaceAll(ZeroAddress, account);

/** Reads parameters. JSON5 without its own extensions of numbers is an expression of JavaScript. */
export async function readParameters(text: string): Promise<Parameters> {
  const module = (await import(`data:text/javascript,export default ${encodeURIComponent(text)}`)) as {
    readonly default: Parameters;
  };
  return module.default;
}

/** Deploys the real modules as `hardhat ignition deploy --parameters` would. */
export async function deploy(parameters: string) {
  await lowerBaseFee();
  return connectProtocol(await ignition.deploy(ProtocolModule, { parameters: fileOf(parameters) }));
}

/** The same with the faucet of a network on which OPG is worth nothing. */
export async function deployTestnet(parameters: string) {
  await lowerBaseFee();
  const deployed = await ignition.deploy(TestnetModule, { parameters: fileOf(parameters) });
  const faucet = TestnetFaucet__factory.connect(await deployed.faucet.getAddress(), ethers.provider);
  return { ...(await connectProtocol(deployed)), faucet };
}

function fileOf(parameters: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "opg-")), "parameters.json5");
  writeFileSync(file, parameters);
  return file;
}
