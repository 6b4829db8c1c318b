import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";

import type { Tensor } from "@opg-protocol/sdk";
import { id } from "ethers";

import type { BackendConfig } from "../dist/config/Config.js";
import { BackendExecutor } from "../dist/execute/BackendExecutor.js";
import { ExecutionError, ForeignRefusalError, RefusedByModelError, RunDeclinedError } from "../dist/execute/errors.js";
import type { Executable, Executor } from "../dist/execute/Executor.js";
import { KserveExecutor } from "../dist/execute/KserveExecutor.js";
import { RuntimeProcess } from "../dist/execute/RuntimeProcess.js";
import { createLogger } from "../dist/log.js";
import { BackendCheck, BackendDiffersError } from "../dist/offer/BackendCheck.js";
import { BackendPatrol } from "../dist/offer/BackendPatrol.js";
import { digitsIn, openDoor, type OpenDoor } from "./support/doors.ts";
import { temporaryFolder } from "./support/folder.ts";
import { type Answer, HostileServer } from "./support/HostileServer.ts";
import { eventually, IMAGE, sha256 } from "./support/network.ts";
import { identityModel } from "./support/onnx.ts";

const LOG = createLogger("silent", false);
const MODEL: Executable = {
  versionId: id("version"),
  path: "",
  digest: "",
  inputs: [{ name: "x", dtype: 2, shape: [2] }],
  outputs: [
    { name: "y", dtype: 2, shape: [2] },
    { name: "z", dtype: 1, shape: [0] },
  ],
};
const X: Tensor = { dtype: 2, shape: [2], data: Uint8Array.of(1, 2) };
const Y = { name: "y", datatype: "UINT8", shape: [2], data: [3, 4] };
const Z = { name: "z", datatype: "FP32", shape: [1], data: [1] };

const backendAt = (kserve: string, versionId: string, changes: Partial<BackendConfig> = {}, time = 30_000) => {
  const models = { [versionId]: { name: "digits", version: "1.0" } };
  const config = { kserve, models, form: "binary" as const, runs: 2, answerMiB: 0.001, checkMinutes: 1, ...changes };
  return new KserveExecutor(config, { time, queue: 2 });
};

describe("KserveExecutor with a server that is honest", () => {
  const store = join(temporaryFolder(), "artifacts");
  const runtime = new RuntimeProcess(store, { time: 30_000, memory: 1_000, queue: 8 }, LOG);
  const digits = digitsIn(store);
  let server: OpenDoor;
  before(async () => {
    server = await openDoor(digits, runtime);
  });
  after(async () => {
    await server.close();
    await runtime.close();
  });

  for (const form of ["binary", "json"] as const) {
    it(`gives what ONNX Runtime gives here, with tensors as ${form}`, async () => {
      const expected = await runtime.run(digits, [IMAGE]);
      assert.deepEqual(await backendAt(server.url, digits.versionId, { form }).run(digits, [IMAGE]), expected);
    });
  }

  it("hands every type of element through, bit by bit", async () => {
    for (const [dtype, size] of [
      [1, 4],
      [2, 1],
      [3, 1],
      [4, 2],
      [5, 2],
      [6, 4],
      [7, 8],
      [10, 2],
      [11, 8],
      [12, 4],
      [13, 8],
    ] as const) {
      // prettier-ignore
      const model = identityModel(dtype, [3]);
      const digest = sha256(model);
      const path = join(store, digest.slice(2));
      mkdirSync(store, { recursive: true });
      writeFileSync(path, model);
      const spec = (name: string) => [{ name, dtype, shape: [3] }];
      const version = { versionId: id("identity"), path, digest, inputs: spec("x"), outputs: spec("y") };
      const door = await openDoor(version, runtime);
      const data = Uint8Array.from({ length: 3 * size }, (_, i) => 251 - i);
      const tensor = { dtype, shape: [3], data };
      assert.deepEqual(await backendAt(door.url, version.versionId).run(version, [tensor]), [tensor]);
      await door.close();
    }
  });
});

