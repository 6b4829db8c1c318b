import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id, toBeHex } from "ethers";

import { roundId, sealHash } from "../../packages/sdk/src/codecs/commitment.ts";
import { packOrder, type JobState, type Order, type PackedJob } from "../../packages/sdk/src/codecs/job.ts";
import { packRules, type Rules, unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import { packWord } from "../../packages/sdk/src/codecs/words.ts";
import type { Protocol } from "./fixtures.ts";
import { PRICE, SALT } from "./jobs.ts";
import { mineAtOnce, time } from "./network.ts";
import { chainId } from "./payments.ts";

const RECORD = { state: 8, flags: 24, seed: 128, seedBlock: 48, startedAt: 48 } as const;
const ROUND = { sealEndsAt: 48, lastSealEndsAt: 48, revealPeriod: 32, least: 8, most: 8, counts: 72 } as const;
const SEALING = 100;
const REVEALING = 1_000;

/**
 * A job that exists only in rounds, so that any course of events can be put before the policy: any account can be the
 * consumer of rounds, and need not ask who is drawn or has stake.
 */
export class Course {
  readonly jobId: string;
  readonly seats: string[] = [];

  private constructor(
    private readonly suite: Protocol,
    private readonly consumer: HardhatEthersSigner,
    readonly job: PackedJob,
    private readonly startedAt: number,
  ) {
    this.jobId = id(JSON.stringify(job));
  }

  static async begin(suite: Protocol, order: Partial<Order>, rules: Partial<Rules> = {}): Promise<Course> {
    const packed = packOrder({
      requester: suite.requester.address,
      versionId: id("a version"),
      inputRoot: id("an input"),
      seatPrice: PRICE,
      quorum: 2,
      collateralFactor: 8,
      sealPeriod: 5,
      ...order,
    });
    const local = unpackRules((await suite.market.governed()).rules);
    const job = { ...packed, rules: packRules({ ...local, ...rules }) };
    return new Course(suite, suite.stranger, job, await time.latest());
  }

  async roundId(attempt: number): Promise<string> {
    return roundId({
      chainId: await chainId(),
      commitments: await this.suite.commitments.getAddress(),
      consumer: this.consumer.address,
      jobId: this.jobId,
      attempt,
      versionId: this.job.versionId,
      inputRoot: this.job.inputRoot,
    });
  }

  /** One draw: what each of its seats reveals; null is silence. Ends when nothing can be revealed any more. */
  async draw(attempt: number, outputs: readonly (string | null)[]): Promise<this> {
    const { commitments } = this.suite;
    const round = await this.roundId(attempt);
    const where = { chainId: await chainId(), commitments: await commitments.getAddress(), roundId: round };
    const { versionId, inputRoot } = this.job;
    const endsAt = (await time.latest()) + SEALING;
    const terms = termsOf(endsAt);
    const nodes = outputs.map((_, i) => toBeHex(1_000 * (attempt + 1) + i, 20));
    for (const [i, node] of nodes.entries()) {
      const seal = sealHash({ ...where, node, outputRoot: outputs[i] ?? id("never told"), salt: SALT });
      await commitments.connect(this.consumer).seal(this.jobId, attempt, versionId, inputRoot, node, seal, terms);
    }
    this.seats.push(...nodes);
    await time.increaseTo(endsAt);
    for (const [i, node] of nodes.entries()) {
      const output = outputs[i] ?? null;
      if (output !== null) await commitments.connect(this.consumer).reveal(round, node, output, SALT);
    }
    if (outputs.includes(null)) await time.increaseTo(endsAt + REVEALING);
    await mineAtOnce(3);
    return this;
  }

  /** What the policy is asked with: consumer, id, job and record. */
  at(state: JobState, seedBlock = 0n): [string, string, PackedJob, string] {
    const record = { state: BigInt(state), flags: seedBlock > 0n ? 1n : 0n, seed: 1n, seedBlock };
    return [
      this.consumer.address,
      this.jobId,
      this.job,
      packWord(RECORD, { ...record, startedAt: BigInt(this.startedAt) }),
    ];
  }
}

const termsOf = (endsAt: number) =>
  packWord(ROUND, {
    sealEndsAt: BigInt(endsAt),
    lastSealEndsAt: BigInt(endsAt),
    revealPeriod: BigInt(REVEALING),
    least: 1n,
    most: 255n,
    counts: 0n,
  });

/** `count` times the same. */
export const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
