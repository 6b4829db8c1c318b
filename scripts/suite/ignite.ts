/** Runs the modules with Ignition, on a real chain or on one in this process. */
import {
  HardhatArtifactResolver,
  errorDeploymentResultToExceptionMessage,
  PrettyEventHandler,
} from "@nomicfoundation/hardhat-ignition/helpers";
import {
  deploy,
  DeploymentResultType,
  type DeployConfig,
  type DeployedContract,
  type DeploymentParameters,
  type IgnitionModule,
  type TransactionConfirmEvent,
  type TransactionSendEvent,
} from "@nomicfoundation/ignition-core";
import { concat, dataSlice, id, keccak256 } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import { SuiteError } from "./outcome.ts";
import type { Work } from "./progress.ts";

/** The factory that gives contracts the same address on every chain; github.com/pcaversaccio/createx. */
export const CREATEX = "0xba5Ed099633D3B313e4D5F7bdc1305d3c28ba5Ed";
const CREATEX_CODE_HASH = "0xbd8a7ea8cfca7b4e5f5041d7d4b17bc317c5ce42cfbc42066a00cf26b43eb53f";

export type Strategy = "basic" | "create2";

/** Create2 where the chain has the factory, and the factory is the real one. */
export async function strategyOn({ ethers }: NetworkConnection): Promise<Strategy> {
  const code = await ethers.provider.getCode(CREATEX);
  return keccak256(code) === CREATEX_CODE_HASH ? "create2" : "basic";
}

/** One for each deployer, so that no stranger takes the addresses, and for each name; the same on every chain. */
export const saltOf = (deployer: string, deployment: string): string =>
  concat([deployer, "0x00", dataSlice(id(`OPG Protocol ${deployment}`), 0, 11)]);

/** A transaction of a deployment and the step that it belongs to. */
export interface Sent {
  readonly step: string;
  readonly hash: string;
}

/** Keeps what was sent, and tells of it. Ignition's own display is for a terminal alone. */
class Progress extends PrettyEventHandler {
  readonly confirmed: Sent[] = [];
  private readonly tell: Work;

  constructor(hre: HardhatRuntimeEnvironment, tell: Work) {
    super(hre.interruptions, { disableOutput: true });
    this.tell = tell;
  }

  override transactionSend({ futureId, hash }: TransactionSendEvent): Promise<void> {
    this.tell.say(`sent       ${futureId}  ${hash}`);
    return Promise.resolve();
  }

  override transactionConfirm({ futureId, hash }: TransactionConfirmEvent): Promise<void> {
    this.confirmed.push({ step: futureId, hash });
    this.tell.say(`confirmed  ${futureId}  ${hash}`);
    this.tell.step();
    return Promise.resolve();
  }
}

/** What Ignition is to do, and for whom. */
export interface Ignition {
  readonly hre: HardhatRuntimeEnvironment;
  readonly connection: NetworkConnection;
  readonly module: IgnitionModule;
  readonly parameters: DeploymentParameters;
  readonly deployer: string;
  readonly deployment: string;
  readonly strategy: Strategy;
  readonly config: Partial<DeployConfig>;
  /** Where to keep the journal; without, nothing is kept. */
  readonly journalFolder?: string;
  readonly tell: Work;
}

export interface Ignited {
  readonly contracts: Readonly<Record<string, DeployedContract>>;
  /** Of this run, in the order of their confirmation. */
  readonly sent: readonly Sent[];
}

/**
 * Does what is left to do of a module.
 * @throws SuiteError with Ignition's reasons.
 */
export async function ignite(task: Ignition): Promise<Ignited> {
  const { hre, connection, module, parameters, deployer, deployment, strategy, config, journalFolder, tell } = task;
  const progress = new Progress(hre, tell);
  const result = await deploy({
    config: { ...hre.config.ignition, ...config },
    provider: connection.provider,
    executionEventListener: progress,
    artifactResolver: new HardhatArtifactResolver(hre.artifacts),
    ignitionModule: module,
    deploymentParameters: parameters,
    accounts: [deployer],
    defaultSender: deployer,
    ...(strategy === "create2" ? { strategy, strategyConfig: { salt: saltOf(deployer, deployment) } } : {}),
    ...(journalFolder === undefined ? {} : { deploymentDir: journalFolder }),
  });
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) {
    throw new SuiteError(
      errorDeploymentResultToExceptionMessage(result),
      "Mend what it names, and run the same command again: what is done stays done",
    );
  }
  return { contracts: result.contracts, sent: progress.confirmed };
}
