import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { parseEther, ZeroHash } from "ethers";

import { statementId } from "../../packages/sdk/src/codecs/commitment.ts";
import type { Order } from "../../packages/sdk/src/codecs/job.ts";
import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import { TestReferee__factory } from "../../typechain-types/index.ts";
import type { Operator } from "./actors.ts";
import { BALANCE, CLOCKS, gameOf, INPUT, PROFILE, SMALL } from "./disputes.ts";
import { DETAILS, released, type Served, startNode } from "./fixtures.ts";
import { TestJob } from "./jobs.ts";
import { time } from "./network.ts";
import { HONEST, IDENTITY_OF_TOY } from "./optimistic.ts";

export { HONEST, LYING } from "./optimistic.ts";

export const WINDOW = 40;
/** What each node stakes: enough for some seats. */
export const STAKE = parseEther("20000");
/** In seat prices: a little above two of them and four bonds, 2,042 OPG. */
export const FACTOR = 2_100;
/** Another lie: two that lie need not agree. */
export const LYING_TOO = SMALL.run(INPUT, [{ step: 1, word: 1 }]);

/** A version that a referee judges, `count` nodes of equal stake that serve it, a requester and two challengers. */
async function refereed(count: number) {
  const suite = await released();
  const { registry, disputes, market, token, deployer, publisher, requester, stranger, thief, operators } = suite;
  await registry.connect(publisher).release(suite.model, IDENTITY_OF_TOY, { ...DETAILS, minor: 1 });
  const version = versionId(suite.model, IDENTITY_OF_TOY);
  await disputes.connect(deployer).addReferee(await new TestReferee__factory(deployer).deploy(PROFILE, 0));

  const nodes = operators.slice(0, count).sort((a, b) => (BigInt(a.node) < BigInt(b.node) ? -1 : 1));
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
}

/** Opens a game for each challenger against a lie; the node lets the first one's clock run out. */
export async function refute(job: TestJob, lie: Lie, challengers: readonly HardhatEthersSigner[]): Promise<void> {
  const { disputes, market, model, stranger } = job.suite;
  const statement = {
    consumer: await market.getAddress(),
    jobId: job.jobId,
    attempt: 0,
    modelId: model,
    version: IDENTITY_OF_TOY,
    inputRoot: job.packed.inputRoot,
    node: lie.liar.node,
    outputRoot: lie.outputRoot,
  };
  for (const challenger of challengers) {
    await disputes.connect(challenger).challenge(statement, SMALL.header, [...HONEST.r], ZeroHash);
  }
  const id = statementId(await job.roundId(), lie.liar.node, lie.outputRoot);
  const opened = await disputes.queryFilter(disputes.filters.Challenged(id));
  const [deciding, ...others] = opened.map(({ args }) => gameOf(args.game));
  if (deciding === undefined) throw new Error("Nobody challenges");
  await time.increase(CLOCKS.respond + 1);
  await disputes.connect(stranger).timeout(deciding);
  for (const other of others) await disputes.connect(stranger).close(other, deciding);
}

/** Moves to the first second in which no reveal can be disputed any more. */
export async function endWindow(job: TestJob): Promise<void> {
  const { sealEndsAt, revealPeriod } = await job.round();
  await time.increaseTo(sealEndsAt + revealPeriod + job.fields.windowPeriod);
}
