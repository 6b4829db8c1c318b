import { setTimeout as sleep } from "node:timers/promises";

import { formatOpg } from "@opg-protocol/sdk";
import { getAddress } from "ethers";

import { loadConfig } from "../config/Config.ts";
import { equip } from "../Equipment.ts";
import { createLogger } from "../log.ts";
import { type Claim, SessionKeeper } from "../sessions/SessionKeeper.ts";
import { SessionTable } from "../sessions/SessionTable.ts";
import type { Printing } from "./status.ts";

/** The chain has not taken all that was sent to it. */
export class NotRedeemedError extends Error {
  constructor(
    /** What can still be redeemed, OPG base units. */
    readonly owed: bigint,
    /** What can not, since its session has ended. */
    readonly lost: readonly Claim[],
  ) {
    const texts = lost.map(
      ({ sessionId, amount }) =>
        `${formatOpg(amount)} OPG of session ${sessionId} can no longer be redeemed, for it has ended: redeem before that.`,
    );
    if (owed > 0n) {
      texts.push(`${formatOpg(owed)} OPG are still owed: see what became of the transaction, and redeem again.`);
    }
    super(texts.join("\n"));
    this.name = "NotRedeemedError";
  }
}

/**
 * Redeems all that sessions owe a node, whatever it is worth, and waits until the chain has it: for a node that stops for long.
 * Its daemon, which does so by itself when it is time, must not run.
 * @throws NotRedeemedError if the chain owes anything after that, or if a session has ended before its voucher came.
 */
export async function redeem(folder: string, { json }: Printing): Promise<void> {
  const config = loadConfig(folder);
  const log = createLogger("error", process.stdout.isTTY);
  const owner = { node: getAddress(config.node), market: config.addresses.market };
  const equipment = await equip(folder, config, owner, log);
  try {
    const { book, connection, journal, sender } = equipment;
    const { chain, client } = connection;
    const table = new SessionTable(client, book);
    const keeper = new SessionKeeper({ client, book, table, sender, log }, config.sessions);
    const head = await chain.head();
    const before = await keeper.account(head);
    const claims = await keeper.redeemAll(head);
    while (journal.openTransactions().some(({ kind }) => kind === "redeem" || kind === "redeem last")) {
      await sleep(config.chain.pollingInterval);
      await sender.review();
    }
    const end = await chain.head();
    const { redeemed: sum, owed } = await keeper.account(end);
    const lost = keeper.lostOf(claims, end);
    const redeemed = sum - before.redeemed;
    const data = { redeemed: `${redeemed}`, lost: lost.map((claim) => ({ ...claim, amount: `${claim.amount}` })) };
    const text = json === true ? JSON.stringify(data) : `Redeemed ${formatOpg(redeemed)} OPG.`;
    process.stdout.write(`${text}\n`);
    if (owed > 0n || lost.length > 0) throw new NotRedeemedError(owed, lost);
  } finally {
    await equipment.close();
  }
}
