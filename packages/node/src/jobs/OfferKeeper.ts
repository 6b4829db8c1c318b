import {
  answerCollateralOf,
  answerOptimistic,
  auctionPriceAt,
  type Call,
  type Client,
  deliverOptimistic,
  expireOptimistic,
  getOptimisticRecord,
  getOptimisticServing,
  type OptimisticRecord,
  optimisticRoundIdOf,
  OptimisticState,
  PayloadError,
  reserveOptimistic,
  settleOptimistic,
  unpackOptimisticJob,
  Verdict,
} from "@opg-protocol/sdk";
import { getBytes, id as hashText, ZeroAddress } from "ethers";

import type { Chain, Head } from "../chain/Chain.ts";
import { dataOf } from "../chain/tasks.ts";
import type { Journal, JournalTask } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";
import type { Offers } from "../offer/Offers.ts";
import type { Sender } from "../send/Sender.ts";
import type { OutputStore } from "../serve/OutputStore.ts";
import type { Keeper } from "../tasks/Tasks.ts";
import type { Answerer } from "./Answerer.ts";
import type { Wake } from "./Schedule.ts";

/** Gas of a defence at its dearest, which must be affordable before anything is stated: 256 nodes, and 1,024 words. */
const DEFENCE_GAS = 1_900_000n;
/** Seconds between looks at an answer that is still disputed. */
const PATIENCE = 5;
/** Nodes that would send the same permissionless call take turns, so many blocks apart. */
const TURNS = 4n;
const TURN_BLOCKS = 2;

export interface OfferKeeperModules {
  readonly client: Client;
  /** A second provider that must know a job's block, too. */
  readonly witness: Pick<Chain, "blockHash"> | undefined;
  readonly chain: Pick<Chain, "blockHash">;
  readonly journal: Journal;
  readonly sender: Pick<Sender, "perform" | "affords">;
  readonly answerer: Answerer;
  readonly offers: Offers;
  readonly outputs: OutputStore;
  readonly log: Logger;
}

/** A job for one node, and where it stands. */
interface Offered {
  readonly jobId: string;
  readonly packed: ReturnType<typeof dataOf<"offer">>["packed"];
  readonly job: ReturnType<typeof unpackOptimisticJob>;
  readonly input: Uint8Array;
  readonly blockNumber: number;
  readonly record: OptimisticRecord;
  /** Of the running attempt. */
  readonly roundId: string;
}

/**
 * Does for one job for one node what there is to do now, from what the chain says now: reserves, answers, settles, delivers. It can
 * be stopped between any two lines and run again.
 */
export class OfferKeeper implements Keeper {
  private readonly firstSeen = new Map<string, number>();

  constructor(
    private readonly modules: OfferKeeperModules,
    private readonly node: string,
    /** Blocks on top of the end of a job before it is forgotten. */
    private readonly confirmations: number,
  ) {}

  async tend(task: JournalTask, head: Head, signal: AbortSignal): Promise<Wake> {
    const { client } = this.modules;
    const { packed, input } = dataOf("offer", task);
    const job = unpackOptimisticJob(packed);
    const record = await getOptimisticRecord(client, { jobId: task.id });
    const roundId = optimisticRoundIdOf(client, packed, record.attempt);
    const { id: jobId, blockNumber } = task;
    const offered: Offered = { jobId, packed, job, input: getBytes(input), blockNumber, record, roundId };
    const holder = record.state === OptimisticState.Named ? job.node : record.node;
    const isOwn = holder === this.node;
    switch (record.state) {
      case OptimisticState.Named:
      case OptimisticState.Reserved:
        if (!isOwn) return record.state === OptimisticState.Named ? "closed" : this.await(offered, head);
        return this.answer(offered, head, signal);
      case OptimisticState.Open:
        return this.reserve(offered, head, signal);
      default:
        return this.finish(offered, isOwn, head);
    }
  }

