import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";

import { JobState, PayloadError, drawSeed, encodePayload, errorRoot, isDrawn, payloadRoot } from "@opg-protocol/sdk";
import type { Tensor } from "@opg-protocol/sdk";
import { completionInputs } from "@opg-protocol/sdk/completions";
import { id, toUtf8Bytes } from "ethers";

import { Fetcher } from "../dist/artifacts/Fetcher.js";
import type { KnownJob } from "../dist/chain/Chain.js";
import { ExecutionError, RefusedByModelError, RunDeclinedError } from "../dist/execute/errors.js";
import type { Executor } from "../dist/execute/Executor.js";
import { Answerer } from "../dist/jobs/Answerer.js";
import { drawClock } from "../dist/jobs/clock.js";
import { Inputs, fits } from "../dist/jobs/Inputs.js";
import { Schedule, earlier } from "../dist/jobs/Schedule.js";
import { Seats } from "../dist/jobs/Seats.js";
import { Journal } from "../dist/journal/Journal.js";
import { createLogger } from "../dist/log.js";
import { Offers } from "../dist/offer/Offers.js";
import { OutputStore } from "../dist/serve/OutputStore.js";
import { FakeChain } from "./support/FakeChain.ts";
import { FakeSender } from "./support/FakeSender.ts";
import { temporaryFolder } from "./support/folder.ts";
import { HostileServer } from "./support/HostileServer.ts";
import { BLOCK, ORDERED_AT, SEED_BLOCK, VERSION, knownJob, openRecord } from "./support/knownJob.ts";
import { IMAGE } from "./support/network.ts";

const LOG = createLogger("silent", false);
const { signal } = new AbortController();
const SIGNATURE = [{ name: "image", dtype: 2, shape: [1, 1, 8, 8] }];
const MISSING = { kind: "fault", fault: PayloadError.InputMissing };
const MALFORMED = { kind: "fault", fault: PayloadError.InputMalformed };

describe("fits", () => {
  it("wants as many tensors as the signature names, each of its type and shape", () => {
    assert.equal(fits([IMAGE], SIGNATURE), true);
    assert.equal(fits([], SIGNATURE), false);
    assert.equal(fits([IMAGE, IMAGE], SIGNATURE), false);
    assert.equal(fits([{ ...IMAGE, dtype: 3 }], SIGNATURE), false);
    assert.equal(fits([{ ...IMAGE, shape: [1, 8, 8] }], SIGNATURE), false);
    assert.equal(fits([{ ...IMAGE, shape: [1, 1, 4, 16] }], SIGNATURE), false);
    assert.equal(fits([], []), true);
  });

  it("takes any size where the signature leaves one open", () => {
    const open = [{ name: "image", dtype: 2, shape: [0, 1, 8, 8] }];
    assert.equal(fits([{ ...IMAGE, shape: [7, 1, 8, 8] }], open), true);
    assert.equal(fits([{ ...IMAGE, shape: [7, 2, 8, 8] }], open), false);
  });
});

