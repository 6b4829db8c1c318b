/** How fast a node takes jobs from the order to the end, against ONNX Runtime alone, and what memory that takes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Tensor } from "@opg-protocol/sdk";
import { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";

import { Fetcher } from "../dist/artifacts/Fetcher.js";
import type { KnownJob } from "../dist/chain/Chain.js";
import { RuntimeProcess } from "../dist/execute/RuntimeProcess.js";
import { Answerer } from "../dist/jobs/Answerer.js";
import { Inputs } from "../dist/jobs/Inputs.js";
import { JobKeeper } from "../dist/jobs/JobKeeper.js";
import { Seats } from "../dist/jobs/Seats.js";
import { Journal } from "../dist/journal/Journal.js";
import { createLogger } from "../dist/log.js";
import { Offers } from "../dist/offer/Offers.js";
import { OutputStore } from "../dist/serve/OutputStore.js";
import { FakeSender } from "../test/support/FakeSender.ts";
import { DIGITS, sha256 } from "../test/support/network.ts";
import { BenchChain, jobWith, NOW } from "./BenchChain.ts";

const MIB = 1024 * 1024;
const VERSION = `0x${"11".repeat(32)}`;
const NODE = `0x${"22".repeat(20)}`;
const WARM_UP = 200;
/** Jobs that are tended side by side, as `limits.jobs` would have it. */
const SIDE_BY_SIDE = 64;
const HEAD = { number: 1_000_000, hash: "0x", timestamp: NOW };

export interface AnsweringFigures {
  readonly jobs: number;
  readonly jobsPerSecond: number;
  /** Milliseconds of one run of the model, called directly. */
  readonly bareRun: number;
  /** Milliseconds of one job in the node. */
  readonly job: number;
  /** How many times as long a job takes as the bare run. */
  readonly overhead: number;
  /** MiB of the daemon's process, early and at the end. */
  readonly memoryAfterTenth: number;
  readonly memory: number;
}

export async function benchAnswering(folder: string, jobs: number, tick: () => void): Promise<AnsweringFigures> {
  const bareRun = await benchBare(Math.min(jobs, 2_000));
  const node = startNode(folder);
  await answerAll(node, 0, WARM_UP, () => undefined);
  const started = performance.now();
  await answerAll(node, WARM_UP, jobs / 10, tick);
  const memoryAfterTenth = residentMemory();
  await answerAll(node, WARM_UP + jobs / 10, jobs - jobs / 10, tick);
  const seconds = (performance.now() - started) / 1000;
  const memory = residentMemory();
  await node.close();
  const job = (seconds * 1000) / jobs;
  return { jobs, jobsPerSecond: jobs / seconds, bareRun, job, overhead: job / bareRun, memoryAfterTenth, memory };
}

/** ONNX Runtime in this process, nothing around it. */
async function benchBare(runs: number): Promise<number> {
  const session = await InferenceSession.create(readFileSync(join(DIGITS, "digits.onnx")));
  const feed = (number: number) => ({ image: new RuntimeTensor("uint8", image(number).data, [1, 1, 8, 8]) });
  for (let i = 0; i < WARM_UP; i += 1) await session.run(feed(i));
  const started = performance.now();
  for (let i = 0; i < runs; i += 1) await session.run(feed(i));
  const time = (performance.now() - started) / runs;
  await session.release();
  return time;
}

/** A picture for each number. */
function image(number: number): Tensor {
  const data = Uint8Array.from({ length: 64 }, (_, i) => (number * 31 + i * 7 + (number >> (i % 16))) & 0xff);
  return { dtype: 2, shape: [1, 1, 8, 8], data };
}

/** The parts of the daemon between the logs of the chain and the transactions to it, all but those two real. */
function startNode(folder: string) {
  const log = createLogger("silent", false);
  const chain = new BenchChain();
  const maxLock = 1_000_000n;
  chain.servingNow = { weight: 1n, maxLock, used: 0n, earned: 0n, endsAt: NOW + 1_000 };
  const journal = Journal.open(join(folder, "journal.sqlite"), { chainId: 1n, market: NODE, node: NODE });
  const sender = new FakeSender();
  const settings = { lockDays: 60, claimAbove: 0n };
  const offers = new Offers(chain, journal, sender.asSender(), settings, log);
  const digest = sha256(readFileSync(join(DIGITS, "digits.onnx")));
  offers.add(
    { id: VERSION, floorPrice: 0n },
    {
      versionId: VERSION,
      path: join(DIGITS, "digits.onnx"),
      digest,
      inputs: [{ name: "image", dtype: 2, shape: [1, 1, 8, 8] }],
      outputs: [{ name: "logits", dtype: 1, shape: [1, 10] }],
    },
  );
  const runtime = new RuntimeProcess(DIGITS, { time: 10_000, memory: 1_024, queue: SIDE_BY_SIDE }, log);
  const outputs = new OutputStore(join(folder, "outputs"));
  const fetcher = new Fetcher({ gateways: [], fileRoots: [], allowPrivateHosts: false, timeout: 1_000 });
  const answerer = new Answerer(
    new Inputs(fetcher, MIB),
    runtime,
    offers,
    outputs,
    new OutputStore(join(folder, "inputs")),
    log,
  );
  const seats = new Seats(chain, NODE);
  const keeper = new JobKeeper(
    {
      chain,
      witness: undefined,
      journal,
      sender: sender.asSender(),
      seats,
      answerer,
      offers,
      outputs,
      relays: undefined,
      log,
    },
    { node: NODE, secret: new Uint8Array(32).fill(7), confirmations: 0, seedPeriod: 20 },
  );
  const close = async (): Promise<void> => {
    await runtime.close();
    await fetcher.close();
    journal.close();
  };
  return { chain, journal, sender, keeper, close };
}

type BenchNode = ReturnType<typeof startNode>;

async function answerAll(node: BenchNode, first: number, count: number, tick: () => void): Promise<void> {
  for (let from = first; from < first + count; from += SIDE_BY_SIDE) {
    const size = Math.min(SIDE_BY_SIDE, first + count - from);
    const jobs = Array.from({ length: size }, (_, i) => jobWith(from + i, VERSION, image(from + i)));
    node.journal.advance(
      { number: from + 1, hash: `0x${from}` },
      jobs.map(({ jobId, packed, input, blockNumber }) => ({
        jobId,
        packed: JSON.stringify(packed),
        input,
        blockNumber,
      })),
    );
    await Promise.all(jobs.map((job) => answer(node, job, tick)));
    node.sender.actions.length = 0;
  }
}

/** From the order to the end: seals, reveals, and closes the job. */
async function answer({ chain, keeper }: BenchNode, job: KnownJob, tick: () => void): Promise<void> {
  const { signal } = new AbortController();
  await keeper.tend(job, HEAD, signal);
  await keeper.tend(job, HEAD, signal);
  chain.end(job.jobId);
  const wake = await keeper.tend(job, HEAD, signal);
  if (wake !== "closed") throw new Error(`Job ${job.jobId} is not over but ${wake}`);
  chain.forget(job.jobId);
  tick();
}

const residentMemory = (): number => process.memoryUsage().rss / MIB;
