import { strict as assert } from "node:assert";
import { once } from "node:events";
import { type ClientRequest, request } from "node:http";
import { afterEach, describe, it } from "node:test";

import type { Tensor } from "@opg-protocol/sdk";
import { id } from "ethers";

import type { Admission } from "../../dist/door/Admission.js";
import { ExecutionError, RefusedByModelError, RunDeclinedError } from "../../dist/execute/errors.js";
import type { Executable } from "../../dist/execute/Executor.js";
import { openDoor, type OpenDoor } from "../support/doors.ts";
import { eventually } from "../support/network.ts";
import { ManualExecutor } from "../support/ManualExecutor.ts";

const BYTE: Tensor = { dtype: 2, shape: [1], data: Uint8Array.of(7) };
const MODEL: Executable = {
  versionId: id("version"),
  path: "",
  digest: "",
  inputs: [{ name: "x", dtype: 2, shape: [1] }],
  outputs: [{ name: "y", dtype: 2, shape: [1] }],
};
const BODY = JSON.stringify({ inputs: [{ name: "x", datatype: "UINT8", shape: [1], data: [7] }] });

/** Lets in whoever says who it is. */
const byName: Admission = {
  identify: ({ headers }) =>
    Promise.resolve({
      key: headers.get("x-name") ?? "nobody",
      admit: () => Promise.resolve({ complete: () => Promise.resolve({}), release: () => Promise.resolve() }),
    }),
};