describe("Inputs", () => {
  const server = new HostileServer();
  const fetcher = new Fetcher({ gateways: [], fileRoots: [], allowPrivateHosts: true, timeout: 2_000 });
  const inputs = new Inputs(fetcher, 1_000);
  const payload = encodePayload([IMAGE]);
  before(() => server.listen());
  after(async () => {
    await fetcher.close();
    await server.close();
  });
  const elsewhere = (uri: string): KnownJob => knownJob({}, { input: toUtf8Bytes(uri) });

  it("reads an input in place", async () => {
    assert.deepEqual(await inputs.load(knownJob(), SIGNATURE), { kind: "tensors", tensors: [IMAGE] });
  });

  it("reads an input from its URI", async () => {
    const url = server.serve("/input", ({ response }) => response.end(payload));
    assert.deepEqual(await inputs.load(elsewhere(url), SIGNATURE), { kind: "tensors", tensors: [IMAGE] });
  });

  it("calls an input missing in whose place there is no payload, or another one", async () => {
    const other = { ...IMAGE, data: IMAGE.data.toReversed() };
    const short: Tensor = { ...IMAGE, data: IMAGE.data.subarray(1) };
    for (const job of [
      knownJob({}, { input: Uint8Array.of(0) }),
      knownJob({}, { input: payload.subarray(0, -32) }),
      knownJob({}, { input: encodePayload([other]) }),
      knownJob({}, { input: encodePayload([short]) }),
    ]) {
      assert.deepEqual(await inputs.load(job, SIGNATURE), MISSING);
    }
  });

  it("calls an input in place malformed that is not of the signature", async () => {
    const flat: Tensor = { ...IMAGE, shape: [64] };
    for (const job of [
      knownJob({ inputRoot: payloadRoot([flat]) }, { input: encodePayload([flat]) }),
      knownJob({ inputRoot: payloadRoot([]) }, { input: encodePayload([]) }),
    ]) {
      assert.deepEqual(await inputs.load(job, SIGNATURE), MALFORMED);
    }
  });

  it("calls an input elsewhere malformed only if it is the one that the job names", async () => {
    const flat: Tensor = { ...IMAGE, shape: [64] };
    const url = server.serve("/flat", ({ response }) => response.end(encodePayload([flat])));
    const named = knownJob({ inputRoot: payloadRoot([flat]) }, { input: toUtf8Bytes(url) });
    assert.deepEqual(await inputs.load(named, SIGNATURE), MALFORMED);
    const another = new Error(`The input of job ${id("job")} is not what its place serves.`);
    await assert.rejects(inputs.load(elsewhere(url), SIGNATURE), another);
    const garbage = server.serve("/garbage", ({ response }) => response.end("no payload"));
    await assert.rejects(inputs.load(elsewhere(garbage), SIGNATURE), another);
  });

  it("states nothing of an input that cannot be fetched, is too large, or has no place at all [T056]", async () => {
    const large = server.serve("/large", ({ response }) => response.end(Buffer.alloc(1_001)));
    for (const uri of [`${server.url}/missing`, large, "", "no uri"]) {
      await assert.rejects(inputs.load(elsewhere(uri), SIGNATURE), { name: "FetchRefusedError" });
    }
  });
});

