import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";

import type { Tensor } from "@opg-protocol/sdk";
import { completionInputs, type CompletionOrder } from "@opg-protocol/sdk/completions";
import { INTEGER_PROFILE, readModel, writeModel } from "@opg-protocol/sdk/onnx";

import { RunDeclinedError } from "../dist/execute/errors.js";
import type { Executable } from "../dist/execute/Executor.js";
import { RuntimeProcess } from "../dist/execute/RuntimeProcess.js";
import { Writer, type WriterLimits } from "../dist/execute/Writer.js";
import { temporaryFolder } from "./support/folder.ts";
import { recordingLog } from "./support/log.ts";
import { sha256 } from "./support/network.ts";
import { stored, VERSES, versesIn, WINDOW } from "./support/verses.ts";

const ORDER: CompletionOrder = { prompt: "And God said", limit: 12, seed: 1, temperature: 0.5 };
const textIn = ([text]: readonly Tensor[], prompt = ORDER.prompt): string =>
  Buffer.from(text?.data ?? [])
    .toString("utf8", prompt.length)
    .replaceAll("\0", "");

describe("Writer", () => {
  const store = join(temporaryFolder(), "artifacts");
  mkdirSync(store);
  const runtimes: RuntimeProcess[] = [];
  after(async () => {
    await Promise.all(runtimes.map((runtime) => runtime.close()));
  });

  const version = versesIn(store, "verses");
  const DECODE = readFileSync(join(VERSES, "decode.onnx"));
  const written: Executable = { ...version, decode: stored(store, "decode.onnx", DECODE) };
  const inputsOf = (order: CompletionOrder) => completionInputs(version, order);

  /** A writer over a runtime that counts the runs of the version's own graph. */
  const bench = (limits: Partial<WriterLimits> = {}, places = 8) => {
    const runtime = new RuntimeProcess(store, { time: 30_000, memory: 1_000, queue: places }, recordingLog().log);
    runtimes.push(runtime);
    const runs: number[] = [];
    const { log, lines } = recordingLog();
    const settle = async (...parameters: Parameters<RuntimeProcess["settle"]>) => {
      const settled = await runtime.settle(...parameters);
      runs.push(settled.runs);
      return settled;
    };
    const counted = {
      settle,
      placed: runtime.placed.bind(runtime),
      run: async (...[model, inputs, signal]: Parameters<RuntimeProcess["run"]>) =>
        (await settle(model, inputs, [], signal)).outputs,
      step: runtime.step.bind(runtime),
      close: runtime.close.bind(runtime),
    };
    return { runtime, writer: new Writer(counted, { time: 30_000, queue: 8, ...limits }, log), runs, lines };
  };
  const { runtime: plain } = bench();
  const truth = plain.run(version, inputsOf(ORDER));

  it("writes what the version's own graph confirms in one run, and tells each byte as it comes", async () => {
    const { writer, runs, lines } = bench();
    const told: number[] = [];
    const outputs = await writer.run(written, inputsOf(ORDER), undefined, (bytes) => told.push(...bytes));
    assert.deepEqual(outputs, await truth);
    assert.equal(Buffer.from(told).toString(), textIn(outputs));
    assert.equal(told.length, 12);
    assert.deepEqual(runs, [1]);
    assert.deepEqual(lines, []);
  });

  it("stops where the model ends a text", async () => {
    const { writer, runs } = bench();
    const order = { prompt: "Jesus wept", seed: 3 };
    const outputs = await writer.run(written, inputsOf(order));
    assert.deepEqual(outputs, await plain.run(version, inputsOf(order)));
    assert.deepEqual(runs, [1]);
  });

  it("writes several texts in turn, each as if it were alone", async () => {
    const { writer, runs } = bench();
    const told: string[] = [];
    const orders = [ORDER, { ...ORDER, seed: 2 }, { ...ORDER, prompt: "And Moses" }];
    const outputs = await Promise.all(
      orders.map((order, i) => writer.run(written, inputsOf(order), undefined, () => told.push(`${i}`))),
    );
    assert.deepEqual(outputs[0], await truth);
    for (const [i, order] of orders.entries()) assert.deepEqual(outputs[i], await plain.run(version, inputsOf(order)));
    assert.equal(told.slice(0, 9).join(""), "012012012");
    assert.deepEqual(runs, [1, 1, 1]);
  });

  it("never states what another graph writes, and asks that one no more [T216]", async () => {
    const { writer, runs, lines } = bench();
    const decode = stored(store, "other.onnx", otherWeights(DECODE));
    const told: number[] = [];
    const run = () => writer.run({ ...version, decode }, inputsOf(ORDER), undefined, (bytes) => told.push(...bytes));
    assert.deepEqual(await run(), await truth);
    assert.ok((runs[0] ?? 0) > 1);
    assert.deepEqual(lines, [
      [{ versionId: "verses", digest: decode.digest }, "the graph that writes texts writes others: used no more"],
    ]);
    told.length = 0;
    assert.deepEqual(await run(), await truth);
    assert.deepEqual(told, []);
  });

  const refused: readonly (readonly [string, Uint8Array, string])[] = [
    ["a graph of another kind", readFileSync(join(VERSES, "pass-64.onnx")), "it does not take token, one uint8"],
    ["no graph", Buffer.from("no model"), "Failed to load model"],
  ];
  for (const [what, file, reason] of refused)
    it(`finds the text without ${what}`, async () => {
      const { writer, lines } = bench();
      const decode = stored(store, `${sha256(file)}.onnx`, file);
      assert.deepEqual(await writer.run({ ...version, decode }, inputsOf(ORDER)), await truth);
      const [[fields, message] = []] = lines as [{ error: string }, string][];
      assert.equal(message, "a text could not be written to its end: it is found otherwise");
      assert.match(fields?.error ?? "", new RegExp(reason));
    });

  it("goes on with what it has written when the runtime dies", async () => {
    const { runtime, writer, lines } = bench();
    const child = () => (runtime as unknown as { child?: { pid: number } }).child;
    let bytes = 0;
    const outputs = await writer.run(written, inputsOf(ORDER), undefined, () => {
      bytes += 1;
      if (bytes === 4) process.kill(child()?.pid ?? assert.fail(), "SIGKILL");
    });
    assert.deepEqual(outputs, await truth);
    assert.equal(bytes, 4);
    assert.equal(lines.length, 1);
  });

  it("finds a text otherwise that takes too long to write", async () => {
    const { writer, lines } = bench({ time: 0 });
    assert.deepEqual(await writer.run(written, inputsOf(ORDER)), await truth);
    const error = "Version verses could not be run here: it was not written in 0 ms";
    const said = "a text could not be written to its end: it is found otherwise";
    assert.deepEqual(lines, [[{ versionId: "verses", error }, said]]);
  });

  it("declines more texts than may wait", async () => {
    const { writer } = bench({ queue: 1 });
    const run = () => writer.run(written, inputsOf({ ...ORDER, limit: 1 }));
    const running = [run(), run()];
    await assert.rejects(run(), new RunDeclinedError("verses", "1 texts are waiting already"));
    assert.equal((await Promise.all(running)).length, 2);
  });

  it("has a place for the run that confirms a text before it tells any of it", async () => {
    const { runtime, writer } = bench({}, 1);
    const declined = new RunDeclinedError("verses", "1 runs are waiting already");
    const told: number[] = [];
    const write = () => writer.run(written, inputsOf(ORDER), undefined, (bytes) => told.push(...bytes));

    const other = runtime.run(version, inputsOf(ORDER));
    await assert.rejects(write(), declined);
    assert.deepEqual(told, []);
    await other;

    let others: Promise<void> | undefined;
    const outputs = await writer.run(written, inputsOf(ORDER), undefined, () => {
      others ??= assert.rejects(runtime.run(version, inputsOf(ORDER)), declined);
    });
    assert.deepEqual(outputs, await truth);
    await (others ?? assert.fail("nothing was told"));
  });

  it("ends what nobody waits for any more", async () => {
    const { writer } = bench();
    const stop = new AbortController();
    const reason = new Error("the caller has left");
    const running = writer.run(written, inputsOf(ORDER), stop.signal, () => {
      stop.abort(reason);
    });
    await assert.rejects(running, reason);
    assert.deepEqual(await writer.run(written, inputsOf(ORDER)), await truth);
  });

  it("leaves prompts with holes, whose texts do not begin in one place, to the version's own graph", async () => {
    const { writer, runs } = bench();
    const [prompt, ...numbers] = inputsOf({ prompt: "And God", limit: 20 });
    const data = Uint8Array.from(prompt?.data ?? []);
    data.set(Buffer.from("said"), 12);
    const inputs = [{ dtype: 2, shape: [WINDOW], data }, ...numbers];
    const told: number[] = [];
    const outputs = await writer.run(written, inputs, undefined, (bytes) => told.push(...bytes));
    assert.deepEqual(outputs, await plain.run(version, inputs));
    assert.deepEqual(told, []);
    assert.ok((runs[0] ?? 0) > 1);
  });
});

/** The same graph with a matrix of another model. */
function otherWeights(file: Uint8Array): Uint8Array {
  const model = readModel(file, INTEGER_PROFILE);
  for (const { rawData } of model.graph?.initializer ?? []) if ((rawData?.length ?? 0) >= 32_768) rawData?.reverse();
  return writeModel(model);
}
