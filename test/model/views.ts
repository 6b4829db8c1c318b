import { Interface, ZeroAddress } from "ethers";

import {
  CallbackRecorder__factory,
  InferenceMarketplace__factory,
  Mandates__factory,
  ModelRegistry__factory,
  NodeStaking__factory,
  OPGToken__factory,
  OptimisticMarketplace__factory,
  PauseGuardian__factory,
  ReplicationPolicy__factory,
  ResultCommitments__factory,
} from "../../typechain-types/index.ts";
import type { JobModel } from "./JobModel.ts";
import { OWN } from "./StakingModel.ts";
import type { RoundModel } from "./RoundModel.ts";
import type { SharePool } from "./SharePool.ts";
import type { World } from "./World.ts";

export type ContractName =
  "token" | "registry" | "staking" | "commitments" | "market" | "optimistic" | "pauseGuardian" | "recorder";

/** The interfaces of all contracts that a step can call. */
export const INTERFACES: Readonly<Record<ContractName, Interface>> = {
  token: OPGToken__factory.createInterface(),
  registry: ModelRegistry__factory.createInterface(),
  staking: NodeStaking__factory.createInterface(),
  commitments: ResultCommitments__factory.createInterface(),
  market: InferenceMarketplace__factory.createInterface(),
  optimistic: OptimisticMarketplace__factory.createInterface(),
  pauseGuardian: PauseGuardian__factory.createInterface(),
  recorder: CallbackRecorder__factory.createInterface(),
};

type Word = bigint | number | string | boolean;

/** One view of one contract, and what the model says of it. Everything viewed has a fixed number of words. */
export interface View {
  readonly contract: ContractName;
  readonly method: string;
  readonly args: readonly (string | number)[];
  readonly expected: readonly Word[];
}

const view = (contract: ContractName, method: string, args: View["args"], ...expected: readonly Word[]): View => ({
  contract,
  method,
  args,
  expected,
});

/** Words as a call returns them. */
export function encodeWords(words: readonly Word[]): string {
  return `0x${words.map((word) => (typeof word === "string" ? word.slice(2) : BigInt(word).toString(16)).padStart(64, "0")).join("")}`;
}

const poolWords = ({ assets, shares, epoch }: SharePool) => [assets, shares, epoch];

/** Everything that can be viewed, as the model has it now. */
export class Views {
  constructor(private readonly world: World) {}

  balance(account: string): View {
    return view("token", "balanceOf", [account], this.world.token.of(account));
  }

  supply(): View {
    return view("token", "totalSupply", [], this.world.token.supply);
  }

  account(account: string): View {
    const { balance, fees } = this.world.market.account(account);
    return view("market", "accountOf", [account], balance, fees);
  }

  governed(): View {
    return view("market", "governed", [], this.world.market.rules, this.world.market.treasury);
  }

  /** @see the layout of JobRecord in contracts/types/JobTypes.sol */
  job(job: JobModel): View {
    const flags =
      (BigInt(job.seedBlockFixed) << 8n) | (BigInt(job.delivered) << 16n) | (BigInt(job.tipReclaimed) << 24n);
    const seeding = (BigInt(job.seedBlock) << 128n) | job.seed;
    const kept = job.isFinal ? BigInt(job.result) >> 80n : seeding;
    const record = BigInt(job.state) | flags | (kept << 32n) | (BigInt(job.startedAt) << 208n);
    return view("market", "jobOf", [job.id], record, job.satWeight);
  }

  serving(node: string, version: string): View {
    const { weights, maxLock, used, earned, endsAt } = this.world.market.serving(node, version);
    return view("market", "servingOf", [node, version], weights.present, maxLock, used, earned, endsAt);
  }

  weights(node: string, version: string, time: number): View {
    const { weight, total } = this.world.market.weightsAt(node, version, time);
    return view("market", "weightsAt", [node, version, time], weight, total);
  }

  /** @see the layout of Round in contracts/types/CommitmentTypes.sol */
  round(round: RoundModel): View {
    const { terms, sealedCount, revealedCount, leaderCount, lastRevealBlock, leader } = round;
    if (terms === undefined) return view("commitments", "roundOf", [round.id], 0, leader);
    const clocks =
      BigInt(terms.sealEndsAt) | (BigInt(terms.lastSealEndsAt) << 48n) | (BigInt(terms.revealPeriod) << 96n);
    const sizes = (BigInt(terms.least) << 128n) | (BigInt(terms.most) << 136n);
    const counts = (BigInt(sealedCount) << 144n) | (BigInt(revealedCount) << 152n) | (BigInt(leaderCount) << 160n);
    const word = clocks | sizes | counts | (BigInt(lastRevealBlock) << 168n);
    return view("commitments", "roundOf", [round.id], word, leader);
  }

  entry(round: RoundModel, node: string): View {
    return view("commitments", "entryOf", [round.id, node], round.entryOf(node));
  }

  /** What a node has and owes. */
  node(node: string): View[] {
    const books = this.world.staking.of(node);
    const { now } = this.world.clock;
    const commissionBps = books.commissionAt(now);
    return [
      view("staking", "ownStakeOf", [node], books.ownBonded, ...poolWords(books.ownThawing)),
      view("staking", "delegatedStakeOf", [node], ...poolWords(books.delegated), ...poolWords(books.delegatedThawing)),
      view("staking", "standingOf", [node, now], books.signer, this.world.staking.stakeAt(node, now), books.covered),
      view("staking", "lockedOf", [node], books.locked),
      view("staking", "earningsOf", [node], books.earnings),
      view("staking", "commissionOf", [node], commissionBps, books.nextCommissionBps, books.nextCommissionAt),
    ];
  }

