import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { parseEther, type TransactionReceipt, ZeroHash } from "ethers";

import { roundId, statementId, Transport } from "../../packages/sdk/src/codecs/commitment.ts";
import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import { PayloadSide } from "../../packages/sdk/src/codecs/dispute.ts";
import {
  answerCollateralOf,
  latePenaltyOf,
  optimisticEscrowOf,
  OptimisticState,
  type OptimisticOrder,
  packOptimisticOrder,
  type PackedOptimisticJob,
  unpackOptimisticJob,
  unpackOptimisticRecord,
} from "../../packages/sdk/src/codecs/optimisticJob.ts";
import type { PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { TestReferee__factory } from "../../typechain-types/index.ts";
import { nth, only, type Operator } from "./actors.ts";
import { demandOf } from "./demands.ts";
import { BALANCE, CLOCKS, gameOf, INPUT, PROFILE, SMALL, TestGame } from "./disputes.ts";
import {
  DETAILS,
  IDENTITY,
  LOCK_PERIOD,
  MAX_LOCK,
  OWN_STAKE,
  type Released,
  registerNode,
  released,
} from "./fixtures.ts";
import { INPUT_URI } from "./jobs.ts";
import { time } from "./network.ts";
import { chainId } from "./payments.ts";

export const PRICE = parseEther("2");
export const LOWEST = parseEther("1");
export const WINDOW = 40;
export const ANSWER_PERIOD = 20;
/** What the model of the tests gives, and what a liar says. */
export const HONEST = SMALL.run(INPUT);
export const LYING = SMALL.run(INPUT, [{ step: 1, word: 2 }]);
export const IDENTITY_OF_TOY = { ...IDENTITY, profile: PROFILE, graphRoot: SMALL.graphRoot };

/** A version that a referee judges, three nodes that serve it where one node answers, a requester and two challengers. */
export const offering = async () => offeringOn(await released());

/** The same on a suite with other parameters. */
export async function offeringOn(suite: Released) {
  const { registry, disputes, optimistic, staking, token, deployer, publisher, requester, stranger, thief } = suite;
  await registry.connect(publisher).release(suite.model, IDENTITY_OF_TOY, { ...DETAILS, minor: 1 });
  const version = versionId(suite.model, IDENTITY_OF_TOY);
  await disputes.connect(deployer).addReferee(await new TestReferee__factory(deployer).deploy(PROFILE, 0));
  await disputes.connect(publisher).admit(suite.model, IDENTITY_OF_TOY, SMALL.header, [...HONEST.r]);

  const nodes = suite.operators.slice(0, 3);
  for (const operator of nodes) {
    await registerNode(suite, operator);
    await staking.connect(operator.owner).authorise(operator.node, optimistic, OWN_STAKE);
    const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
    await optimistic.connect(operator.signer).serve(operator.node, version, MAX_LOCK, endsAt);
  }
  await token.connect(deployer).approve(optimistic, BALANCE);
  await optimistic.connect(deployer).deposit(requester, BALANCE);
  await token.connect(deployer).approve(disputes, 2n * BALANCE);
  for (const account of [stranger, thief]) await disputes.connect(deployer).deposit(account, BALANCE);
  const [first, second, third] = [nth(nodes, 0), nth(nodes, 1), nth(nodes, 2)];
  return { ...suite, version, nodes, first, second, third };
}

export type Offering = Awaited<ReturnType<typeof offering>>;

let orders = 0n;

/** An order for the first node, with the fields that matter to a test replaced. */
export function namedOrder(suite: Offering, changes: Partial<OptimisticOrder> = {}): OptimisticOrder {
  return { ...openOrder(suite), node: suite.first.node, lowestPrice: 0n, auctionDelay: 0, auctionRamp: 0, ...changes };
}

/** An order for anyone, whose price rises from 1 to 2 OPG. */
export function openOrder(suite: Offering, changes: Partial<OptimisticOrder> = {}): OptimisticOrder {
  orders += 1n;
  return {
    requester: suite.requester.address,
    versionId: suite.version,
    inputRoot: INPUT,
    price: PRICE,
    lowestPrice: LOWEST,
    auctionDelay: 10,
    auctionRamp: 100,
    answerPeriod: ANSWER_PERIOD,
    windowPeriod: WINDOW,
    maxRoyalty: parseEther("1"),
    nonce: orders,
    ...changes,
  };
}

/** A job for one node, and what a test does with it. */
export class TestOffer {
  private constructor(
    readonly suite: Offering,
    readonly jobId: string,
    readonly packed: PackedOptimisticJob,
  ) {}

  static async request(suite: Offering, order: OptimisticOrder): Promise<TestOffer> {
    const { optimistic, requester } = suite;
    const transaction = await optimistic.connect(requester).request(packOptimisticOrder(order), INPUT_URI);
    return TestOffer.from(suite, await transaction.wait());
  }

  static named(suite: Offering, changes: Partial<OptimisticOrder> = {}): Promise<TestOffer> {
    return TestOffer.request(suite, namedOrder(suite, changes));
  }

  static open(suite: Offering, changes: Partial<OptimisticOrder> = {}): Promise<TestOffer> {
    return TestOffer.request(suite, openOrder(suite, changes));
  }

  /** The job that a transaction ordered. */
  static from(suite: Offering, receipt: TransactionReceipt | null): TestOffer {
    const events = (receipt?.logs ?? []).map((log) => suite.optimistic.interface.parseLog(log));
    const { args } = only(events.flatMap((event) => (event?.name === "JobOffered" ? [event] : [])));
    const {
      versionId: version,
      inputRoot,
      requester,
      node,
      callback,
      royalty,
      shape,
      rules,
    } = args.job as PackedOptimisticJob;
    const packed = { versionId: version, inputRoot, requester, node, callback, royalty, shape, rules };
    return new TestOffer(suite, args.jobId as string, packed);
  }

  get fields() {
    return unpackOptimisticJob(this.packed);
  }

  get escrow(): bigint {
    return optimisticEscrowOf(this.fields);
  }

  collateral(price = PRICE): bigint {
    return answerCollateralOf(this.fields, price);
  }

  late(price = PRICE) {
    return latePenaltyOf(this.fields, price);
  }

  async record() {
    return unpackOptimisticRecord(await this.suite.optimistic.jobOf(this.jobId));
  }

  async roundId(attempt = 0): Promise<string> {
    const { commitments, optimistic } = this.suite;
    return roundId({
      chainId: await chainId(),
      commitments: await commitments.getAddress(),
      consumer: await optimistic.getAddress(),
      jobId: this.jobId,
      attempt,
      versionId: this.packed.versionId,
      inputRoot: this.packed.inputRoot,
    });
  }

  async statementId({ node }: Operator, outputRoot: string, attempt = 0): Promise<string> {
    return statementId(await this.roundId(attempt), node, outputRoot);
  }

  reserve(operator: Operator, sender = operator.signer) {
    return this.suite.optimistic.connect(sender).reserve(this.packed, operator.node);
  }

  answer(operator: Operator, outputRoot = HONEST.outputRoot, sender = operator.signer) {
    return this.suite.optimistic.connect(sender).answer(this.packed, operator.node, outputRoot);
  }

  async settle(outputRoot = HONEST.outputRoot, node?: string) {
    const { optimistic, stranger } = this.suite;
    return optimistic.connect(stranger).settle(this.packed, node ?? (await this.answerer()), outputRoot);
  }

  async deliver(fault: PayloadError, payload: string | Uint8Array, node?: string) {
    const { optimistic, stranger } = this.suite;
    return optimistic.connect(stranger).deliver(this.packed, node ?? (await this.answerer()), fault, payload);
  }

  /** Who has answered last; the first node if nobody has. */
  private async answerer(): Promise<string> {
    const { optimistic, first } = this.suite;
    const answers = await optimistic.queryFilter(optimistic.filters.JobAnswered(this.jobId));
    return answers.at(-1)?.args.node ?? first.node;
  }

  expire() {
    return this.suite.optimistic.connect(this.suite.stranger).expire(this.packed);
  }

  cancel(sender = this.suite.requester) {
    return this.suite.optimistic.connect(sender).cancel(this.packed);
  }

  /** Moves to the first second in which the answer cannot be disputed any more. */
  async endWindow(): Promise<void> {
    await time.increaseTo(await this.disputableUntil());
  }

  /** Until when what is stated can be disputed. */
  async disputableUntil(): Promise<number> {
    const { state, since } = await this.record();
    if (state !== OptimisticState.Stated) throw new Error("Nobody has answered");
    return since;
  }

  /** Until when a node can answer that was named or has reserved. */
  async deadline(): Promise<number> {
    return (await this.record()).since + ANSWER_PERIOD;
  }

  async missDeadline(): Promise<void> {
    await time.increaseTo(await this.deadline());
  }

  /** Opens a game for each challenger against the lie; the node lets the first one's clock run out. */
  async refute(liar: Operator, challengers: readonly HardhatEthersSigner[], attempt = 0): Promise<void> {
    const { disputes, stranger } = this.suite;
    const statement = await this.statement(liar, LYING.outputRoot, attempt);
    for (const challenger of challengers) {
      await disputes.connect(challenger).challenge(statement, SMALL.header, [...HONEST.r], ZeroHash);
    }
    const id = await this.statementId(liar, LYING.outputRoot, attempt);
    const opened = await disputes.queryFilter(disputes.filters.Challenged(id));
    const [deciding, ...others] = opened.map(({ args }) => gameOf(args.game));
    if (deciding === undefined) throw new Error("Nobody challenges");
    await time.increase(CLOCKS.respond + 1);
    await disputes.connect(stranger).timeout(deciding);
    for (const other of others) await disputes.connect(stranger).close(other, deciding);
  }

  /** The game of a challenger who lays the truth down against the lie. */
  async challenge(liar: Operator, challenger: HardhatEthersSigner) {
    const { disputes } = this.suite;
    const statement = await this.statement(liar, LYING.outputRoot);
    await disputes.connect(challenger).challenge(statement, SMALL.header, [...HONEST.r], ZeroHash);
    const id = await this.statementId(liar, LYING.outputRoot);
    const { args } = only(await disputes.queryFilter(disputes.filters.Challenged(id)));
    const accused = { suite: this.suite, model: SMALL, stated: LYING, operator: liar };
    return new TestGame(accused, HONEST, challenger, gameOf(args.game), args.gameId);
  }

  /** Demands the output of a node that does not show it, which makes what it stated false. */
  async withhold({ node }: Operator, outputRoot: string): Promise<void> {
    const { disputes, stranger } = this.suite;
    const statement = await this.statement({ node }, outputRoot);
    await disputes.connect(stranger).demand(statement, PayloadSide.Output, 0, 0, 1);
    const { args } = only(await disputes.queryFilter(disputes.filters.WordsDemanded(), "latest"));
    await time.increase(CLOCKS.demand + 1);
    await disputes.connect(stranger).reclaim(demandOf(args.demand));
  }

  private async statement({ node }: Pick<Operator, "node">, outputRoot: string, attempt = 0) {
    const { optimistic, model } = this.suite;
    const { state } = await this.record();
    return {
      consumer: await optimistic.getAddress(),
      jobId: this.jobId,
      attempt,
      modelId: model,
      version: IDENTITY_OF_TOY,
      inputRoot: this.packed.inputRoot,
      node,
      outputRoot,
      transport: state === OptimisticState.Stated ? Transport.Direct : Transport.Revealed,
    };
  }
}
