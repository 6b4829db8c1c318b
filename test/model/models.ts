import { id, parseEther, toBeHex } from "ethers";

import { modelId, versionId } from "../../packages/sdk/src/codecs/model.ts";
import { SMALL } from "../support/disputes.ts";
import { IDENTITY, type Protocol } from "../support/fixtures.ts";
import { ethers } from "../support/network.ts";
import { HONEST, IDENTITY_OF_TOY } from "../support/optimistic.ts";
import { AccountBook } from "./AccountBook.ts";
import type { Arena } from "./arena.ts";
import type { Clock } from "./Clock.ts";
import { GuardianModel } from "./GuardianModel.ts";
import { Ledger } from "./Ledger.ts";
import { MarketModel } from "./MarketModel.ts";
import { MandatesModel } from "./orders/MandatesModel.ts";
import { OffersModel } from "./orders/OffersModel.ts";
import { SchedulesModel } from "./orders/SchedulesModel.ts";
import { type RegisteredModel, RegistryModel } from "./RegistryModel.ts";
import { SeatBook } from "./SeatBook.ts";
import { DisputesModel } from "./sessions/DisputesModel.ts";
import { ReceiptsModel } from "./sessions/ReceiptsModel.ts";
import { SessionsModel } from "./sessions/SessionsModel.ts";
import { StakingModel } from "./StakingModel.ts";
import type { ContractName } from "./views.ts";
import type { Cast, Models, World } from "./World.ts";

const ROYALTY = parseEther("0.1");

/** What each challenger can lay down in all. */
export const BONDS = parseEther("10000");

/** What the source of inputs gives. */
export const SOURCED_ROOT = id("input of a source");
export const SOURCED_BYTES = 40;

/** Models with one version each: two that several nodes answer, and one that a referee judges. */
export const MODELS = [
  { slug: "first", royalty: ROYALTY, identity: IDENTITY },
  { slug: "second", royalty: 0n, identity: IDENTITY },
  { slug: "refereed", royalty: ROYALTY, identity: IDENTITY_OF_TOY },
] as const;

export const lower = async (holder: { getAddress(): Promise<string> }) => (await holder.getAddress()).toLowerCase();

type Addresses = Readonly<Record<ContractName, string>>;

/** What the models of markets and sessions stand on. */
type Ground = Awaited<ReturnType<typeof groundOf>>;

/**
 * Models that know what stands in the arena now.
 * @param world What they tell, and ask about callbacks, once it is there.
 */
export async function modelsOf(arena: Arena, clock: Clock, at: Addresses, world: () => World): Promise<Models> {
  const note = (what: string) => {
    world().note(what);
  };
  const ground = await groundOf(arena, clock, at, note);
  const { token, guardian, registry, staking, mandates } = ground;
  const market = await marketOf(ground, (callback) => callback === arena.cast.recorder && !world().refuses);
  const offers = await offersOf(ground);
  const schedules = await schedulesOf(ground, market, offers);
  const judged = await sessionsOf(ground, await lower(arena.referee));
  return { token, guardian, registry, staking, mandates, market, offers, schedules, ...judged };
}

async function groundOf({ suite, cast, rich }: Arena, clock: Clock, at: Addresses, note: (what: string) => void) {
  const { chainId } = await ethers.provider.getNetwork();
  const token = new Ledger(await suite.token.totalSupply());
  for (const account of new Set([...rich, cast.admin, at.disputes])) {
    token.mint(account, await suite.token.balanceOf(account));
  }
  const periods = {
    maxPausePeriod: Number(await suite.pauseGuardian.MAX_PAUSE_PERIOD()),
    coolDownPeriod: Number(await suite.pauseGuardian.COOL_DOWN_PERIOD()),
  };
  const guardian = new GuardianModel({ guardian: cast.guardian, ...periods }, clock);
  const models = MODELS.map((model) => registered(cast, model));
  const registry = new RegistryModel(models, cast.admin, guardian, clock);
  const staking = await stakingOf(suite, at, cast, clock, token, guardian, note);
  const mandates = new MandatesModel(at.mandates, clock);
  const clockFloor = Number(await suite.disputes.MONEY_CLOCK_FLOOR());
  return {
    suite,
    cast,
    at,
    chainId,
    clock,
    note,
    token,
    guardian,
    registry,
    staking,
    mandates,
    /** The last model's version has a referee. */
    refereed: models.slice(-1).map(({ versionId: version }) => version),
    gameRules: await suite.disputes.governed(),
    clockFloor,
    /** Longest game, and the time in which challengers enter among the sharers. */
    disputePeriod: Number(await suite.disputes.MOST_GAME_PERIOD()) + clockFloor,
  };
}

const bookOf = ({ cast, token, mandates }: Ground, address: string, treasury: string) =>
  new AccountBook(address, cast.admin, treasury.toLowerCase(), token, mandates);