  /** Who runs a node. */
  operators(node: string): View[] {
    const { owner, nextOwner, signer, nextSigner, nextSignerAt } = this.world.staking.of(node);
    const nodeOf = (key: string) =>
      view("staking", "nodeOf", [key], this.world.staking.nodeOfSigner.get(key) ?? ZeroAddress);
    return [
      view("staking", "ownerOf", [node], owner, nextOwner),
      view("staking", "signerOf", [node], signer, nextSigner, nextSignerAt),
      nodeOf(signer),
      nodeOf(nextSigner),
    ];
  }

  delegation(node: string, delegator: string): View {
    const books = this.world.staking.of(node);
    const shares = books.sharesOf(delegator);
    return view("staking", "delegationOf", [node, delegator], shares, books.delegated.worth(shares));
  }

  thaw(node: string, holder: string, thawId: number): View {
    const books = this.world.staking.of(node);
    const thaw = books.thawsOf(holder)[thawId];
    if (thaw === undefined) return view("staking", "thawOf", [node, holder, thawId], 0, 0);
    const pool = books.thawing(holder);
    const worth = pool.worth(pool.sharesNow(thaw.shares, thaw.epoch));
    return view("staking", "thawOf", [node, holder, thawId], thaw.endsAt, worth);
  }

  lock(node: string, consumer: string, obligation: string): View[] {
    const books = this.world.staking.of(node);
    const { amount, endsAt } = books.lock(consumer, obligation);
    const { cap, locked } = books.authorisation(consumer);
    return [
      view("staking", "lockOf", [node, consumer, obligation], amount, endsAt),
      view("staking", "authorisationOf", [node, consumer], cap, locked),
    ];
  }

  parameters(): View {
    const p = this.world.staking.parameters;
    const periods = [p.signerRotationPeriod, p.commissionNoticePeriod];
    return view("staking", "parameters", [], p.leastOwnStake, p.leastDelegation, p.delegationRatio, ...periods);
  }

  noticePeriod(): View {
    return view("registry", "royaltyNoticePeriod", [], this.world.registry.noticePeriod);
  }

  /** Until when entries are closed: what the guardian's contract says, and each of its targets. */
  pauses(): View[] {
    return PAUSED.map((contract) => view(contract, "pausedUntil", [], this.world.guardian.pausedUntil));
  }

  /** What both contracts hold. */
  holdings(): View[] {
    return [this.balance(this.world.market.constants.address), this.balance(this.world.staking.address)];
  }

  /** The whole state, as far as anybody in the cast can have changed it. */
  everything(): View[] {
    const { cast, market, staking, registry, jobs } = this.world;
    const versions = registry.models.map(({ versionId }) => versionId);
    const consumers = [market.constants.address, cast.consumer];
    const people = [cast.admin, cast.publisher, cast.treasury, cast.stranger, cast.consumer];
    const accounts = [...people, ...cast.requesters, ...cast.delegators, ...cast.operators.map(({ node }) => node)];
    const nodes = staking.registered().flatMap((node) => {
      const holders = [OWN, ...cast.delegators];
      return [
        ...this.node(node),
        ...this.operators(node),
        ...versions.map((version) => this.serving(node, version)),
        ...versions.map((version) => this.weights(node, version, this.world.clock.now)),
        ...consumers.flatMap((consumer) => versions.flatMap((version) => this.lock(node, consumer, version))),
        ...cast.delegators.map((delegator) => this.delegation(node, delegator)),
        ...holders.flatMap((holder) => this.lastThaws(node, holder)),
      ];
    });
    const recent = [...jobs.values()]
      .slice(-RECENT_JOBS)
      .flatMap((job) => [
        this.job(job),
        ...job.rounds.flatMap((round) => [this.round(round), ...round.seats.map((node) => this.entry(round, node))]),
      ]);
    const books = accounts.flatMap((account) => [this.account(account), this.balance(account)]);
    const governed = [this.governed(), this.parameters(), this.noticePeriod(), ...this.pauses()];
    return [...books, ...this.holdings(), this.supply(), ...governed, ...nodes, ...recent];
  }

  private lastThaws(node: string, holder: string): View[] {
    const count = this.world.staking.of(node).thawsOf(holder).length;
    const first = Math.max(0, count - RECENT_THAWS);
    return Array.from({ length: count - first }, (_, i) => this.thaw(node, holder, first + i));
  }
}

const PAUSED = ["pauseGuardian", "market", "optimistic", "registry", "staking"] as const;
const RECENT_JOBS = 20;
const RECENT_THAWS = 4;

/** Every error that any of the contracts can revert with, by name. */
export const ERRORS = new Interface([
  ...new Map(
    [...Object.values(INTERFACES), Mandates__factory.createInterface(), ReplicationPolicy__factory.createInterface()]
      .flatMap(({ fragments }) => fragments.filter(({ type }) => type === "error"))
      .map((fragment) => [fragment.format("sighash"), fragment]),
  ).values(),
  "error Panic(uint256 code)",
  "error Error(string reason)",
]);