describe("Answerer", () => {
  const folder = temporaryFolder();
  const fetcher = new Fetcher({ gateways: [], fileRoots: [], allowPrivateHosts: false, timeout: 1_000 });
  after(() => fetcher.close());
  const EXECUTABLE = { versionId: VERSION, path: "", digest: "", inputs: SIGNATURE, outputs: [] };
  const OUTPUT: Tensor = { dtype: 2, shape: [1], data: Uint8Array.of(7) };
  let runs: number;
  let run: () => Promise<Tensor[]>;
  let offers: Offers;
  let outputs: OutputStore;
  let kept: OutputStore;
  let journal: Journal;
  let answerer: Answerer;

  beforeEach(() => {
    runs = 0;
    run = () => Promise.resolve([OUTPUT]);
    const executor: Executor = {
      run: () => {
        runs += 1;
        return run();
      },
      close: () => Promise.resolve(),
    };
    journal = Journal.open(join(folder, `${randomUUID()}.sqlite`), { chainId: 1n, market: "market", node: "node" });
    offers = new Offers(new FakeChain(), journal, new FakeSender().asSender(), { lockDays: 1, claimAbove: 1n }, LOG);
    offers.add({ id: VERSION, floorPrice: 0n }, EXECUTABLE);
    outputs = new OutputStore(join(folder, randomUUID()));
    kept = new OutputStore(join(folder, randomUUID()));
    answerer = new Answerer(new Inputs(fetcher, 1_000), executor, offers, outputs, kept, LOG);
  });
  const fails = (error: Error) => () => Promise.reject(error);

  it("answers with the root of an output, which it keeps", async () => {
    const outputRoot = payloadRoot([OUTPUT]);
    assert.deepEqual(await answerer.answer(knownJob(), signal), { outputRoot, fault: PayloadError.None });
    assert.deepEqual(await outputs.tensors(outputRoot), [OUTPUT]);
  });

  it("runs a job once, however often it is asked, until it forgets it", async () => {
    await Promise.all([answerer.answer(knownJob(), signal), answerer.answer(knownJob(), signal)]);
    await answerer.answer(knownJob(), signal);
    assert.equal(runs, 1);
    answerer.forget(knownJob().jobId);
    await answerer.answer(knownJob(), signal);
    assert.equal(runs, 2);
    await answerer.answer(knownJob({}, { jobId: id("another") }), signal);
    assert.equal(runs, 3);
  });

  it("says how long a text may be, and looks once at a job's input", async () => {
    const number = (name: string) => ({ name, dtype: 6, shape: [1] });
    const inputs = [{ name: "prompt", dtype: 2, shape: [16] }, number("limit"), number("seed"), number("temperature")];
    const signature = { inputs, outputs: [{ name: "text", dtype: 2, shape: [16] }] };
    offers.add({ id: VERSION, floorPrice: 0n }, { ...EXECUTABLE, ...signature });
    const given = completionInputs(signature, { prompt: "And", limit: 7 });
    const job = knownJob({ inputRoot: payloadRoot(given) }, { input: encodePayload(given) });
    const without = { ...job, input: Uint8Array.of(0) };
    assert.equal(await answerer.length(job, signal), 7);
    assert.equal(await answerer.length(without, signal), 7);
    answerer.forget(job.jobId);
    assert.equal(await answerer.length(without, signal), 0); // there is no text to pay for
    answerer.forget(job.jobId);
    offers.add({ id: VERSION, floorPrice: 0n }, EXECUTABLE);
    assert.equal(await answerer.length(job, signal), 0);
    assert.equal(runs, 0);
  });

  it("fetches the input of a text once, to see how long that may be and to answer", async () => {
    const number = (name: string) => ({ name, dtype: 6, shape: [1] });
    const inputs = [{ name: "prompt", dtype: 2, shape: [16] }, number("limit"), number("seed"), number("temperature")];
    const signature = { inputs, outputs: [{ name: "text", dtype: 2, shape: [16] }] };
    offers.add({ id: VERSION, floorPrice: 0n }, { ...EXECUTABLE, ...signature });
    const given = completionInputs(signature, { prompt: "And", limit: 7 });
    const server = new HostileServer();
    await server.listen();
    const open = new Fetcher({ gateways: [], fileRoots: [], allowPrivateHosts: true, timeout: 2_000 });
    const executor = { run: () => run(), close: () => Promise.resolve() };
    const fetching = new Answerer(new Inputs(open, 2_000), executor, offers, outputs, kept, LOG);
    let fetches = 0;
    const url = server.serve("/input", ({ response }) => {
      fetches += 1;
      response.end(encodePayload(given));
    });
    const job = knownJob({ inputRoot: payloadRoot(given) }, { input: toUtf8Bytes(url) });
    try {
      assert.equal(await fetching.length(job, signal), 7);
      assert.equal((await fetching.answer(job, signal)).fault, PayloadError.None);
      assert.equal(fetches, 1);
      fetching.forget(job.jobId);
      await fetching.length(job, signal);
      fetching.forget(job.jobId);
      await fetching.answer(job, signal);
      assert.equal(fetches, 3);
    } finally {
      await open.close();
      await server.close();
    }
  });

  it("refuses a float that is not a number of a version that is judged, and runs others on it", async () => {
    const given = [{ dtype: 1, shape: [2], data: new Uint8Array(Float32Array.of(1, NaN).buffer) }];
    const executable = { ...EXECUTABLE, inputs: [{ name: "floats", dtype: 1, shape: [2] }] };
    const job = knownJob({ inputRoot: payloadRoot(given) }, { input: encodePayload(given) });
    offers.add({ id: VERSION, floorPrice: 0n }, executable);
    assert.equal((await answerer.answer(job, signal)).fault, PayloadError.None);
    answerer.forget(job.jobId);
    offers.add({ id: VERSION, floorPrice: 0n }, { ...executable, isJudged: true });
    const fault = PayloadError.RefusedByModel;
    assert.deepEqual(await answerer.answer(job, signal), { outputRoot: errorRoot(fault), fault });
    assert.equal(runs, 1);
  });

  it("tries a job again that it could not answer", async () => {
    run = fails(new ExecutionError(VERSION, "out of time"));
    await assert.rejects(answerer.answer(knownJob(), signal), new ExecutionError(VERSION, "out of time"));
    run = () => Promise.resolve([OUTPUT]);
    assert.equal((await answerer.answer(knownJob(), signal)).outputRoot, payloadRoot([OUTPUT]));
  });

  it("answers with the error on which all nodes agree", async () => {
    const missing = await answerer.answer(knownJob({}, { input: Uint8Array.of(0) }), signal);
    const fault = PayloadError.InputMissing;
    assert.deepEqual([missing, runs], [{ outputRoot: errorRoot(fault), fault }, 0]);
    run = fails(new RefusedByModelError(VERSION, "a wrong shape"));
    const refused = PayloadError.RefusedByModel;
    const answer = await answerer.answer(knownJob({}, { jobId: id("another") }), signal);
    assert.deepEqual(answer, { outputRoot: errorRoot(refused), fault: refused });
    assert.deepEqual(offers.versions(), [VERSION]);
  });

  it("puts a version into quarantine that has failed three times here", async () => {
    run = fails(new ExecutionError(VERSION, "out of memory"));
    for (const failures of [1, 2, 3]) {
      assert.deepEqual(offers.versions(), [VERSION]);
      await assert.rejects(answerer.answer(knownJob({}, { jobId: id(`${failures}`) }), signal));
    }
    assert.deepEqual(offers.versions(), []);
    assert.deepEqual(journal.quarantined(), new Map([[VERSION, "failed 3 times, last: out of memory"]]));
  });

  it("does not hold it against a version that it was not run, or that its input is not to be had", async () => {
    run = fails(new RunDeclinedError(VERSION, "64 runs are waiting already"));
    for (let i = 0; i < 5; i += 1) await assert.rejects(answerer.answer(knownJob(), signal), RunDeclinedError);
    const missing = knownJob({}, { input: toUtf8Bytes("https://127.0.0.1/") });
    for (let i = 0; i < 5; i += 1)
      await assert.rejects(answerer.answer(missing, signal), { name: "FetchRefusedError" });
    assert.deepEqual(offers.versions(), [VERSION]);
  });

  it("does not answer for a version that is not offered", async () => {
    await assert.rejects(answerer.answer(knownJob({ versionId: id("another") }), signal), /is not offered/);
  });
});

