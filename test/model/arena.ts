import { parseEther } from "ethers";

import { GUARDIAN } from "../../deploy/modules/Guardian.ts";
import { modelId } from "../../packages/sdk/src/codecs/model.ts";
import { CallbackRecorder__factory, TestReferee__factory, TestSource__factory } from "../../typechain-types/index.ts";
import { PROFILE, SMALL } from "../support/disputes.ts";
import { DETAILS, protocol } from "../support/fixtures.ts";
import { beginning, ethers, loadFixture } from "../support/network.ts";
import { HONEST, IDENTITY_OF_TOY } from "../support/optimistic.ts";
import { Chain, type Provider } from "./Chain.ts";
import { Clock } from "./Clock.ts";
import { Duel } from "./Duel.ts";
import { BONDS, lower, MODELS, modelsOf, SOURCED_BYTES, SOURCED_ROOT } from "./models.ts";
import { inputOf } from "./orders/SchedulesModel.ts";
import type { ContractName } from "./views.ts";
import { type Cast, World } from "./World.ts";

const FORTUNE = parseEther("2000000");
const FIRST_OPERATOR = 10;
const OPERATORS = 12;
const SPARE_SIGNERS = 12;

/** The real modules, the models, a referee, a callback and a source, and a cast in which everybody has OPG. */
export async function arena() {
  await loadFixture(beginning); // draws follow from the hashes of blocks
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
