/** One node lies by one unit; one watcher finds it, and a contract proves it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import {
  answerOptimistic,
  caseAgainst,
  challenge,
  decodePayload,
  explainDispute,
  formatOpg,
  getGame,
  getSharers,
  getStatement,
  getVersion,
  judge,
  payloadRoot,
  quoteOptimistic,
  requestOptimistic,
  respond,
  settleOptimistic,
  TracedRun,
  type Client,
  type DisputeExplanation,
  type MadeStatement,
  type PackedOptimisticJob,
  type Tensor,
} from "@opg-protocol/sdk";
import { compile, Executor, type Program } from "@opg-protocol/sdk/onnx";
import { getBytes, parseEther } from "ethers";
import pc from "picocolors";

import { POLLING } from "../chain.ts";
import { imageTensor, rank, runDigits } from "../model.ts";
import { parties } from "../roles.ts";
import { during, say } from "../say.ts";
import { findLie, LyingExecutor } from "./lie.ts";
import { movesSince, type Move } from "./moves.ts";
import { NAMES, type Cast } from "./setup.ts";

const TERMS = { node: parties.owner.address, price: parseEther("1"), answerPeriod: 30, windowPeriod: 60 };
/** Whole OPG that a false answer costs the requester beyond the price, as it says itself. */
const VALUE_AT_STAKE = 9;

/** Waits until the chain's clock has reached a second. */
export type WaitUntil = (timestamp: number) => Promise<void>;

/** What there is to show of a story. */
export interface Told {
  readonly explanation: DisputeExplanation;
  readonly moves: readonly Move[];
  /** The watcher's run. */
  readonly truth: TracedRun;
  /** The liar's. */
  readonly lie: TracedRun;
}

/** A job, and what stands behind the answer to it. */
interface Ordered {
  readonly packed: PackedOptimisticJob;
  /** OPG, base units. */
  readonly collateral: bigint;
}

/** Tells the story while it happens. */
export async function tell(cast: Cast, pixels: Uint8Array, waitUntil: WaitUntil): Promise<Told> {
  const { passerBy } = cast;
  const fromBlock = (await passerBy.provider.getBlockNumber()) + 1;
  const ordered = await order(cast, [imageTensor(pixels)]);
  const { lie, roundId } = await answer(cast, ordered, [imageTensor(pixels)]);
  const { made, truth } = await check(cast, roundId, payloadRoot(lie.trace.outputs));
  const gameId = await dispute(cast, made, truth, lie);
  const { statement, statementId } = made;
  const { finalAt } = await getSharers(passerBy, { statementId });
  await during("Others who have found the same can join for a while, and share the reward", () => waitUntil(finalAt));
  const settled = await settleOptimistic(passerBy, {
    job: ordered.packed,
    node: statement.node,
    outputRoot: statement.outputRoot,
  });
  say(`The passer-by settles the job: the node is slashed, the requester paid ${costs(settled.gasUsed)}`);
  const explanation = await explainDispute(passerBy, { gameId, run: truth, statement });
  return { explanation, moves: await movesSince(passerBy, fromBlock, NAMES), truth, lie };
}

async function order({ requester, versionId }: Cast, tensors: readonly Tensor[]): Promise<Ordered> {
  const terms = { ...TERMS, versionId, valueAtStake: VALUE_AT_STAKE };
  const { royalty, collateral } = await quoteOptimistic(requester, terms);
  const { packed, gasUsed } = await requestOptimistic(requester, { ...terms, maxRoyalty: royalty, input: { tensors } });
  say(
    `The requester orders an answer of one node for ${formatOpg(TERMS.price)} OPG; ${formatOpg(collateral)} OPG of its stake will answer for it ${costs(gasUsed)}`,
  );
  return { packed, collateral };
}

/** The node runs the model rightly, changes one number, and states what follows from that. */
async function answer({ node, versionId }: Cast, { packed }: Ordered, input: readonly Tensor[]) {
  const artifact = await artifactOf(node, versionId);
  const honest = new Executor(compile(artifact));
  const output = await runDigits(artifact, input);
  say(`The node runs the model with ONNX Runtime: ${read(output)}`);
  const lie = new TracedRun(new LyingExecutor(honest.program, findLie(honest, input)), input);
  say(
    pc.red(
      `It adds 1 to one number of a layer in the middle, and computes the rest from that: ${read(lie.trace.outputs[0])}`,
    ),
  );
  const outputRoot = payloadRoot(lie.trace.outputs);
  const stated = await answerOptimistic(node, { job: packed, node: TERMS.node, outputRoot });
  say(`It states that output ${costs(stated.gasUsed)}`);
  return { lie, roundId: stated.roundId };
}