describe("KserveExecutor with any server", () => {
  const hostile = new HostileServer();
  before(() => hostile.listen());
  after(() => hostile.close());
  const INFER = "/v2/models/digits/versions/1.0/infer";
  const run = (answer: Answer, changes: Partial<BackendConfig> = {}, time?: number, signal?: AbortSignal) => {
    hostile.serve(INFER, answer);
    return backendAt(hostile.url, MODEL.versionId, changes, time).run(MODEL, [X], signal);
  };
  const saying =
    (body: unknown, status = 200): Answer =>
    ({ response }) =>
      response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));

  it("takes outputs in any order, with the shapes that the signature leaves open", async () => {
    const z = { ...Z, shape: [3], data: [1, 2, 3] };
    const [first, second] = await run(saying({ outputs: [z, Y] }));
    assert.deepEqual(first, { dtype: 2, shape: [2], data: Uint8Array.of(3, 4) });
    assert.deepEqual(second?.shape, [3]);
  });

  const wrong: readonly (readonly [string, unknown, RegExp])[] = [
    ["no JSON", "no json", /the backend's answer is none: body/],
    ["no outputs", {}, /the backend's answer is none: outputs/],
    ["fewer outputs", { outputs: [Y] }, /not of the names, types and shapes/],
    ["more outputs", { outputs: [Y, Z, { ...Z, name: "w" }] }, /not of the names/],
    ["other names", { outputs: [Y, { ...Z, name: "w" }] }, /not of the names/],
    ["another type", { outputs: [{ ...Y, datatype: "INT8" }, Z] }, /not of the names/],
    ["another shape", { outputs: [{ ...Y, shape: [1, 2] }, Z] }, /not of the names/],
    ["too few numbers", { outputs: [{ ...Y, data: [3] }, Z] }, /has 1 elements, its shape says 2/],
    ["too long an answer", { outputs: [Y, Z], parameters: { x: "x".repeat(2_000) } }, /more than 1048 bytes/],
  ];
  for (const [what, body, reason] of wrong) {
    it(`takes an answer with ${what} for a failed run [T143]`, async () => {
      await assert.rejects(run(saying(body)), (error) => {
        assert.ok(error instanceof ExecutionError, String(error));
        assert.match(error.reason, reason);
        return true;
      });
    });
  }

  const statuses: readonly (readonly [number, new (...args: never[]) => Error])[] = [
    [400, ForeignRefusalError],
    [422, ForeignRefusalError],
    [500, ExecutionError],
    [504, ExecutionError],
    [401, RunDeclinedError],
    [404, RunDeclinedError],
    [429, RunDeclinedError],
    [502, RunDeclinedError],
    [503, RunDeclinedError],
  ];
  for (const [status, kind] of statuses) {
    it(`takes status ${status} for a ${kind.name}`, async () => {
      await assert.rejects(run(saying({ error: "why" }, status)), (error) => {
        assert.ok(error instanceof kind, String(error));
        assert.match(error.message, /why/);
        return true;
      });
    });
  }

  it("does not go where it is sent", async () => {
    const away: Answer = ({ response }) => response.writeHead(307, { location: "/elsewhere" }).end();
    await assert.rejects(run(away), RunDeclinedError);
    assert.ok(!hostile.requests.includes("/elsewhere"));
  });

  it("counts against the version that a run takes too long, and not that nobody is there", async () => {
    await assert.rejects(
      run(() => undefined, {}, 100),
      new ExecutionError(MODEL.versionId, "took more than 100 ms"),
    );
    const nowhere = backendAt("http://127.0.0.1:1", MODEL.versionId);
    await assert.rejects(nowhere.run(MODEL, [X]), /the backend is out of reach/);
    await assert.rejects(nowhere.run(MODEL, [X]), RunDeclinedError);
  });

  it("gives up at once when nobody waits any more, and hangs up", async () => {
    const leaving = new AbortController();
    const reason = new Error("no longer");
    const running = run(
      () => {
        leaving.abort(reason);
      },
      {},
      undefined,
      leaving.signal,
    );
    await assert.rejects(running, reason);
    await hostile.disconnected(INFER);
  });

  it("does not run what nobody waits for any more when it is its turn", async () => {
    const pending: (() => void)[] = [];
    hostile.forget();
    hostile.serve(INFER, ({ response }) => {
      pending.push(() => response.end(JSON.stringify({ outputs: [Y, Z] })));
    });
    const backend = backendAt(hostile.url, MODEL.versionId, { runs: 1 });
    const running = backend.run(MODEL, [X]);
    await eventually("it has come", () => Promise.resolve(pending.length === 1));
    const leaving = new AbortController();
    const reason = new Error("no longer");
    const waiting = assert.rejects(backend.run(MODEL, [X], leaving.signal), reason);
    leaving.abort(reason);
    await waiting;
    hostile.serve(INFER, ({ response }) => response.end(JSON.stringify({ outputs: [Y, Z] })));
    pending[0]?.();
    await running;
    await backend.run(MODEL, [X]); // whoever was before it is over
    assert.equal(hostile.requests.length, 2);
  });

  it("sends so many runs at once, has so many wait, and declines more", async () => {
    const pending: (() => void)[] = [];
    hostile.serve(INFER, ({ response }) => {
      pending.push(() => response.end(JSON.stringify({ outputs: [Y, Z] })));
    });
    const backend = backendAt(hostile.url, MODEL.versionId);
    const runs = Array.from({ length: 4 }, () => backend.run(MODEL, [X]));
    await eventually("two have come", () => Promise.resolve(pending.length === 2));
    await assert.rejects(backend.run(MODEL, [X]), new RunDeclinedError(MODEL.versionId, "2 runs are waiting already"));
    assert.equal(pending.length, 2);
    for (let ended = 0; ended < runs.length; ended += 1) {
      await eventually("the next has come", () => Promise.resolve(pending.length > ended));
      pending[ended]?.();
    }
    await Promise.all(runs);
  });
});

