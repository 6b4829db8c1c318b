import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Head } from "./chain/Chain.ts";
import { connect, type Connection } from "./chain/connect.ts";
import { inFolder, type WatchConfig } from "./config/Config.ts";
import { createArtifacts, createProfile, createRuntime } from "./Daemon.ts";
import { Checker } from "./disputes/Checker.ts";
import { DemandKeeper } from "./disputes/DemandKeeper.ts";
import { GameKeeper } from "./disputes/GameKeeper.ts";
import { Runs } from "./disputes/Runs.ts";
import { Stories } from "./disputes/Stories.ts";
import { Watcher } from "./disputes/Watcher.ts";
import { Follower } from "./follow/Follower.ts";
import { Inputs } from "./jobs/Inputs.ts";
import { Journal } from "./journal/Journal.ts";
import { loadSecret, loadSigner } from "./keys/Keystore.ts";
import type { Logger } from "./log.ts";
import { Budget } from "./send/Budget.ts";
import { Sender } from "./send/Sender.ts";
import { OutputStore } from "./serve/OutputStore.ts";
import { Tasks } from "./tasks/Tasks.ts";

const MIB = 1024 * 1024;
/** Checks at the same time: they wait for one runtime. */
const MOST_CHECKS = 4;
/** How long it waits after a failure of its provider before it looks again, milliseconds. */
const RETRY_DELAY = 2_000;

/** Who needs no node: runs again what others state, and challenges what is wrong. */
export class WatchDaemon {
  private constructor(
    private readonly config: WatchConfig,
    private readonly connection: Connection,
    private readonly sender: Sender,
    private readonly follower: Follower,
    private readonly tasks: Tasks,
    private readonly closers: readonly (() => unknown)[],
    private readonly log: Logger,
  ) {}

  /**
   * Puts a watcher together, and finishes what an earlier process had signed.
   * @throws ProfileError on a machine that does not compute as the profile says.
   */
  static async init(folder: string, config: WatchConfig, log: Logger): Promise<WatchDaemon> {
    const signer = await loadSigner(inFolder(folder, config.key.file), inFolder(folder, config.key.passwordFile));
    const account = signer.address;
    const connection = await connect({ ...config, node: account });
    const { chain, client, provider } = connection;
    const owner = { chainId: client.chainId, market: config.addresses.disputes, node: account };
    const journal = Journal.open(join(folder, "journal.sqlite"), owner);
    const sender = await Sender.init(provider, signer, journal, new Budget(journal, config.limits.gasPerDay), log);

    const { fetcher, artifacts } = createArtifacts(folder, config);
    const runtime = createRuntime(folder, config, log);
    const profile = createProfile(folder, runtime);
    await profile.checkRuntime();
    const kept = new OutputStore(join(folder, "inputs"));
    const runs = new Runs(chain, journal, artifacts, profile, kept);
    const stories = new Stories(folder, journal, log);
    const inputs = new Inputs(fetcher, config.limits.inputMiB * MIB);
    const { share, openBonds } = config.watch;
    const secret = loadSecret(join(folder, "secret"));
    const { confirmations, logRange } = config.chain;
    const checker = new Checker({ client, runs, inputs, runtime, stories }, account);
    const watching = { account, share, openBonds, secret };
    const keepers = {
      statement: new Watcher({ client, journal, sender, checker, stories }, watching),
      game: new GameKeeper({ client, sender, runs, stories }, { node: undefined, confirmations }),
      demand: new DemandKeeper({ client, sender, stores: [], stories }, undefined),
    };
    const tasks = new Tasks(journal, keepers, stories, MOST_CHECKS, log);
    const interest = {
      versions: new Set<string>(),
      offers: new Set<string>(),
      node: undefined,
      account,
      statements: true,
    };
    const follower = new Follower(chain, journal, interest, logRange, log);
    const closers = [
      () => runtime.close(),
      () => fetcher.close(),
      () => {
        connection.close();
      },
      () => {
        journal.close();
      },
    ];
    log.info({ account, share, chainId: client.chainId.toString() }, "watches");
    return new WatchDaemon(config, connection, sender, follower, tasks, closers, log);
  }

  /**
   * Follows the chain until the signal says stop.
   * @throws ConnectionLostError; a watcher that is put together anew goes on where this one was.
   */
  async run(signal: AbortSignal): Promise<void> {
    const moves = this.connection.moves(signal);
    while ((await moves.next()).done !== true) {
      try {
        await this.look(await this.connection.chain.head(), signal);
      } catch (error) {
        if (signal.aborted) break;
        const reason = error instanceof Error ? error.message : String(error);
        this.log.warn({ error: reason }, "could not follow the chain; tries again");
        await sleep(RETRY_DELAY, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async close(): Promise<void> {
    await this.sender.idle();
    for (const close of this.closers) await close();
  }

  private async look(head: Head, signal: AbortSignal): Promise<void> {
    await this.sender.review();
    const start = Math.max(0, head.number - this.config.chain.logRange);
    for await (const news of this.follower.catchUp(head, start, signal)) {
      if (news === "reorganised") this.tasks.hearAll();
      else this.tasks.note(news);
    }
    this.tasks.tendDue(head, signal);
  }
}
