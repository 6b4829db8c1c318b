import {
  type Client,
  decodeSuiteError,
  getSeats,
  isFinalState,
  jobIdOf,
  type JobRecord,
  type PackedJob,
  type Reveal,
  revealEndsAt,
  revealMany,
  revealManyAndSettle,
  type Round,
  roundIdOf,
  sealAuthor,
  sealHash,
  sealingEndsAt,
  sealMany,
  type SignedSeal,
  unpackJob,
  unpackRecord,
  unpackRound,
} from "@opg-protocol/sdk";

import type { Call, Head } from "../chain/Chain.ts";
import { entryKind } from "../chain/entries.ts";
import { drawClock, sealingEnd } from "../jobs/clock.ts";
import type { Logger } from "../log.ts";
import type { Sender } from "../send/Sender.ts";
import { RefusedError } from "./errors.ts";
import type { RevealMessage, SealMessage } from "./messages.ts";
import { postsRevealsAt, postsSealsAt } from "./patience.ts";

/** Rounds that are collected for at the same time. */
const MOST_ROUNDS = 1_024;
/** Nodes of one round: no draw has more seats. */
const MOST_NODES = 66;

export interface CollectorModules {
  readonly client: Client;
  readonly sender: Pick<Sender, "perform">;
  /** The head of the chain now. */
  readonly head: () => Promise<Pick<Head, "timestamp">>;
  readonly log: Logger;
}

/** What nodes have handed in for one round, and was not posted. */
interface Collected {
  readonly job: PackedJob;
  readonly jobId: string;
  readonly seals: Map<string, SignedSeal>;
  readonly reveals: Map<string, Reveal>;
}

/** The running draw of a job, as the chain has it now. */
interface Draw {
  readonly jobId: string;
  readonly record: JobRecord;
  readonly roundId: string;
  readonly round: Round;
}

/**
 * Collects signed seals and reveals, and posts those of a round together. It takes only what the chain would take now, so
 * that strangers can neither fill it nor make it pay for what is refused; it keeps all in memory, because a node whose seal
 * nobody posts seals by itself.
 */
export class Collector {
  private readonly rounds = new Map<string, Collected>();

  constructor(private readonly modules: CollectorModules) {}

  /** @throws RefusedError */
  async takeSeal({ job, seal }: SealMessage): Promise<void> {
    const { client } = this.modules;
    const draw = await this.drawOf(job);
    const { chainId, addresses } = client;
    const { node, commitment } = seal;
    const signed = { chainId, commitments: addresses.commitments, roundId: draw.roundId, node, commitment };
    const { signer } = await client.staking.signerOf(node);
    if (sealAuthor(signed, seal) !== signer) {
      throw new RefusedError(401, `This is not signed by the signer of ${node} for round ${draw.roundId}.`);
    }
    try {
      await client.market.commitSigned.staticCall(job, seal);
    } catch (error) {
      const decoded = decodeSuiteError(error);
      if (decoded === undefined) throw error;
      throw new RefusedError(409, `The market would refuse it: ${decoded.name}.`);
    }
    this.roundFor(draw, job).seals.set(node, seal);
  }

  /** @throws RefusedError */
  async takeReveal({ job, reveal }: RevealMessage): Promise<void> {
    const { client, head: headNow } = this.modules;
    const [draw, head] = await Promise.all([this.drawOf(job), headNow()]);
    const { record, roundId, round } = draw;
    if (head.timestamp < sealingEnd(drawClock(unpackJob(job), record), round, head.timestamp)) {
      throw new RefusedError(425, `Others may still seal in round ${roundId}: keep it secret.`);
    }
    const { chainId, addresses } = client;
    const { node, outputRoot } = reveal;
    const word = await client.commitments.entryOf(roundId, node);
    const shown =
      BigInt(reveal.salt) === 0n || BigInt(outputRoot) === 0n
        ? undefined
        : sealHash({ chainId, commitments: addresses.commitments, roundId, ...reveal });
    if (entryKind(word) !== "sealed" || shown?.slice(0, -2) !== word.slice(0, -2)) {
      throw new RefusedError(409, `This is not what ${node} has sealed in round ${roundId}.`);
    }
    this.roundFor(draw, job).reveals.set(node, reveal);
  }

  /** Posts what is due, and forgets what is over. To be called with every head. */
  async tend(head: Head): Promise<void> {
    for (const [roundId, collected] of this.rounds) {
      try {
        await this.tendRound(roundId, collected, head);
      } catch (error) {
        this.modules.log.warn({ roundId, error: String(error) }, "could not post; tries again");
      }
    }
  }

