import type { Client } from "../../client.ts";
import type { DisputeRecord, Game } from "../../codecs/dispute.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { parseLog, type ProtocolEvent } from "../../events.ts";
import { findLastEvent, findLogs, logQuery } from "../../logs.ts";
import type { LaidTrace } from "./groups.ts";
import type { LaidTensor } from "./moves.ts";
import { getDispute } from "./statements.ts";

/** Parameters of {@link getGame} and of the moves. */
export interface GameIdParameters {
  readonly gameId: string;
  /** A block that is not after the challenge, where the search back ends; by default the client's `startBlock`. */
  readonly fromBlock?: number;
}

/** A game with all that was laid down in it. */
export interface GameView extends LaidTrace {
  readonly gameId: string;
  readonly game: Game;
  /** What the node has laid down; undefined before its answer. */
  readonly laid: LaidTensor | undefined;
  /** The last second for the move after the latest one, unix; also of a game that is over. */
  readonly deadline: number;
  readonly record: DisputeRecord;
}

/**
 * Reads a game: its state from storage, the rest from its events.
 * @throws NotFoundError if there is no such game.
 */
export async function getGame(client: Client, parameters: GameIdParameters): Promise<GameView> {
  const { gameId, fromBlock = client.startBlock } = parameters;
  const opening = await findLastEvent(client, "disputes", "Challenged", [null, gameId], fromBlock);
  if (opening === undefined) throw new NotFoundError("game", gameId);
  const query = logQuery("disputes", ["Grouped", "Entered", "Laid", "Answered", "Picked", "Shown"], gameId);
  const [logs, record] = await Promise.all([
    findLogs(client, query, opening.blockNumber),
    getDispute(client, { disputeId: gameId }),
  ]);
  const moves = logs.flatMap((each) => parseLog(client.addresses, each) ?? []);
  const { game, r } = opening.args;
  const deadline = moves.reduce(
    (latest, move) => ("deadline" in move.args ? Number(move.args.deadline) : latest),
    Number(opening.args.deadline),
  );
  return { gameId, game, ...traceIn(moves, r), laid: laidIn(moves), deadline, record };
}

/** @param r what the challenger has laid down at first. */
function traceIn(moves: readonly ProtocolEvent[], r: readonly string[]): LaidTrace {
  let trace: LaidTrace = { groups: undefined, entered: undefined, roots: r };
  for (const move of moves) {
    if (move.name === "Grouped") trace = { groups: r, entered: undefined, roots: [] };
    else if (move.name === "Entered") trace = { ...trace, entered: Number(move.args.group) };
    else if (move.name === "Laid") trace = { ...trace, roots: move.args.r };
  }
  return trace;
}

function laidIn(moves: readonly ProtocolEvent[]): LaidTensor | undefined {
  let laid: LaidTensor | undefined;
  let chunk = 0;
  for (const move of moves) {
    if (move.name === "Answered") {
      const { index, answer, nodes } = move.args;
      laid = { index: Number(index), answer: { ...answer, depth: Number(answer.depth) }, nodes, part: undefined };
    } else if (move.name === "Picked") {
      chunk = Number(move.args.chunk);
    } else if (move.name === "Shown" && laid !== undefined) {
      laid = { ...laid, part: { chunk, words: move.args.words } };
    }
  }
  return laid;
}
