/** How disputes end, and what lies cost. */
import { ZeroHash, zeroPadValue } from "ethers";

import { chainTime } from "../../chainTime.ts";
import type { Client } from "../../client.ts";
import { DisputeState } from "../../codecs/dispute.ts";
import { interfaces } from "../../contracts.ts";
import { parseLog, type ProtocolEvent, readReceipt } from "../../events.ts";
import { findFirstLog, type LogQuery, logQuery } from "../../logs.ts";
import type { GameView } from "./history.ts";
import type { Statement } from "./statements.ts";

/** How a game ended. */
export interface DisputeEnding {
  readonly state: DisputeState;
  /** By a judgement, by a missed clock, or because another dispute decided the statement. */
  readonly cause: "judged" | "silence" | "moot";
  /** Unix seconds. */
  readonly at: number;
  readonly transactionHash: string;
  /** Who got the bond, or a part of it. */
  readonly payee: string;
  /** OPG, base units. */
  readonly paid: bigint;
  /** What of the bond is destroyed. OPG, base units. */
  readonly burned: bigint;
}

/** How a game ended; undefined as long as it has not. */
export async function endingOf(client: Client, view: GameView, fromBlock: number): Promise<DisputeEnding | undefined> {
  const ended = await firstEvent(client, logQuery("disputes", ["DisputeEnded"], null, view.gameId), fromBlock);
  if (ended?.name !== "DisputeEnded") return undefined;
  const at = await chainTime(client, ended.blockHash);
  const { payee, paid } = ended.args;
  const state = Number(ended.args.state) as DisputeState;
  const decided = at > view.deadline ? "silence" : "judged";
  return {
    state,
    cause: state === DisputeState.Moot ? "moot" : decided,
    at,
    transactionHash: ended.transactionHash,
    payee,
    paid,
    burned: view.game.bond - paid,
  };
}

/** An element, and the word in which a node has it. */
export interface ClaimedElement {
  readonly word: number;
  /** Byte of the word. */
  readonly offset: number;
  readonly claimed: string;
}

/**
 * The element that a transaction proved wrong. Events do not carry it, calldata does.
 * @returns undefined if the call was made by another contract.
 */
export async function judgedElement(client: Client, transactionHash: string): Promise<ClaimedElement | undefined> {
  const transaction = await client.provider.getTransaction(transactionHash);
  if (transaction?.to !== client.addresses.disputes) return undefined;
  const call = interfaces.disputes.parseTransaction(transaction);
  if (call?.name !== "judge") return undefined;
  const { word, offset, accused } = call.args[2] as { word: bigint; offset: bigint; accused: { words: string[] } };
  return { word: Number(word), offset: Number(offset), claimed: accused.words[0] ?? ZeroHash };
}

/** What a false answer has cost the node that gave it, and who got it. OPG, base units. */
export interface LiePayment {
  readonly transactionHash: string;
  /** All that the node lost. */
  readonly slashed: bigint;
  /** Escrow that went back to the requester. */
  readonly refund: bigint;
  /** To the requester beyond that. */
  readonly compensation: bigint;
  /** Waits for a second node. */
  readonly prize: bigint;
  readonly challengers: readonly string[];
  /** To each challenger. */
  readonly share: bigint;
  readonly burned: bigint;
}

/** How the job of a false statement was paid for; undefined as long as it was not. */
export async function liePayment(
  client: Client,
  { jobId, node }: Statement,
  fromBlock: number,
): Promise<LiePayment | undefined> {
  const query = logQuery("optimistic", ["LiePaid"], jobId, zeroPadValue(node, 32));
  const paid = await firstEvent(client, query, fromBlock);
  const receipt = paid && (await client.provider.getTransactionReceipt(paid.transactionHash));
  if (paid?.name !== "LiePaid" || receipt == null) return undefined;
  const { events, transactionHash } = readReceipt(client.addresses, receipt);
  // One transaction can settle several jobs: the slash comes before its payment, the end of the job after it.
  const slash = events.findLast((event) => event.name === "NodeSlashed" && event.logIndex < paid.logIndex);
  const end = events.find(({ name, logIndex }) => ENDS.includes(name) && logIndex > paid.logIndex);
  if (slash?.name !== "NodeSlashed" || end === undefined) return undefined;
  const { compensation, challengers, share } = paid.args;
  const { refund, prize } = { refund: 0n, prize: 0n, ...end.args };
  const slashed = slash.args.own + slash.args.delegated;
  const burned = slashed - compensation - prize - share * BigInt(challengers.length);
  return { transactionHash, slashed, refund, compensation, prize, challengers, share, burned };
}

const ENDS: readonly ProtocolEvent["name"][] = ["JobReopened", "JobClosed"];

async function firstEvent(client: Client, query: LogQuery, fromBlock: number): Promise<ProtocolEvent | undefined> {
  const log = await findFirstLog(client, query, fromBlock);
  return log && parseLog(client.addresses, log);
}