async function marketOf(ground: Ground, takes: (callback: string) => boolean): Promise<MarketModel> {
  const { suite, cast, at, chainId, clock, note, registry, staking, guardian } = ground;
  const { rules, treasury } = await suite.market.governed();
  const constants = {
    chainId,
    address: at.market,
    commitments: at.commitments,
    admin: cast.admin,
    seedDelayPeriod: Number(await suite.market.SEED_DELAY_PERIOD()),
    seedPeriod: Number(await suite.policy.SEED_PERIOD()),
    disputePeriod: Number(await suite.refereedPolicy.MOST_WINDOW_PERIOD()) + ground.disputePeriod,
    leastSealPeriod: Number(await suite.policy.LEAST_SEAL_PERIOD()),
    mostInputBytes: Number(await suite.market.MOST_INPUT_BYTES()),
  };
  const accounts = bookOf(ground, at.market, treasury);
  const seats = new SeatBook(at.market, clock, staking);
  return new MarketModel(constants, rules, accounts, seats, clock, registry, staking, guardian, { takes, note });
}

async function offersOf(ground: Ground): Promise<OffersModel> {
  const { suite, at, chainId, clock, registry, mandates, guardian, refereed } = ground;
  const { rules, treasury } = await suite.optimistic.governed();
  const constants = {
    chainId,
    address: at.optimistic,
    rules,
    leastWindowPeriod: Number(await suite.disputes.LEAST_WINDOW_PERIOD()),
    mostInputBytes: Number(await suite.optimistic.MOST_INPUT_BYTES()),
    refereed,
  };
  const accounts = bookOf(ground, at.optimistic, treasury);
  return new OffersModel(constants, accounts, clock, mandates, registry, guardian);
}

async function schedulesOf(ground: Ground, market: MarketModel, offers: OffersModel): Promise<SchedulesModel> {
  const { suite, cast, at, chainId, clock, note, mandates, guardian, gameRules } = ground;
  const constants = {
    chainId,
    address: at.scheduler,
    admin: cast.admin,
    gameRules,
    source: at.source,
    sourcedRoot: SOURCED_ROOT,
    sourcedBytes: SOURCED_BYTES,
  };
  const rules = await suite.scheduler.governed();
  return new SchedulesModel(constants, rules, clock, mandates, market, offers, guardian, note);
}

async function sessionsOf(
  ground: Ground,
  referee: string,
): Promise<Pick<Models, "receipts" | "disputes" | "sessions">> {
  const { suite, cast, at, chainId, clock, note, token, registry, staking, guardian, clockFloor } = ground;
  const { rules, treasury } = await suite.sessions.governed();
  const receipts = new ReceiptsModel({ chainId, commitments: at.commitments, receipts: at.receipts }, clock, staking);
  const truth = {
    inputRoot: HONEST.inputRoot,
    outputRoot: HONEST.outputRoot,
    stepsRoot: SMALL.stepsRoot,
    traceRoot: HONEST.root,
  };
  const games = { chainId, address: at.disputes, referee, rules: ground.gameRules, clockFloor, ...truth };
  const disputes = new DisputesModel(games, receipts, clock);
  for (const challenger of cast.delegators) disputes.balances.set(challenger, BONDS);
  const { refereed: admitted, disputePeriod } = ground;
  const sessions = new SessionsModel(
    { chainId, address: at.sessions, admin: cast.admin, admitted, disputePeriod, clockFloor },
    rules,
    bookOf(ground, at.sessions, treasury),
    new SeatBook(at.sessions, clock, staking),
    receipts,
    disputes,
    clock,
    token,
    registry,
    staking,
    guardian,
    note,
  );
  return { receipts, disputes, sessions };
}

async function stakingOf(
  { staking }: Protocol,
  at: Addresses,
  { admin }: Cast,
  clock: Clock,
  token: Ledger,
  guardian: GuardianModel,
  note: (what: string) => void,
): Promise<StakingModel> {
  const [leastOwnStake, leastDelegation, delegationRatio, rotation, notice] = await staking.parameters();
  const parameters = {
    leastOwnStake,
    leastDelegation,
    delegationRatio,
    signerRotationPeriod: Number(rotation),
    commissionNoticePeriod: Number(notice),
  };
  const thawPeriod = Number(await staking.THAW_PERIOD());
  return new StakingModel(at.staking, admin, thawPeriod, parameters, clock, token, guardian, note);
}

function registered({ publisher }: Cast, { slug, royalty, identity }: (typeof MODELS)[number]): RegisteredModel {
  const model = modelId(publisher, slug);
  return {
    modelId: toBeHex(BigInt(model), 32),
    versionId: versionId(model, identity),
    owner: publisher,
    royalty,
    restricted: false,
    allowed: new Set(),
  };
}
