/** The keeper of jobs for one node, with a chain and a signer that say what a test wants. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";

import {
  answerOptimistic,
  type Client,
  optimisticJobIdOf,
  type OptimisticOrder,
  optimisticRoundIdOf,
  OptimisticState,
  packOptimisticOrder,
  PayloadError,
  statementId,
  Verdict,
} from "@opg-protocol/sdk";
import { dataSlice, id, Interface, makeError, toBeHex, ZeroAddress, ZeroHash } from "ethers";

import type { Head } from "../../dist/chain/Chain.js";
import type { Answerer } from "../../dist/jobs/Answerer.js";
import { OfferKeeper, type OfferKeeperModules } from "../../dist/jobs/OfferKeeper.js";
import { Journal, type JournalTask } from "../../dist/journal/Journal.js";
import { createLogger } from "../../dist/log.js";
import { Offers } from "../../dist/offer/Offers.js";
import { OutputStore } from "../../dist/serve/OutputStore.js";
import { FakeChain } from "./FakeChain.ts";
import { FakeSender } from "./FakeSender.ts";

const LOG = createLogger("silent", false);
const account = (byte: string): string => `0x${byte.repeat(20)}`;
export const [NODE, OTHER, REQUESTER, CALLBACK] = ["11", "22", "33", "44"].map(account) as [
  string,
  string,
  string,
  string,
];
export const ADDRESSES = { optimistic: account("aa"), commitments: account("bb"), disputes: account("cc") };
/** Words of mainnet's rules, out of vectors/optimistic.json. */
const RULES = "0x000038400244040a04e20e9ca0093a800151800000fa13881388051e0bb800fa";
export const VERSION = id("version");
export const ROOT = id("output");
export const PRICE = 10n ** 18n;
export const FLOOR = PRICE / 2n;
export const ANSWER_PERIOD = 100;
export const BLOCK = 50;
const CONFIRMATIONS = 2;
export const SECRET = Buffer.alloc(32, 9);
/** Kinds of a node's entry in a round. */
export const [SEALED, REVEALED] = [1n, 2n];
const { signal } = new AbortController();

/** Ordered at second 0, so that all times are seconds after that. */
const ORDER: OptimisticOrder = {
  requester: REQUESTER,
  versionId: VERSION,
  inputRoot: id("input"),
  price: PRICE,
  node: NODE,
  answerPeriod: ANSWER_PERIOD,
  windowPeriod: 1_000,
};
/** Rises from a tenth of an OPG to a whole one in the 90 seconds after the first ten. */
export const AUCTION = { node: ZeroAddress, lowestPrice: PRICE / 10n, auctionDelay: 10, auctionRamp: 90 };

export interface Slot {
  readonly state: OptimisticState;
  readonly attempt?: 0 | 1;
  readonly delivered?: boolean;
  readonly tipGone?: boolean;
  readonly price?: bigint;
  readonly since?: number;
  /** Or the first 20 bytes of the id of what was stated. */
  readonly node?: string;
}

/** A job's slot, from the lowest bit as `OptimisticRecord` says. */
function wordOf({
  state,
  attempt = 0,
  delivered,
  tipGone,
  price = PRICE,
  since = 0,
  node = ZeroAddress,
}: Slot): bigint {
  const flags = BigInt(attempt) | (delivered === true ? 2n : 0n) | (tipGone === true ? 4n : 0n);
  const money = (price / 10n ** 12n) << 16n;
  return BigInt(state) | (flags << 8n) | money | (BigInt(since) << 56n) | (BigInt(node) << 96n);
}

/** What a provider throws when the policy refuses an auditor. */
function refusalBy(name: string): Error {
  const errors = new Interface([
    "error PolicyNotDrawn(bytes32 jobId, address auditor, uint256 step)",
    "error PolicyNotAudited(bytes32 jobId)",
  ]);
  const values = name === "PolicyNotDrawn" ? [id("job"), NODE, 0] : [id("job")];
  const data = errors.encodeErrorResult(name, values);
  return makeError("execution reverted", "CALL_EXCEPTION", {
    action: "call",
    data,
    reason: null,
    transaction: { to: ADDRESSES.optimistic, data: "0x" },
    invocation: null,
    revert: null,
  });
}

/** A round whose sealing ends at second 20 with its step and at 40 in any case, revealed within 10 seconds. */
export const roundWith = (sealedCount: number): bigint =>
  20n | (40n << 48n) | (10n << 96n) | (2n << 128n) | (2n << 136n) | (BigInt(sealedCount) << 144n) | (100n << 216n);

/** What a node asks for answers of its own. */
interface AloneTerms {
  readonly floorPrice: bigint;
  readonly tokenPrice?: bigint;
  readonly audits?: boolean;
}

