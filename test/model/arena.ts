import { id, parseEther, toBeHex } from "ethers";

import { GUARDIAN } from "../../deploy/modules/Guardian.ts";
import { modelId, versionId } from "../../packages/sdk/src/codecs/model.ts";
import { CallbackRecorder__factory, TestReferee__factory, TestSource__factory } from "../../typechain-types/index.ts";
import { PROFILE, SMALL } from "../support/disputes.ts";
import { DETAILS, IDENTITY, protocol, type Protocol } from "../support/fixtures.ts";
import { ethers } from "../support/network.ts";
import { HONEST, IDENTITY_OF_TOY } from "../support/optimistic.ts";
import { AccountBook } from "./AccountBook.ts";
import { Chain, type Provider } from "./Chain.ts";
import { Clock } from "./Clock.ts";
import { Duel } from "./Duel.ts";
import { GuardianModel } from "./GuardianModel.ts";
import { Ledger } from "./Ledger.ts";
import { MarketModel } from "./MarketModel.ts";
import { MandatesModel } from "./orders/MandatesModel.ts";
import { OffersModel } from "./orders/OffersModel.ts";
import { inputOf, SchedulesModel } from "./orders/SchedulesModel.ts";
import { type RegisteredModel, RegistryModel } from "./RegistryModel.ts";
import { SeatBook } from "./SeatBook.ts";
import { DisputesModel } from "./sessions/DisputesModel.ts";
import { ReceiptsModel } from "./sessions/ReceiptsModel.ts";
import { SessionsModel } from "./sessions/SessionsModel.ts";
import { StakingModel } from "./StakingModel.ts";
import type { ContractName } from "./views.ts";
import { type Cast, type Models, World } from "./World.ts";

const FORTUNE = parseEther("2000000");
const ROYALTY = parseEther("0.1");
/** What each challenger can lay down in all. */
const BONDS = parseEther("10000");
const FIRST_OPERATOR = 10;
const OPERATORS = 12;
const SPARE_SIGNERS = 12;

/** What the source of inputs gives. */
const SOURCED_ROOT = id("input of a source");
const SOURCED_BYTES = 40;

/** Models with one version each: two that several nodes answer, and one that a referee judges. */
const MODELS = [
  { slug: "first", royalty: ROYALTY, identity: IDENTITY },
  { slug: "second", royalty: 0n, identity: IDENTITY },
  { slug: "refereed", royalty: ROYALTY, identity: IDENTITY_OF_TOY },
] as const;

const lower = async (holder: { getAddress(): Promise<string> }) => (await holder.getAddress()).toLowerCase();

/** The real modules, the models, a referee, a callback and a source, and a cast in which everybody has OPG. */
export async function arena() {
  const suite = await protocol();
  const { access, token, registry, staking, market, optimistic, sessions, disputes, deployer } = suite;
  const recorder = await new CallbackRecorder__factory(deployer).deploy();
  const source = await new TestSource__factory(deployer).deploy();
  await source.give(SOURCED_ROOT, inputOf(SOURCED_BYTES));
  const referee = await new TestReferee__factory(deployer).deploy(PROFILE, 0);
  await disputes.connect(deployer).addReferee(referee);
  const cast = await castOf(await lower(recorder), await lower(source));
  const publisher = await ethers.getSigner(cast.publisher);
  for (const { slug, royalty, identity } of MODELS) {
    await registry.connect(publisher).registerModel(slug, royalty, false);
    await registry.connect(publisher).release(modelId(publisher.address, slug), identity, DETAILS);
  }
  const refereed = modelId(publisher.address, "refereed");
  await disputes.connect(publisher).admit(refereed, IDENTITY_OF_TOY, SMALL.header, [...HONEST.r]);
  await access.connect(deployer).grantRole(GUARDIAN, cast.guardian, 0);
  await access.connect(deployer).revokeRole(GUARDIAN, cast.admin);
  const rich = [
    cast.publisher,
    cast.stranger,
    ...cast.requesters,
    ...cast.delegators,
    ...cast.operators.map(({ node }) => node),
  ];
  for (const account of new Set([...rich, cast.admin])) {
    const signer = await ethers.getSigner(account);
    if (account !== cast.admin) await token.connect(deployer).transfer(account, FORTUNE);
    for (const spender of [staking, market, optimistic, sessions]) {
      await token.connect(signer).approve(spender, ethers.MaxUint256);
    }
  }
  await token.connect(deployer).approve(disputes, ethers.MaxUint256);
  for (const challenger of cast.delegators) await disputes.connect(deployer).deposit(challenger, BONDS);
  return { suite, cast, rich, recorder, source, referee };
}

