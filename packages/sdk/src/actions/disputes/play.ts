/** A game as one of its sides plays it: each move is worked out from its own run of the model, and sent. */
import { hexlify, randomBytes } from "ethers";

import type { Client } from "../../client.ts";
import type { Mined } from "../../events.ts";
import { NothingToMoveError } from "../../errors/faults.ts";
import { ProtocolError } from "../../errors/ProtocolError.ts";
import { sleep } from "../../sleep.ts";
import { signerOf } from "../send.ts";
import { depositBond, getBondBalance } from "./accounts.ts";
import { getBond, openWithRun, sealChallenge } from "./challenges.ts";
import { answerChallenge, enterGroup, judgeElement, layGroup, pickPart, showPart } from "./games.ts";
import { groupOf, groupToEnter } from "./groups.ts";
import { type GameIdParameters, getGame } from "./history.ts";
import { answerTo, caseAgainst, partOf, partToPick, traceRootOf } from "./moves.ts";
import type { Statement } from "./statements.ts";
import type { TracedRun } from "./TracedRun.ts";

/** Percent of a bond that a deposit brings: the next block's bond can be an eighth more. */
const BOND_MARGIN = 125n;

/** Parameters of {@link challenge}. */
export interface ChallengeWithRunParameters {
  readonly statement: Statement;
  readonly run: TracedRun;
  /** Whether to open the game a block after a seal, which whoever copies it ranks behind; by default so. */
  readonly isSealed?: boolean;
  /** Milliseconds between looks for that block; by default 1,000. */
  readonly pollingInterval?: number;
  readonly signal?: AbortSignal;
}

/**
 * Challenges a statement with a run of its model: deposits what is missing of the bond, seals, and opens the game.
 * @throws ProtocolError as `openWithRun`.
 */
export async function challenge(client: Client, parameters: ChallengeWithRunParameters) {
  const { statement, run, isSealed = true, pollingInterval = 1_000, signal } = parameters;
  await ensureBond(client);
  if (!isSealed) return openWithRun(client, { statement, run });

  const salt = hexlify(randomBytes(32));
  await sealChallenge(client, { statement, traceRoot: traceRootOf(run), salt });
  for (;;) {
    try {
      return await openWithRun(client, { statement, run, salt });
    } catch (error) {
      // The chain is still at the block of the seal.
      if (!(error instanceof ProtocolError) || error.decoded.name !== "DisputeNotSealed") throw error;
    }
    await sleep(pollingInterval, signal);
    signal?.throwIfAborted();
  }
}

/** Deposits what the balance of the client's account lacks for a bond. */
export async function ensureBond(client: Client): Promise<void> {
  const { account } = signerOf(client);
  const [bond, balance] = await Promise.all([getBond(client), getBondBalance(client, { account })]);
  if (balance < bond) await depositBond(client, { amount: (bond * BOND_MARGIN) / 100n - balance });
}

/** Parameters of {@link respond} and of the moves after it. */
export interface MoveParameters extends GameIdParameters {
  /** Of whoever moves. */
  readonly run: TracedRun;
}

/**
 * Enters as the node the first group of a long trace that its run makes differently.
 * @throws NothingToMoveError if there is no such group, or the trace has none; ProtocolError as `enterGroup`.
 */
export async function enter(client: Client, { run, ...which }: MoveParameters): Promise<Mined> {
  const { game, groups } = await getGame(client, which);
  const group = groups && groupToEnter(run, groups);
  if (group === undefined)
    throw new NothingToMoveError(which.gameId, "no group is seen that the run makes differently");
  return enterGroup(client, { game, group });
}

/**
 * Lays down as the challenger the group of its trace that the node has entered.
 * @throws NothingToMoveError if the node has entered none; ProtocolError as `layGroup`.
 */
export async function lay(client: Client, { run, ...which }: MoveParameters): Promise<Mined> {
  const { game, entered } = await getGame(client, which);
  if (entered === undefined) throw new NothingToMoveError(which.gameId, "the node has entered no group");
  return layGroup(client, { game, ...groupOf(run, entered) });
}

/**
 * Answers a challenge as the node: names the first step that its run makes differently, and opens its own tensor.
 * @throws NothingToMoveError if there is no such step; ProtocolError as `answerChallenge`.
 */
export async function respond(client: Client, { run, ...which }: MoveParameters): Promise<Mined> {
  const { game, ...laid } = await getGame(client, which);
  const answer = answerTo(run, laid);
  if (answer === undefined)
    throw new NothingToMoveError(which.gameId, "the run makes every step as the challenger does");
  return answerChallenge(client, { game, ...answer });
}

/**
 * Asks as the challenger for the first part of the node's tensor that its own run makes differently.
 * @throws NothingToMoveError if the node has not answered; ProtocolError as `pickPart`.
 */
export async function pick(client: Client, { run, ...which }: MoveParameters): Promise<Mined> {
  const { game, laid } = await getGame(client, which);
  if (laid === undefined) throw new NothingToMoveError(which.gameId, "the node has not answered");
  return pickPart(client, { game, chunk: partToPick(run, laid) });
}

/**
 * Shows as the node the part that the challenger has picked.
 * @throws NothingToMoveError if none is picked; ProtocolError as `showPart`.
 */
export async function reveal(client: Client, { run, ...which }: MoveParameters): Promise<Mined> {
  const { game, laid, record } = await getGame(client, which);
  if (laid === undefined) throw new NothingToMoveError(which.gameId, "nothing was laid down");
  return showPart(client, { game, answer: laid.answer, ...partOf(run, laid.index, record.chunk) });
}

/**
 * Proves as anybody the first wrong element of what the node has laid down.
 * @throws NothingToMoveError if no wrong element is seen; ProtocolError as `judgeElement`.
 */
export async function judge(client: Client, { run, ...which }: MoveParameters): Promise<Mined> {
  const { game, laid } = await getGame(client, which);
  const found = laid && caseAgainst(run, laid, game.outputRoot);
  if (laid === undefined || found === undefined) throw new NothingToMoveError(which.gameId, "no wrong element is seen");
  return judgeElement(client, { game, answer: laid.answer, case: found });
}
