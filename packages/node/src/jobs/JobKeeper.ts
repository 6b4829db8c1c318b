import {
  JobState,
  PayloadError,
  collateralOf,
  disputableUntil,
  faultOf,
  hasResult,
  isFinalState,
  resultOf,
  revealEndsAt,
  type InferenceResult,
  type JobRecord,
} from "@opg-protocol/sdk";
import { ZeroAddress, id as hashText } from "ethers";

import type { Chain, Call, Head, KnownJob, RoundView } from "../chain/Chain.ts";
import type { Journal, JournalSeal } from "../journal/Journal.ts";
import { deriveSalt } from "../journal/salt.ts";
import type { Logger } from "../log.ts";
import type { Offers } from "../offer/Offers.ts";
import { revealsItselfAt, sealsItselfAt } from "../relay/patience.ts";
import type { Relays } from "../relay/Relays.ts";
import type { Sender } from "../send/Sender.ts";
import type { OutputStore } from "../serve/OutputStore.ts";
import type { Answerer } from "./Answerer.ts";
import { FirstSeen } from "./FirstSeen.ts";
import { REVEAL_GAS, unpackGas } from "./gas.ts";
import { drawClock, sealingEnd, type DrawClock } from "./clock.ts";
import { earlier, type Wake } from "./Schedule.ts";
import type { Seats } from "./Seats.ts";

/** Of the time in which a seed must be recorded, the part after which somebody without a seat yet records it. */
const SEED_PATIENCE = 0.5;
/** Seconds between looks at a job whose answers are still disputed. */
const PATIENCE = 5;
/** Blocks between nodes that would send the same permissionless call. */
const STAGGER_BLOCKS = 2;
/** Of the time to reveal, the part after which nobody waits for others to unpack the seals. */
const UNPACK_PATIENCE = 0.5;

/** What can be defended where a referee judges: an error that nobody can prove never outranks an output. */
const PROVABLE: ReadonlySet<PayloadError> = new Set([PayloadError.None, PayloadError.InputMalformed]);

export interface JobKeeperModules {
  readonly chain: Chain;
  /** A second provider that must know a job's block, too. */
  readonly witness: Pick<Chain, "blockHash"> | undefined;
  readonly journal: Journal;
  readonly sender: Sender;
  readonly seats: Seats;
  readonly answerer: Answerer;
  readonly offers: Offers;
  readonly outputs: OutputStore;
  /** Who may post what this node signs; undefined where it always sends by itself. */
  readonly relays: Pick<Relays, "offerSeal" | "offerReveal"> | undefined;
  readonly log: Logger;
}

export interface JobKeeperSettings {
  readonly node: string;
  /** From which salts are derived. */
  readonly secret: Uint8Array;
  /** Blocks on top of a seal before it is revealed, and on top of the end of a job before it is forgotten. */
  readonly confirmations: number;
  /** Seconds in which a seed must be recorded. */
  readonly seedPeriod: number;
}

/**
 * Does for one job what there is to do now, from what the chain says now: seals, reveals, moves, delivers. It keeps no
 * state that matters, so it can be stopped between any two lines and run again.
 */
export class JobKeeper {
  /** Block in which something was first seen: seals that wait for confirmations, calls that wait for their turn. */
  private readonly firstSeen = new FirstSeen();

  constructor(
    private readonly modules: JobKeeperModules,
    private readonly settings: JobKeeperSettings,
  ) {}

  async tend(job: KnownJob, head: Head, signal: AbortSignal): Promise<Wake> {
    const stored = await this.modules.chain.record(job.jobId);
    if (stored === undefined) return "never";
    const { record, satWeight } = stored;
    if (isFinalState(record.state)) return this.finish(job, record, head);

    const clock = drawClock(job.job, record);
    const view = await this.modules.chain.round(job, clock.attempt);
    if (view.entry === "sealed") return this.reveal(job, view, clock, head, signal);
    const lostInterestAt = job.job.requestedAt + Number(job.job.rules.horizonPeriod);
    if (!this.hasSealed(job) && head.timestamp >= lostInterestAt) return this.forget(job, head);
    const seat = view.entry === "none" ? await this.seat(job, record, satWeight, view, clock, head, signal) : "never";
    const move = this.hasSealed(job) ? await this.move(job, record, view, clock, head) : lostInterestAt;
    return earlier(seat, move);
  }

