import { id, Wallet } from "ethers";

import {
  roundId,
  sealHash,
  sealTypedData,
  signedSeal,
  type RoundKey,
  type SignedSeal,
} from "../../packages/sdk/src/codecs/commitment.ts";
import { protocol, type Protocol } from "./fixtures.ts";
import { RIGHT, SALT } from "./jobs.ts";
import { ethers, time } from "./network.ts";
import { type Pack, PACKED, packIn } from "./packs.ts";

/** The fields of a round's slot, as `RoundLib` packs them; times and periods in seconds. */
export interface RoundFields {
  readonly sealEndsAt: number;
  readonly lastSealEndsAt: number;
  readonly revealPeriod: number;
  readonly least: number;
  readonly most: number;
  readonly sealedCount: number;
  readonly revealedCount: number;
  readonly leaderCount: number;
  readonly lastRevealBlock: number;
  readonly windowPeriod: number;
}

const LAYOUT: readonly (readonly [keyof RoundFields, bigint])[] = [
  ["sealEndsAt", 48n],
  ["lastSealEndsAt", 48n],
  ["revealPeriod", 32n],
  ["least", 8n],
  ["most", 8n],
  ["sealedCount", 8n],
  ["revealedCount", 8n],
  ["leaderCount", 8n],
  ["lastRevealBlock", 48n],
  ["windowPeriod", 32n],
];

export function packRound(fields: RoundFields): bigint {
  return LAYOUT.reduceRight((word, [name, width]) => (word << width) | BigInt(fields[name]), 0n);
}

export const STEP_PERIOD = 100;
const STEPS = 3;

/** Clocks and sizes of a round that begins now, with three steps, before anybody has sealed. */
async function termsFromNow(): Promise<RoundFields> {
  const now = await time.latest();
  return {
    sealEndsAt: now + STEP_PERIOD,
    lastSealEndsAt: now + STEPS * STEP_PERIOD,
    revealPeriod: 200,
    least: 2,
    most: 4,
    sealedCount: 0,
    revealedCount: 0,
    leaderCount: 0,
    lastRevealBlock: 0,
    windowPeriod: 0,
  };
}

/** Signs for every node: who may is the consumer's to say, and this one lets anybody. */
export const AUTHOR = new Wallet(id("author"));

/** A round of a consumer that is no market: anyone may keep rounds of its own. */
export class TestRound {
  readonly roundId: string;

  constructor(
    readonly suite: Protocol,
    readonly key: RoundKey,
    readonly terms: RoundFields,
  ) {
    this.roundId = roundId(key);
  }

  /** Who may seal in it. */
  get consumer() {
    return this.suite.deployer;
  }

  sealOf(node: string, outputRoot = RIGHT): string {
    const { chainId, commitments } = this.key;
    return sealHash({ chainId, commitments, roundId: this.roundId, node, outputRoot, salt: SALT });
  }

  /** Seals as the consumer, with the terms that `changes` gives. */
  sealCommitment(node: string, commitment: string, changes: Partial<RoundFields> = {}, sender = this.consumer) {
    const { jobId, attempt, versionId, inputRoot } = this.key;
    const terms = packRound({ ...this.terms, ...changes });
    return this.suite.commitments.connect(sender).seal(jobId, attempt, versionId, inputRoot, node, commitment, terms);
  }

  seal(node: string, outputRoot = RIGHT, changes: Partial<RoundFields> = {}) {
    return this.sealCommitment(node, this.sealOf(node, outputRoot), changes);
  }

  /** A node's seal with the author's signature on it. */
  async sign(node: string, commitment = this.sealOf(node)): Promise<SignedSeal> {
    const { chainId, commitments } = this.key;
    const seal = { chainId, commitments, roundId: this.roundId, node, commitment };
    const { domain, types, message } = sealTypedData(seal);
    return signedSeal(seal, await AUTHOR.signTypedData(domain, types, message));
  }

  /** Seals for several nodes as the consumer, with the terms that `changes` gives. */
  async sealMany(nodes: readonly string[], changes: Partial<RoundFields> = {}) {
    return this.sealSigned(await Promise.all(nodes.map((node) => this.sign(node))), { ...this.terms, ...changes });
  }

  sealSigned(seals: readonly SignedSeal[], terms = this.terms) {
    const { jobId, attempt, versionId, inputRoot } = this.key;
    const { commitments } = this.suite;
    return commitments
      .connect(this.consumer)
      .sealMany(jobId, attempt, versionId, inputRoot, [...seals], packRound(terms));
  }

  /** Seals for several nodes what is packed. */
  async pack(nodes: readonly string[]): Promise<Pack> {
    return packIn(this.suite.commitments, await (await this.sealMany(nodes)).wait());
  }

  /** The round as `RoundOpened` has it where so many seals are packed. */
  packedRound(sealedCount: number): bigint {
    return packRound({ ...this.terms, sealedCount }) | PACKED;
  }

  unpack({ roundId, round, seals }: Pack, sender = this.suite.stranger) {
    return this.suite.commitments.connect(sender).unpack(roundId, round, [...seals]);
  }

  reveal(node: string, outputRoot = RIGHT, salt = SALT) {
    return this.suite.commitments.connect(this.suite.stranger).reveal(this.roundId, node, outputRoot, salt);
  }

  /** Moves to the end of the first step. */
  endSealing(): Promise<void> {
    return time.increaseTo(this.terms.sealEndsAt);
  }

  /** Seals for each node what stands beside it, waits for the end of the step, and reveals in the same order. */
  async answer(answers: readonly (readonly [node: string, outputRoot: string])[]): Promise<void> {
    for (const [node, outputRoot] of answers) await this.seal(node, outputRoot);
    await this.endSealing();
    for (const [node, outputRoot] of answers) await this.reveal(node, outputRoot);
  }
}

/** A round in which nobody has sealed, and four nodes ascending by address. */
export async function round() {
  const suite = await protocol();
  const key: RoundKey = {
    chainId: (await ethers.provider.getNetwork()).chainId,
    commitments: await suite.commitments.getAddress(),
    consumer: suite.deployer.address,
    jobId: id("job"),
    attempt: 0,
    versionId: id("version"),
    inputRoot: id("input"),
  };
  const nodes = ["01", "02", "03", "04"].map((byte) => `0x${byte.repeat(20)}`);
  return {
    ...suite,
    nodes: nodes as [string, string, string, string],
    round: new TestRound(suite, key, await termsFromNow()),
  };
}

/** The same after two nodes have sealed, with the step over. */
export async function sealedRound() {
  const given = await round();
  const [first, second] = given.nodes;
  await given.round.seal(first);
  await given.round.seal(second);
  await given.round.endSealing();
  return given;
}

/** The first three of the nodes have sealed the same and are packed; others may still seal. */
export async function packedRound() {
  const given = await round();
  const seated = given.nodes.slice(0, 3);
  return { ...given, seated, pack: await given.round.pack(seated) };
}

/** The same with the step over. */
export async function revealablePack() {
  const given = await packedRound();
  await given.round.endSealing();
  return given;
}