  private async tendRound(roundId: string, collected: Collected, head: Head): Promise<void> {
    const { job, jobId, seals, reveals } = collected;
    const { record, round } = await this.stateOf(jobId, roundId);
    const fields = unpackJob(job);
    const isRunning = !isFinalState(record.state) && roundIdOf(this.modules.client, job, record.state - 1) === roundId;
    const time = head.timestamp;
    const opensAt = isRunning ? sealingEnd(drawClock(fields, record), round, time) : 0;
    const hasEnded = time >= opensAt && (round.sealedCount === 0 || time >= revealEndsAt(round, time));
    if (!isRunning || hasEnded) {
      this.rounds.delete(roundId);
    } else if (time < opensAt) {
      const clock = drawClock(fields, record);
      const isFull = seals.size + round.sealedCount >= clock.most;
      if (seals.size > 0 && (isFull || time >= postsSealsAt(clock, time))) await this.postSeals(roundId, collected);
    } else {
      seals.clear(); // too late for those that are left
      const isWhole = round.revealedCount + reveals.size >= round.sealedCount;
      const isDue = isWhole || time >= postsRevealsAt(sealingEndsAt(round, time), round.revealPeriod);
      if (reveals.size > 0 && isDue) await this.postReveals(roundId, collected, isWhole && round.windowPeriod === 0);
    }
  }

  private async postSeals(roundId: string, { job, seals }: Collected): Promise<void> {
    const { client, log } = this.modules;
    const posted = [...seals.values()];
    await this.post("sealMany", roundId, posted, sealMany.call(client.addresses, { job, seals: posted }));
    take(seals, posted);
    log.info({ roundId, nodes: posted.map(({ node }) => node) }, "posts seals");
  }

  private async postReveals(roundId: string, { job, reveals }: Collected, ends: boolean): Promise<void> {
    const { log } = this.modules;
    const posted = [...reveals.values()];
    await this.postRevealed(roundId, job, posted, ends);
    take(reveals, posted);
    log.info({ roundId, nodes: posted.map(({ node }) => node) }, "posts reveals");
  }

  private async postRevealed(roundId: string, job: PackedJob, posted: readonly Reveal[], ends: boolean): Promise<void> {
    const { client, log } = this.modules;
    if (ends) {
      const seats = (await getSeats(client, { job })).flat().map(({ node }) => node);
      const call = revealManyAndSettle.call(client.addresses, { job, roundId, reveals: posted, seats });
      try {
        await this.post("revealManyAndSettle", roundId, posted, call);
        return;
      } catch (error) {
        log.debug({ roundId, error: String(error) }, "cannot end the job with it");
      }
    }
    const call = revealMany.call(client.addresses, { roundId, reveals: posted });
    await this.post("revealMany", roundId, posted, call);
  }

  /** The nodes are part of the subject: what comes later is another transaction. */
  private async post(kind: string, roundId: string, posted: readonly { node: string }[], call: Call): Promise<void> {
    const subject = [roundId, ...posted.map(({ node }) => node).sort()].join("/");
    await this.modules.sender.perform({ kind, subject, ...call });
  }

  private roundFor({ jobId, roundId }: Draw, job: PackedJob): Collected {
    const known = this.rounds.get(roundId);
    if (known !== undefined) {
      if (known.seals.size + known.reveals.size >= 2 * MOST_NODES) throw new RefusedError(503, "The round is full.");
      return known;
    }
    if (this.rounds.size >= MOST_ROUNDS) throw new RefusedError(503, "Too many rounds are collected for.");
    const collected = { job, jobId, seals: new Map<string, SignedSeal>(), reveals: new Map<string, Reveal>() };
    this.rounds.set(roundId, collected);
    return collected;
  }

  /** @throws RefusedError if there is no such job, or it is over. */
  private async drawOf(job: PackedJob): Promise<Draw> {
    const { client } = this.modules;
    const jobId = jobIdOf(client, job);
    const { record: word } = await client.market.jobOf(jobId);
    if (word === 0n) throw new RefusedError(404, `There is no job ${jobId}.`);
    const record = unpackRecord(word);
    if (isFinalState(record.state)) throw new RefusedError(409, `Job ${jobId} is over.`);
    const roundId = roundIdOf(client, job, record.state - 1);
    const { round } = await client.commitments.roundOf(roundId);
    return { jobId, roundId, record, round: unpackRound(round) };
  }

  private async stateOf(jobId: string, roundId: string): Promise<Pick<Draw, "record" | "round">> {
    const { market, commitments } = this.modules.client;
    const [{ record }, { round }] = await Promise.all([market.jobOf(jobId), commitments.roundOf(roundId)]);
    return { record: unpackRecord(record), round: unpackRound(round) };
  }
}

/** Takes away what was posted, and nothing that has come meanwhile. */
function take<One extends { readonly node: string }>(pile: Map<string, One>, posted: readonly One[]): void {
  for (const one of posted) if (pile.get(one.node) === one) pile.delete(one.node);
}
