import { parseEther, toBeHex } from "ethers";

import { GUARDIAN } from "../../deploy/modules/Guardian.ts";
import { modelId, versionId } from "../../packages/sdk/src/codecs/model.ts";
import { CallbackRecorder__factory } from "../../typechain-types/index.ts";
import { DETAILS, IDENTITY, protocol, type Protocol } from "../support/fixtures.ts";
import { ethers } from "../support/network.ts";
import { Chain, type Provider } from "./Chain.ts";
import { Clock } from "./Clock.ts";
import { Duel } from "./Duel.ts";
import { GuardianModel } from "./GuardianModel.ts";
import { Ledger } from "./Ledger.ts";
import { MarketModel } from "./MarketModel.ts";
import type { RegisteredModel } from "./RegistryModel.ts";
import { RegistryModel } from "./RegistryModel.ts";
import { StakingModel } from "./StakingModel.ts";
import type { ContractName } from "./views.ts";
import { type Cast, World } from "./World.ts";

const FORTUNE = parseEther("2000000");
const ROYALTY = parseEther("0.1");
const FIRST_OPERATOR = 10;
const OPERATORS = 12;
const SPARE_SIGNERS = 12;

const lower = async (holder: { getAddress(): Promise<string> }) => (await holder.getAddress()).toLowerCase();

/** The real modules, two models with a version each, a callback, and a cast in which everybody has OPG. */
export async function arena() {
  const suite = await protocol();
  const { access, token, registry, staking, market, deployer } = suite;
  const recorder = await new CallbackRecorder__factory(deployer).deploy();
  const cast = await castOf(await lower(recorder));
  const publisher = await ethers.getSigner(cast.publisher);
  for (const [slug, royalty] of [
    ["first", ROYALTY],
    ["second", 0n],
  ] as const) {
    await registry.connect(publisher).registerModel(slug, royalty, false);
    await registry.connect(publisher).release(modelId(publisher.address, slug), IDENTITY, DETAILS);
  }
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
    await token.connect(signer).approve(staking, ethers.MaxUint256);
    await token.connect(signer).approve(market, ethers.MaxUint256);
  }
  return { suite, cast, rich, recorder };
}

export type Arena = Awaited<ReturnType<typeof arena>>;

async function castOf(recorder: string): Promise<Cast> {
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
  };
}

/** Contracts and a model that knows what stands there now. */
export async function duel({ suite, cast, rich, recorder }: Arena, provider: Provider): Promise<Duel> {
  const latest = await ethers.provider.getBlock("latest");
  if (latest === null) throw new Error("The chain has no block");
  const clock = new Clock(latest.timestamp, latest.number + 1);
  const token = new Ledger(await suite.token.totalSupply());
  for (const account of new Set([...rich, cast.admin])) token.mint(account, await suite.token.balanceOf(account));
  const addresses: Record<ContractName, string> = {
    token: await lower(suite.token),
    registry: await lower(suite.registry),
    staking: await lower(suite.staking),
    commitments: await lower(suite.commitments),
    market: await lower(suite.market),
    optimistic: await lower(suite.optimistic),
    pauseGuardian: await lower(suite.pauseGuardian),
    recorder: await lower(recorder),
  };
  const guardian = new GuardianModel(
    {
      guardian: cast.guardian,
      maxPausePeriod: Number(await suite.pauseGuardian.MAX_PAUSE_PERIOD()),
      coolDownPeriod: Number(await suite.pauseGuardian.COOL_DOWN_PERIOD()),
    },
    clock,
  );
  const first = registered(cast, "first", ROYALTY);
  const registry = new RegistryModel([first, registered(cast, "second", 0n)], cast.admin, guardian, clock);
  const world: World = new World(cast, clock, token, guardian, registry, ...(await models(suite, addresses)));
  return new Duel(world, new Chain(provider, addresses));

  async function models({ staking, market, policy, refereedPolicy, disputes }: Protocol, at: typeof addresses) {
    const [leastOwnStake, leastDelegation, delegationRatio, rotation, notice] = await staking.parameters();
    const stakes = new StakingModel(
      at.staking,
      cast.admin,
      Number(await staking.THAW_PERIOD()),
      {
        leastOwnStake,
        leastDelegation,
        delegationRatio,
        signerRotationPeriod: Number(rotation),
        commissionNoticePeriod: Number(notice),
      },
      clock,
      token,
      guardian,
      (what) => {
        world.note(what);
      },
    );
    const { chainId } = await ethers.provider.getNetwork();
    const [rules, treasury] = await market.governed();
    const constants = {
      chainId,
      address: at.market,
      commitments: at.commitments,
      admin: cast.admin,
      seedDelayPeriod: Number(await market.SEED_DELAY_PERIOD()),
      seedPeriod: Number(await policy.SEED_PERIOD()),
      disputePeriod: Number(
        (await refereedPolicy.MOST_WINDOW_PERIOD()) +
          (await disputes.MOST_GAME_PERIOD()) +
          (await disputes.MONEY_CLOCK_FLOOR()),
      ),
      leastSealPeriod: Number(await policy.LEAST_SEAL_PERIOD()),
      mostInputBytes: Number(await market.MOST_INPUT_BYTES()),
    };
    const jobs = new MarketModel(constants, rules, treasury.toLowerCase(), clock, token, registry, stakes, guardian, {
      takes: (callback) => callback === cast.recorder && !world.refuses,
      note: (what) => {
        world.note(what);
      },
    });
    return [stakes, jobs] as const;
  }
}

function registered(cast: Cast, slug: string, royalty: bigint): RegisteredModel {
  const model = modelId(cast.publisher, slug);
  return {
    modelId: toBeHex(BigInt(model), 32),
    versionId: versionId(model, IDENTITY),
    owner: cast.publisher,
    royalty,
    restricted: false,
    allowed: new Set(),
  };
}
