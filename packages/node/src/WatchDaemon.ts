import type { Head } from "./chain/Chain.ts";
import type { WatchConfig } from "./config/Config.ts";
import { Checker } from "./disputes/Checker.ts";
import { DemandKeeper } from "./disputes/DemandKeeper.ts";
import { GameKeeper } from "./disputes/GameKeeper.ts";
import { Watcher } from "./disputes/Watcher.ts";
import { equip, type Equipment } from "./Equipment.ts";
import { HeadLoop } from "./follow/HeadLoop.ts";
import type { Logger } from "./log.ts";
import { Tasks } from "./tasks/Tasks.ts";

/** Checks at the same time: they wait for one runtime. */
const MOST_CHECKS = 4;
const NONE: ReadonlySet<string> = new Set();

/** Who needs no node: runs again what others state, and challenges what is wrong. */
export class WatchDaemon {
  private constructor(
    private readonly equipment: Equipment,
    private readonly loop: HeadLoop,
    private readonly tasks: Tasks,
  ) {}

  /**
   * Puts a watcher together, and finishes what an earlier process had signed.
   * @throws ProfileError on a machine that does not compute as the profile says.
   */
  static async init(folder: string, config: WatchConfig, log: Logger): Promise<WatchDaemon> {
    const equipment = await equip(folder, config, { node: undefined, market: config.addresses.disputes }, log);
    const { account, secret, connection, journal, sender, runtime, runs, inputs, stories } = equipment;
    const { client } = connection;
    await equipment.profile.checkRuntime();
    const { share, openBonds } = config.watch;
    const checker = new Checker({ client, runs, inputs, runtime, stories }, account);
    const watching = { account, share, openBonds, secret };
    const playing = { node: undefined, confirmations: config.chain.confirmations };
    const keepers = {
      statement: new Watcher({ client, journal, sender, checker, stories }, watching),
      game: new GameKeeper({ client, sender, runs, stories }, playing),
      demand: new DemandKeeper({ client, sender, stores: [], stories }, undefined),
    };
    const tasks = new Tasks(journal, keepers, stories, MOST_CHECKS, log);
    const interest = { versions: NONE, offers: NONE, node: undefined, account, statements: true };
    const loop = new HeadLoop(equipment, interest, config.chain.logRange);
    log.info({ account, share, chainId: client.chainId.toString() }, "watches");
    return new WatchDaemon(equipment, loop, tasks);
  }

  /**
   * Follows the chain until the signal says stop.
   * @throws ConnectionLostError; a watcher that is put together anew goes on where this one was.
   */
  run(signal: AbortSignal): Promise<void> {
    const { tasks } = this;
    return this.loop.run(
      {
        hearAll: () => {
          tasks.hearAll();
        },
        note: (findings) => {
          tasks.note(findings);
        },
        tend: (head: Head) => {
          tasks.tendDue(head, signal);
          return Promise.resolve();
        },
      },
      signal,
    );
  }

  close(): Promise<void> {
    return this.equipment.close();
  }
}
