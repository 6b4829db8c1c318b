import type { Head } from "./chain/Chain.ts";
import type { WatchConfig } from "./config/Config.ts";
import { Checker } from "./disputes/Checker.ts";
import { DemandKeeper } from "./disputes/DemandKeeper.ts";
import { GameKeeper } from "./disputes/GameKeeper.ts";
import { Watcher } from "./disputes/Watcher.ts";
import { equip, type Equipment } from "./Equipment.ts";
import { HeadLoop } from "./follow/HeadLoop.ts";
import type { Logger } from "./log.ts";
import { Reporter } from "./status/Reporter.ts";
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
    private readonly watcher: Watcher,
    private readonly reporter: Reporter,
  ) {}

  /**
   * Puts a watcher together, and finishes what an earlier process had signed.
   * @throws ProfileError on a machine that does not compute as the profile says.
   */
  static async init(folder: string, config: WatchConfig, log: Logger): Promise<WatchDaemon> {
    const equipment = await equip(folder, config, { node: undefined, market: config.addresses.disputes }, log);
    const {
      account,
      secret,
      connection,
      journal,
      sender,
      runtime,
      runs,
      inputs,
      statedOutputs: outputs,
      stories,
    } = equipment;
    const { client } = connection;
    await equipment.profile.checkRuntime();
    const { share, openBonds } = config.watch;
    const checker = new Checker({ client, runs, inputs, outputs, runtime, stories }, account);
    const watching = { account, share, openBonds, secret };
    const playing = { node: undefined, confirmations: config.chain.confirmations };
    const watcher = new Watcher({ client, journal, sender, checker, stories }, watching);
    const keepers = {
      statement: watcher,
      game: new GameKeeper({ client, sender, runs, stories }, playing),
      demand: new DemandKeeper({ client, sender, stores: [], stories }, undefined),
    };
    const tasks = new Tasks(journal, keepers, stories, MOST_CHECKS, log);
    const interest = { versions: NONE, offers: NONE, node: undefined, account, statements: true };
    const loop = new HeadLoop(equipment, interest, config.chain.logRange);
    const reporter = await Reporter.init(folder, config, equipment, () => loop.isCaughtUp);
    log.info({ account, share, chainId: client.chainId.toString(), url: reporter.url }, "watches");
    return new WatchDaemon(equipment, loop, tasks, watcher, reporter);
  }

  /**
   * Follows the chain until the signal says stop.
   * @throws ConnectionLostError; a watcher that is put together anew goes on where this one was.
   */
  run(signal: AbortSignal): Promise<void> {
    const { tasks, watcher, reporter } = this;
    const status = () => ({ watcher: { atStake: watcher.atStake.toString(), late: watcher.late } });
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
          reporter.report(head, status);
          return Promise.resolve();
        },
      },
      signal,
    );
  }

  async close(): Promise<void> {
    await this.equipment.sender.idle();
    await this.reporter.close();
    await this.equipment.close();
  }
}
