import { strict as assert } from "node:assert";
import type { ChildProcess } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";

import type { Tensor } from "@opg-protocol/sdk";

import { ExecutionError, RefusedByModelError, RunDeclinedError } from "../dist/execute/errors.js";
import type { Executable } from "../dist/execute/Executor.js";
import { RuntimeProcess, type RuntimeLimits } from "../dist/execute/RuntimeProcess.js";
import { createLogger } from "../dist/log.js";
import { temporaryFolder } from "./support/folder.ts";
import { DIGITS, IMAGE, eventually, run, sha256 } from "./support/network.ts";
import { heavyModel, identityModel, onnxModel, type Operation } from "./support/onnx.ts";

const LIMITS: RuntimeLimits = { time: 30_000, memory: 1_000, queue: 8 };
const LOG = createLogger("silent", false);

/** The side of the matrices that a heavy model works on. */
const sizeOf = (side: number): Tensor => ({
  dtype: 7,
  shape: [2],
  data: new Uint8Array(BigInt64Array.of(BigInt(side), BigInt(side)).buffer),
});

/** 16 TFLOP with a thousand products: minutes on any machine, and a few times 16 MB. */
const ENDLESS = sizeOf(2_000);

const failed = (reason: RegExp) => (error: unknown) =>
  error instanceof ExecutionError && (assert.match(error.reason, reason), true);