  /** States the answer, which is in the journal before it is sent; after that waits until it is final, and settles. */
  private async answer(offered: Offered, head: Head, signal: AbortSignal): Promise<Wake> {
    const { client, journal, log } = this.modules;
    const { jobId, job, packed, record, roundId } = offered;
    const until = Number(await client.commitments.directUntil(roundId));
    if (until > 0) return this.settle(offered, until, head);
    if (head.timestamp >= record.since + job.answerPeriod) {
      // A named node owes nothing; one that has reserved has lost the penalty, and somebody will say so.
      log.warn({ jobId }, "was too late to answer");
      return "never";
    }
    let outputRoot = journal.answer(roundId);
    if (outputRoot === undefined) {
      if (record.state === OptimisticState.Named) {
        const refusal = await this.refusal(offered, job.price, head);
        if (refusal !== undefined) return this.keepAway(jobId, refusal);
      }
      const found = await this.find(offered, signal);
      // An error earns nothing. Only who has reserved must say it, because silence costs.
      const isWorthIt = found?.fault === PayloadError.None || record.state === OptimisticState.Reserved;
      if (found === undefined || !isWorthIt)
        return record.state === OptimisticState.Reserved ? head.timestamp + 1 : "never";
      outputRoot = journal.putAnswer(roundId, found.outputRoot);
      log.info({ jobId, outputRoot }, "answers");
    }
    await this.send(
      "answer",
      roundId,
      answerOptimistic.call(client.addresses, { job: packed, node: this.node, outputRoot }),
    );
    return head.timestamp + 1;
  }

  /** Takes an open job when its price is high enough and its answer is known. */
  private async reserve(offered: Offered, head: Head, signal: AbortSignal): Promise<Wake> {
    const { client, offers } = this.modules;
    const { jobId, job, packed, record, roundId } = offered;
    const floor = offers.offer(job.versionId)?.alone?.floorPrice;
    const isSecond = record.attempt > 0;
    if (floor === undefined || (isSecond && record.node === this.node)) return "never";
    const price = isSecond ? record.price : auctionPriceAt(job, head.timestamp + 1);
    if (price < floor) return isSecond || job.price < floor ? "never" : risesTo(offered, floor, head);
    const refusal = await this.refusal(offered, price, head);
    if (refusal !== undefined) return this.keepAway(jobId, refusal);
    const found = await this.find(offered, signal);
    if (found?.fault !== PayloadError.None) return "never";
    const call = reserveOptimistic.call(client.addresses, { job: packed, node: this.node });
    await this.attempt("reserve", roundId, call);
    return head.timestamp + 1;
  }

  /** Somebody else's reservation. When it was not kept, a second node earns a part of the penalty. */
  private async await({ jobId, packed, job, record, roundId }: Offered, head: Head): Promise<Wake> {
    const { client } = this.modules;
    const deadline = record.since + job.answerPeriod;
    if (record.attempt > 0 || (await client.commitments.directUntil(roundId)) > 0n) return "never";
    if (head.timestamp < deadline) return deadline;
    if (this.isMyTurn(jobId, head))
      await this.attempt("expire", roundId, expireOptimistic.call(client.addresses, { job: packed }));
    return head.timestamp + 1;
  }

  private async settle({ jobId, packed, job, roundId }: Offered, until: number, head: Head): Promise<Wake> {
    const { client, journal, offers } = this.modules;
    if (head.timestamp < until) return until;
    const outputRoot = journal.answer(roundId);
    if (outputRoot === undefined) return "never"; // stated with a lost journal: others will settle it
    const verdict = Number(await client.disputes.verdictOf(roundId, this.node, outputRoot));
    if (verdict === Verdict.Open) return head.timestamp + PATIENCE;
    if (verdict === Verdict.False) {
      offers.quarantine(job.versionId, `a dispute found its answer to job ${jobId} false`);
      return "never"; // who proved it will settle
    }
    await this.send("settle", roundId, settleOptimistic.call(client.addresses, { job: packed, outputRoot }));
    return head.timestamp + 1;
  }