describe("Door under load", () => {
  let executor: ManualExecutor;
  let open: OpenDoor;
  const start = async (changes: Parameters<typeof openDoor>[2] = {}): Promise<void> => {
    executor = new ManualExecutor();
    open = await openDoor(MODEL, executor, changes, byName);
  };
  afterEach(() => open.close());

  /** Waits until so many calls are here, whatever they do. */
  const inside = (calls: number) => {
    const { gate } = open.door as unknown as { gate: { inside: ReadonlySet<unknown> } };
    return eventually(`${calls} calls are here`, () => Promise.resolve(gate.inside.size === calls));
  };
  const path = () => `${open.url}/v2/models/digits/infer`;
  const call = (name = "someone", signal?: AbortSignal) =>
    fetch(path(), { method: "POST", body: BODY, headers: { "x-name": name }, ...(signal && { signal }) });
  const refused = async (response: Response, status: number, reason: RegExp, retryAfter: string | null = null) => {
    assert.equal(response.status, status);
    assert.match(((await response.json()) as { error: string }).error, reason);
    assert.equal(response.headers.get("retry-after"), retryAfter);
  };
  /** A call that is sent up to a point, and no further. */
  const halfACall = async (name = "someone"): Promise<ClientRequest> => {
    const headers = { "content-length": BODY.length, "x-name": name };
    const half = request(path(), { method: "POST", headers });
    half.on("error", () => undefined);
    half.write(BODY.slice(0, 5));
    await once(half, "socket");
    return half;
  };

  it("runs so many at once, and the others when it is their turn, in the order in which they came", async () => {
    await start({ runs: 2 });
    const done: number[] = [];
    const calls: Promise<unknown>[] = [];
    for (const i of [0, 1, 2, 3]) {
      calls.push(
        call().then((response) => {
          assert.equal(response.status, 200);
          done.push(i);
        }),
      );
      await inside(i + 1);
    }
    await executor.hasBegun(2);
    assert.equal(executor.begun, 2);
    for (const left of [3, 2, 1, 0]) {
      executor.end([BYTE]);
      await inside(left);
      await executor.hasBegun(Math.min(6 - left, 4));
    }
    await Promise.all(calls);
    assert.deepEqual(done, [0, 1, 2, 3]);
  });

  it("turns away at once who is too many, whether calls arrive, wait or run, and lets in who comes after [T141]", async () => {
    await start({ calls: 3, runs: 1 });
    const running = call();
    await executor.hasBegun(1);
    const waiting = call();
    await inside(2);
    const half = await halfACall();
    await inside(3);
    await refused(await call("other"), 429, /3 calls of all callers are here already/, "1");
    half.destroy();
    await inside(2);
    const next = call();
    await inside(3);
    for (const [i, answer] of [running, waiting, next].entries()) {
      await executor.hasBegun(i + 1);
      executor.end([BYTE]);
      assert.equal((await answer).status, 200);
    }
    assert.equal(executor.begun, 3);
  });

  it("bounds what one caller has here, and nobody else", async () => {
    await start({ callsPerCaller: 2, runs: 8 });
    const own = [call("a"), call("a")];
    await executor.hasBegun(2);
    await refused(await call("a"), 429, /2 calls of one caller are here already/, "1");
    const others = call("b");
    await executor.hasBegun(3);
    executor.end([BYTE]);
    await Promise.race(own);
    await inside(2);
    const again = call("a");
    await executor.hasBegun(4);
    for (let left = 3; left > 0; left -= 1) executor.end([BYTE]);
    const statuses = (await Promise.all([...own, others, again])).map(({ status }) => status);
    assert.deepEqual(statuses, [200, 200, 200, 200]);
  });

  it("gives the place of a caller who leaves to the next, and does not run for it", async () => {
    await start({ calls: 2, runs: 1 });
    const running = call();
    await executor.hasBegun(1);
    const leaving = new AbortController();
    const left = assert.rejects(call("a", leaving.signal), { name: "AbortError" });
    await inside(2);
    leaving.abort();
    await left;
    await inside(1);
    const next = call("b");
    await inside(2);
    executor.end([BYTE]);
    assert.equal((await running).status, 200);
    await executor.hasBegun(2);
    executor.end([BYTE]);
    assert.equal((await next).status, 200);
    assert.equal(executor.begun, 2);
  });

  it("tells the run of a caller who leaves, and keeps its turn until the run is over [T141]", async () => {
    await start({ runs: 1 });
    const leaving = new AbortController();
    const left = assert.rejects(call("a", leaving.signal), { name: "AbortError" });
    await executor.hasBegun(1);
    const [run] = executor.running;
    const next = call("b");
    await inside(2);
    leaving.abort();
    await left;
    await eventually("the run is told", () => Promise.resolve(run?.signal?.aborted === true));
    // A turn that was free would be taken by the time that the door answers.
    assert.equal((await fetch(`${open.url}/v2/health/live`)).status, 200);
    assert.equal(executor.begun, 1);
    executor.end([BYTE]);
    await executor.hasBegun(2);
    executor.end([BYTE]);
    assert.equal((await next).status, 200);
  });

  it("gives up a call that arrives too slowly, and one that waits too long, but none that runs", async () => {
    await start({ runs: 1, seconds: 2 });
    const running = call();
    await executor.hasBegun(1);
    const waiting = call();
    const half = await halfACall();
    const [response] = (await once(half, "response")) as [{ statusCode: number }];
    assert.equal(response.statusCode, 408);
    await refused(await waiting, 503, /was not begun in 2 s/, "1");
    executor.end([BYTE]);
    assert.equal((await running).status, 200);
    assert.equal(executor.begun, 1);
  });

  it("says what became of a run, and nothing of what went wrong here", async () => {
    await start();
    const failing = async (error: Error) => {
      const answer = call();
      await executor.hasBegun(executor.begun + 1);
      executor.end(error);
      return answer;
    };
    await refused(await failing(new RefusedByModelError("v", "no cats")), 400, /refuses its input: no cats/);
    await refused(await failing(new RunDeclinedError("v", "secret")), 503, /^The model is not run now/, "1");
    await refused(await failing(new ExecutionError("v", "secret")), 500, /^The model could not be run here\.$/);
    await refused(await failing(new TypeError("secret")), 500, /^The model could not be run here\.$/);
  });

  it("lets calls finish when the node stops, and takes no new ones", async () => {
    await start({ runs: 1 });
    const calls = [call(), call()];
    await inside(2);
    let isClosed = false;
    const closing = open.door.close().then(() => {
      isClosed = true;
    });
    assert.equal(open.door.isOpen, false);
    await refused(await call(), 503, /is stopping/, "1");
    assert.equal((await fetch(`${open.url}/v2/health/ready`)).status, 503);
    assert.equal((await fetch(`${open.url}/v2/health/live`)).status, 200);
    const ready = await fetch(`${open.url}/readyz`);
    assert.deepEqual([ready.status, await ready.text()], [503, "stopping"]);
    assert.equal(isClosed, false);
    executor.end([BYTE]);
    await executor.hasBegun(2);
    assert.equal(isClosed, false);
    executor.end([BYTE]);
    await closing;
    for (const answer of await Promise.all(calls)) assert.equal(answer.status, 200);
  });

  it("does not wait for ever for what does not finish", async () => {
    await start({ drainSeconds: 0.1 });
    const stuck = call().catch(() => undefined);
    await executor.hasBegun(1);
    await open.door.close();
    executor.end([BYTE]);
    await stuck;
  });
});
