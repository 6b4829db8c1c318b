import { setTimeout as sleep } from "node:timers/promises";

import { ConnectionLostError } from "../chain/connect.ts";
import { loadConfig, type Overrides } from "../config/Config.ts";
import { Daemon } from "../Daemon.ts";
import { createLogger } from "../log.ts";

const RECONNECT_DELAY = 5_000;

/** Runs the node until SIGINT or SIGTERM; puts it together anew when its provider hangs up. */
export async function start(folder: string, flags: Overrides): Promise<void> {
  const config = loadConfig(folder, flags);
  const log = createLogger(config.log, process.stdout.isTTY);
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      log.info({ signal: name }, "stops");
      stop.abort();
    });
  }
  const { signal } = stop;
  while (!signal.aborted) {
    const daemon = await Daemon.init(folder, config, log, signal);
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