  /** A final job: delivers its result if that is paid for. */
  private async finish(offered: Offered, isOwn: boolean, head: Head): Promise<Wake> {
    const { jobId } = offered;
    if (isOwn && (await this.deliver(offered))) return head.timestamp + 1;
    if (head.number - this.seen(jobId, head) < this.confirmations) return head.timestamp + 1;
    this.firstSeen.delete(jobId);
    this.modules.answerer.forget(jobId);
    return "closed";
  }

  /** True while a delivery is still to be tried. */
  private async deliver({ jobId, job, packed, record, roundId }: Offered): Promise<boolean> {
    const { client, journal, outputs } = this.modules;
    const { callback, deliveryTip } = job;
    const isAnswered = record.state === OptimisticState.Answered;
    if (!isAnswered || callback === ZeroAddress || deliveryTip === 0n || record.delivered || record.tipGone)
      return false;
    const tensors = await outputs.tensors(journal.answer(roundId) ?? "");
    if (tensors === undefined) return false;
    const call = deliverOptimistic.call(client.addresses, { job: packed, result: { tensors } });
    return this.attempt("deliver", jobId, call);
  }

  /** Why this node does not take a job that it could take. */
  private async refusal({ job, blockNumber }: Offered, price: bigint, head: Head): Promise<string | undefined> {
    const { client, chain, offers, sender, witness } = this.modules;
    const offer = offers.offer(job.versionId)?.alone;
    if (offer === undefined) return "the version is not offered";
    if (job.auditBps > 0) return "it may be audited, and this node takes no seats in audits";
    if (price < offer.floorPrice) return `the price ${price} is below the floor ${offer.floorPrice}`;
    const serving = await getOptimisticServing(client, { node: this.node, versionId: job.versionId });
    if (serving.used + answerCollateralOf(job, price) > serving.maxLock) return "the lock for this version has no room";
    if (serving.endsAt < head.timestamp + Number(job.rules.horizonPeriod))
      return "the lock for this version ends too early";
    if (!(await sender.affords(DEFENCE_GAS))) return "the signer's coin does not reach for a defence";
    if (witness !== undefined && (await witness.blockHash(blockNumber)) !== (await chain.blockHash(blockNumber))) {
      return "the two providers do not agree on the job's block";
    }
    return undefined;
  }

  private keepAway(jobId: string, reason: string): Wake {
    this.modules.log.info({ jobId, reason }, "keeps away from a job");
    return "never";
  }

  /** A node that cannot answer keeps away; a guess would cost it its collateral. */
  private async find(offered: Offered, signal: AbortSignal) {
    try {
      return await this.modules.answerer.answer(offered, signal);
    } catch (error) {
      signal.throwIfAborted();
      this.modules.log.warn({ jobId: offered.jobId, error: String(error) }, "keeps away from a job it cannot answer");
      return undefined;
    }
  }

  private async send(kind: string, subject: string, call: Call): Promise<void> {
    await this.modules.sender.perform({ kind, subject, ...call });
  }

  /** Sends a call that may well be refused, because others send it, too. False if the chain refuses it now. */
  private async attempt(kind: string, subject: string, call: Call): Promise<boolean> {
    try {
      await this.send(kind, subject, call);
      return true;
    } catch (error) {
      this.modules.log.debug({ kind, subject, error: String(error) }, "refused");
      return false;
    }
  }

  private isMyTurn(subject: string, head: Head): boolean {
    const place = Number(BigInt(hashText(`${subject}/${this.node}`)) % TURNS);
    return head.number - this.seen(`turn/${subject}`, head) >= place * TURN_BLOCKS;
  }

  private seen(key: string, head: Head): number {
    const first = Math.min(this.firstSeen.get(key) ?? head.number, head.number);
    this.firstSeen.set(key, first);
    return first;
  }
}

/** When the price of an open job is so high. */
function risesTo({ job }: Offered, floor: bigint, head: Head): number {
  const span = job.price - job.lowestPrice;
  const part = span === 0n ? 0n : ((floor - job.lowestPrice) * BigInt(job.auctionRamp)) / span;
  return Math.max(head.timestamp + 1, job.requestedAt + job.auctionDelay + Number(part));
}