  /** Takes a seat if the draw falls on this node, it serves the version, and its lock has room. */
  private async seat(
    job: KnownJob,
    record: JobRecord,
    satWeight: bigint,
    view: RoundView,
    clock: DrawClock,
    head: Head,
    signal: AbortSignal,
  ): Promise<Wake> {
    const time = head.timestamp;
    const isFresh = this.modules.journal.sealsOf(job.jobId).every(({ attempt }) => attempt >= clock.attempt);
    if (!isFresh || time >= sealingEnd(clock, view.round, time)) return "never";
    const first = await this.modules.seats.firstStep(job, record, satWeight, clock, head);
    if (first === undefined) return time + 1;
    if (first === Infinity) return "never";

    const opensAt = clock.startsAt + first * clock.sealPeriod;
    if (time < opensAt) {
      const recorded = await this.recordSeed(job, record, head);
      return recorded === "never" ? opensAt : Math.min(recorded, opensAt);
    }
    if (view.round.sealedCount >= clock.most) return "never";
    const refusal = await this.refusal(job, head);
    if (refusal !== undefined) {
      this.modules.log.info({ jobId: job.jobId, reason: refusal }, "keeps away from a job");
      return "never";
    }
    return this.seal(job, view, clock, head, signal);
  }

  /** Why this node does not take a seat that it could take. */
  private async refusal({ job, blockNumber }: KnownJob, head: Head): Promise<string | undefined> {
    const { chain, offers, witness } = this.modules;
    const offer = offers.offer(job.versionId);
    if (offer === undefined) return "the version is not offered";
    if (job.seatPrice < offer.floorPrice) return `the price ${job.seatPrice} is below the floor ${offer.floorPrice}`;
    const { maxLock, used, endsAt } = await chain.serving(job.versionId);
    if (used + collateralOf(job) > maxLock) return "the lock for this version has no room";
    if (endsAt < head.timestamp + Number(job.rules.horizonPeriod)) return "the lock for this version ends too early";
    if (witness !== undefined && (await witness.blockHash(blockNumber)) !== (await chain.blockHash(blockNumber))) {
      return "the two providers do not agree on the job's block";
    }
    return undefined;
  }

  /**
   * Runs the model, notes output and salt, and only then sends the seal, or leaves it to a relayer while there is time to
   * send it after all. A round has one seal, the first one noted. Where a relayer has packed those of others, they must be
   * unpacked first: a draw in which only some can sit is not one to agree with.
   */
  private async seal(
    job: KnownJob,
    { roundId, pack }: RoundView,
    clock: DrawClock,
    head: Head,
    signal: AbortSignal,
  ): Promise<Wake> {
    const { journal, chain, sender, relays, log } = this.modules;
    const { attempt } = clock;
    let seal = journal.seal(roundId);
    if (seal === undefined) {
      const outputRoot = await this.answerTo(job, signal);
      if (outputRoot === undefined) return "never";
      const salt = deriveSalt(this.settings.secret, roundId);
      seal = journal.putSeal({ roundId, jobId: job.jobId, attempt, outputRoot, salt });
      log.info({ jobId: job.jobId, attempt, outputRoot: seal.outputRoot }, "answers");
    }
    if (pack !== undefined) {
      await this.attempt("unpack", roundId, chain.unpack(pack));
      return head.timestamp + 1;
    }
    const commitment = chain.sealOf(roundId, seal.outputRoot, seal.salt);
    const ownTurn = sealsItselfAt(clock, head.timestamp);
    // A relayer can leave it to the node to unpack and to reveal.
    const needed = REVEAL_GAS + unpackGas(clock.most);
    if (relays !== undefined && head.timestamp < ownTurn && (await sender.affords(needed))) {
      if ((await relays.offerSeal(job, roundId, commitment)) === "taken") return ownTurn;
    }
    const call = chain.commit(job, commitment);
    await sender.perform({ kind: "commit", subject: roundId, reserve: REVEAL_GAS, ...call });
    return head.timestamp + 1;
  }

  /** A node that cannot answer keeps away, which costs it nothing; a guess could cost it its collateral. */
  private async answerTo(job: KnownJob, signal: AbortSignal): Promise<string | undefined> {
    try {
      const { outputRoot, fault } = await this.modules.answerer.answer(job, signal);
      if (job.job.windowPeriod === 0 || PROVABLE.has(fault)) return outputRoot;
      this.modules.log.info({ jobId: job.jobId, fault }, "keeps away from a job whose fault it could not prove");
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      this.modules.log.warn({ jobId: job.jobId, error: String(error) }, "keeps away from a job it cannot answer");
      return undefined;
    }
  }

