import { formatEther } from "ethers";

import { formatOpg, getBondBalance } from "@opg-protocol/sdk";

import type { Head } from "../chain/Chain.ts";
import { connect, type Connection } from "../chain/connect.ts";
import { type Config, loadConfig, loadWatchConfig } from "../config/Config.ts";
import { isRunning, readStatus, type Status } from "../status/Status.ts";
import { printTable } from "./table.ts";

export interface Printing {
  /** Print JSON. */
  readonly json?: boolean;
}

/** What is printed, as data and as rows for people. */
interface Report {
  readonly data: object;
  readonly rows: readonly (readonly string[])[];
}

/** What the daemon said of itself last, and what the chain says of the node now, or of the watcher. */
export async function status(folder: string, { json }: Printing): Promise<void> {
  const { node, addresses, chain } = loadWatchConfig(folder);
  const config = node === undefined ? undefined : loadConfig(folder);
  const daemon = readStatus(folder);
  const running = daemon !== undefined && isRunning(daemon);
  const connection = await connect(config ?? { addresses, chain, node: addresses.disputes });
  try {
    const head = await connection.chain.head();
    const own = config === undefined ? await ofWatcher(connection, daemon) : await ofNode(connection, config, daemon);
    if (json === true) {
      const plain = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}` : value);
      process.stdout.write(`${JSON.stringify({ node, running, daemon, head, ...own.data }, plain, 2)}\n`);
      return;
    }
    printTable([...(node === undefined ? [] : [["Node", node]]), ...rowsOf(daemon, running, head), ...own.rows]);
  } finally {
    connection.close();
  }
}

function rowsOf(daemon: Status | undefined, running: boolean, head: Head): readonly (readonly string[])[] {
  if (daemon === undefined) return [["Daemon", "does not run"]];
  const { pid, startedAt, block, updatedAt, openTasks, spent } = daemon;
  return [
    ["Daemon", running ? `runs as process ${pid} since ${startedAt}` : "does not run"],
    ["Block", `${block} of ${head.number}, seen ${updatedAt}`],
    [
      "Open tasks",
      Object.entries(openTasks)
        .flatMap(([kind, count]) => (count > 0 ? [`${kind} ${count}`] : []))
        .join(", ") || "none",
    ],
    ["Gas, 24 hours", `at most ${formatEther(BigInt(spent))}`],
  ];
}

async function ofNode({ chain }: Connection, { versions }: Config, daemon: Status | undefined): Promise<Report> {
  const stake = await chain.stake();
  const servings = await Promise.all(versions.map(async ({ id }) => ({ versionId: id, ...(await chain.serving(id)) })));
  const { openJobs, quarantined, sessions } = daemon?.node ?? { openJobs: 0, quarantined: {} };
  const rows = [
    ["Open jobs", `${openJobs}`],
    ...Object.entries(quarantined).map(([id, reason]) => [`Quarantine ${id.slice(0, 10)}`, reason]),
    ...(sessions === undefined ? [] : [["Sessions", describe(sessions)]]),
    ["Signer", stake.signer],
    ["Own stake", `${formatOpg(stake.own)} OPG, backing ${formatOpg(stake.backing)} OPG`],
    ...servings.map(({ versionId, weight, maxLock, used, earned }) => [
      `Version ${versionId.slice(0, 10)}`,
      `weight ${formatOpg(weight)}, lock ${formatOpg(used)} of ${formatOpg(maxLock)}, earned ${formatOpg(earned)} OPG`,
    ]),
  ];
  return { data: { stake, servings }, rows };
}

function describe({ open, owed, pending, locked }: NonNullable<Status["node"]>["sessions"]): string {
  const [owes, waits, holds] = [owed, pending, locked].map((amount) => formatOpg(BigInt(amount)));
  return `${open} open, ${owes} OPG owed, ${waits} OPG not final yet, ${holds} OPG locked`;
}

/** Nothing is known of a watcher that has never run: its key is sealed. */
async function ofWatcher({ client }: Connection, daemon: Status | undefined): Promise<Report> {
  if (daemon === undefined) return { data: {}, rows: [] };
  const { account, watcher } = daemon;
  const balance = await getBondBalance(client, { account });
  const rows = [
    ["Watcher", account],
    ["Deposited", `${formatOpg(balance)} OPG for bonds and demands`],
    ["At stake", `${formatOpg(BigInt(watcher?.atStake ?? 0))} OPG`],
    ["Late", `${watcher?.late ?? 0} statements, not checked in half of their time`],
  ];
  return { data: { account, balance }, rows };
}