/** The watcher runs the model, too, and traces it where the outputs differ. */
async function check({ watcher }: Cast, roundId: string, outputRoot: string) {
  const made = await getStatement(watcher, { roundId, node: TERMS.node, outputRoot });
  const artifact = await artifactOf(watcher, made.version.versionId);
  const program = compile(artifact);
  if (program.graphRoot !== made.version.identity.graphRoot) throw new Error("The file is not what the version names");
  const input = decodePayload(getBytes(made.input));
  const output = payloadRoot([await runDigits(artifact, input)]);
  say(
    `A watcher runs the model with ONNX Runtime: the root of its output is ${short(output)}, not ${short(outputRoot)}`,
  );

  const began = performance.now();
  const truth = new TracedRun(new Executor(program), input);
  const milliseconds = (performance.now() - began).toFixed(0);
  if (payloadRoot(truth.trace.outputs) !== output) throw new Error("Executor and runtime disagree");
  say(
    `It traces the model with the reference executor in ${milliseconds} ms: the same output as ONNX Runtime's, bit for bit`,
  );
  return { made, truth };
}

/** The game, move by move, and what each of them leaves in dispute. */
async function dispute(
  { watcher, node, passerBy }: Cast,
  { statement }: MadeStatement,
  truth: TracedRun,
  lie: TracedRun,
): Promise<string> {
  const { steps } = truth.program;
  const all = steps.reduce((sum, _, i) => sum + sizeOf(truth.program, i), 0);
  const opened = await challenge(watcher, { statement, run: truth, pollingInterval: POLLING });
  const { gameId, game } = opened;
  say(
    `It challenges with a bond of ${formatOpg(game.bond)} OPG, and lays down the roots of ${steps.length} tensors: one of ${count(all)} numbers is wrong ${costs(opened.gasUsed)}`,
  );
  const responded = await respond(node, { gameId, run: lie });
  const { laid } = await getGame(passerBy, { gameId });
  if (laid === undefined) throw new Error("The node has not answered");
  say(
    `The node must name the first tensor where it differs, ${steps[laid.index]?.name ?? ""}, and lay its own down: one of ${count(sizeOf(truth.program, laid.index))} ${costs(responded.gasUsed)}`,
  );
  const opening = caseAgainst(truth, laid, game.outputRoot);
  const words = [...(opening?.inputs ?? []), ...(opening === undefined ? [] : [opening.constants])];
  const opens = words.reduce((sum, each) => sum + each.words.length, 0);
  const judged = await judge(passerBy, { gameId, run: truth });
  say(
    pc.green(
      `A passer-by sends the proof for one number: the contract computes it out of ${opens} words, and finds it wrong ${costs(judged.gasUsed)}`,
    ),
  );
  return gameId;
}

/** The model's file, from where its owner says that it is. */
async function artifactOf(client: Client, versionId: string): Promise<Uint8Array> {
  const { uris, identity } = await getVersion(client, { versionId });
  const file = readFileSync(new URL(uris[0] ?? ""));
  const digest = `0x${createHash("sha256").update(file).digest("hex")}`;
  if (digest !== identity.artifactDigest) throw new Error("The file is not the one that the version names");
  return file;
}

const sizeOf = ({ steps }: Program, step: number): number =>
  (steps[step]?.step.shape ?? []).reduce((product, dimension) => product * dimension, 1);

/** What the model reads, and how sure it is. */
function read(output: Tensor | undefined): string {
  const [first] = output === undefined ? [] : rank(output);
  return first === undefined ? "nothing" : `${first.digit} (${(first.share * 100).toFixed(2)} %)`;
}

const count = (value: number): string => value.toLocaleString("en");
const costs = (gas: bigint): string => pc.dim(`· ${gas.toLocaleString("en")} gas`);
const short = (root: string): string => `${root.slice(0, 10)}…`;
