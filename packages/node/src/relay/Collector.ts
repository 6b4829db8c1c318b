import {
  type Client,
  commitSigned,
  decodeSuiteError,
  getPack,
  getSeats,
  isFinalState,
  jobIdOf,
  type JobRecord,
  JobState,
  type Pack,
  type PackedJob,
  type Reveal,
  revealEndsAt,
  revealMany,
  revealManyAndSettle,
  revealPackedAndSettle,
  type Round,
  roundIdOf,
  sealAuthor,
  sealEntry,
  sealHash,
  sealingEndsAt,
  sealMany,
  type SignedSeal,
  unpackJob,
  unpackRecord,
  unpackRound,
  unpackSeals,
} from "@opg-protocol/sdk";

import type { Call, Head } from "../chain/Chain.ts";
import { entryIn, entryKind } from "../chain/entries.ts";
import { drawClock, type DrawClock, sealingEnd } from "../jobs/clock.ts";
import type { Logger } from "../log.ts";
import type { Sender } from "../send/Sender.ts";
import { RefusedError } from "./errors.ts";
import type { RevealMessage, SealMessage } from "./messages.ts";
import { postsRevealsAt, postsSealsAt } from "./patience.ts";

/** Rounds that are collected for at the same time. */
const MOST_ROUNDS = 1_024;
/** Nodes of one round: no draw has more seats. */
const MOST_NODES = 66;
/** After each of them a round is not packed any more. */
const ENDS_OF_PACK = ["revealPackedAndSettle", "unpackSeals"] as const;

export interface CollectorModules {
  readonly client: Client;
  readonly sender: Pick<Sender, "perform" | "isUnderway">;
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
  /** The seals, while they are packed: the logs are read once. */
  pack: Pack | undefined;
}

