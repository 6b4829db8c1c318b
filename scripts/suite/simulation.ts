/** The whole deployment on a chain in this process, with the number of the real one. */
import { toQuantity } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import type { DeploymentParameters, IgnitionModule } from "@nomicfoundation/ignition-core";

import { CREATEX, ignite, strategyOn, type Ignited, type Strategy } from "./ignite.ts";
import { transactionsOf } from "./module.ts";
import type { Request } from "./rollups.ts";
import type { Suite } from "./suite.ts";

/** What a step costs. */
export interface StepCost {
  readonly step: string;
  readonly gas: bigint;
  /** What was sent, for chains that charge for data apart. */
  readonly request: Request;
}

export interface Simulation extends Ignited {
  readonly connection: NetworkConnection;
  readonly costs: readonly StepCost[];
}

const RICH = toQuantity(10n ** 24n);

/** A chain in this process with the real one's number and, where that has it, its factory; `account` may send. */
export async function privateChain(
  suite: Suite,
  strategy: Strategy,
  live: NetworkConnection,
  account: string,
): Promise<NetworkConnection> {
  const connection = await suite.hre.network.create({
    network: "default",
    override: { chainId: suite.network.chainId, gas: "auto" },
  });
  const { provider } = connection;
  if (strategy === "create2") {
    const code = await live.ethers.provider.getCode(CREATEX);
    await provider.request({ method: "hardhat_setCode", params: [CREATEX, code] });
  }
  await provider.request({ method: "hardhat_impersonateAccount", params: [account] });
  await provider.request({ method: "hardhat_setBalance", params: [account, RICH] });
  return connection;
}

/** Deploys in private what `deploy` would deploy in public. */
export async function simulate(
  suite: Suite,
  live: NetworkConnection,
  module: IgnitionModule,
  parameters: DeploymentParameters,
  deployer: string,
): Promise<Simulation> {
  const { hre, deployment, during } = suite;
  const strategy = await strategyOn(live);
  const connection = await privateChain(suite, strategy, live, deployer);
  const config = { requiredConfirmations: 1, blockPollingInterval: 10 };
  const done = await during("deploys in private, to see what it costs", transactionsOf(module).length, ({ step }) =>
    ignite({
      hre,
      connection,
      module,
      parameters,
      deployer,
      deployment,
      strategy,
      config,
      // What is sent there, nobody can look up.
      tell: { say: () => undefined, step },
    }),
  );
  const costs = await Promise.all(done.sent.map(({ step, hash }) => costOf(connection, step, hash)));
  return { ...done, connection, costs };
}

async function costOf({ ethers }: NetworkConnection, step: string, hash: string): Promise<StepCost> {
  const receipt = await ethers.provider.getTransactionReceipt(hash);
  const transaction = await ethers.provider.getTransaction(hash);
  if (receipt === null || transaction === null) throw new Error(`The private chain has lost ${hash}`);
  return { step, gas: receipt.gasUsed, request: transaction };
}
