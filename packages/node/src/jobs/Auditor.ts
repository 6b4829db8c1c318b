import {
  auditCollateralOf,
  type Call,
  type Client,
  getAuditSeat,
  OptimisticState,
  PayloadError,
  sealAudit,
} from "@opg-protocol/sdk";

import type { Head } from "../chain/Chain.ts";
import type { Journal } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";
import type { Offers } from "../offer/Offers.ts";
import type { Sender } from "../send/Sender.ts";
import type { Acceptance } from "./Acceptance.ts";
import { REVEAL_GAS } from "./gas.ts";
import type { Offered } from "./Offered.ts";
import type { Wake } from "./Schedule.ts";
import type { SealedAnswers } from "./SealedAnswers.ts";

export interface AuditorModules {
  readonly client: Client;
  readonly journal: Pick<Journal, "answer" | "putAnswer">;
  readonly sender: Pick<Sender, "perform">;
  readonly offers: Pick<Offers, "offer">;
  readonly log: Logger;
}

/** Takes the seat of another node's auditor, where the draw falls on this one. */
export class Auditor {
  constructor(
    private readonly modules: AuditorModules,
    private readonly acceptance: Acceptance,
    private readonly answers: SealedAnswers,
    private readonly node: string,
  ) {}

  /** Does for a job of another node what there is to do now; undefined if its answer is not sealed, and will not be. */
  async tend(offered: Offered, head: Head, signal: AbortSignal): Promise<Wake | undefined> {
    const { client, offers } = this.modules;
    const { packed, job, record, roundId } = offered;
    const audits = offers.offer(job.versionId)?.alone?.audits === true;
    // A step of the draw lies between the seal and its end at least, and the chance grows with each.
    const soon = head.timestamp + Math.max(1, Math.floor(Number(job.rules.auditSealPeriod) / 2));
    if ((await this.answers.round(roundId)).sealedCount === 0) {
      const lapses = record.since + job.answerPeriod;
      return audits && head.timestamp < lapses ? Math.min(lapses, soon) : undefined;
    }
    if (!audits) return "never";
    const { step } = await getAuditSeat(client, { job: packed, node: this.node });
    if (step === "wait") return soon;
    return step === "none" ? "never" : this.sit(offered, head, signal);
  }

  private async sit(offered: Offered, head: Head, signal: AbortSignal): Promise<Wake> {
    const { client, journal, sender, log } = this.modules;
    const { jobId, packed, job, record, roundId } = offered;
    let outputRoot = journal.answer(roundId);
    if (outputRoot === undefined) {
      const price = record.state === OptimisticState.Named ? job.price : record.price;
      const floor = await this.acceptance.floor(offered, signal);
      const refusal = await this.acceptance.refusal(offered, price, auditCollateralOf(job, price), floor, head);
      if (refusal !== undefined) return this.acceptance.keepAway(offered, refusal);
      const found = await this.acceptance.find(offered, signal);
      // An auditor's error earns nothing.
      if (found?.fault !== PayloadError.None) return "never";
      outputRoot = journal.putAnswer(roundId, found.outputRoot);
      log.info({ jobId, outputRoot }, "audits");
    }
    const commitment = this.answers.commitment(roundId, outputRoot);
    const call: Call = sealAudit.call(client.addresses, { job: packed, node: this.node, commitment });
    try {
      await sender.perform({ kind: "audit", subject: roundId, reserve: REVEAL_GAS, ...call });
    } catch (error) {
      log.debug({ jobId, error: String(error) }, "refused"); // another auditor was faster
    }
    return head.timestamp + 1;
  }
}