export type Arena = Awaited<ReturnType<typeof arena>>;

async function castOf(recorder: string, source: string): Promise<Cast> {
  const accounts = (await ethers.getSigners()).map(({ address }) => address.toLowerCase());
  const at = (index: number) => accounts[index] ?? "";
  const spares = FIRST_OPERATOR + 2 * OPERATORS;
  return {
    admin: at(0),
    guardian: at(spares + SPARE_SIGNERS + 1),
    publisher: at(2),
    stranger: at(4),
    consumer: at(5),
    treasury: at(spares + SPARE_SIGNERS),
    requesters: [at(1), at(6), at(7)],
    delegators: [at(3), at(8), at(9)],
    operators: Array.from({ length: OPERATORS }, (_, i) => ({
      node: at(FIRST_OPERATOR + 2 * i),
      signer: at(FIRST_OPERATOR + 2 * i + 1),
    })),
    spareSigners: Array.from({ length: SPARE_SIGNERS }, (_, i) => at(spares + i)),
    recorder,
    source,
  };
}

/** Contracts and a model that knows what stands there now. */
export async function duel(arena: Arena, provider: Provider): Promise<Duel> {
  const { suite, cast, recorder, source } = arena;
  const latest = await ethers.provider.getBlock("latest");
  if (latest === null) throw new Error("The chain has no block");
  const clock = new Clock(latest.timestamp, latest.number + 1);
  const addresses: Record<ContractName, string> = {
    token: await lower(suite.token),
    registry: await lower(suite.registry),
    staking: await lower(suite.staking),
    commitments: await lower(suite.commitments),
    mandates: await lower(suite.mandates),
    market: await lower(suite.market),
    relay: await lower(suite.relay),
    optimistic: await lower(suite.optimistic),
    scheduler: await lower(suite.scheduler),
    receipts: await lower(suite.receipts),
    disputes: await lower(suite.disputes),
    sessions: await lower(suite.sessions),
    pauseGuardian: await lower(suite.pauseGuardian),
    recorder: await lower(recorder),
    source: await lower(source),
  };
  const world: World = new World(cast, clock, addresses, await modelsOf(arena, clock, addresses, () => world));
  return new Duel(world, new Chain(provider, addresses));
}

