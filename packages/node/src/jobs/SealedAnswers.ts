import {
  type Client,
  disputableUntil,
  getAuditSettlement,
  revealEndsAt,
  revealOptimistic,
  type Round,
  sealHash,
  sealingEndsAt,
  settleAudited,
  statementId,
  unpackRound,
  Verdict,
} from "@opg-protocol/sdk";

import type { Head } from "../chain/Chain.ts";
import { entryKind } from "../chain/entries.ts";
import type { Journal } from "../journal/Journal.ts";
import { deriveSalt } from "../journal/salt.ts";
import type { Logger } from "../log.ts";
import type { Offers } from "../offer/Offers.ts";
import type { Sender } from "../send/Sender.ts";
import { FirstSeen } from "./FirstSeen.ts";
import type { Offered } from "./Offered.ts";
import type { Wake } from "./Schedule.ts";

/** Seconds between looks at an attempt that is still disputed. */
const PATIENCE = 5;

export interface SealedAnswersModules {
  readonly client: Client;
  readonly journal: Pick<Journal, "answer">;
  readonly sender: Pick<Sender, "perform">;
  readonly offers: Pick<Offers, "quarantine">;
  readonly log: Logger;
}

export interface SealedAnswersSettings {
  readonly node: string;
  /** From which salts are derived. */
  readonly secret: Uint8Array;
  /** Blocks on top of a seal before it is revealed, where there is time, and on top of the end of a job before it is forgotten. */
  readonly confirmations: number;
}

/** What this node has sealed of jobs that may be audited, as their node or as an auditor: reveals it, and settles. */
export class SealedAnswers {
  /** Of seals. */
  private readonly firstSeen = new FirstSeen();

  constructor(
    private readonly modules: SealedAnswersModules,
    private readonly settings: SealedAnswersSettings,
  ) {}

  /** What seals an answer in a round, and shows nothing of it. */
  commitment(roundId: string, outputRoot: string): string {
    const { chainId, addresses } = this.modules.client;
    const { node } = this.settings;
    return sealHash({
      chainId,
      commitments: addresses.commitments,
      roundId,
      node,
      outputRoot,
      salt: this.salt(roundId),
    });
  }

  /** The round of an attempt. */
  async round(roundId: string): Promise<Round> {
    return unpackRound((await this.modules.client.commitments.roundOf(roundId)).round);
  }

  /** Does for an own seal what there is to do now; undefined if there is none. */
  async tend(offered: Offered, head: Head): Promise<Wake | undefined> {
    const { roundId } = offered;
    const word = await this.modules.client.commitments.entryOf(roundId, this.settings.node);
    const entry = entryKind(word);
    if (entry === "none") return undefined;
    const round = await this.round(roundId);
    return entry === "sealed" ? this.reveal(offered, round, head) : this.settle(offered, round, head);
  }

  /** A seal that is not revealed costs all its collateral. */
  private async reveal(offered: Offered, round: Round, head: Head): Promise<Wake> {
    const { client, journal, sender, log } = this.modules;
    const { node, confirmations } = this.settings;
    const { jobId, roundId } = offered;
    const isShaky = this.firstSeen.depth(roundId, head) < confirmations;
    const begins = sealingEndsAt(round, head.timestamp);
    if (head.timestamp < begins) return begins;
    if (head.timestamp >= revealEndsAt(round, head.timestamp)) {
      log.error({ jobId }, "has missed its time to reveal");
      return this.settle(offered, round, head);
    }
    // A reorganisation of the seal could show the answer before it is sealed again; silence would cost more.
    if (isShaky && head.timestamp < begins + round.revealPeriod / 2) return head.timestamp + 1;
    const outputRoot = journal.answer(roundId);
    if (outputRoot === undefined) {
      log.error({ jobId }, "cannot reveal what it has sealed: the journal is another one");
      return "never";
    }
    const call = revealOptimistic.call(client.addresses, { roundId, node, outputRoot, salt: this.salt(roundId) });
    await sender.perform({ kind: "reveal", subject: roundId, ...call });
    return head.timestamp + 1;
  }

  /** Ends the attempt when everything about it is known. */
  private async settle({ packed, job, jobId, roundId }: Offered, round: Round, head: Head): Promise<Wake> {
    const { client, journal, sender, offers, log } = this.modules;
    const until = disputableUntil(round, head.timestamp);
    if (head.timestamp < until) return until;
    this.firstSeen.forget(roundId);
    const outputRoot = journal.answer(roundId);
    if (outputRoot !== undefined && (await this.isFalse(roundId, outputRoot, until))) {
      offers.quarantine(job.versionId, `a dispute found its answer to job ${jobId} false`);
      return "never"; // who proved it will settle
    }
    const settlement = await getAuditSettlement(client, { job: packed });
    if (settlement === undefined) return head.timestamp + PATIENCE;
    try {
      await sender.perform({ kind: "settle", subject: roundId, ...settleAudited.call(client.addresses, settlement) });
    } catch (error) {
      // Node and auditor both settle: one of them comes too late.
      log.debug({ jobId, error: String(error) }, "refused");
    }
    return head.timestamp + 1;
  }

  private async isFalse(roundId: string, outputRoot: string, until: number): Promise<boolean> {
    const { client } = this.modules;
    const entry = await client.commitments.outputOf(roundId, this.settings.node);
    if (BigInt(entry) === 0n) return false; // never revealed
    const id = statementId(roundId, this.settings.node, outputRoot);
    return Number(await client.disputes.verdictOf(id, until)) === Verdict.False;
  }

  private salt(roundId: string): string {
    return deriveSalt(this.settings.secret, roundId);
  }
}
