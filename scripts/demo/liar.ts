/**
 * A node that lies: the daemon as it is, around a runtime whose outputs are changed. It seals and reveals like all others;
 * nothing but its answers gives it away.
 *
 *   node scripts/demo/liar.ts DATA_FOLDER
 */
import { createLogger, Daemon, loadConfig, type Executor } from "@opg-protocol/node";
import type { Tensor } from "@opg-protocol/sdk";

/** Passes the golden vector, which is run first, and then moves every answer to the next digit. */
function lying(honest: Executor): Executor {
  return {
    run: async (version, inputs, signal) => (await honest.run(version, inputs, signal)).map(rotated),
    close: () => honest.close(),
  };
}

function rotated({ dtype, shape, data }: Tensor): Tensor {
  const size = 4; // bytes of a float32
  return { dtype, shape, data: Uint8Array.from(data, (_, i) => data[(i + data.length - size) % data.length] ?? 0) };
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Give the data folder of the node.");
const config = loadConfig(folder);
const stop = new AbortController();
process.once("SIGTERM", () => {
  stop.abort();
});
const log = createLogger(config.log, false);
const daemon = await Daemon.init(folder, config, log, stop.signal, { executor: lying });
await daemon.run(stop.signal);
await daemon.close();