/** @param world What the models tell, and ask about callbacks, once it is there. */
async function modelsOf(
  { suite, cast, rich, referee }: Arena,
  clock: Clock,
  at: Readonly<Record<ContractName, string>>,
  world: () => World,
): Promise<Models> {
  const { chainId } = await ethers.provider.getNetwork();
  const { admin, guardian: ofGuardian } = cast;
  const note = (what: string) => {
    world().note(what);
  };
  const token = new Ledger(await suite.token.totalSupply());
  for (const account of new Set([...rich, admin, at.disputes])) {
    token.mint(account, await suite.token.balanceOf(account));
  }
  const guardian = new GuardianModel(
    {
      guardian: ofGuardian,
      maxPausePeriod: Number(await suite.pauseGuardian.MAX_PAUSE_PERIOD()),
      coolDownPeriod: Number(await suite.pauseGuardian.COOL_DOWN_PERIOD()),
    },
    clock,
  );
  const registry = new RegistryModel(
    MODELS.map((model) => registered(cast, model)),
    admin,
    guardian,
    clock,
  );
  const refereed = registry.models.slice(-1).map(({ versionId: version }) => version);
  const staking = await stakingOf(suite, at, cast, clock, token, guardian, note);
  const mandates = new MandatesModel(at.mandates, clock);
  const book = (address: string, treasury: string) =>
    new AccountBook(address, admin, treasury.toLowerCase(), token, mandates);
  const seats = (address: string) => new SeatBook(address, clock, staking);

  const games = {
    mostPeriod: Number(await suite.disputes.MOST_GAME_PERIOD()),
    clockFloor: Number(await suite.disputes.MONEY_CLOCK_FLOOR()),
    rules: await suite.disputes.governed(),
  };
  const disputePeriod = games.mostPeriod + games.clockFloor;
  const ofMarket = await suite.market.governed();
  const market = new MarketModel(
    {
      chainId,
      address: at.market,
      commitments: at.commitments,
      admin,
      seedDelayPeriod: Number(await suite.market.SEED_DELAY_PERIOD()),
      seedPeriod: Number(await suite.policy.SEED_PERIOD()),
      disputePeriod: Number(await suite.refereedPolicy.MOST_WINDOW_PERIOD()) + disputePeriod,
      leastSealPeriod: Number(await suite.policy.LEAST_SEAL_PERIOD()),
      mostInputBytes: Number(await suite.market.MOST_INPUT_BYTES()),
    },
    ofMarket.rules,
    book(at.market, ofMarket.treasury),
    seats(at.market),
    clock,
    registry,
    staking,
    guardian,
    { takes: (callback) => callback === cast.recorder && !world().refuses, note },
  );
  const ofOffers = await suite.optimistic.governed();
  const offers = new OffersModel(
    {
      chainId,
      address: at.optimistic,
      rules: ofOffers.rules,
      leastWindowPeriod: Number(await suite.disputes.LEAST_WINDOW_PERIOD()),
      mostInputBytes: Number(await suite.optimistic.MOST_INPUT_BYTES()),
      refereed,
    },
    book(at.optimistic, ofOffers.treasury),
    clock,
    mandates,
    registry,
    guardian,
  );
  const schedules = new SchedulesModel(
    {
      chainId,
      address: at.scheduler,
      admin,
      gameRules: games.rules,
      source: at.source,
      sourcedRoot: SOURCED_ROOT,
      sourcedBytes: SOURCED_BYTES,
    },
    await suite.scheduler.governed(),
    clock,
    mandates,
    market,
    offers,
    guardian,
    note,
  );
  const receipts = new ReceiptsModel({ chainId, commitments: at.commitments, receipts: at.receipts }, clock, staking);
  const disputes = new DisputesModel(
    {
      chainId,
      address: at.disputes,
      referee: await lower(referee),
      rules: games.rules,
      clockFloor: games.clockFloor,
      inputRoot: HONEST.inputRoot,
      outputRoot: HONEST.outputRoot,
      stepsRoot: SMALL.stepsRoot,
      traceRoot: HONEST.root,
    },
    receipts,
    clock,
  );
  for (const challenger of cast.delegators) disputes.balances.set(challenger, BONDS);
  const ofSessions = await suite.sessions.governed();
  const sessions = new SessionsModel(
    { chainId, address: at.sessions, admin, admitted: refereed, disputePeriod, clockFloor: games.clockFloor },
    ofSessions.rules,
    book(at.sessions, ofSessions.treasury),
    seats(at.sessions),
    receipts,
    disputes,
    clock,
    token,
    registry,
    staking,
    guardian,
    note,
  );
  return { token, guardian, registry, staking, mandates, market, offers, schedules, receipts, disputes, sessions };
}

async function stakingOf(
  { staking }: Protocol,
  at: Readonly<Record<ContractName, string>>,
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
