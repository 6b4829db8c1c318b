import { Interface, ZeroAddress, ZeroHash } from "ethers";

import {
  CallbackRecorder__factory,
  DisputeGame__factory,
  InferenceMarketplace__factory,
  InferenceSessions__factory,
  JobRelay__factory,
  JobScheduler__factory,
  Mandates__factory,
  ModelRegistry__factory,
  NodeStaking__factory,
  OPGToken__factory,
  OptimisticMarketplace__factory,
  OptimisticPolicy__factory,
  PauseGuardian__factory,
  ReceiptBook__factory,
  ReplicationPolicy__factory,
  ResultCommitments__factory,
  TestSource__factory,
} from "../../typechain-types/index.ts";
import type { JobModel } from "./JobModel.ts";
import type { OfferModel } from "./orders/OffersModel.ts";
import type { ScheduleModel } from "./orders/SchedulesModel.ts";
import type { SessionModel } from "./sessions/SessionModel.ts";
import { OWN } from "./StakingModel.ts";
import type { RoundModel } from "./RoundModel.ts";
import type { SharePool } from "./SharePool.ts";
import type { World } from "./World.ts";

export type ContractName =
  | "token"
  | "registry"
  | "staking"
  | "commitments"
  | "mandates"
  | "market"
  | "relay"
  | "optimistic"
  | "scheduler"
  | "receipts"
  | "disputes"
  | "sessions"
  | "pauseGuardian"
  | "recorder"
  | "source";
/** Those that keep balances, and of them those at which nodes serve here. */
export type LedgerName = "market" | "optimistic" | "sessions";
export type ServedLedger = Exclude<LedgerName, "optimistic">;

/** The interfaces of all contracts that a step can call. */
export const INTERFACES: Readonly<Record<ContractName, Interface>> = {
  token: OPGToken__factory.createInterface(),
  registry: ModelRegistry__factory.createInterface(),
  staking: NodeStaking__factory.createInterface(),
  commitments: ResultCommitments__factory.createInterface(),
  mandates: Mandates__factory.createInterface(),
  market: InferenceMarketplace__factory.createInterface(),
  relay: JobRelay__factory.createInterface(),
  optimistic: OptimisticMarketplace__factory.createInterface(),
  scheduler: JobScheduler__factory.createInterface(),
  receipts: ReceiptBook__factory.createInterface(),
  disputes: DisputeGame__factory.createInterface(),
  sessions: InferenceSessions__factory.createInterface(),
  pauseGuardian: PauseGuardian__factory.createInterface(),
  recorder: CallbackRecorder__factory.createInterface(),
  source: TestSource__factory.createInterface(),
};

type Word = bigint | number | string | boolean;

/** One view of one contract, and what the model says of it: the data that comes back, or with which it reverts. */
export interface View {
  readonly contract: ContractName;
  readonly method: string;
  readonly args: readonly (string | number)[];
  readonly expected: string;
}

/** Everything viewed has a fixed number of words. */
const view = (contract: ContractName, method: string, args: View["args"], ...expected: readonly Word[]): View => ({
  contract,
  method,
  args,
  expected: encodeWords(expected),
});

/** What cannot be viewed of a packed round. */
const packed = (method: string, { id }: RoundModel, ...nodes: readonly string[]): View => ({
  contract: "commitments",
  method,
  args: [id, ...nodes],
  expected: ERRORS.encodeErrorResult("CommitmentsPacked", [id]),
});

