import {
  answerCollateralOf,
  answerOptimistic,
  auctionPriceAt,
  type Call,
  type Client,
  deliverOptimistic,
  expireOptimistic,
  getOptimisticRecord,
  isStated,
  optimisticRoundIdOf,
  OptimisticState,
  PayloadError,
  reserveOptimistic,
  sealOptimistic,
  settleOptimistic,
  statementId,
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
import { Acceptance } from "./Acceptance.ts";
import type { Answerer } from "./Answerer.ts";
import { Auditor } from "./Auditor.ts";
import { FirstSeen } from "./FirstSeen.ts";
import { REVEAL_GAS } from "./gas.ts";
import type { Offered } from "./Offered.ts";
import type { Wake } from "./Schedule.ts";
import { SealedAnswers, type SealedAnswersSettings } from "./SealedAnswers.ts";

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

/**
 * Does for one job for one node what there is to do now, from what the chain says now: reserves, answers, settles, delivers, or
 * audits the answer of another. It can be stopped between any two lines and run again.
 */
export class OfferKeeper implements Keeper {
  private readonly firstSeen = new FirstSeen();
  private readonly acceptance: Acceptance;
  private readonly sealed: SealedAnswers;
  private readonly auditor: Auditor;

  constructor(
    private readonly modules: OfferKeeperModules,
    private readonly settings: SealedAnswersSettings,
  ) {
    this.acceptance = new Acceptance(modules, settings.node);
    this.sealed = new SealedAnswers(modules, settings);
    this.auditor = new Auditor(modules, this.acceptance, this.sealed, settings.node);
  }

  async tend(task: JournalTask, head: Head, signal: AbortSignal): Promise<Wake> {
    const { client } = this.modules;
    const { packed, input } = dataOf("offer", task);
    const job = unpackOptimisticJob(packed);
    const record = await getOptimisticRecord(client, { jobId: task.id });
    const roundId = optimisticRoundIdOf(client, packed, record.attempt);
    const { id: jobId, blockNumber } = task;
    const offered: Offered = { jobId, packed, job, input: getBytes(input), blockNumber, record, roundId };
    const isOwn = this.isOwn(offered);
    switch (record.state) {
      case OptimisticState.Named:
      case OptimisticState.Reserved:
        return isOwn ? this.tendOwn(offered, head, signal) : this.tendOther(offered, head, signal);
      case OptimisticState.Open:
        return this.reserve(offered, head, signal);
      case OptimisticState.Stated:
        return isOwn ? this.settle(offered, head) : "never"; // it may come to be open for a second node
      default:
        return this.finish(offered, isOwn, head);
    }
  }

  /** A job that this node holds: what it has stated or sealed comes to its end, what it has not is answered. */
  private async tendOwn(offered: Offered, head: Head, signal: AbortSignal): Promise<Wake> {
    if (isSealed(offered)) return (await this.sealed.tend(offered, head)) ?? this.answer(offered, head, signal);
    return this.answer(offered, head, signal);
  }

  /** A job that this node is to answer, or has answered. */
  private isOwn({ job, record, roundId }: Offered): boolean {
    const { node } = this.settings;
    if (record.statement === undefined)
      return node === (record.state === OptimisticState.Named ? job.node : record.node);
    const outputRoot = this.modules.journal.answer(roundId); // with a lost journal, others will settle it
    return outputRoot !== undefined && isStated(record, statementId(roundId, node, outputRoot));
  }

  /** A job that another node holds: it may be audited, or left to a second one. */
  private async tendOther(offered: Offered, head: Head, signal: AbortSignal): Promise<Wake> {
    if (isSealed(offered)) {
      const wake = (await this.sealed.tend(offered, head)) ?? (await this.auditor.tend(offered, head, signal));
      if (wake !== undefined) return wake;
    }
    return offered.record.state === OptimisticState.Named ? "closed" : this.await(offered, head);
  }

  /** States or seals the answer, which is in the journal before it is sent. */
  private async answer(offered: Offered, head: Head, signal: AbortSignal): Promise<Wake> {
    const { client, journal, log } = this.modules;
    const { jobId, job, packed, record, roundId } = offered;
    if (head.timestamp >= record.since + job.answerPeriod) {
      // A named node owes nothing; one that has reserved has lost the penalty, and somebody will say so.
      log.warn({ jobId }, "was too late to answer");
      return "never";
    }
    let outputRoot = journal.answer(roundId);
    if (outputRoot === undefined) {
      if (record.state === OptimisticState.Named) {
        const floor = await this.acceptance.floor(offered, signal);
        const collateral = collateralOf(offered, job.price);
        const refusal = await this.acceptance.refusal(offered, job.price, collateral, floor, head);
        if (refusal !== undefined) return this.acceptance.keepAway(offered, refusal);
      }
      const found = await this.acceptance.find(offered, signal);
      // An error earns nothing. Only who has reserved must say it, because silence costs.
      const isWorthIt = found?.fault === PayloadError.None || record.state === OptimisticState.Reserved;
      if (found === undefined || !isWorthIt)
        return record.state === OptimisticState.Reserved ? head.timestamp + 1 : "never";
      outputRoot = journal.putAnswer(roundId, found.outputRoot);
      log.info({ jobId, outputRoot }, "answers");
    }
    const { node } = this.settings;
    if (isSealed(offered)) {
      const commitment = this.sealed.commitment(roundId, outputRoot);
      const call = sealOptimistic.call(client.addresses, { job: packed, node, commitment });
      await this.modules.sender.perform({ kind: "seal", subject: roundId, reserve: REVEAL_GAS, ...call });
    } else {
      await this.send("answer", roundId, answerOptimistic.call(client.addresses, { job: packed, node, outputRoot }));
    }
    return head.timestamp + 1;
  }

  /** Takes an open job when its price is high enough and its answer is known. */
  private async reserve(offered: Offered, head: Head, signal: AbortSignal): Promise<Wake> {
    const { client } = this.modules;
    const { job, packed, record, roundId } = offered;
    const isSecond = record.attempt > 0;
    if (isSecond && record.node === this.settings.node) return "never";
    const floor = await this.acceptance.floor(offered, signal);
    if (typeof floor === "string") return "never";
    const price = isSecond ? record.price : auctionPriceAt(job, head.timestamp + 1);
    if (price < floor) return isSecond || job.price < floor ? "never" : risesTo(offered, floor, head);
    const refusal = await this.acceptance.refusal(offered, price, collateralOf(offered, price), floor, head);
    if (refusal !== undefined) return this.acceptance.keepAway(offered, refusal);
    const found = await this.acceptance.find(offered, signal);
    if (found?.fault !== PayloadError.None) return "never";
    const call = reserveOptimistic.call(client.addresses, { job: packed, node: this.settings.node });
    await this.attempt("reserve", roundId, call);
    return head.timestamp + 1;
  }

  /** Somebody else's reservation. When it was not kept, a second node earns a part of the penalty. */
  private async await({ jobId, packed, job, record, roundId }: Offered, head: Head): Promise<Wake> {
    const { client } = this.modules;
    const deadline = record.since + job.answerPeriod;
    if (record.attempt > 0) return "never";
    if (head.timestamp < deadline) return deadline;
    if (this.isMyTurn(jobId, head))
      await this.attempt("expire", roundId, expireOptimistic.call(client.addresses, { job: packed }));
    return head.timestamp + 1;
  }

  private async settle({ jobId, packed, job, record, roundId }: Offered, head: Head): Promise<Wake> {
    const { client, journal, offers } = this.modules;
    const { node } = this.settings;
    const until = record.since;
    if (head.timestamp < until) return until;
    const outputRoot = journal.answer(roundId);
    if (outputRoot === undefined) return "never";
    const verdict = Number(await client.disputes.verdictOf(statementId(roundId, node, outputRoot), until));
    if (verdict === Verdict.Open) return head.timestamp + PATIENCE;
    if (verdict === Verdict.False) {
      offers.quarantine(job.versionId, `a dispute found its answer to job ${jobId} false`);
      return "never"; // who proved it will settle
    }
    await this.send("settle", roundId, settleOptimistic.call(client.addresses, { job: packed, node, outputRoot }));
    return head.timestamp + 1;
  }

  /** A final job: delivers its result if that is paid for. */
  private async finish(offered: Offered, isOwn: boolean, head: Head): Promise<Wake> {
    const { jobId } = offered;
    if (isOwn && (await this.deliver(offered))) return head.timestamp + 1;
    if (this.firstSeen.depth(jobId, head) < this.settings.confirmations) return head.timestamp + 1;
    this.firstSeen.forget(jobId);
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
    const call = deliverOptimistic.call(client.addresses, {
      job: packed,
      node: this.settings.node,
      result: { tensors },
    });
    return this.attempt("deliver", jobId, call);
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
    const place = Number(BigInt(hashText(`${subject}/${this.settings.node}`)) % TURNS);
    return this.firstSeen.depth(`turn/${subject}`, head) >= place * TURN_BLOCKS;
  }
}

/** Whether the running attempt may be audited, so that its answer is sealed: a second one never is. */
const isSealed = ({ job, record }: Offered): boolean => job.auditBps > 0 && record.attempt === 0;

const collateralOf = ({ job, record }: Offered, price: bigint): bigint =>
  answerCollateralOf(job, price, record.attempt);

/** When the price of an open job is so high. */
function risesTo({ job }: Offered, floor: bigint, head: Head): number {
  const span = job.price - job.lowestPrice;
  const part = span === 0n ? 0n : ((floor - job.lowestPrice) * BigInt(job.auctionRamp)) / span;
  return Math.max(head.timestamp + 1, job.requestedAt + job.auctionDelay + Number(part));
}
