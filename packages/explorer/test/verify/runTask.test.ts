import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { readNetwork } from "../../src/network/config.ts";
import type { Reply, Request } from "../../src/verify/messages.ts";
import { runTask, type TaskState } from "../../src/verify/runTask.ts";
import { reportOf, type Step } from "../../src/verify/steps.ts";
import { addresses } from "../support/orders.ts";

const deployment = { chainId: 31_337, startBlock: 0, addresses };
const config = readNetwork({ name: "Test", rpcUrl: "http://127.0.0.1:1", deployment }, () => undefined);
const request: Request = { config, task: { kind: "job", jobId: "0x1" }, artifact: undefined };

/** Stands where the page's worker would. */
class FakeWorker extends EventTarget {
  static last: FakeWorker;
  readonly sent: unknown[] = [];
  isEnded = false;

  constructor() {
    super();
    FakeWorker.last = this;
  }

  postMessage(message: unknown): void {
    this.sent.push(message);
  }

  terminate(): void {
    this.isEnded = true;
  }

  say(data: Reply): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

const step = (different: Partial<Step> = {}): Step => ({
  id: "runtime",
  title: "Run",
  state: "running",
  isHeavy: false,
  progress: undefined,
  findings: [],
  notes: [],
  quotes: [],
  ms: undefined,
  ...different,
});

describe("runTask", () => {
  const before = Reflect.get(globalThis, "Worker") as unknown;
  beforeEach(() => {
    Reflect.set(globalThis, "Worker", FakeWorker);
  });
  afterEach(() => {
    Reflect.set(globalThis, "Worker", before);
  });

  const start = (timeLimit = 60_000) => {
    const states: TaskState[] = [];
    const task = runTask({ request, timeLimit, onState: (state) => void states.push(state) });
    return { task, states, worker: FakeWorker.last, last: () => states.at(-1) };
  };

  it("asks the worker only when it listens", () => {
    const { worker } = start();
    assert.deepEqual(worker.sent, []);
    worker.say({ kind: "ready" });
    assert.deepEqual(worker.sent, [request]);
  });

  it("shows steps as they change, and ends the worker with the report", () => {
    const { worker, states, last } = start();
    worker.say({ kind: "step", step: step() });
    worker.say({ kind: "step", step: step({ state: "done" }) });
    assert.deepEqual(
      states.map(({ steps }) => steps.map(({ state }) => state)),
      [[], ["running"], ["done"]],
    );
    const report = reportOf([step({ state: "done" })]);
    worker.say({ kind: "report", report });
    assert.equal(last()?.report, report);
    assert.ok(worker.isEnded);
  });

  it("stops a model that takes too long, keeps what was found, and says what is open", async () => {
    const { worker, last } = start(20);
    worker.say({ kind: "step", step: step({ id: "input", state: "done" }) });
    await sleep(60);
    assert.equal(worker.isEnded, false, "the clock runs with the model alone");
    worker.say({ kind: "step", step: step({ isHeavy: true }) });
    await sleep(60);
    assert.ok(worker.isEnded);
    assert.equal(last()?.report?.verdict, "incomplete");
    assert.match(last()?.report?.unchecked.join() ?? "", /more than 0\.02 seconds and was stopped/);
    assert.deepEqual(
      last()?.steps.map(({ id, state }) => [id, state]),
      [
        ["input", "done"],
        ["runtime", "done"],
      ],
    );
  });

  it("ends when it is told to, once", () => {
    const { task, worker, states } = start();
    worker.say({ kind: "step", step: step() });
    task.cancel();
    const { length } = states;
    task.cancel();
    worker.say({ kind: "step", step: step() });
    assert.equal(states.length, length);
    assert.ok(worker.isEnded);
    assert.match(states.at(-1)?.report?.unchecked.join() ?? "", /You stopped it/);
  });

  it("says that the worker could not be loaded, or could not begin", () => {
    const broken = start();
    broken.worker.dispatchEvent(Object.assign(new Event("error"), { message: "" }));
    assert.match(broken.last()?.report?.unchecked.join() ?? "", /not computed again/);
    const failed = start();
    failed.worker.say({ kind: "failed", message: "another chain" });
    assert.equal(failed.last()?.failure, "another chain");
    assert.ok(failed.worker.isEnded);
  });
});
