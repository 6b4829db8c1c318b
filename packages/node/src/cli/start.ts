import { setTimeout as sleep } from "node:timers/promises";

import { ConnectionLostError } from "../chain/Socket.ts";
import { loadConfig, loadRelayConfig, loadWatchConfig, type Overrides } from "../config/Config.ts";
import { Daemon } from "../Daemon.ts";
import { createLogger, type Logger } from "../log.ts";
import { RelayDaemon } from "../relay/RelayDaemon.ts";
import { WatchDaemon } from "../WatchDaemon.ts";

const RECONNECT_DELAY = 5_000;

/** Runs the node until SIGINT or SIGTERM; puts it together anew when its provider hangs up. */
export async function start(folder: string, flags: Overrides): Promise<void> {
  const config = loadConfig(folder, flags);
  const log = createLogger(config.log, process.stdout.isTTY);
  await keepRunning((signal) => Daemon.init(folder, config, log, signal), log);
}

/** Watches what others state, in the same way. */
export async function watch(folder: string, flags: Overrides): Promise<void> {
  const config = loadWatchConfig(folder, flags);
  const log = createLogger(config.log, process.stdout.isTTY);
  await keepRunning(() => WatchDaemon.init(folder, config, log), log);
}

/** Posts for nodes what they have signed, in the same way. */
export async function relay(folder: string, flags: Overrides): Promise<void> {
  const config = loadRelayConfig(folder, flags);
  const log = createLogger(config.log, process.stdout.isTTY);
  await keepRunning(() => RelayDaemon.init(folder, config, log), log);
}

async function keepRunning(
  init: (signal: AbortSignal) => Promise<Pick<Daemon, "run" | "close">>,
  log: Logger,
): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      log.info({ signal: name }, "stops");
      stop.abort();
    });
  }
  const { signal } = stop;
  while (!signal.aborted) {
    const daemon = await init(signal);
    try {
      await daemon.run(signal);
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) throw error;
      log.warn({ url: error.url }, "connection lost; connects again");
      await sleep(RECONNECT_DELAY, undefined, { signal }).catch(() => undefined);
    } finally {
      await daemon.close();
    }
  }
}
