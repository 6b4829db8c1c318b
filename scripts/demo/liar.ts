/**
 * A node that lies: the daemon as it is, around a runtime whose outputs are changed. It seals and reveals like all others;
 * nothing but its answers gives it away.
 *
 *   node scripts/demo/liar.ts DATA_FOLDER [RUN]
 */
import { createLogger, Daemon, loadConfig, type Executor } from "@opg-protocol/node";
import type { Tensor } from "@opg-protocol/sdk";

/** Moves every answer to the next digit, or that of one run alone; the golden vector, which is run first, is not among them. */
function lying(honest: Executor): Executor {
  let runs = 0;
  return {
    run: async (version, inputs, signal) => {
      runs += 1;
      const outputs = await honest.run(version, inputs, signal);
      return only === undefined || Number(only) === runs ? outputs.map(rotated) : outputs;
    },
    close: () => honest.close(),
  };
}

function rotated({ dtype, shape, data }: Tensor): Tensor {
  const size = 4; // bytes of a float32
  return { dtype, shape, data: Uint8Array.from(data, (_, i) => data[(i + data.length - size) % data.length] ?? 0) };
}

const [folder, only] = process.argv.slice(2);
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