describe("Seats", () => {
  const NODE = `0x${"0d".repeat(20)}`;
  const job = knownJob();
  const head = { number: BLOCK + 10, hash: id("head"), timestamp: ORDERED_AT + 10 };
  const lot = { node: NODE, weight: 1n, totalWeight: 100n, quorum: 2, seatFactorBps: 15_000n };
  /** A seed with which the node may sit first in a step. */
  const seedFor = (step: number): bigint => {
    let seed = 1n;
    while (isDrawn({ ...lot, seed, step: step - 1 }) || !isDrawn({ ...lot, seed, step })) seed += 1n;
    return seed;
  };
  let chain: FakeChain;
  let seats: Seats;
  beforeEach(() => {
    chain = new FakeChain();
    chain.weightsNow = { weight: 1n, total: 100n };
    seats = new Seats(chain, NODE);
  });
  const firstStep = (record: ReturnType<typeof openRecord>, at = head) =>
    seats.firstStep(job, record, 0n, drawClock(job.job, record), at);

  it("gives the first step in which the draw falls on the node", async () => {
    for (const step of [1, 2, 3]) {
      seats = new Seats(chain, NODE);
      assert.equal(await firstStep(openRecord({ seed: seedFor(step) })), step);
    }
  });

  it("gives none for a draw that falls on others in all steps, or for a node that does not weigh", async () => {
    assert.equal(await firstStep(openRecord({ seed: seedFor(4) })), Infinity);
    chain.weightsNow = { weight: 0n, total: 100n };
    assert.equal(await firstStep(openRecord({ seed: seedFor(1), seedBlock: SEED_BLOCK + 1 })), Infinity);
  });

  it("keeps what follows from a recorded seed until the job is forgotten, and looks anew at each other draw", async () => {
    const first = openRecord({ seed: seedFor(1) });
    assert.equal(await firstStep(first), 1);
    chain.weightsNow = { weight: 100n, total: 100n };
    assert.equal(await firstStep(first), 1);
    assert.equal(await firstStep({ ...first, state: JobState.Appeal }), 0);
    seats.forget(job.jobId);
    assert.equal(await firstStep(first), 0);
  });

  it("does not know the seed before its block is there", async () => {
    const record = openRecord({ seed: 0n });
    assert.equal(await firstStep(record, { ...head, number: SEED_BLOCK }), undefined);
    assert.equal(await firstStep(record), undefined);
  });

  it("finds a seed that is not recorded from its block, and does not rely on it after a reorganisation", async () => {
    const record = openRecord({ seed: 0n });
    const blockFor = (step: number): string => {
      let hash = id("block");
      for (;;) {
        const seed = drawSeed(hash, job.jobId, JobState.Open);
        if (!isDrawn({ ...lot, seed, step: step - 1 }) && isDrawn({ ...lot, seed, step })) return hash;
        hash = id(hash);
      }
    };
    for (const step of [1, 3]) {
      chain.hashes.set(SEED_BLOCK, blockFor(step));
      assert.equal(await firstStep(record), step);
    }
  });
});