describe("BackendExecutor", () => {
  const embedded = { runs: 0, result: [X] as Tensor[] | Error };
  const runtime: Executor = {
    run: () => {
      embedded.runs += 1;
      return embedded.result instanceof Error ? Promise.reject(embedded.result) : Promise.resolve(embedded.result);
    },
    close: () => Promise.resolve(),
  };
  const hostile = new HostileServer();
  before(() => hostile.listen());
  after(() => hostile.close());
  const INFER = "/v2/models/digits/versions/1.0/infer";
  const executor = () => new BackendExecutor(backendAt(hostile.url, MODEL.versionId), runtime);
  const answering = (status: number) => {
    hostile.forget();
    hostile.serve(INFER, ({ response }) =>
      response.writeHead(status).end(JSON.stringify({ error: "why", outputs: [Y, Z] })),
    );
    embedded.runs = 0;
    embedded.result = [X];
  };

  it("runs a version on the backend if it is mapped there, else here", async () => {
    answering(200);
    assert.deepEqual((await executor().run(MODEL, [X]))[0]?.data, Uint8Array.of(3, 4));
    assert.equal(embedded.runs, 0);
    assert.deepEqual(await executor().run({ ...MODEL, versionId: "probe" }, [X]), [X]);
    assert.deepEqual([embedded.runs, hostile.requests.length], [1, 1]);
  });

  it("has the runtime here decide whether the model refuses an input that the backend refuses [T143]", async () => {
    answering(400);
    assert.deepEqual(await executor().run(MODEL, [X]), [X]);
    embedded.result = new RefusedByModelError("version", "no cats");
    await assert.rejects(executor().run(MODEL, [X]), embedded.result);
    assert.equal(embedded.runs, 2);
  });

  it("does not do here what the backend fails at", async () => {
    for (const status of [500, 503]) {
      answering(status);
      await assert.rejects(executor().run(MODEL, [X]));
      assert.equal(embedded.runs, 0);
    }
  });
});

