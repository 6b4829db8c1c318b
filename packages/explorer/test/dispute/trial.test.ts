import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { ZeroHash } from "ethers";

import { endsInTime, type TrialWorker } from "../../src/pages/dispute/run/trial.ts";
import type { TrialReply } from "../../src/pages/dispute/run/trialMessages.ts";

const REQUEST = { file: new Uint8Array([1]), profile: ZeroHash, inputs: undefined, stated: undefined };

/** Says that it is ready, and what it was told to say to a request. */
class FakeWorker extends EventTarget {
  readonly asked: unknown[] = [];
  isEnded = false;
  readonly #answer: TrialReply | "error" | undefined;

  constructor(answer: TrialReply | "error" | undefined) {
    super();
    this.#answer = answer;
    setImmediate(() => {
      this.say("ready");
    });
  }

  say(data: TrialReply): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }

  postMessage(request: unknown): void {
    this.asked.push(request);
    if (this.#answer === "error") this.dispatchEvent(new Event("error"));
    else if (this.#answer !== undefined) this.say(this.#answer);
  }

  terminate(): void {
    this.isEnded = true;
  }
}

function given(answer: TrialReply | "error" | undefined) {
  const worker = new FakeWorker(answer);
  // A Worker has more kinds of listeners than are used.
  return { worker, options: { start: () => worker as unknown as TrialWorker, mostTime: 20 } };
}

describe("A trial of a stranger's model", () => {
  it("asks the worker once it is ready, and ends it", async () => {
    const { worker, options } = given("over");
    assert.equal(await endsInTime(REQUEST, new AbortController().signal, options), true);
    assert.deepEqual(worker.asked, [REQUEST]);
    assert.equal(worker.isEnded, true);
  });

  it("ends a model that does not stop", async () => {
    const { worker, options } = given(undefined);
    assert.equal(await endsInTime(REQUEST, new AbortController().signal, options), false);
    assert.equal(worker.isEnded, true);
  });

  it("ends with the user's patience", async () => {
    const { worker, options } = given(undefined);
    const controller = new AbortController();
    const trial = endsInTime(REQUEST, controller.signal, { ...options, mostTime: 60_000 });
    controller.abort(new Error("stopped"));
    await assert.rejects(trial, /stopped/);
    assert.equal(worker.isEnded, true);
  });

  it("says when there is no worker", async () => {
    const { options } = given("error");
    await assert.rejects(endsInTime(REQUEST, new AbortController().signal, options), /worker of this page failed/);
  });
});
