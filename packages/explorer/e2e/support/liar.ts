/** A node that lies by one unit in one number of a middle layer, and plays the game that follows to its end. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import {
  answerOptimistic,
  authoriseConsumer,
  chainTime,
  challenge,
  type Client,
  depositOptimistic,
  getOptimisticJob,
  getSharers,
  getStatement,
  parseOpg,
  payloadRoot,
  registerNode,
  requestOptimistic,
  respond,
  serveOptimistic,
  settleOptimistic,
  signConsent,
  statementId,
  type Tensor,
  TracedRun,
} from "@opg-protocol/sdk";
import { compile, Executor } from "@opg-protocol/sdk/onnx";

import type { HDNodeWallet } from "ethers";

import { findLie, LyingExecutor } from "../../../../scripts/demo/dispute/lie.ts";
import { loadPicture } from "../../../../scripts/demo/picture.ts";
import { roles } from "../../../../scripts/demo/roles.ts";
import { SIDE } from "../../src/playground/digit.ts";
import { fund, termsOf } from "./content.ts";
import type { Stack } from "./stack.ts";

const DIGITS = new URL("../../../../examples/digits/", import.meta.url);
const UINT8 = 2;
/** Operators of the demonstration that have no part in the running stack. */
const [OWNER, SIGNER] = roles.operators.slice(6) as [HDNodeWallet, HDNodeWallet];
/** Enough for two answers at a time. */
const MOST_LOCK = parseOpg("900");
/** Seconds in which an answer can be challenged. */
const WINDOW = 100;
const SERVING_PERIOD = 3_600;
const POLLING = 250;

/** A false answer, and what stands behind it. */
export interface FalseAnswer {
  readonly jobId: string;
  readonly roundId: string;
  readonly outputRoot: string;
}

/** A node that lies. */
export class Liar {
  /** The layer with the wrong number. */
  readonly layer: string;
  readonly #stack: Stack;
  /** Acts with its hot key. */
  readonly #client: Client;
  readonly #input: readonly Tensor[];
  /** What it says that the model has made. */
  readonly #run: TracedRun;

  private constructor(stack: Stack, client: Client, layer: string, run: TracedRun) {
    this.#stack = stack;
    this.#client = client;
    this.layer = layer;
    this.#run = run;
    this.#input = run.inputs;
  }

  static async register(stack: Stack): Promise<Liar> {
    const input: Tensor = { dtype: UINT8, shape: [1, 1, SIDE, SIDE], data: loadPicture(pathOf("pictures/five-1.png")) };
    const honest = new Executor(compile(readFileSync(pathOf("digits.onnx"))));
    const lie = findLie(honest, [input]);
    const run = new TracedRun(new LyingExecutor(honest.program, lie), [input]);
    return new Liar(stack, await register(stack), honest.program.steps[lie.step]?.name ?? "", run);
  }

  /** Is given an order, and states something false. */
  async answer(): Promise<FalseAnswer> {
    const requester = await this.#stack.client(roles.requester);
    await fund(this.#stack, roles.requester.address, "20");
    await depositOptimistic(requester, { amount: parseOpg("20") });
    const terms = { ...termsOf(this.#stack.versions.digits, OWNER.address), windowPeriod: WINDOW };
    const { jobId, packed: job } = await requestOptimistic(requester, { ...terms, input: { tensors: this.#input } });
    const outputRoot = payloadRoot(this.#run.trace.outputs);
    const { roundId } = await answerOptimistic(this.#client, { job, node: OWNER.address, outputRoot });
    return { jobId, roundId, outputRoot };
  }

  /** Its move in a game: names the step, and lays its tensor down. */
  async respond(gameId: string): Promise<void> {
    await respond(this.#client, { gameId, run: this.#run });
  }

  /** Settles the job of an answer that was found false, once nobody can join the reward any more. */
  async settle({ jobId, roundId, outputRoot }: FalseAnswer): Promise<void> {
    const { address: node } = OWNER;
    const id = statementId(roundId, node, outputRoot);
    const { finalAt } = await getSharers(this.#client, { statementId: id });
    while ((await chainTime(this.#client)) < finalAt) await sleep(POLLING);
    const { packed: job } = await getOptimisticJob(this.#client, { jobId });
    await settleOptimistic(this.#client, { job, node, outputRoot });
  }

  /** Somebody else has found out: challenges the answer with a right run. Gives the game. */
  async isChallenged(by: Client, { roundId, outputRoot }: FalseAnswer): Promise<string> {
    const { statement } = await getStatement(by, { roundId, node: OWNER.address, outputRoot });
    const run = new TracedRun(new Executor(this.#run.program), this.#input);
    const { gameId } = await challenge(by, { statement, run, isSealed: false });
    return gameId;
  }
}

const pathOf = (file: string): string => fileURLToPath(new URL(file, DIGITS));

/** A node with stake that serves the digits alone. Gives what its hot key acts with. */
async function register(stack: Stack): Promise<Client> {
  const { address: node } = OWNER;
  await fund(stack, node, "1000");
  const owner = await stack.client(OWNER);
  const consent = await signConsent(owner, { node, signer: SIGNER });
  const beginning = { signer: SIGNER.address, consent, commissionBps: 0, metadataURI: "" };
  await registerNode(owner, { ownStake: parseOpg("1000"), ...beginning });
  await authoriseConsumer(owner, { node, consumer: owner.addresses.optimistic, cap: MOST_LOCK });
  const signer = await stack.client(SIGNER);
  const endsAt = (await chainTime(signer)) + SERVING_PERIOD;
  await serveOptimistic(signer, { node, versionId: stack.versions.digits, maxLock: MOST_LOCK, endsAt });
  return signer;
}
