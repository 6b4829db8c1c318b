import { formatEther } from "ethers";

import { formatOpg } from "@opg-protocol/sdk";

import { connect } from "../chain/connect.ts";
import { loadConfig } from "../config/Config.ts";
import { isRunning, readStatus } from "../status/Status.ts";
import { printTable } from "./table.ts";

export interface Printing {
  /** Print JSON. */
  readonly json?: boolean;
}

/** What the daemon said of itself last, and what the chain says of the node now. */
export async function status(folder: string, { json }: Printing): Promise<void> {
  const config = loadConfig(folder);
  const daemon = readStatus(folder);
  const connection = await connect(config);
  try {
    const { chain } = connection;
    const [stake, head] = await Promise.all([chain.stake(), chain.head()]);
    const servings = await Promise.all(
      config.versions.map(async ({ id }) => ({ versionId: id, ...(await chain.serving(id)) })),
    );
    const running = daemon !== undefined && isRunning(daemon);
    if (json === true) {
      const report = { node: config.node, running, daemon, head, stake, servings };
      process.stdout.write(
        `${JSON.stringify(report, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value), 2)}\n`,
      );
      return;
    }
    printTable([
      ["Node", config.node],
      ["Daemon", running ? `runs as process ${daemon.pid} since ${daemon.startedAt}` : "does not run"],
      ...(daemon === undefined
        ? []
        : [
            ["Block", `${daemon.block} of ${head.number}, seen ${daemon.updatedAt}`],
            ["Open jobs", `${daemon.openJobs}`],
            ["Gas, 24 hours", `at most ${formatEther(BigInt(daemon.spent))}`],
            ...Object.entries(daemon.quarantined).map(([id, reason]) => [`Quarantine ${id.slice(0, 10)}`, reason]),
          ]),
      ["Signer", stake.signer],
      ["Own stake", `${formatOpg(stake.own)} OPG, backing ${formatOpg(stake.backing)} OPG`],
      ...servings.map(({ versionId, weight, maxLock, used, earned }) => [
        `Version ${versionId.slice(0, 10)}`,
        `weight ${formatOpg(weight)}, lock ${formatOpg(used)} of ${formatOpg(maxLock)}, earned ${formatOpg(earned)} OPG`,
      ]),
    ]);
  } finally {
    connection.close();
  }
}