  /** Shows what was sealed, when nobody can seal any more and the seal itself is not going to vanish. */
  private async reveal(
    job: KnownJob,
    view: RoundView,
    clock: DrawClock,
    head: Head,
    signal: AbortSignal,
  ): Promise<Wake> {
    const { chain, sender, relays } = this.modules;
    const time = head.timestamp;
    const opensAt = sealingEnd(clock, view.round, time);
    const depth = this.firstSeen.depth(`sealed/${job.jobId}/${clock.attempt}`, head);
    if (time < opensAt) return opensAt;
    if (depth < this.settings.confirmations) return time + 1;
    if (time >= revealEndsAt(view.round, time)) return "never";

    const { outputRoot, salt } = await this.sealOf(job, view.roundId, clock.attempt, signal);
    const ownTurn = revealsItselfAt(opensAt, view.round.revealPeriod);
    if (relays !== undefined && time < ownTurn) {
      const outcome = await relays.offerReveal(job, view.roundId, outputRoot, salt);
      if (outcome !== "refused") return outcome === "taken" ? ownTurn : time + 1;
    }
    if (view.pack !== undefined) {
      const isUrgent = time >= opensAt + view.round.revealPeriod * UNPACK_PATIENCE;
      if (isUrgent || this.isMyTurn(`unpack/${job.jobId}`, job, head)) {
        await this.attempt("unpack to reveal", view.roundId, chain.unpack(view.pack));
      }
      return time + 1;
    }
    const { sealedCount, revealedCount } = view.round;
    if (sealedCount - revealedCount === 1 && job.job.windowPeriod === 0) {
      const seats = await chain.seats(job);
      const call = chain.revealAndSettle(job, outputRoot, salt, seats);
      if (await this.attempt("reveal", view.roundId, call)) return time + 1;
    }
    await sender.perform({ kind: "reveal", subject: view.roundId, ...chain.reveal(view.roundId, outputRoot, salt) });
    return time + 1;
  }

  /** What was sealed: from the journal, or if that is lost, found again. */
  private async sealOf(job: KnownJob, roundId: string, attempt: number, signal: AbortSignal): Promise<JournalSeal> {
    const { journal, answerer } = this.modules;
    const known = journal.seal(roundId);
    if (known !== undefined) return known;
    const { outputRoot } = await answerer.answer(job, signal);
    const salt = deriveSalt(this.settings.secret, roundId);
    return journal.putSeal({ roundId, jobId: job.jobId, attempt, outputRoot, salt });
  }

  /** Takes a job on that this node has a stake in, when anybody could. */
  private async move(job: KnownJob, record: JobRecord, view: RoundView, clock: DrawClock, head: Head): Promise<Wake> {
    const { chain } = this.modules;
    const { step, next } = await chain.nextStep(job);
    if (step === "wait" || step === "deliver" || step === "none") return this.nextDeadline(view, clock, head);

    const subject = `${job.jobId}/${record.state}/${next}/${record.seedBlock}`;
    if (!this.isMyTurn(subject, job, head)) return head.timestamp + 1;
    if (step !== "unpack") await this.attempt(step, subject, chain[step](job, await chain.seats(job)));
    else if (view.pack !== undefined) await this.attempt(step, view.roundId, chain.unpack(view.pack));
    return head.timestamp + 1;
  }

  /** When time alone can change where a job can go. */
  private nextDeadline({ round }: RoundView, clock: DrawClock, head: Head): Wake {
    const time = head.timestamp;
    const sealsUntil = sealingEnd(clock, round, time);
    if (time < sealsUntil) return sealsUntil;
    if (round.revealedCount < round.sealedCount && time < revealEndsAt(round, time)) return revealEndsAt(round, time);
    if (round.windowPeriod > 0) return Math.max(disputableUntil(round, time), time + PATIENCE);
    return time + 1; // the block of the next seed is being waited for
  }

