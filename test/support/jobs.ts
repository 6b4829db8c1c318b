import { id, parseEther, toUtf8Bytes, type TransactionReceipt } from "ethers";

import { ascending } from "../../packages/sdk/src/codecs/ascending.ts";
import {
  roundId,
  sealHash,
  sealTypedData,
  signedSeal,
  type SealToSign,
  type SignedSeal,
  type Reveal,
} from "../../packages/sdk/src/codecs/commitment.ts";
import {
  escrowOf,
  packOrder,
  unpackJob,
  unpackRecord,
  type Job,
  type JobRecord,
  type JobState,
  type Order,
  type PackedJob,
} from "../../packages/sdk/src/codecs/job.ts";
import { sealingEndsAt, unpackRound, type Round } from "../../packages/sdk/src/codecs/round.ts";
import { only, type Operator } from "./actors.ts";
import { type Served, servedByThree } from "./fixtures.ts";
import { ledgerOf } from "./ledger.ts";
import { ethers, loadFixture, mine, time } from "./network.ts";
import { type Pack, packIn, saltsOf } from "./packs.ts";

export const PRICE = parseEther("1");
export const SEAL_PERIOD = 5;
export const INPUT_URI = toUtf8Bytes("ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi");
export const SALT = id("salt");
export const RIGHT = id("right output");
export const WRONG = id("wrong output");
export const OTHER = id("other output");

let orders = 0n;

/** An order of `requester`, with the fields that matter to a test replaced. */
export function orderOf(suite: Served, changes: Partial<Order> = {}): Order {
  orders += 1n;
  return {
    requester: suite.requester.address,
    versionId: suite.version,
    inputRoot: id("input"),
    seatPrice: PRICE,
    quorum: 2,
    collateralFactor: 8,
    sealPeriod: SEAL_PERIOD,
    maxRoyalty: parseEther("1"),
    nonce: orders,
    ...changes,
  };
}

/** A job, and what a test does with it. */
export class TestJob {
  private constructor(
    readonly suite: Served,
    readonly jobId: string,
    readonly packed: PackedJob,
  ) {}

  /** Orders, by default two equal answers at a price of 1 OPG. */
  static async request(suite: Served, changes: Partial<Order> = {}): Promise<TestJob> {
    const transaction = await suite.market
      .connect(suite.requester)
      .request(packOrder(orderOf(suite, changes)), INPUT_URI);
    return TestJob.from(suite, await transaction.wait());
  }

  /** The job that a transaction ordered. */
  static from(suite: Served, receipt: TransactionReceipt | null): TestJob {
    return only(TestJob.every(suite, receipt));
  }

  /** All jobs that a transaction ordered. */
  static every(suite: Served, receipt: TransactionReceipt | null): TestJob[] {
    return (receipt?.logs ?? []).flatMap((log) => {
      const event = suite.market.interface.parseLog(log);
      if (event?.name !== "JobRequested") return [];
      const { versionId, inputRoot, requester, callback, royalty, shape, rules } = event.args.job as PackedJob;
      const packed = { versionId, inputRoot, requester, callback, royalty, shape, rules };
      return [new TestJob(suite, event.args.jobId as string, packed)];
    });
  }

  /** Waits until the seed's block is mined and sealing has begun. */
  async open(): Promise<this> {
    await mine(3);
    await time.increase(2);
    return this;
  }

  async roundId(attempt = 0): Promise<string> {
    return roundId({
      chainId: (await ethers.provider.getNetwork()).chainId,
      commitments: await this.suite.commitments.getAddress(),
      consumer: await this.suite.market.getAddress(),
      jobId: this.jobId,
      attempt,
      versionId: this.packed.versionId,
      inputRoot: this.packed.inputRoot,
    });
  }

  /** What a node seals for an output. */
  async seal(operator: Operator, outputRoot: string, attempt = 0): Promise<string> {
    return sealHash({
      chainId: (await ethers.provider.getNetwork()).chainId,
      commitments: await this.suite.commitments.getAddress(),
      roundId: await this.roundId(attempt),
      node: operator.node,
      outputRoot,
      salt: SALT,
    });
  }

  /** What a node's signer signs so that anybody can seal for it, with what a test falsifies replaced. */
  async signSeal(
    operator: Operator,
    changes: Partial<SealToSign & { signer: Operator["signer"] }> = {},
    attempt = 0,
  ): Promise<SignedSeal> {
    const { signer = operator.signer, ...falsified } = changes;
    const seal: SealToSign = {
      chainId: (await ethers.provider.getNetwork()).chainId,
      commitments: await this.suite.commitments.getAddress(),
      roundId: await this.roundId(attempt),
      node: operator.node,
      commitment: await this.seal(operator, RIGHT, attempt),
      ...falsified,
    };
    const { domain, types, message } = sealTypedData(seal);
    return signedSeal(seal, await signer.signTypedData(domain, types, message));
  }

  /** What the signers of several nodes sign for one output, ascending by node. */
  signSeals(seats: readonly Operator[], outputRoot = RIGHT, attempt = 0): Promise<SignedSeal[]> {
    const sign = async (seat: Operator) =>
      this.signSeal(seat, { commitment: await this.seal(seat, outputRoot, attempt) }, attempt);
    return Promise.all(ascending(seats).map(sign));
  }

  /** What shows that a node has sealed an output. */
  shows = ({ node }: Operator, outputRoot = RIGHT): Reveal => ({ node, outputRoot, salt: SALT });