describe("BackendCheck and BackendPatrol", () => {
  const store = join(temporaryFolder(), "artifacts");
  const runtime = new RuntimeProcess(store, { time: 30_000, memory: 1_000, queue: 8 }, LOG);
  const digits = digitsIn(store);
  const { versionId } = digits;
  /** What the backend does to outputs before it gives them. */
  let spoil: (input: Uint8Array, logits: Uint8Array) => void = () => undefined;
  const spoiling: Executor = {
    run: async (version, inputs) => {
      const outputs = await runtime.run(version, inputs);
      spoil(inputs[0]?.data ?? new Uint8Array(), outputs[0]?.data ?? new Uint8Array());
      return outputs;
    },
    close: () => Promise.resolve(),
  };
  let server: OpenDoor;
  let check: BackendCheck;
  before(async () => {
    server = await openDoor(digits, spoiling);
    check = new BackendCheck(backendAt(server.url, versionId), runtime);
  });
  afterEach(() => {
    spoil = () => undefined;
  });
  after(async () => {
    await server.close();
    await runtime.close();
  });
  const isGolden = (input: Uint8Array) => Buffer.compare(input, IMAGE.data) === 0;
  const flip = (logits: Uint8Array) => {
    logits[0] = (logits[0] ?? 0) ^ 1;
  };

  it("find a backend right that gives what ONNX Runtime gives here", async () => {
    await check.check(digits, [IMAGE]);
  });

  it("find one bit that differs [T143]", async () => {
    spoil = (_, logits) => {
      flip(logits);
    };
    await assert.rejects(
      check.check(digits, [IMAGE]),
      new BackendDiffersError(versionId, 'the output "logits" for its golden input is another one'),
    );
  });

  it("find a backend that knows the golden vector by heart [T143]", async () => {
    spoil = (input, logits) => {
      if (!isGolden(input)) flip(logits);
    };
    await assert.rejects(check.check(digits, [IMAGE]), /for an input made at random is another one/);
  });

  it("find a backend that refuses what runs here", async () => {
    spoil = () => {
      throw new RefusedByModelError(versionId, "no cats");
    };
    await assert.rejects(check.check(digits, [IMAGE]), /it refuses its golden input: .*no cats/);
  });

  it("do not ask a backend for what does not run there, nor for what the model refuses here", async () => {
    const other = new BackendCheck(backendAt("http://127.0.0.1:1", id("other")), runtime);
    await other.check(digits, [IMAGE]);
    await other.checkAgain(versionId);
    const nowhere = new BackendCheck(backendAt("http://127.0.0.1:1", versionId), runtime);
    await nowhere.check(digits, [{ dtype: 2, shape: [1, 1, 4, 4], data: new Uint8Array(16) }]);
    await assert.rejects(nowhere.check(digits, [IMAGE]), RunDeclinedError);
  });

  it("go rounds, quarantine what has become wrong, and try again what is out of reach [T143]", async () => {
    const quarantined: string[] = [];
    const offers = {
      versions: () => [id("not mapped"), versionId],
      quarantine: (version: string, reason: string) => {
        quarantined.push(`${version} ${reason}`);
      },
    };
    const stop = new AbortController();
    let rounds = 0;
    spoil = () => {
      rounds += 1;
      if (rounds === 6) throw new ExecutionError(versionId, "out of order");
    };
    await check.check(digits, [IMAGE]); // in four runs
    const patrol = new BackendPatrol(check, offers, 10, LOG).run(stop.signal);
    try {
      await eventually("it goes on", () => Promise.resolve(rounds > 12));
      assert.deepEqual(quarantined, []);
      spoil = (_, logits) => {
        flip(logits);
      };
      await eventually("it finds it", () => Promise.resolve(quarantined.length > 0));
    } finally {
      stop.abort();
      await patrol;
    }
    assert.match(quarantined.join("; "), new RegExp(`^${versionId} The backend does not run version`));
  });
});
