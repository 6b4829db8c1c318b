/** The keeper of jobs that several nodes answer, with a chain and a signer that say what a test wants. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { PayloadError } from "@opg-protocol/sdk";
import { id } from "ethers";

import type { Head, KnownJob, RoundView } from "../../dist/chain/Chain.js";
import type { Answerer } from "../../dist/jobs/Answerer.js";
import { JobKeeper, type JobKeeperModules } from "../../dist/jobs/JobKeeper.js";
import type { Wake } from "../../dist/jobs/Schedule.js";
import { Seats } from "../../dist/jobs/Seats.js";
import { Journal } from "../../dist/journal/Journal.js";
import { deriveSalt } from "../../dist/journal/salt.js";
import { createLogger } from "../../dist/log.js";
import { Offers } from "../../dist/offer/Offers.js";
import { OutputStore } from "../../dist/serve/OutputStore.js";
import { FakeChain } from "./FakeChain.ts";
import { FakeSender } from "./FakeSender.ts";
import { BLOCK, HORIZON, knownJob, openRecord, ORDERED_AT, VERSION } from "./knownJob.ts";

const LOG = createLogger("silent", false);
export const NODE = `0x${"0d".repeat(20)}`;
const SECRET = Buffer.alloc(32, 1);
const CONFIRMATIONS = 2;
export const SEED_PERIOD = 1_000;
export const ROOT = id("output");
export const JOB = knownJob();
/** Its first draw's. */
export const ROUND = new FakeChain().roundId(JOB.jobId, 0);
export const SALT = deriveSalt(SECRET, ROUND);
/** A round in which sealing ended 20 seconds after the order. */
export const SEALED = { sealedCount: 2, sealEndsAt: ORDERED_AT + 20, lastSealEndsAt: ORDERED_AT + 40 };
const { signal } = new AbortController();

/** What seals this answer. */
export const sealOf = (root: string): string => `commit ${JOB.jobId} ${ROUND}+${root}+${SALT}`;

/** The head so many seconds, and as many blocks, after the order. */
export const after = (seconds: number): Head => ({
  number: BLOCK + seconds,
  hash: id(`block ${seconds}`),
  timestamp: ORDERED_AT + seconds,
});

/** A keeper, and all that it asks. The job is open, and the draw falls on the node. */
export class JobBench {
  readonly chain = new FakeChain();
  readonly sender = new FakeSender();
  readonly outputs: OutputStore;
  readonly offers: Offers;
  journal: Journal;
  /** What the model answers now. */
  answer: () => Promise<{ outputRoot: string; fault: PayloadError }>;
  answersAsked = 0;
  readonly #folder: string;
  #keeper: JobKeeper;

  constructor(folder: string) {
    const { chain, sender } = this;
    const { jobId, input } = JOB;
    this.#folder = folder;
    this.journal = this.#emptyJournal();
    this.journal.advance({ number: BLOCK, hash: "hash" }, [{ jobId, packed: "", input, blockNumber: BLOCK }]);
    this.offers = new Offers(chain, this.journal, sender.asSender(), { lockDays: 1, claimAbove: 1n }, LOG);
    const executable = { versionId: VERSION, path: "", digest: "", inputs: [], outputs: [] };
    this.offers.add({ id: VERSION, floorPrice: 5n }, executable);
    this.outputs = new OutputStore(join(folder, randomUUID()));
    this.answer = () => Promise.resolve({ outputRoot: ROOT, fault: PayloadError.None });
    chain.setRecord(openRecord());
    this.setRound("none");
    chain.servingNow = { weight: 1n, maxLock: 40n, used: 0n, earned: 0n, endsAt: ORDERED_AT + 10 * HORIZON };
    chain.hashes.set(BLOCK, id("its block"));
    this.#keeper = this.#makeKeeper();
  }

  /** Starts the keeper anew. */
  start(changes: Partial<JobKeeperModules> = {}): void {
    this.#keeper = this.#makeKeeper(changes);
  }

  /** Starts it with a journal that knows nothing. */
  loseJournal(): void {
    this.journal = this.#emptyJournal();
    this.start();
  }

  look(head: Head, of: KnownJob = JOB): Promise<Wake> {
    return this.#keeper.tend(of, head, signal);
  }

  /** Looks so many seconds after the order. */
  tend(seconds: number, of?: KnownJob): Promise<Wake> {
    return this.look(after(seconds), of);
  }

  noteSeal(attempt = 0, outputRoot = ROOT): void {
    const { jobId } = JOB;
    this.journal.putSeal({ roundId: this.chain.roundId(jobId, attempt), jobId, attempt, outputRoot, salt: SALT });
  }

  /** How the first draw is. */
  setRound(entry: RoundView["entry"], round: Partial<RoundView["round"]> = {}, leader?: string): void {
    this.chain.setRound(JOB.jobId, 0, entry, round, leader);
  }

  #emptyJournal(): Journal {
    const owner = { chainId: 1n, market: "market", node: "node" };
    return Journal.open(join(this.#folder, `${randomUUID()}.sqlite`), owner);
  }

  #makeKeeper(changes: Partial<JobKeeperModules> = {}): JobKeeper {
    const answerer = {
      answer: () => {
        this.answersAsked += 1;
        return this.answer();
      },
      forget: () => undefined,
    } as unknown as Answerer;
    const { chain, journal, sender, offers, outputs } = this;
    const asked = { chain, witness: undefined, seats: new Seats(chain, NODE), answerer, relays: undefined };
    const modules = { ...asked, journal, sender: sender.asSender(), offers, outputs, log: LOG };
    const settings = { node: NODE, secret: SECRET, confirmations: CONFIRMATIONS, seedPeriod: SEED_PERIOD };
    return new JobKeeper({ ...modules, ...changes }, settings);
  }
}