describe("Schedule", () => {
  let schedule: Schedule;
  beforeEach(() => {
    schedule = new Schedule();
    schedule.add("a", ["a0", "a1"]);
    schedule.add("b", ["b0", "b1"]);
  });
  const look = (jobId: string, wake: Parameters<Schedule["end"]>[1]) => {
    schedule.begin(jobId);
    schedule.end(jobId, wake);
  };

  it("has jobs due at once, then when their time has come", () => {
    assert.deepEqual(schedule.due(1), ["a", "b"]);
    look("a", 10);
    look("b", "never");
    assert.deepEqual([schedule.due(9), schedule.due(10)], [[], ["a"]]);
    assert.equal(schedule.size, 2);
  });

  it("has a job due when something was heard of it or of one of its rounds", () => {
    look("a", "never");
    look("b", "never");
    schedule.hear(new Set(["elsewhere", "a1"]));
    assert.deepEqual(schedule.due(1), ["a"]);
    schedule.hear(new Set(["b"]));
    assert.deepEqual(schedule.due(1), ["a", "b"]);
  });

  it("does not lose what is heard of a job while it is looked at", () => {
    schedule.begin("a");
    assert.deepEqual(schedule.due(1), ["b"]);
    schedule.hear(new Set(["a0"]));
    schedule.end("a", 1_000);
    assert.deepEqual(schedule.due(1), ["a", "b"]);
  });

  it("forgets jobs that are closed, and hears nothing of them any more", () => {
    look("a", "closed");
    schedule.remove("b");
    schedule.hear(new Set(["a", "a0", "b", "b1"]));
    schedule.hearAll();
    assert.deepEqual([schedule.due(1), schedule.size], [[], 0]);
  });

  it("has all jobs due when the chain is another one", () => {
    look("a", "never");
    look("b", 10);
    schedule.hearAll();
    assert.deepEqual(schedule.due(1), ["a", "b"]);
  });

  it("takes the earlier of two times, and any time rather than none", () => {
    assert.deepEqual([earlier(1, 2), earlier(2, 1), earlier("never", 2), earlier(2, "never")], [1, 1, 2, 2]);
    assert.equal(earlier("never", "never"), "never");
  });
});