/** A keeper, and all that it asks. */
export class OfferBench {
  readonly journal: Journal;
  readonly sender = new FakeSender();
  readonly chain = new FakeChain();
  readonly outputs: OutputStore;
  readonly forgotten: string[] = [];
  offers: Offers;
  keeper: OfferKeeper;
  answer: () => Promise<{ outputRoot: string; fault: PayloadError }>;
  answersAsked = 0;
  /** Bytes of the text that a job asks for. */
  length: () => Promise<number> = () => Promise.resolve(0);
  /** What the chain says. */
  slot: Slot = { state: OptimisticState.Named };
  serving = { maxLock: 10n ** 30n, used: 0n, earned: 0n, endsAt: 10n ** 9n };
  verdict: Verdict = Verdict.Open;
  /** Of the round of an answer that may be audited. */
  round = roundWith(0);
  entry = 0n;
  /** Why the policy lets nobody audit; undefined if it does. */
  undrawn: string | undefined;
  readonly #client: Client;

  constructor(folder: string) {
    const owner = { chainId: 1n, market: "market", node: NODE };
    this.journal = Journal.open(join(folder, `${randomUUID()}.sqlite`), owner);
    this.outputs = new OutputStore(join(folder, randomUUID()));
    this.chain.hashes.set(BLOCK, id("its block"));
    this.answer = () => Promise.resolve({ outputRoot: ROOT, fault: PayloadError.None });
    this.#client = this.#makeClient();
    this.offers = this.#offersWith({ floorPrice: FLOOR });
    this.keeper = this.#makeKeeper();
  }

  packed(changes: Partial<OptimisticOrder> = {}) {
    return { ...packOptimisticOrder({ ...ORDER, ...changes }), rules: RULES };
  }

  roundOf(changes: Partial<OptimisticOrder> = {}, attempt = 0): string {
    return optimisticRoundIdOf(this.#client, this.packed(changes), attempt);
  }

  /** What storage keeps once a node has answered. */
  stated(node: string, outputRoot = ROOT, changes: Partial<OptimisticOrder> = {}): Slot {
    const made = statementId(this.roundOf(changes), node, outputRoot);
    return { state: OptimisticState.Stated, node: dataSlice(made, 0, 20) };
  }

  taskOf(changes: Partial<OptimisticOrder> = {}): JournalTask {
    return {
      id: optimisticJobIdOf(this.#client, this.packed(changes)),
      kind: "offer",
      data: JSON.stringify({ packed: this.packed(changes), input: "0x" }),
      blockNumber: BLOCK,
    };
  }

  at(timestamp: number, number = BLOCK + timestamp): Head {
    return { number, hash: id(`${number}`), timestamp };
  }

  tend(timestamp: number, changes: Partial<OptimisticOrder> = {}, number?: number) {
    return this.keeper.tend(this.taskOf(changes), this.at(timestamp, number), signal);
  }

  kinds(): string[] {
    return this.sender.actions.map(({ kind }) => kind);
  }

  /** The call that states an answer. */
  answered(outputRoot = ROOT, changes: Partial<OptimisticOrder> = {}): string {
    const job = this.packed(changes);
    return answerOptimistic.call(ADDRESSES as Client["addresses"], { job, node: NODE, outputRoot }).data;
  }

  /** Starts the keeper anew. */
  start(changes: Partial<OfferKeeperModules> = {}): void {
    this.keeper = this.#makeKeeper(changes);
  }

  /** What the node offers alone from now on. */
  offer(alone: AloneTerms | undefined): void {
    this.offers = this.#offersWith(alone);
    this.start();
  }

  #offersWith(alone: AloneTerms | undefined): Offers {
    const settings = { lockDays: 1, claimAbove: 1n };
    const offers = new Offers(this.chain, this.journal, this.sender.asSender(), settings, LOG);
    const executable = { versionId: VERSION, path: "", digest: "", inputs: [], outputs: [] };
    offers.add({ id: VERSION, floorPrice: 0n, ...(alone && { alone: { audits: false, ...alone } }) }, executable);
    return offers;
  }

  #makeKeeper(changes: Partial<OfferKeeperModules> = {}): OfferKeeper {
    const answerer = {
      answer: () => {
        this.answersAsked += 1;
        return this.answer();
      },
      length: () => this.length(),
      forget: (jobId: string) => {
        this.forgotten.push(jobId);
      },
    } as unknown as Answerer;
    const { chain, journal, sender, offers, outputs } = this;
    const asked = { client: this.#client, witness: undefined, chain, answerer };
    const modules = { ...asked, journal, sender, offers, outputs, log: LOG };
    const settings = { node: NODE, secret: SECRET, confirmations: CONFIRMATIONS };
    return new OfferKeeper({ ...modules, ...changes }, settings);
  }

  #makeClient(): Client {
    return {
      chainId: 1n,
      addresses: ADDRESSES,
      optimistic: {
        jobOf: () => Promise.resolve(wordOf(this.slot)),
        servingOf: () => Promise.resolve(this.serving),
      },
      commitments: {
        roundOf: () => Promise.resolve({ round: this.round }),
        entryOf: () => Promise.resolve(toBeHex(this.entry, 32)),
        outputOf: () => Promise.resolve(this.entry === REVEALED ? ROOT : ZeroHash),
      },
      optimisticPolicy: {
        drawOf: () => (this.undrawn === undefined ? Promise.resolve() : Promise.reject(refusalBy(this.undrawn))),
      },
      disputes: { verdictOf: () => Promise.resolve(BigInt(this.verdict)) },
    } as unknown as Client;
  }
}
