import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { parseEther, ZeroHash } from "ethers";

import { ascending } from "../../packages/sdk/src/codecs/ascending.ts";
import { Transport } from "../../packages/sdk/src/codecs/commitment.ts";
import type { Game } from "../../packages/sdk/src/codecs/dispute.ts";
import type { Order } from "../../packages/sdk/src/codecs/job.ts";
import { sealingEndsAt } from "../../packages/sdk/src/codecs/round.ts";
import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import { TestReferee__factory } from "../../typechain-types/index.ts";
import { only, type Operator } from "./actors.ts";
import { BALANCE, CLOCKS, gameOf, INPUT, PROFILE, SMALL } from "./disputes.ts";
import { DETAILS, released, type Served, startNode } from "./fixtures.ts";
import { PRICE, TestJob } from "./jobs.ts";
import { ledgerOf } from "./ledger.ts";
import { time } from "./network.ts";
import { HONEST, IDENTITY_OF_TOY } from "./optimistic.ts";
import type { GameTrace } from "./toyModel.ts";

export { HONEST, LYING } from "./optimistic.ts";

export const WINDOW = 40;
/** What each node stakes: enough for some seats. */
export const STAKE = parseEther("20000");
/** In seat prices: far above two of them and four bonds, so that a reward can be told from a price. */
export const FACTOR = 2_100;
export const COLLATERAL = BigInt(FACTOR) * PRICE;
/** What of it silence costs, by `absenceBps`. */
export const ABSENCE = COLLATERAL / 8n;
/** Another lie: two that lie need not agree. */
export const LYING_TOO = SMALL.run(INPUT, [{ step: 1, word: 1 }]);

/** A version that a referee judges, `count` nodes of equal stake that serve it, a requester and two challengers. */
async function refereed(count: number) {
  const suite = await released();
  const { registry, disputes, market, token, deployer, publisher, requester, stranger, thief, operators } = suite;
  await registry.connect(publisher).release(suite.model, IDENTITY_OF_TOY, { ...DETAILS, minor: 1 });
  const version = versionId(suite.model, IDENTITY_OF_TOY);
  await disputes.connect(deployer).addReferee(await new TestReferee__factory(deployer).deploy(PROFILE, 0));
  await disputes.connect(publisher).admit(suite.model, IDENTITY_OF_TOY, SMALL.header, [...HONEST.r]);

  const nodes = ascending(operators.slice(0, count));
  for (const operator of nodes) await startNode(suite, operator, version, STAKE);
  await token.connect(deployer).approve(market, BALANCE);
  await market.connect(deployer).deposit(requester, BALANCE);
  await token.connect(deployer).approve(disputes, 3n * BALANCE);
  for (const account of [stranger, thief, publisher]) await disputes.connect(deployer).deposit(account, BALANCE);
  // Stake and weight count only from an activation period before a request.
  await time.increase(60);
  return { ...suite, version, nodes };
}

/** Nodes so few, for a quorum of 2, that every draw falls on all of them. */
export const refereedByThree = () => refereed(3);

/** A job for a version with a referee: two answers at a price of 1 OPG that can be disputed for 40 seconds. */
export function requestDisputable(suite: Served, changes: Partial<Order> = {}): Promise<TestJob> {
  return TestJob.request(suite, { inputRoot: INPUT, windowPeriod: WINDOW, collateralFactor: FACTOR, ...changes });
}

export interface Lie {
  readonly liar: Operator;
  readonly outputRoot: string;
  /** What the challengers lay down against it; the truth if left out. */
  readonly trace?: GameTrace;
}

/** Opens a game against what a node has revealed. */
export async function challenge(job: TestJob, lie: Lie, challenger: HardhatEthersSigner): Promise<Game> {
  const { disputes, market, model } = job.suite;
  const statement = {
    consumer: await market.getAddress(),
    jobId: job.jobId,
    attempt: 0,
    modelId: model,
    version: IDENTITY_OF_TOY,
    inputRoot: job.packed.inputRoot,
    node: lie.liar.node,
    outputRoot: lie.outputRoot,
    transport: Transport.Revealed,
  };
  const opening = await disputes
    .connect(challenger)
    .challenge(statement, SMALL.header, [...(lie.trace ?? HONEST).r], ZeroHash);
  const { blockNumber } = (await opening.wait()) ?? {};
  const { args } = only(await disputes.queryFilter(disputes.filters.Challenged(), blockNumber, blockNumber));
  return gameOf(args.game);
}

/** Opens a game for each challenger against a lie; the node lets the first one's clock run out. */
export async function refute(job: TestJob, lie: Lie, challengers: readonly HardhatEthersSigner[]): Promise<void> {
  const { disputes, requester } = job.suite;
  const games: Game[] = [];
  for (const challenger of challengers) games.push(await challenge(job, lie, challenger));
  const [deciding, ...others] = games;
  if (deciding === undefined) throw new Error("Nobody challenges");
  await time.increase(CLOCKS.respond + 1);
  await disputes.connect(requester).timeout(deciding);
  for (const other of others) await disputes.connect(requester).close(other, deciding);
}

/** The first second in which no reveal of a job can be disputed any more. */
export async function windowEndOf(job: TestJob): Promise<number> {
  const round = await job.round();
  return sealingEndsAt(round, await time.latest()) + round.revealPeriod + job.fields.windowPeriod;
}

/** A job of those nodes that waits for seals, and all balances as they were before it was ordered. */
export async function openedByThree() {
  const suite = await refereedByThree();
  const before = await ledgerOf(suite);
  const job = await (await requestDisputable(suite)).open();
  return { suite, before, job };
}
