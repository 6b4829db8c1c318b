import {
  NotFoundError,
  advanceJob,
  claimEarnings,
  commitResult,
  deliverResult,
  expireJob,
  getNextStep,
  getRecord,
  getRound,
  getSeats,
  getServing,
  getVersion,
  revealAndSettle,
  revealResult,
  roundIdOf,
  sealHash,
  serveVersion,
  settleJob,
  unpackSeals,
  unserveVersion,
  type Client,
  type InferenceResult,
  type NextStep,
  type Pack,
  type StoredJob,
  type Version,
} from "@opg-protocol/sdk";

import type { Call, Chain, Findings, Head, Interest, KnownJob, RoundView, StakeView } from "./Chain.ts";
import { entryIn, entryKind } from "./entries.ts";
import { readFindings } from "./findings.ts";

const ATTEMPTS = [0, 1, 2] as const;

/** The protocol on a real chain, through the SDK. */
export class ProtocolChain implements Chain {
  constructor(
    private readonly client: Client,
    /** The node for which it looks. */
    private readonly node: string,
  ) {}

  async head(): Promise<Head> {
    const block = await this.client.provider.getBlock("latest");
    if (block?.hash == null) throw new Error("The provider has no latest block");
    return { number: block.number, hash: block.hash, timestamp: block.timestamp };
  }

  async blockHash(number: number): Promise<string | undefined> {
    return (await this.client.provider.getBlock(number))?.hash ?? undefined;
  }

  findings(from: number, to: number, interest: Interest): Promise<Findings> {
    const { provider, addresses } = this.client;
    return readFindings(provider, addresses, from, to, interest);
  }

  async version(versionId: string): Promise<Version | undefined> {
    return found(getVersion(this.client, { versionId }));
  }

  async record(jobId: string): Promise<StoredJob | undefined> {
    return found(getRecord(this.client, { jobId }));
  }

  roundIds({ packed }: KnownJob): readonly string[] {
    return ATTEMPTS.map((attempt) => roundIdOf(this.client, packed, attempt));
  }

  async round({ packed }: KnownJob, attempt: number): Promise<RoundView> {
    const { roundId, round, leader, pack } = await getRound(this.client, { job: packed, attempt });
    const entry = pack
      ? entryIn(pack, this.node)
      : entryKind(await this.client.commitments.entryOf(roundId, this.node));
    return { roundId, round, leader, entry, pack };
  }

  async seats({ packed }: KnownJob): Promise<readonly string[]> {
    return (await getSeats(this.client, { job: packed })).flat().map(({ node }) => node);
  }

  async weights(versionId: string, time: number) {
    const { weight, total } = await this.client.market.weightsAt(this.node, versionId, time);
    return { weight, total };
  }

  serving(versionId: string) {
    return getServing(this.client, { node: this.node, versionId });
  }

  nextStep({ packed }: KnownJob): Promise<NextStep> {
    return getNextStep(this.client, { job: packed });
  }

  async stake(): Promise<StakeView> {
    const { staking } = this.client;
    const [backing, { bonded }, { signer, covered }] = await Promise.all([
      staking.backingOf(this.node),
      staking.ownStakeOf(this.node),
      staking.standingOf(this.node, 0),
    ]);
    return { backing, own: bonded, covered, signer };
  }

  sealOf(roundId: string, outputRoot: string, salt: string): string {
    const { chainId, addresses } = this.client;
    return sealHash({ chainId, commitments: addresses.commitments, roundId, node: this.node, outputRoot, salt });
  }

  commit({ packed: job }: KnownJob, commitment: string): Call {
    return commitResult.call(this.client.addresses, { job, node: this.node, commitment });
  }

  unpack(pack: Pack): Call {
    return unpackSeals.call(this.client.addresses, pack);
  }

  reveal(roundId: string, outputRoot: string, salt: string): Call {
    return revealResult.call(this.client.addresses, { roundId, node: this.node, outputRoot, salt });
  }

  revealAndSettle({ packed: job }: KnownJob, outputRoot: string, salt: string, seats: readonly string[]): Call {
    return revealAndSettle.call(this.client.addresses, { job, node: this.node, outputRoot, salt, seats });
  }

  settle({ packed: job }: KnownJob, seats: readonly string[]): Call {
    return settleJob.call(this.client.addresses, { job, seats });
  }

  expire({ packed: job }: KnownJob, seats: readonly string[]): Call {
    return expireJob.call(this.client.addresses, { job, seats });
  }

  advance({ packed: job }: KnownJob, seats: readonly string[]): Call {
    return advanceJob.call(this.client.addresses, { job, seats });
  }

  deliver({ packed: job }: KnownJob, result: InferenceResult): Call {
    return deliverResult.call(this.client.addresses, { job, result });
  }

  serve(versionId: string, weight: bigint, maxLock: bigint, endsAt: number): Call {
    return serveVersion.call(this.client.addresses, { node: this.node, versionId, weight, maxLock, endsAt });
  }

  unserve(versionId: string): Call {
    return unserveVersion.call(this.client.addresses, { node: this.node, versionId });
  }

  claim(versionId: string): Call {
    return claimEarnings.call(this.client.addresses, { node: this.node, versionId });
  }
}

/** Undefined where the SDK says that there is no such thing. */
async function found<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