/** Words as a call returns them. */
function encodeWords(words: readonly Word[]): string {
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

  account(account: string, ledger: LedgerName = "market"): View {
    const { balance, fees } = this.world.book(ledger).of(account);
    return view(ledger, "accountOf", [account], balance, fees);
  }

  governed(): View[] {
    const { market, sessions, schedules, offers } = this.world.models;
    return [
      view("market", "governed", [], market.rules, market.accounts.treasury),
      view("optimistic", "governed", [], offers.constants.rules, offers.accounts.treasury),
      view("sessions", "governed", [], sessions.rules, sessions.accounts.treasury),
      view("scheduler", "governed", [], schedules.rules),
    ];
  }

  cap(ledger: LedgerName, account: string, spender: string): View {
    const { addresses, models } = this.world;
    const of = addresses[ledger];
    return view("mandates", "capOf", [of, account, spender], models.mandates.capOf(of, account, spender));
  }

  nonce(account: string, nonce: bigint): View {
    const isUsed = this.world.models.mandates.isNonceUsed(account, nonce);
    return view("mandates", "isNonceUsed", [account, nonce.toString()], isUsed);
  }

  offer({ id, record }: OfferModel): View {
    return view("optimistic", "jobOf", [id], record);
  }

  schedule({ id, record }: ScheduleModel): View {
    return view("scheduler", "recordOf", [id], record);
  }

  session({ id, record }: SessionModel): View {
    return view("sessions", "sessionOf", [id], record);
  }

  /** What the end of a session, or a part of its money, can change. */
  settled(session: SessionModel): View[] {
    const { payer, node, versionId, royaltyPayee } = session.terms;
    return [
      this.session(session),
      this.account(payer, "sessions"),
      this.account(royaltyPayee, "sessions"),
      this.serving(node, versionId, "sessions"),
    ];
  }

  grant(payer: string, key: string): View {
    const { limit, expiresAt, versionsRoot } = this.world.models.sessions.grantOf(payer, key);
    return view("sessions", "grantOf", [payer, key], limit, expiresAt, versionsRoot);
  }

  shown(statement: string): View {
    const { until, price } = this.world.models.receipts.shownOf(statement) ?? { until: 0, price: 0n };
    return view("receipts", "shownOf", [statement], BigInt(until) | (price << 48n));
  }

  /** What is known of a statement, and what its challenger has left. */
  disputed(statement: string, challenger: string): View[] {
    const { disputes } = this.world.models;
    return [
      view("disputes", "statementRecordOf", [statement], disputes.recordOf(statement)),
      view("disputes", "balanceOf", [challenger], disputes.balanceOf(challenger)),
    ];
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

  serving(node: string, version: string, ledger: ServedLedger = "market"): View {
    const { market, sessions } = this.world.models;
    const { maxLock, used, earned, endsAt } = { market, sessions }[ledger].seats.of(node, version);
    const weight = ledger === "market" ? market.weightsOf(node, version).present : 0n;
    return view(ledger, "servingOf", [node, version], weight, maxLock, used, earned, endsAt);
  }

  weights(node: string, version: string, time: number): View {
    const { weight, total } = this.world.market.weightsAt(node, version, time);
    return view("market", "weightsAt", [node, version, time], weight, total);
  }

  round(round: RoundModel): View {
    if (round.isPacked) return packed("roundOf", round);
    return view("commitments", "roundOf", [round.id], round.word, round.leader);
  }

  entry(round: RoundModel, node: string): View {
    if (round.isPacked) return packed("entryOf", round, node);
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

  /** What a contract that keeps balances holds, and what staking does. */
  holdings(ledger: LedgerName = "market"): View[] {
    const { addresses } = this.world;
    return [this.balance(addresses[ledger]), this.balance(addresses.staking)];
  }

  /** The whole state, as far as anybody in the cast can have changed it. */
  everything(): View[] {
    const { cast, addresses, models } = this.world;
    const people = [cast.admin, cast.publisher, cast.treasury, cast.stranger, cast.consumer];
    const payers = [...people, ...cast.requesters, ...cast.delegators];
    const accounts = [...payers, ...cast.operators.map(({ node }) => node)];
    const books = LEDGERS.flatMap((ledger) => accounts.map((account) => this.account(account, ledger)));
    const holders = [...accounts, ...Object.values(addresses)].map((account) => this.balance(account));
    const governed = [...this.governed(), this.parameters(), this.noticePeriod(), ...this.pauses()];
    const nodes = models.staking.registered().flatMap((node) => this.nodeInFull(node));
    const spenders = [cast.stranger, addresses.scheduler];
    const caps = LEDGERS.flatMap((ledger) =>
      cast.requesters.flatMap((account) => spenders.map((spender) => this.cap(ledger, account, spender))),
    );
    const bonds = cast.delegators.flatMap((challenger) => this.disputed(ZeroHash, challenger));
    return [...books, ...holders, this.supply(), ...governed, ...nodes, ...caps, ...bonds, ...this.recent()];
  }

  private nodeInFull(node: string): View[] {
    const { cast, market, registry, addresses, clock } = this.world;
    const versions = registry.models.map(({ versionId }) => versionId);
    const consumers = [market.constants.address, addresses.sessions, cast.consumer];
    const holders = [OWN, ...cast.delegators];
    return [
      ...this.node(node),
      ...this.operators(node),
      ...versions.map((version) => this.serving(node, version)),
      ...versions.map((version) => this.serving(node, version, "sessions")),
      ...versions.map((version) => this.weights(node, version, clock.now)),
      ...consumers.flatMap((consumer) => versions.flatMap((version) => this.lock(node, consumer, version))),
      ...cast.delegators.map((delegator) => this.delegation(node, delegator)),
      ...holders.flatMap((holder) => this.lastThaws(node, holder)),
    ];
  }

  /** What was begun last. */
  private recent(): View[] {
    const { jobs, offers, schedules, sessions } = this.world;
    const last = <T>(all: ReadonlyMap<number, T>) => [...all.values()].slice(-RECENT);
    return [
      ...last(jobs).flatMap((job) => [
        this.job(job),
        ...job.rounds.flatMap((round) => [this.round(round), ...round.seats.map((node) => this.entry(round, node))]),
      ]),
      ...last(offers).map((offer) => this.offer(offer)),
      ...last(schedules).map((schedule) => this.schedule(schedule)),
      ...last(sessions).map((session) => this.session(session)),
    ];
  }

  private lastThaws(node: string, holder: string): View[] {
    const count = this.world.staking.of(node).thawsOf(holder).length;
    const first = Math.max(0, count - RECENT_THAWS);
    return Array.from({ length: count - first }, (_, i) => this.thaw(node, holder, first + i));
  }
}

const PAUSED = ["pauseGuardian", "market", "optimistic", "sessions", "scheduler", "registry", "staking"] as const;
const LEDGERS = ["market", "optimistic", "sessions"] as const;
const RECENT = 20;
const RECENT_THAWS = 4;

/** Every error that any of the contracts can revert with, by name. */
export const ERRORS = new Interface([
  ...new Map(
    [
      ...Object.values(INTERFACES),
      OptimisticPolicy__factory.createInterface(),
      ReplicationPolicy__factory.createInterface(),
    ]
      .flatMap(({ fragments }) => fragments.filter(({ type }) => type === "error"))
      .map((fragment) => [fragment.format("sighash"), fragment]),
  ).values(),
  "error Panic(uint256 code)",
  "error Error(string reason)",
]);
