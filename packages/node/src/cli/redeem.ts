import { setTimeout as sleep } from "node:timers/promises";

import { formatOpg } from "@opg-protocol/sdk";
import { getAddress } from "ethers";

import { loadConfig } from "../config/Config.ts";
import { equip } from "../Equipment.ts";
import { createLogger } from "../log.ts";
import { SessionKeeper } from "../sessions/SessionKeeper.ts";
import { SessionTable } from "../sessions/SessionTable.ts";
import type { Printing } from "./status.ts";

/**
 * Redeems all that sessions owe a node, whatever it is worth, and waits until it is mined: for a node that stops for long. Its
 * daemon, which does so by itself when it is time, must not run.
 */
export async function redeem(folder: string, { json }: Printing): Promise<void> {
  const config = loadConfig(folder);
  const log = createLogger("error", process.stdout.isTTY);
  const owner = { node: getAddress(config.node), market: config.addresses.market };
  const equipment = await equip(folder, config, owner, log);
  try {
    const { book, connection, journal, sender } = equipment;
    const table = new SessionTable(connection.client, book);
    const keeper = new SessionKeeper({ client: connection.client, book, table, sender, log }, config.sessions);
    const redeemed = await keeper.redeemAll();
    while (journal.openTransactions().some(({ kind }) => kind === "redeem")) {
      await sleep(config.chain.pollingInterval);
      await sender.review();
    }
    const text = json === true ? JSON.stringify({ redeemed: `${redeemed}` }) : `Redeemed ${formatOpg(redeemed)} OPG.`;
    process.stdout.write(`${text}\n`);
  } finally {
    await equipment.close();
  }
}
