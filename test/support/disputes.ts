import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type ContractTransactionResponse, encodeBytes32String, id, keccak256, parseEther, ZeroHash } from "ethers";

import { taggedHash } from "../../packages/sdk/src/codecs/abi.ts";
import { roundId, statementId, Transport } from "../../packages/sdk/src/codecs/commitment.ts";
import {
  type Game,
  gameId,
  unpackDisputeRecord,
  unpackStatementRecord,
} from "../../packages/sdk/src/codecs/dispute.ts";
import { modelId, versionId } from "../../packages/sdk/src/codecs/model.ts";
import { errorRoot, type PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import type { TensorPreimage } from "../../packages/sdk/src/codecs/tensor.ts";
import { TestConsumer__factory, TestReferee__factory } from "../../typechain-types/index.ts";
import { nth, only, type Operator } from "./actors.ts";
import { IDENTITY, protocol, registerNode, type Protocol } from "./fixtures.ts";
import { time } from "./network.ts";
import { chainId } from "./payments.ts";
import { type GameModel, type GameTrace, type Lie, ToyModel } from "./toyModel.ts";

export const PROFILE = encodeBytes32String("toy/1");
/** The tensors that a toy model takes. */
export const FITTING: readonly TensorPreimage[] = [{ dtype: 2, shape: [32], dataRoot: id("input") }];
export const INPUT = inputRootOf(FITTING);
const WINDOW = 1_000;
export const BALANCE = parseEther("10000");
/** Three steps whose tensors are laid down whole. */
export const SMALL = new ToyModel([2, 3, 2]);
/** The second step has 300 words: the node lays 256 nodes of its tree down first. */
export const LARGE = new ToyModel([2, 300, 2]);

/** 150 steps in three groups; one in the second group has 300 words. */
export const LARGE_STEP = 100;
export const LONG = new ToyModel(Array.from({ length: 150 }, (_, step) => (step === LARGE_STEP ? 300 : 1)));

/** The clocks of `local.json5`, seconds. */
export const CLOCKS = { respond: 20, pick: 10, reveal: 10, judge: 20, demand: 10, floor: 5 } as const;

interface StatementFields {
  readonly consumer: string;
  readonly jobId: string;
  readonly attempt: number;
  readonly modelId: string;
  readonly version: typeof IDENTITY;
  readonly inputRoot: string;
  readonly node: string;
  readonly outputRoot: string;
  readonly transport: Transport;
}

interface StatementChanges {
  readonly profile?: string;
  readonly window?: number;
  /** That there is no output, instead of the trace's. */
  readonly fault?: PayloadError;
}

/** The payload root of tensors of which only these are known. */
export function inputRootOf(tensors: readonly TensorPreimage[]): string {
  const roots = tensors.map(({ dtype, shape, dataRoot }) =>
    taggedHash("OPG/tensor", ["uint8", "uint32[]", "bytes32"], [dtype, shape, dataRoot]),
  );
  return taggedHash("OPG/payload", ["bytes32[]"], [roots]);
}

/** A referee for toy models, a node, and challengers with full balances. */
export async function disputable() {
  const suite = await protocol();
  const { deployer, disputes, token, stranger, thief, requester, operators } = suite;
  const referee = await new TestReferee__factory(deployer).deploy(PROFILE, 0);
  const consumer = await new TestConsumer__factory(deployer).deploy();
  await disputes.connect(deployer).addReferee(referee);
  const operator = nth(operators, 0);
  await registerNode(suite, operator);
  await token.connect(deployer).approve(disputes, 3n * BALANCE);
  for (const account of [stranger, thief, requester]) await disputes.connect(deployer).deposit(account, BALANCE);
  return { ...suite, referee, consumer, operator, challenger: stranger, other: thief };
}

export type Disputable = Awaited<ReturnType<typeof disputable>>;

let jobs = 0;

/** What a node says to a consumer, and anybody may dispute. */
export class TestStatement {
  private constructor(
    readonly suite: Disputable,
    readonly operator: Operator,
    readonly model: GameModel,
    /** The trace of somebody who runs the model rightly, or with lies of its own. */
    readonly trace: (lies?: readonly Lie[]) => GameTrace,
    /** What the node states and defends. */
    readonly stated: GameTrace,
    readonly fields: StatementFields,
    readonly roundId: string,
    readonly id: string,
  ) {}

  /** A statement about a toy model, true unless there are lies. */
  static make(
    suite: Disputable,
    model: ToyModel,
    lies: readonly Lie[] = [],
    changes: StatementChanges = {},
  ): Promise<TestStatement> {
    return TestStatement.of(suite, model, (others) => model.run(INPUT, others), lies, changes);
  }

  static async of(
    suite: Disputable,
    model: GameModel,
    trace: (lies?: readonly Lie[]) => GameTrace,
    lies: readonly Lie[],
    { profile = PROFILE, window = WINDOW, fault }: StatementChanges = {},
  ): Promise<TestStatement> {
    const stated = trace(lies);
    const { commitments, consumer: keeper, operator, publisher } = suite;
    const { inputRoot } = stated;
    const outputRoot = fault === undefined ? stated.outputRoot : errorRoot(fault);
    const ofModel = modelId(publisher.address, "toy");
    const version = { ...IDENTITY, profile, graphRoot: model.graphRoot };
    const key = {
      chainId: await chainId(),
      commitments: await commitments.getAddress(),
      consumer: await keeper.getAddress(),
      jobId: id(`job ${jobs++}`),
      attempt: 0,
      versionId: versionId(ofModel, version),
      inputRoot,
    };
    const { consumer, jobId, attempt } = key;
    const { node } = operator;
    const transport = Transport.Direct;
    const fields = { consumer, jobId, attempt, inputRoot, modelId: ofModel, version, node, outputRoot, transport };
    const round = roundId(key);
    const statement = statementId(round, node, outputRoot);
    await keeper.state(jobId, statement, window);
    return new TestStatement(suite, operator, model, trace, stated, fields, round, statement);
  }

  send(challenger: HardhatEthersSigner, trace: GameTrace, salt = ZeroHash) {
    const { disputes } = this.suite;
    return disputes.connect(challenger).challenge(this.fields, this.model.header, [...trace.r], salt);
  }

  sendInGroups(challenger: HardhatEthersSigner, trace: GameTrace, salt = ZeroHash) {
    const { disputes } = this.suite;
    const { header } = this.model;
    return disputes.connect(challenger).challengeInGroups(this.fields, header, trace.groups, trace.outputs, salt);
  }

  /** Opens a game about a long trace and finds it again in the event. */
  async challengeInGroups(challenger: HardhatEthersSigner, trace = this.trace(), salt = ZeroHash): Promise<TestGame> {
    return this.found(await this.sendInGroups(challenger, trace, salt), challenger, trace);
  }

  /** Opens a game and finds it again in the event. */
  async challenge(challenger: HardhatEthersSigner, trace = this.trace(), salt = ZeroHash): Promise<TestGame> {
    return this.found(await this.send(challenger, trace, salt), challenger, trace);
  }

  /** The game that a transaction has opened. */
  async found(opening: ContractTransactionResponse, challenger: HardhatEthersSigner, trace: GameTrace) {
    const { disputes } = this.suite;
    const { blockNumber } = (await opening.wait()) ?? {};
    const { args } = only(await disputes.queryFilter(disputes.filters.Challenged(), blockNumber, blockNumber));
    return new TestGame(this, trace, challenger, gameOf(args.game), args.gameId);
  }

  async verdict(): Promise<bigint> {
    return this.suite.disputes.verdictOf(this.id, await this.disputableUntil());
  }

  async record() {
    return unpackStatementRecord(await this.suite.disputes.statementRecordOf(this.id));
  }

  /** Moves to the first second after the window. */
  async endWindow(): Promise<void> {
    await time.increaseTo(await this.disputableUntil());
  }

  disputableUntil(): Promise<bigint> {
    return this.suite.consumer.disputableUntil(this.fields.jobId, this.id);
  }
}

/** What a game has to know of the statement that it is about. */
type Accused = Pick<TestStatement, "model" | "stated" | "operator"> & {
  readonly suite: Pick<Disputable, "disputes" | "requester">;
};

/** A game as both sides see it. Each move can be made by anybody, with anything. */
export class TestGame<Subject extends Accused = TestStatement> {
  constructor(
    readonly statement: Subject,
    /** What the challenger laid down. */
    readonly trace: GameTrace,
    readonly challenger: HardhatEthersSigner,
    readonly struct: Game,
    readonly id: string,
  ) {}

  private get disputes() {
    return this.statement.suite.disputes;
  }

  /** Where the node sees the first difference. */
  get step(): number {
    return this.trace.firstUnlike(this.statement.stated) ?? 0;
  }

  /** The group in which that is. */
  get group(): number {
    return this.trace.firstUnlikeGroup(this.statement.stated) ?? 0;
  }

  proof(step = this.step) {
    const { model } = this.statement;
    return {
      index: step,
      root: nth(this.trace.r, step),
      rootPath: this.trace.path(step),
      step: model.step(step),
      stepPath: model.stepPath(step),
    };
  }

  answer(step = this.step, trace = this.statement.stated) {
    const { root, depth } = nth(trace.tensors, step);
    return { stepHash: keccak256(this.statement.model.step(step)), nodeRoot: root, depth };
  }

  enter(group = this.group, sender = this.statement.operator.signer) {
    return this.disputes.connect(sender).enter(this.struct, group);
  }

  lay(group = this.group, trace = this.trace, sender = this.challenger) {
    return this.disputes.connect(sender).lay(this.struct, trace.group(group), trace.groupPath(group));
  }

  respond(step = this.step, trace = this.statement.stated, sender = this.statement.operator.signer) {
    return this.disputes.connect(sender).respond(this.struct, this.proof(step), [...trace.nodes(step)]);
  }

  pick(chunk: number, sender = this.challenger) {
    return this.disputes.connect(sender).pick(this.struct, chunk);
  }

  reveal(chunk: number, step = this.step, trace = this.statement.stated, sender = this.statement.operator.signer) {
    return this.disputes
      .connect(sender)
      .reveal(this.struct, this.answer(step, trace), trace.chunk(step, chunk), trace.chunkPath(step, chunk));
  }

  /** A case against one word of what the node has laid down. */
  caseAgainst(word: number, step = this.step, trace = this.statement.stated) {
    const tensor = nth(trace.tensors, step);
    const none = { words: [], siblings: [] };
    return {
      traceRoot: this.trace.root,
      inputRoot: trace.inputRoot,
      outputRoot: this.struct.outputRoot,
      nodeRoot: tensor.root,
      step: this.statement.model.step(step),
      word,
      offset: 0,
      witness: 0,
      accused: { words: [tensor.words[word] ?? ZeroHash], siblings: tensor.path(word) },
      inputRoots: step === 0 ? [] : [nth(this.trace.r, step - 1)],
      inputPaths: step === 0 ? [] : [this.trace.path(step - 1)],
      inputs: [],
      constants: none,
    };
  }

  judge(word: number, step = this.step, trace = this.statement.stated, sender = this.statement.suite.requester) {
    return this.disputes
      .connect(sender)
      .judge(this.struct, this.answer(step, trace).depth, this.caseAgainst(word, step, trace));
  }

  timeout(sender = this.statement.suite.requester) {
    return this.disputes.connect(sender).timeout(this.struct);
  }

  close(deciding: Pick<TestGame, "struct"> = this, sender = this.statement.suite.requester) {
    return this.disputes.connect(sender).close(this.struct, deciding.struct);
  }

  async record() {
    return unpackDisputeRecord(await this.disputes.recordOf(this.id));
  }

  /** Moves to the last second in which the side to move can move; the next transaction is in it. */
  async waitForDeadline(): Promise<void> {
    await time.setNextBlockTimestamp((await this.record()).deadline);
  }

  /** Makes the next transaction come a second after the deadline. */
  async missDeadline(): Promise<void> {
    await time.setNextBlockTimestamp((await this.record()).deadline + 1);
  }
}

/** A false statement about the small model, and the honest challenger's game about it. */
export async function challenged() {
  const suite = await disputable();
  const statement = await TestStatement.make(suite, SMALL, [{ step: 1, word: 2 }]);
  return { ...suite, statement, game: await statement.challenge(suite.challenger) };
}

/** The same with a tensor too large to be laid down at once. */
export async function largelyChallenged() {
  const suite = await disputable();
  const statement = await TestStatement.make(suite, LARGE, [{ step: 1, word: 201 }]);
  return { ...suite, statement, game: await statement.challenge(suite.challenger) };
}

/** A false statement about the long model, and the honest challenger's game about it. */
export async function challengedInGroups() {
  const suite = await disputable();
  const statement = await TestStatement.make(suite, LONG, [{ step: LARGE_STEP, word: 201 }]);
  return { ...suite, statement, game: await statement.challengeInGroups(suite.challenger) };
}

/** The same, when the node has entered the group. */
export async function groupEntered() {
  const suite = await challengedInGroups();
  await suite.game.enter();
  return suite;
}

/** The same, when the challenger has laid that down. */
export async function groupLaid() {
  const suite = await groupEntered();
  await suite.game.lay();
  return suite;
}

/** A true statement, and a challenger who lies about the small model. */
export async function slandered() {
  const suite = await disputable();
  const statement = await TestStatement.make(suite, SMALL);
  const game = await statement.challenge(suite.challenger, statement.trace([{ step: 1, word: 2 }]));
  return { ...suite, statement, game };
}

/** The id of a game as the SDK makes it. */
export async function gameIdOf({ disputes }: Protocol, game: Game): Promise<string> {
  return gameId({ chainId: await chainId(), disputes: await disputes.getAddress() }, game);
}

/** A game as an event gives it, as it can be sent again. */
export const gameOf = (game: Game): Game => ({
  statementId: game.statementId,
  inputRoot: game.inputRoot,
  outputRoot: game.outputRoot,
  stepsRoot: game.stepsRoot,
  traceRoot: game.traceRoot,
  node: game.node,
  challenger: game.challenger,
  referee: game.referee,
  bond: game.bond,
  rank: game.rank,
  openedAt: game.openedAt,
  rules: game.rules,
});
