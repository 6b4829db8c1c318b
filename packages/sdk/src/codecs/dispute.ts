import { toBeHex } from "ethers";

import { type AbiValue, taggedHash } from "./abi.ts";
import { unpackWord } from "./words.ts";

/** What has become of a game, demand or refutation. The first eight after `None` are under way, the others are final. */
export const DisputeState = {
  None: 0,
  Asked: 1,
  Grouped: 2,
  Entered: 3,
  Laid: 4,
  Answered: 5,
  Picked: 6,
  Shown: 7,
  Demanded: 8,
  NodeLost: 9,
  ChallengerLost: 10,
  Moot: 11,
  Supplied: 12,
  Withheld: 13,
  Refuted: 14,
} as const;
export type DisputeState = (typeof DisputeState)[keyof typeof DisputeState];

/** What is known of a statement. `Upheld` and `False` are final. */
export const Verdict = { Open: 0, Upheld: 1, False: 2 } as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** What of a statement's data is demanded. */
export const PayloadSide = { Input: 0, Output: 1 } as const;
export type PayloadSide = (typeof PayloadSide)[keyof typeof PayloadSide];

/** Steps of a group of a long trace: a subtree of the trace's tree. */
export const GROUP_STEPS = 64;

/** Where disputes are held. */
export interface DisputePlace {
  readonly chainId: bigint;
  /** Address of DisputeGame. */
  readonly disputes: string;
}

/** One challenger against one node, as the event `Challenged` carries it. Amounts in OPG, base units. */
export interface Game {
  readonly statementId: string;
  readonly inputRoot: string;
  readonly outputRoot: string;
  readonly stepsRoot: string;
  readonly traceRoot: string;
  readonly node: string;
  readonly challenger: string;
  readonly referee: string;
  readonly bond: bigint;
  /** Block of the challenge's seal, or of its opening. */
  readonly rank: bigint;
  /** Unix seconds. */
  readonly openedAt: bigint;
  /** See `unpackGameRules`. */
  readonly rules: string;
}

/** Words that somebody paid for, as the event `WordsDemanded` carries them. */
export interface Demand {
  readonly statementId: string;
  readonly root: string;
  readonly node: string;
  readonly payer: string;
  /** OPG, base units. */
  readonly price: bigint;
  /** Place in the payload. */
  readonly tensor: bigint;
  readonly firstWord: bigint;
  readonly count: bigint;
  /** Unix seconds; the last one in which they can be supplied. */
  readonly deadline: bigint;
}

/** What is sealed a block before a game is opened, or a statement refuted. */
export interface Challenge {
  readonly challenger: string;
  readonly statementId: string;
  /** The root of the tree over the data roots of all steps; to refute, the root of the input. */
  readonly shown: string;
  /** 32 bytes that nobody can guess. */
  readonly salt: string;
}

const CUT = 40n;
const PLACE = ["uint256", "address"] as const;
const GAME =
  "tuple(bytes32 statementId, bytes32 inputRoot, bytes32 outputRoot, bytes32 stepsRoot, bytes32 traceRoot, address node, address challenger, address referee, uint256 bond, uint256 rank, uint256 openedAt, bytes32 rules)";
const DEMAND =
  "tuple(bytes32 statementId, bytes32 root, address node, address payer, uint256 price, uint256 tensor, uint256 firstWord, uint256 count, uint256 deadline)";

/** The id of a game. */
export function gameId({ chainId, disputes }: DisputePlace, game: Game): string {
  const { statementId, inputRoot, outputRoot, stepsRoot, traceRoot, ...rest } = game;
  const { node, challenger, referee, bond, rank, openedAt, rules } = rest;
  const roots = [statementId, inputRoot, outputRoot, stepsRoot, traceRoot];
  const fields = [...roots, node, challenger, referee, bond, rank, openedAt, rules];
  return cut("OPG/game", GAME, [chainId, disputes, fields]);
}

/** The id of a demand. */
export function demandId({ chainId, disputes }: DisputePlace, demand: Demand): string {
  const { statementId, root, node, payer, price, tensor, firstWord, count, deadline } = demand;
  const fields = [statementId, root, node, payer, price, tensor, firstWord, count, deadline];
  return cut("OPG/demand", DEMAND, [chainId, disputes, fields]);
}

/** The id of a statement's refutation. */
export function refutationId({ chainId, disputes }: DisputePlace, statementId: string): string {
  return cut("OPG/refutation", "bytes32", [chainId, disputes, statementId]);
}

/** Puts down who can dispute a statement with what, without showing it. */
export function challengeSeal({ chainId, disputes }: DisputePlace, challenge: Challenge): string {
  const { challenger, statementId, shown, salt } = challenge;
  return taggedHash(
    "OPG/challenge",
    [...PLACE, "address", "bytes32", "bytes32", "bytes32"],
    [chainId, disputes, challenger, statementId, shown, salt],
  );
}

/** Ids of disputes leave out the lowest bits of the hash, so that a statement's slot holds one and a time. */
function cut(tag: string, shape: string, values: readonly AbiValue[]): string {
  return toBeHex(BigInt(taggedHash(tag, [...PLACE, shape], values)) >> CUT, 32);
}

const STATE = { state: 8, rest: 248 } as const;
const UNDER_WAY = { state: 8, deadline: 40, chunk: 8, answer: 200 } as const;
const ENDED = { state: 8, account: 160 } as const;
const STATEMENT = { falseAt: 40, rest: 216 } as const;

/** What storage keeps of a game, demand or refutation. */
export interface DisputeRecord {
  readonly state: DisputeState;
  /** The last second for the next move; zero once it is over. Unix. */
  readonly deadline: number;
  /** How many groups the challenger laid down, then which one the node entered; later which part the challenger picked. */
  readonly chunk: number;
  /** Who got what was laid down, once it is over. */
  readonly payee: string | undefined;
}

/** The fields of a game's or demand's slot. */
export function unpackDisputeRecord(word: bigint): DisputeRecord {
  const state = Number(unpackWord(STATE, word).state) as DisputeState;
  if (state > DisputeState.Demanded) {
    return { state, deadline: 0, chunk: 0, payee: toBeHex(unpackWord(ENDED, word).account, 20) };
  }
  const { deadline, chunk } = unpackWord(UNDER_WAY, word);
  return { state, deadline: Number(deadline), chunk: Number(chunk), payee: undefined };
}

/** What storage keeps of a disputed statement. */
export interface StatementRecord {
  /** Unix seconds; zero if it was not found false. */
  readonly falseAt: number;
  /** Games and demands under way; meaningless once it is false. */
  readonly underWay: number;
  /** Id of the game, demand or refutation that decided, once it is false. */
  readonly deciding: string | undefined;
}

/** The fields of a disputed statement's slot. */
export function unpackStatementRecord(word: bigint): StatementRecord {
  const { falseAt, rest } = unpackWord(STATEMENT, word);
  if (falseAt > 0n) return { falseAt: Number(falseAt), underWay: 0, deciding: toBeHex(rest, 32) };
  return { falseAt: 0, underWay: Number(rest), deciding: undefined };
}