/** The running draw of a job, as the chain has it now. */
interface Draw {
  readonly jobId: string;
  readonly record: JobRecord;
  readonly roundId: string;
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
      await client.market.commitSigned.staticCall(job, [seal]);
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
    const { record, roundId } = draw;
    const { round, pack } = await this.roundNow(roundId, job, this.rounds.get(roundId)?.pack);
    if (head.timestamp < sealingEnd(drawClock(unpackJob(job), record), round, head.timestamp)) {
      throw new RefusedError(425, `Others may still seal in round ${roundId}: keep it secret.`);
    }
    const { chainId, addresses } = client;
    const { node, outputRoot } = reveal;
    const word = pack ? sealOf(pack, node) : await client.commitments.entryOf(roundId, node);
    const shown =
      BigInt(reveal.salt) === 0n || BigInt(outputRoot) === 0n
        ? undefined
        : sealEntry(sealHash({ chainId, commitments: addresses.commitments, roundId, ...reveal }));
    if (word === undefined || shown !== word) {
      throw new RefusedError(409, `This is not what ${node} has sealed in round ${roundId}.`);
    }
    const collected = this.roundFor(draw, job);
    collected.pack = pack;
    collected.reveals.set(node, reveal);
  }

  /** Posts what is due, and forgets what is over. To be called with every head. */
  async tend(head: Head): Promise<void> {
    for (const [roundId, collected] of this.rounds) {
      try {
        await this.tendRound(roundId, collected, head);
      } catch (error) {
        // After a reorganisation another pack can be in its place.
        if (decodeSuiteError(error) !== undefined) collected.pack = undefined;
        this.modules.log.warn({ roundId, error: String(error) }, "could not post; tries again");
      }
    }
  }

  private async tendRound(roundId: string, collected: Collected, head: Head): Promise<void> {
    const { job, jobId, seals, reveals } = collected;
    const { client } = this.modules;
    const record = unpackRecord((await client.market.jobOf(jobId)).record);
    if (runningRound(client, job, record) !== roundId) {
      this.rounds.delete(roundId);
      return;
    }
    const { round, pack } = await this.roundNow(roundId, job, collected.pack);
    collected.pack = pack;
    const clock = drawClock(unpackJob(job), record);
    const time = head.timestamp;
    const opensAt = sealingEnd(clock, round, time);
    if (time >= opensAt && (round.sealedCount === 0 || time >= revealEndsAt(round, time))) {
      this.rounds.delete(roundId);
    } else if (time < opensAt) {
      const isFull = seals.size + round.sealedCount >= clock.most;
      if (seals.size > 0 && (isFull || time >= postsSealsAt(clock, time))) {
        await this.postSeals(roundId, collected, round, clock);
      }
    } else {
      seals.clear(); // too late for those that are left
      const isWhole = round.revealedCount + reveals.size >= round.sealedCount;
      const isDue = isWhole || time >= postsRevealsAt(sealingEndsAt(round, time), round.revealPeriod);
      if (reveals.size === 0 || !isDue) return;
      if (pack !== undefined) await this.postPacked(roundId, collected, pack);
      else await this.postReveals(roundId, collected, isWhole && round.windowPeriod === 0);
    }
  }

  private async postSeals(roundId: string, collected: Collected, round: Round, clock: DrawClock): Promise<void> {
    const { client, sender, log } = this.modules;
    const { job, seals } = collected;
    if (sender.isUnderway({ kind: "commitSigned", subject: roundId })) return;
    if (round.sealedCount > 0) await this.forgetSealed(roundId, collected);
    // Who comes after others were packed unpacks them by itself, and hears that from the market.
    if (seals.size === 0 || round.isPacked) return;
    if (fitsPack(job, round, clock, seals.size) && (await this.packSeals(roundId, collected, clock))) return;
    const posted = [...seals.values()];
    await this.post("sealMany", roundId, posted, sealMany.call(client.addresses, { job, seals: posted }));
    take(seals, posted);
    log.info({ roundId, nodes: posted.map(({ node }) => node) }, "posts seals");
  }

  /** Posts seals so that they are packed; they are kept until they are in the round. False if the market refuses one of them. */
  private async packSeals(roundId: string, { job, seals }: Collected, { most }: DrawClock): Promise<boolean> {
    const { client, sender, log } = this.modules;
    const posted = [...seals.values()].slice(0, most);
    const call = commitSigned.call(client.addresses, { job, seals: posted });
    try {
      await sender.perform({ kind: "commitSigned", subject: roundId, ...call });
    } catch (error) {
      if (decodeSuiteError(error) === undefined) throw error;
      log.debug({ roundId, error: String(error) }, "cannot post all seals together");
      return false;
    }
    log.info({ roundId, nodes: posted.map(({ node }) => node) }, "posts seals, packed");
    return true;
  }

  /** Forgets the seals that are in the round already. */
  private async forgetSealed(roundId: string, { seals, pack }: Collected): Promise<void> {
    const { commitments } = this.modules.client;
    for (const node of [...seals.keys()]) {
      const entry = pack ? entryIn(pack, node) : entryKind(await commitments.entryOf(roundId, node));
      if (entry !== "none") seals.delete(node);
    }
  }

  /**
   * Ends the job with packed seals if all of them hide the same output. If not, or if the job cannot end with that, unpacks them:
   * what there is is revealed at a later head.
   */
  private async postPacked(roundId: string, collected: Collected, pack: Pack): Promise<void> {
    const { client, sender, log } = this.modules;
    const { job } = collected;
    // Whichever of the two comes first, the other one would fail, and cost gas.
    if (ENDS_OF_PACK.some((kind) => sender.isUnderway({ kind, subject: roundId }))) return;
    const reveals = pack.seals.flatMap(({ node }) => collected.reveals.get(node) ?? []);
    const [outputRoot = "", ...others] = new Set(reveals.map((reveal) => reveal.outputRoot));
    const agrees = reveals.length === pack.seals.length && others.length === 0;
    if (agrees && unpackJob(job).auditBps === 0) {
      const call = revealPackedAndSettle.call(client.addresses, { job, ...pack, outputRoot, reveals });
      try {
        await sender.perform({ kind: "revealPackedAndSettle", subject: roundId, ...call });
        log.info({ roundId, nodes: reveals.map(({ node }) => node) }, "posts reveals, packed");
        return;
      } catch (error) {
        if (decodeSuiteError(error) === undefined) throw error;
        log.debug({ roundId, error: String(error) }, "cannot end the job with packed seals");
      }
    }
    await sender.perform({ kind: "unpackSeals", subject: roundId, ...unpackSeals.call(client.addresses, pack) });
    log.info({ roundId }, "unpacks seals");
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
        if (decodeSuiteError(error) === undefined) throw error;
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
    const collected: Collected = { job, jobId, seals: new Map(), reveals: new Map(), pack: undefined };
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
    const roundId = runningRound(client, job, record);
    if (roundId === undefined) throw new RefusedError(409, `Job ${jobId} is over.`);
    return { jobId, roundId, record };
  }

  /**
   * A round, and its seals where they are packed. Those are in the logs.
   * @param known What was found there before.
   */
  private async roundNow(
    roundId: string,
    job: PackedJob,
    known: Pack | undefined,
  ): Promise<{ readonly round: Round; readonly pack: Pack | undefined }> {
    const { client } = this.modules;
    try {
      const { round } = await client.commitments.roundOf(roundId);
      return { round: unpackRound(round), pack: undefined };
    } catch (error) {
      if (decodeSuiteError(error)?.name !== "CommitmentsPacked") throw error;
      const pack = known ?? (await getPack(client, { job }));
      if (pack === undefined) throw error;
      return { round: unpackRound(pack.word), pack };
    }
  }
}

/** The round of the draw that runs. Undefined if none does: the job is over, or a reorganisation has taken it away. */
function runningRound(client: Client, job: PackedJob, { state }: JobRecord): string | undefined {
  return state === JobState.None || isFinalState(state) ? undefined : roundIdOf(client, job, state - 1);
}

/** Whether so many seals can open a draw packed. One that may be audited would only have to be unpacked again. */
function fitsPack(job: PackedJob, round: Round, { attempt, quorum }: DrawClock, seals: number): boolean {
  const { auditBps, windowPeriod } = unpackJob(job);
  return attempt === 0 && round.sealedCount === 0 && seals >= quorum && windowPeriod === 0 && auditBps === 0;
}

/** What storage would have of a node's packed seal. */
function sealOf({ seals }: Pack, node: string): string | undefined {
  const seal = seals.find((one) => one.node === node);
  return seal && sealEntry(seal.commitment);
}

/** Takes away what was posted, and nothing that has come meanwhile. */
function take<One extends { readonly node: string }>(pile: Map<string, One>, posted: readonly One[]): void {
  for (const one of posted) if (pile.get(one.node) === one) pile.delete(one.node);
}