  async commit(operator: Operator, outputRoot = RIGHT, attempt = 0) {
    const commitment = await this.seal(operator, outputRoot, attempt);
    return this.suite.market.connect(operator.signer).commit(this.packed, operator.node, commitment);
  }

  /** Brings what several nodes have signed, all at once. */
  async commitSigned(seats: readonly Operator[], outputRoot = RIGHT) {
    const seals = await this.signSeals(seats, outputRoot);
    return this.suite.market.connect(this.suite.stranger).commitSigned(this.packed, seals);
  }

  /** The same where it opens the round: what is packed then. */
  async pack(seats: readonly Operator[], outputRoot = RIGHT): Promise<Pack> {
    const transaction = await this.commitSigned(seats, outputRoot);
    return packIn(this.suite.commitments, await transaction.wait());
  }

  unpack({ roundId, round, seals }: Pack) {
    return this.suite.commitments.connect(this.suite.stranger).unpack(roundId, round, [...seals]);
  }

  /** Moves to the end of the step in which a round was packed. */
  endPackedSealing({ round }: Pack): Promise<void> {
    return time.increaseTo(unpackRound(round).sealEndsAt);
  }

  /** Shows what all of a packed round have sealed, and ends the job with it. */
  settlePacked(pack: Pack, outputRoot = RIGHT) {
    return this.suite.relay
      .connect(this.suite.stranger)
      .revealPackedAndSettle(this.packed, pack.roundId, pack.round, outputRoot, saltsOf(pack, SALT));
  }

  async reveal(operator: Operator, outputRoot = RIGHT, attempt = 0) {
    const round = await this.roundId(attempt);
    return this.suite.commitments.connect(operator.signer).reveal(round, operator.node, outputRoot, SALT);
  }

  /** Seals for all of `answers`, waits for the end of the step, and reveals for those that are not null. */
  async answer(answers: ReadonlyMap<Operator, string | null>, attempt = 0): Promise<void> {
    for (const [operator, output] of answers) await this.commit(operator, output ?? RIGHT, attempt);
    await this.endSealing(attempt);
    for (const [operator, output] of answers) if (output !== null) await this.reveal(operator, output, attempt);
  }

  /** Moves to the end of the step in which the last node sealed; if too few did, to the end of the last step. */
  async endSealing(attempt = 0): Promise<void> {
    const { sealedCount, least, sealEndsAt, lastSealEndsAt } = await this.round(attempt);
    await time.increaseTo(sealedCount < least ? lastSealEndsAt : sealEndsAt);
  }

  /** Moves to the next sealing step of an audit or appeal, whose threshold is twice as high. */
  async widen(): Promise<void> {
    await time.increase(this.fields.rules.appealSealPeriod);
  }

  /** Moves to the end of the time to reveal. */
  async endRevealing(attempt = 0): Promise<void> {
    const round = await this.round(attempt);
    await time.increaseTo(sealingEndsAt(round, await time.latest()) + round.revealPeriod);
  }

  /** Begins the audit or appeal whose seed's block follows the last reveal. */
  async beginNext(...draws: Draws) {
    await mine(3);
    return this.advance(...draws);
  }

  advance(...draws: Draws) {
    return this.suite.market.connect(this.suite.stranger).advance(this.packed, seatsOf(...draws));
  }

  settle(...draws: Draws) {
    return this.suite.market.connect(this.suite.stranger).settle(this.packed, seatsOf(...draws));
  }

  expire(...draws: Draws) {
    return this.suite.market.connect(this.suite.stranger).expire(this.packed, seatsOf(...draws));
  }

  /** The job's fields, unpacked. */
  get fields(): Job {
    return unpackJob(this.packed);
  }

  get escrow(): bigint {
    return escrowOf(this.fields);
  }

  /** What the treasury gets if the nodes earn `pay`. */
  feeOf(pay: bigint): bigint {
    return (pay * this.fields.rules.feeBps) / 10_000n;
  }

  async record(): Promise<JobRecord> {
    return unpackRecord((await this.suite.market.jobOf(this.jobId)).record);
  }

  async state(): Promise<JobState> {
    return (await this.record()).state;
  }

  async round(attempt = 0): Promise<Round> {
    return unpackRound((await this.suite.commitments.roundOf(await this.roundId(attempt))).round);
  }
}

/** A job that three nodes have sealed alike in one call, at the end of sealing. */
export async function packedByThree({ outputRoot = RIGHT, auditBps = 0 } = {}) {
  const suite = await loadFixture(servedByThree);
  const before = await ledgerOf(suite);
  const job = await (await TestJob.request(suite, { quorum: 3, auditBps })).open();
  const pack = await job.pack(suite.nodes, outputRoot);
  await job.endPackedSealing(pack);
  return { ...suite, suite, before, job, pack, seats: seatsOf(suite.nodes) };
}

type Draws = (readonly Operator[])[];

/** The same answer, or silence, of all these nodes. */
export function all(nodes: readonly Operator[], output: string | null = RIGHT): Map<Operator, string | null> {
  return new Map(nodes.map((node) => [node, output]));
}

/** One answer for each of these nodes, in their order; null is silence. */
export function each(nodes: readonly Operator[], outputs: readonly (string | null)[]): Map<Operator, string | null> {
  return new Map(nodes.map((node, i) => [node, outputs[i] ?? null]));
}

/** Seats as the market takes them: ascending by address. */
export function seatsOf(...draws: Draws): string[] {
  return draws.flatMap((draw) => ascending(draw).map(({ node }) => node));
}