describe("RuntimeProcess", () => {
  const base = temporaryFolder();
  const store = join(base, "artifacts");
  mkdirSync(store);
  const runtimes: RuntimeProcess[] = [];
  const runtimeWith = (limits: Partial<RuntimeLimits> = {}): RuntimeProcess => {
    const runtime = new RuntimeProcess(store, { ...LIMITS, ...limits }, LOG);
    runtimes.push(runtime);
    return runtime;
  };
  const spec = (name: string) => ({ name, dtype: 1, shape: [] });
  /** Puts a model into the store. */
  const executable = (model: Uint8Array, input = "x", output = "y"): Executable => {
    const digest = sha256(model);
    const path = join(store, digest.slice(2));
    writeFileSync(path, model);
    return { versionId: "version", path, digest, inputs: [spec(input)], outputs: [spec(output)] };
  };
  const processOf = (runtime: RuntimeProcess) => (runtime as unknown as { child?: ChildProcess }).child;
  const pidOf = (runtime: RuntimeProcess): number => {
    const pid = processOf(runtime)?.pid;
    assert.ok(pid !== undefined, "there is no runtime process");
    return pid;
  };
  let shared: RuntimeProcess;
  let digits: Executable;
  let heavy: Executable;
  before(() => {
    shared = runtimeWith();
    digits = executable(readFileSync(join(DIGITS, "digits.onnx")), "image", "logits");
    heavy = executable(heavyModel(1_000), "size", "shape");
  });
  after(async () => {
    await Promise.all(runtimes.map((runtime) => runtime.close()));
  });

  it("gives what ONNX Runtime gives to whoever runs the model", async () => {
    const expected = await run(readFileSync(digits.path));
    assert.deepEqual(await shared.run(digits, [IMAGE]), expected);
    const process_ = pidOf(shared);
    assert.deepEqual(await shared.run(digits, [IMAGE]), expected);
    assert.equal(pidOf(shared), process_);
  });

  it("says that the model refuses an input of another shape, type or number, and goes on in the same process", async () => {
    await shared.run(digits, [IMAGE]);
    const process_ = pidOf(shared);
    const small: Tensor = { dtype: 2, shape: [1, 1, 4, 4], data: new Uint8Array(16) };
    const floats: Tensor = { dtype: 1, shape: [1, 1, 8, 8], data: new Uint8Array(256) };
    const short: Tensor = { ...IMAGE, data: IMAGE.data.subarray(1) };
    for (const inputs of [[small], [floats], [short], []]) {
      await assert.rejects(shared.run(digits, inputs), RefusedByModelError);
    }
    assert.equal(pidOf(shared), process_);
  });

  const values: readonly (readonly [string, number, ArrayBufferView])[] = [
    ["float32", 1, Float32Array.of(1.5, -0, Infinity)],
    ["uint8", 2, Uint8Array.of(0, 1, 255)],
    ["int8", 3, Int8Array.of(0, 127, -128)],
    ["uint16", 4, Uint16Array.of(0, 1, 65_535)],
    ["int16", 5, Int16Array.of(0, 32_767, -32_768)],
    ["int32", 6, Int32Array.of(0, 2 ** 31 - 1, -(2 ** 31))],
    ["int64", 7, BigInt64Array.of(0n, 2n ** 63n - 1n, -(2n ** 63n))],
    ["bool", 9, Uint8Array.of(0, 1, 1)],
    ["float16", 10, Uint16Array.of(0x3c00, 0xbc00, 0x7e01)],
    ["float64", 11, Float64Array.of(1.5, -0, Infinity)],
    ["uint32", 12, Uint32Array.of(0, 1, 2 ** 32 - 1)],
    ["uint64", 13, BigUint64Array.of(0n, 1n, 2n ** 64n - 1n)],
  ];
  for (const [name, dtype, { buffer, byteLength }] of values) {
    it(`hands ${name} through, bit by bit`, async () => {
      // Bytes that start anywhere, as those of a decoded payload do.
      const data = new Uint8Array(byteLength + 1).subarray(1);
      data.set(new Uint8Array(buffer));
      const tensor: Tensor = { dtype, shape: [1, 3], data };
      const [output] = await shared.run(executable(identityModel(dtype, [1, 3])), [tensor]);
      assert.deepEqual(output, { dtype, shape: [1, 3], data: Uint8Array.from(data) });
    });
  }

  describe("of a model that is shown its own output", () => {
    const words = (...numbers: number[]): Tensor => ({
      dtype: 6,
      shape: [numbers.length],
      data: new Uint8Array(Int32Array.from(numbers).buffer),
    });
    const shown = (inputs: readonly string[], operations: readonly Operation[]) =>
      executable(
        onnxModel(
          ["y.stated", ...inputs].map((name) => ({ name, dtype: 6, shape: [4] })),
          [{ name: "y", dtype: 6, shape: [4] }],
          operations,
        ),
      );
    // Each run adds one to what it is shown, up to the bounds: as a text grows by one part at a time.
    const counting = [
      { type: "Add", inputs: ["y.stated", "one"], outputs: ["more"] },
      { type: "Min", inputs: ["x", "more"], outputs: ["y"] },
    ];

    it("gives the output that the model makes again", async () => {
      const version = { ...shown(["x", "one"], counting), inputs: ["x", "one"].map((name) => spec(name)) };
      const [output] = await shared.run(version, [words(1, 2, 3, 4), words(1, 1, 1, 1)]);
      assert.deepEqual(output, words(1, 2, 3, 4));
    });

    it("gives up after one run more than it has elements, and blames no input", async () => {
      const version = { ...shown(["x", "one"], counting), inputs: ["x", "one"].map((name) => spec(name)) };
      await assert.rejects(
        shared.run(version, [words(1, 2, 3, 5), words(1, 1, 1, 1)]),
        failed(/^it settles on no y in 5 runs$/),
      );
    });

    it("runs once where it is told what to show", async () => {
      const version = { ...shown(["x", "one"], counting), inputs: ["x", "one", "y.stated"].map((name) => spec(name)) };
      const [output] = await shared.run(version, [words(9, 9, 9, 9), words(1, 1, 1, 1), words(0, 1, 2, 9)]);
      assert.deepEqual(output, words(1, 2, 3, 9));
    });
  });

  it("does not run a file that has changed, nor one that is no model [D08]", async () => {
    const version = executable(identityModel(1, [2]));
    const changed = identityModel(1, [3]);
    writeFileSync(version.path, changed);
    await assert.rejects(shared.run(version, []), failed(new RegExp(`has changed: its sha-256 is ${sha256(changed)}`)));
    await assert.rejects(shared.run(executable(Buffer.from("no model")), []), failed(/./));
  });

  it("reads no file but models, wherever it is told to look [T136]", async () => {
    const path = join(base, "outside.onnx");
    copyFileSync(digits.path, path);
    await assert.rejects(
      shared.run({ ...digits, path, digest: sha256(Buffer.from("new")) }, [IMAGE]),
      failed(/access/i),
    );
  });

  it("gives models no data but their own, not even from the folder that the node was started in [T138]", async () => {
    const before = process.cwd();
    writeFileSync(join(base, "password"), "password");
    process.chdir(base);
    try {
      const runtime = runtimeWith();
      for (const location of ["password", "../password", join(base, "password")]) {
        const constant = { name: "stolen", dtype: 2, shape: [8], location };
        const output = { name: "y", dtype: 2, shape: [8] };
        const thief = onnxModel([], [output], [{ type: "Identity", inputs: ["stolen"], outputs: ["y"] }], [constant]);
        await assert.rejects(runtime.run({ ...executable(thief), inputs: [] }, []), failed(/external/i));
      }
    } finally {
      process.chdir(before);
    }
  });

  it("gives the process no environment [T139 D08]", async () => {
    await shared.run(digits, [IMAGE]);
    const environment = readFileSync(`/proc/${pidOf(shared)}/environ`, "utf8")
      .split("\0")
      .filter(Boolean);
    assert.deepEqual(
      environment.filter((line) => !line.startsWith("NODE_CHANNEL_")),
      [],
    );
  });

  it("kills a run that takes too long, and runs the next one", async () => {
    const runtime = runtimeWith({ time: 2_000 });
    await runtime.run(digits, [IMAGE]);
    const process_ = pidOf(runtime);
    await assert.rejects(runtime.run(heavy, [ENDLESS]), failed(/^took more than 2000 ms$/));
    assert.throws(() => process.kill(process_, 0), { code: "ESRCH" });
    assert.equal((await runtime.run(digits, [IMAGE])).length, 1);
  });

  it("kills a run that takes too much memory, and runs the next one [T139]", async () => {
    const runtime = runtimeWith({ memory: 300 });
    await assert.rejects(runtime.run(heavy, [sizeOf(8_000)]), failed(/^took more than 300 MiB of memory$/));
    assert.equal((await runtime.run(digits, [IMAGE])).length, 1);
  });

  it("has one watch over its limits, however many runs there are", async (t) => {
    await shared.run(digits, [IMAGE]);
    const timers = t.mock.method(globalThis, "setTimeout");
    const began = performance.now();
    for (let runs = 0; runs < 40; runs += 1) await shared.run(digits, [IMAGE]);
    const looks = runtimes.length * (1 + Math.floor((performance.now() - began) / 250));
    assert.ok(timers.mock.callCount() <= looks, `${timers.mock.callCount()} timers in ${looks} periods`);
  });

  it("notices that its process died, during a run and between runs", async () => {
    const runtime = runtimeWith();
    // At once, when the request has not reached it, and later, when it works.
    for (const delay of [0, 0, 0, 300]) {
      await runtime.run(digits, [IMAGE]);
      const running = assert.rejects(runtime.run(heavy, [ENDLESS]), failed(/^the runtime died$/));
      if (delay > 0) await setTimeout(delay);
      process.kill(pidOf(runtime), "SIGKILL");
      await running;
    }
    await runtime.run(digits, [IMAGE]);

    const process_ = pidOf(runtime);
    process.kill(process_, "SIGKILL");
    await eventually("it is gone", () => Promise.resolve(processOf(runtime)?.connected === false));
    await runtime.run(digits, [IMAGE]);
    assert.notEqual(pidOf(runtime), process_);
  });

  it("declines more runs than may wait, one after another runs the others", async () => {
    const runtime = runtimeWith({ queue: 2 });
    const runs = [runtime.run(digits, [IMAGE]), runtime.run(digits, [IMAGE])];
    await assert.rejects(runtime.run(digits, [IMAGE]), new RunDeclinedError("version", "2 runs are waiting already"));
    const [first, second] = await Promise.all(runs);
    assert.deepEqual(first, second);
    await runtime.run(digits, [IMAGE]);
  });

  it("does not begin a run that nobody waits for any more", async () => {
    const runtime = runtimeWith();
    await assert.rejects(
      runtime.run(digits, [IMAGE], AbortSignal.abort(new Error("the node stops"))),
      /the node stops/,
    );
    assert.equal(processOf(runtime), undefined);
  });

  it("declines runs when it is closed, the one under way included, and leaves no process behind", async () => {
    const runtime = runtimeWith();
    await runtime.run(digits, [IMAGE]);
    const process_ = pidOf(runtime);
    const underWay = runtime.run(heavy, [ENDLESS]);
    const waiting = runtime.run(digits, [IMAGE]);
    const declined = new RunDeclinedError("version", "the node is stopping");
    const all = Promise.all([assert.rejects(underWay, declined), assert.rejects(waiting, declined)]);
    await runtime.close();
    await all;
    assert.throws(() => process.kill(process_, 0), { code: "ESRCH" });
  });
});