  /** A first draw that opens for nobody at once needs somebody to record its seed before the chain forgets it. */
  private async recordSeed(job: KnownJob, record: JobRecord, head: Head): Promise<number | "never"> {
    if (record.state !== JobState.Open || record.seed !== 0n || head.number <= record.seedBlock) return "never";
    const due = job.job.requestedAt + Math.ceil(this.settings.seedPeriod * SEED_PATIENCE);
    const end = job.job.requestedAt + this.settings.seedPeriod;
    if (head.timestamp < due) return due;
    if (head.timestamp >= end || !this.isMyTurn(`seed/${job.jobId}`, job, head)) return head.timestamp + 1;
    await this.attempt("advance", `${job.jobId}/seed`, this.modules.chain.advance(job, []));
    return head.timestamp + 1;
  }

  /** A final job: delivers its result if that is paid for, and draws the lesson of a lost appeal. */
  private async finish(job: KnownJob, record: JobRecord, head: Head): Promise<Wake> {
    if (record.state === JobState.Decided) await this.learn(job, record);
    if (this.hasSealed(job) && (await this.deliver(job, record, head))) return head.timestamp + 1;
    if (this.firstSeen.depth(`final/${job.jobId}`, head) < this.settings.confirmations) return head.timestamp + 1;
    return this.forget(job, head);
  }

  private forget(job: KnownJob, head: Head): Wake {
    const { answerer, journal, seats } = this.modules;
    journal.closeJob(job.jobId, head.number);
    answerer.forget(job.jobId);
    seats.forget(job.jobId);
    this.firstSeen.forget(job.jobId);
    return "closed";
  }

  /** True while a delivery is still to be tried. */
  private async deliver(job: KnownJob, record: JobRecord, head: Head): Promise<boolean> {
    const { callback, deliveryTip } = job.job;
    const wanted = hasResult(record.state) && callback !== ZeroAddress && deliveryTip > 0n;
    if (!wanted || record.delivered || record.tipReclaimed) return false;
    if (!this.isMyTurn(`deliver/${job.jobId}`, job, head)) return true;
    const root = await this.rootOf(job, record);
    const result = root === undefined ? undefined : await this.payloadOf(root);
    if (result === undefined) return false;
    return this.attempt("deliver", job.jobId, this.modules.chain.deliver(job, result));
  }

  /**
   * The result's root: what this node was right with, or else what leads the round that decides. Where a referee judges, what
   * leads decides nothing; and of a round that stayed packed, storage does not tell what led.
   */
  private async rootOf(job: KnownJob, record: JobRecord): Promise<string | undefined> {
    const own = this.answersTo(job).find((root) => resultOf(root) === record.result);
    if (own !== undefined || job.job.windowPeriod > 0) return own;
    return (await this.modules.chain.round(job, record.state === JobState.Decided ? 2 : 0)).leader;
  }

  /** What has this root: an error, or an output if it is here. */
  private async payloadOf(root: string): Promise<InferenceResult | undefined> {
    const fault = faultOf(root);
    if (fault !== PayloadError.None) return { fault };
    const tensors = await this.modules.outputs.tensors(root);
    return tensors && { tensors };
  }

  /** A node that an appeal or a referee found wrong is not fit for the version, whoever is to blame. */
  private async learn(job: KnownJob, record: JobRecord): Promise<void> {
    const right = await this.rootOf(job, record);
    if (this.answersTo(job).every((root) => root === right)) return;
    const judge = job.job.windowPeriod > 0 ? "a referee" : "an appeal";
    this.modules.offers.quarantine(job.job.versionId, `${judge} found its answer to job ${job.jobId} wrong`);
  }

  private answersTo({ jobId }: KnownJob): string[] {
    return this.modules.journal.sealsOf(jobId).map(({ outputRoot }) => outputRoot);
  }

  /** Sends a call that may well be refused, because others send it, too. False if the chain refuses it now. */
  private async attempt(kind: string, subject: string, call: Call): Promise<boolean> {
    try {
      await this.modules.sender.perform({ kind, subject, ...call });
      return true;
    } catch (error) {
      this.modules.log.debug({ kind, subject, error: String(error) }, "refused");
      return false;
    }
  }

  private hasSealed({ jobId }: KnownJob): boolean {
    return this.modules.journal.sealsOf(jobId).length > 0;
  }

  /** Nodes take turns, in an order that differs from job to job, so that they do not all send the same call. */
  private isMyTurn(subject: string, { job }: KnownJob, head: Head): boolean {
    const places = BigInt(job.quorum + 1);
    const place = Number(BigInt(hashText(`${subject}/${this.settings.node}`)) % places);
    return this.firstSeen.depth(subject, head) >= place * STAGGER_BLOCKS;
  }
}
