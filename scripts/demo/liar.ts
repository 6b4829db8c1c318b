/**
 * A node that lies: the daemon as it is, around a runtime whose outputs are changed. It seals and reveals like all others;
 * nothing but its answers gives it away. Of a text it changes one byte, and insists on it where that is disputed.
 *
 *   node scripts/demo/liar.ts DATA_FOLDER [RUN]
 */
import { createLogger, Daemon, loadConfig, type Executor } from "@opg-protocol/node";
import type { Tensor } from "@opg-protocol/sdk";
import { Executor as Tracer } from "@opg-protocol/sdk/onnx";

/** The letter x. */
const LETTER = 120;

/** Moves every answer to the next digit, or that of one run alone; the golden vector, which is run first, is not among them. */
function lying(honest: Executor): Executor {
  let runs = 0;
  return {
    run: async (version, inputs, signal) => {
      runs += 1;
      const outputs = await honest.run(version, inputs, signal);
      return only === undefined || Number(only) === runs
        ? outputs.map(version.isShown === true ? misspelt : rotated)
        : outputs;
    },
    close: () => honest.close(),
  };
}

function rotated({ dtype, shape, data }: Tensor): Tensor {
  const size = 4; // bytes of a float32
  return { dtype, shape, data: Uint8Array.from(data, (_, i) => data[(i + data.length - size) % data.length] ?? 0) };
}

/** Another letter in the middle of a text. What stands behind it is left, so that it is the one byte that is wrong. */
function misspelt({ dtype, shape, data }: Tensor): Tensor {
  const written = [...data.keys()].filter((at) => data[at] !== 0);
  const wrong = written[Math.floor(written.length / 2)];
  return { dtype, shape, data: data.map((byte, at) => (at === wrong ? other(byte) : byte)) };
}

const other = (byte: number): number => (byte === LETTER ? LETTER + 1 : LETTER);

/** Runs a model rightly, but for the last step: that makes what was stated. */
class InsistingTracer extends Tracer {
  override *tensors(
    inputs: readonly Tensor[],
    stated: readonly Tensor[] = [],
  ): Generator<readonly [step: number, words: Uint8Array]> {
    const [text] = stated;
    for (const [step, words] of super.tensors(inputs, stated)) {
      if (step === this.program.outputs[0]?.step && text !== undefined) words.set(text.data);
      yield [step, words];
    }
  }
}

const [folder, only] = process.argv.slice(2);
if (folder === undefined) throw new Error("Give the data folder of the node.");
const config = loadConfig(folder);
const stop = new AbortController();
process.once("SIGTERM", () => {
  stop.abort();
});
const log = createLogger(config.log, false);
const daemon = await Daemon.init(folder, config, log, stop.signal, {
  executor: lying,
  tracer: (program) => new InsistingTracer(program),
});
await daemon.run(stop.signal);
await daemon.close();
