import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { type MadeStatement, payloadRoot, PayloadSide, type Tensor } from "@opg-protocol/sdk";
import { completionInputs } from "@opg-protocol/sdk/completions";
import { compile, Executor, INTEGER_PROFILE } from "@opg-protocol/sdk/onnx";
import { id } from "ethers";

import { Checker, type CheckerModules, type Finding } from "../dist/disputes/Checker.js";
import type { Executor as Runtime } from "../dist/execute/Executor.js";
import { RuntimeProcess } from "../dist/execute/RuntimeProcess.js";
import { temporaryFolder } from "./support/folder.ts";
import { recordingLog } from "./support/log.ts";
import { VERSES, versesIn } from "./support/verses.ts";

const PROGRAM = compile(readFileSync(join(VERSES, "pass-64.onnx")), INTEGER_PROFILE);
const PROMPT = "And God said";

describe("Checker of texts", () => {
  const store = join(temporaryFolder(), "artifacts");
  const version = versesIn(store, "verses");
  const inputs = completionInputs(version, { prompt: PROMPT, limit: 12 });
  const process_ = new RuntimeProcess(store, { time: 30_000, memory: 1_000, queue: 8 }, recordingLog().log);
  let truth: readonly Tensor[];
  before(async () => {
    truth = await process_.run(version, inputs);
  });
  after(() => process_.close());

  /** The finding on a text, and how often the model was run for each question to the runtime. */
  async function check(stated: readonly Tensor[], fetch = () => Promise.resolve(stated)) {
    const runs: number[] = [];
    const runtime: Runtime = {
      run: async (...[executable, tensors, signal]) => {
        const settled = await process_.settle(executable, tensors, [], signal);
        runs.push(settled.runs);
        return settled.outputs;
      },
      close: () => Promise.resolve(),
    };
    const nothing = () => Promise.resolve();
    const modules = {
      // Of a payload that is withheld: nobody has demanded any words yet.
      client: {
        addresses: {},
        logRange: 1,
        provider: { getBlockNumber: () => Promise.resolve(0), getLogs: () => Promise.resolve([]) },
      },
      runs: {
        learn: () => Promise.resolve({ executor: new Executor(PROGRAM), executable: version }),
        payload: nothing,
        keep: nothing,
        keepStated: nothing,
      },
      inputs: { payload: () => Promise.resolve(inputs) },
      outputs: { fetch },
      runtime,
      stories: { say: () => undefined, show: () => undefined },
    } as unknown as CheckerModules;
    const statement = {
      node: "node",
      jobId: id("job"),
      inputRoot: payloadRoot(inputs),
      outputRoot: payloadRoot(stated),
      version: { inputs: PROGRAM.inputs, outputs: PROGRAM.outputs },
    };
    const made = {
      statement,
      statementId: id("statement"),
      input: "0x",
      version: { versionId: "verses" },
    } as unknown as MadeStatement;
    const task = { id: id("statement"), kind: "statement", data: "", blockNumber: 0 } as const;
    const finding = await new Checker(modules, "account").check(task, made, new AbortController().signal);
    return { finding, runs };
  }

  /** The truth with other bytes at some positions. */
  const lie = (...positions: readonly number[]): Tensor[] =>
    truth.map((tensor) => ({ ...tensor, data: tensor.data.map((byte, at) => byte ^ Number(positions.includes(at))) }));

  const firstDifference = ([a]: readonly Tensor[], [b]: readonly Tensor[]): number | undefined =>
    a?.data.findIndex((byte, at) => byte !== b?.data[at]);

  function wrongRun(finding: Finding) {
    assert.equal(finding.kind, "wrong");
    return finding.run;
  }

  it("runs the model once over a text that is right", async () => {
    const { finding, runs } = await check(truth);
    assert.deepEqual(finding, { kind: "right", reason: "" });
    assert.deepEqual(runs, [1]);
  });

  const lies: readonly (readonly [string, readonly number[]])[] = [
    ["the first byte", [PROMPT.length]],
    ["a byte in the middle", [PROMPT.length + 5]],
    ["several bytes", [PROMPT.length + 3, PROMPT.length + 4, PROMPT.length + 9]],
    ["a byte of the prompt", [2]],
    ["a byte behind the end", [60]],
  ];
  for (const [what, positions] of lies)
    it(`finds in one run a text with another one of ${what}, and where the lie begins`, async () => {
      const stated = lie(...positions);
      const { finding, runs } = await check(stated);
      assert.deepEqual(runs, [1]);
      const { trace, shown } = wrongRun(finding);
      assert.deepEqual(shown, stated);
      assert.equal(firstDifference(trace.outputs, stated), positions[0]);
      assert.equal(firstDifference(truth, stated), positions[0], "it is where the text departs from the model's own");
    });

  it("finds a text of another shape wrong in one run", async () => {
    const { finding, runs } = await check([{ dtype: 2, shape: [100], data: new Uint8Array(100).fill(1) }]);
    assert.deepEqual(runs, [1]);
    wrongRun(finding);
  });

  describe("that nobody shows", () => {
    const withheld = () => Promise.reject(new Error("nowhere"));

    it("searches for the model's own, and demands nothing where that was stated", async () => {
      const { finding, runs } = await check(truth, withheld);
      assert.deepEqual(finding, { kind: "right", reason: "" });
      assert.deepEqual([runs.length, (runs[0] ?? 0) > 1], [1, true]);
    });

    it("wants its words where another one was stated", async () => {
      const { finding } = await check(lie(PROMPT.length), withheld);
      assert.deepEqual(finding, { kind: "withheld", side: PayloadSide.Output, reason: "nowhere" });
    });
  });
});
