import { ZeroHash } from "ethers";

import type { Client } from "../../client.ts";
import { challengeSeal, type Game } from "../../codecs/dispute.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import type { Case } from "../../onnx/index.ts";
import { action } from "../action.ts";
import { signerOf } from "../send.ts";
import { type Statement, statementFields, statementIdOf } from "./statements.ts";

const { disputes } = interfaces;

/** What a challenge that is lost costs in the present block. OPG, base units. */
export async function getBond(client: Client): Promise<bigint> {
  return explained(client.disputes.bond());
}

/** The seal of a challenge. */
export interface SealChallengeArguments {
  readonly commitment: string;
}

/** Parameters of {@link sealChallenge}. */
export interface SealChallengeParameters {
  readonly statement: Statement;
  /** Root of the tree over the data roots of all steps. */
  readonly traceRoot: string;
  /** 32 random bytes. Keep it: the challenge is opened with it. */
  readonly salt: string;
}

/**
 * Puts down that the client's account holds a trace, so that who copies it ranks behind. Open it in a later block.
 * @throws ProtocolError `DisputeSealTaken`.
 */
export const sealChallenge = action(
  "disputes",
  ({ commitment }: SealChallengeArguments) => disputes.encodeFunctionData("seal", [commitment]),
  {
    prepare: (client: Client, { statement, traceRoot, salt }: SealChallengeParameters) => {
      const place = { chainId: client.chainId, disputes: client.addresses.disputes };
      const { account: challenger } = signerOf(client);
      const statementId = statementIdOf(client, statement);
      return Promise.resolve({ commitment: challengeSeal(place, { challenger, statementId, shown: traceRoot, salt }) });
    },
  },
);

/** Parameters of {@link challengeStatement}. */
export interface ChallengeParameters {
  readonly statement: Statement;
  /** Of the version's graph, as `encodeHeader` makes it. */
  readonly header: string;
  /** Data root of the tensor of each step. */
  readonly roots: readonly string[];
  /** Of the seal; left out if there was none. */
  readonly salt?: string;
}

/**
 * Opens a game about a statement; the bond comes out of the client's balance.
 * @throws ProtocolError `DisputeNotDisputable`, `DisputeWindowOver`, `DisputeDecided`, `DisputeErrorOutput`,
 * `DisputeNoReferee`, `DisputeWrongGraph`, `DisputeSameOutput`, `DisputeNotSealed`, `LedgerInsufficientBalance`,
 * `RefereeWrongHeader`, `RefereeWrongTrace`.
 */
export const challengeStatement = action(
  "disputes",
  ({ statement, header, roots, salt }: ChallengeParameters) =>
    disputes.encodeFunctionData("challenge", [statementFields(statement), header, [...roots], salt ?? ZeroHash]),
  {
    result: (mined) => {
      const { gameId, game, deadline } = eventIn(mined, "Challenged").args;
      return { gameId, game: game satisfies Game, deadline: Number(deadline) };
    },
  },
);

/** What every move in a game takes. */
export interface GameParameters {
  /** As the event `Challenged` carries it. */
  readonly game: Game;
}

/** What a node lays down, as the event `Answered` carries it. */
export interface Answer {
  readonly stepHash: string;
  readonly nodeRoot: string;
  readonly depth: number;
}

/** Parameters of {@link answerChallenge}. */
export interface AnswerChallengeParameters extends GameParameters {
  /** Number of the first step that the node makes differently. */
  readonly index: number;
  /** What the challenger's trace says of it. */
  readonly root: string;
  /** Of that under the trace root. */
  readonly rootPath: readonly string[];
  /** As `encodeStep` makes it. */
  readonly step: string;
  /** Of its hash under the root of the version's steps. */
  readonly stepPath: readonly string[];
  /** All words of the node's tensor if they are at most 256, else the 256 nodes of its tree at depth 8. */
  readonly nodes: readonly string[];
}

/**
 * Names the first step that the node makes differently. Only for its signer or owner.
 * @throws ProtocolError `DisputeUnknown`, `DisputeWrongState`, `DisputeTooLate`, `DisputeNotOperator`, `DisputeWrongPath`,
 * `DisputeSameTensor`, `MerkleNoSuchLeaf`, `RefereeMalformedStep`, `RefereeWrongNodes`.
 */
export const answerChallenge = action(
  "disputes",
  ({ game, nodes, rootPath, stepPath, ...proof }: AnswerChallengeParameters) => {
    const paths = { rootPath: [...rootPath], stepPath: [...stepPath] };
    return disputes.encodeFunctionData("respond", [game, { ...proof, ...paths }, [...nodes]]);
  },
);

/** Parameters of {@link pickPart}. */
export interface PickPartParameters extends GameParameters {
  /** Which of the 256 nodes. */
  readonly chunk: number;
}

/**
 * Asks the node for the words below one of its nodes. Only for the challenger.
 * @throws ProtocolError `DisputeUnknown`, `DisputeWrongState`, `DisputeTooLate`, `DisputeNotChallenger`.
 */
export const pickPart = action("disputes", ({ game, chunk }: PickPartParameters) =>
  disputes.encodeFunctionData("pick", [game, chunk]),
);

/** Parameters of {@link showPart}. */
export interface ShowPartParameters extends GameParameters {
  readonly answer: Answer;
  /** All words below the picked node, padding included. */
  readonly words: readonly string[];
  /** From there up to the root. */
  readonly path: readonly string[];
}

/**
 * Shows the words that the challenger has picked. Only for the node's signer or owner.
 * @throws ProtocolError `DisputeUnknown`, `DisputeWrongState`, `DisputeTooLate`, `DisputeNotOperator`,
 * `DisputeWrongAnswer`, `DisputeWrongCount`, `DisputeWrongWords`, `MerkleWrongProof`.
 */
export const showPart = action("disputes", ({ game, answer, words, path }: ShowPartParameters) =>
  disputes.encodeFunctionData("reveal", [game, answer, [...words], [...path]]),
);

/** Parameters of {@link judgeElement}. */
export interface JudgeElementParameters extends GameParameters {
  /** Its step and tensor are those of the case. */
  readonly answer: Answer;
  /** As `openCase` makes it. */
  readonly case: Case;
}

/**
 * Proves one element of the node's tensor wrong, which makes the statement false. Anyone may.
 * @throws ProtocolError `DisputeUnknown`, `DisputeWrongState`, `DisputeTooLate`, `DisputeWrongAnswer`, `DisputeWrongCase`,
 * `DisputeNoFault`, `DisputeDecided`, `RefereeWrongRoot`, `RefereeWrongWords`, `RefereeNoSuchWord`,
 * `RefereeNoSuchElement`.
 */
export const judgeElement = action("disputes", ({ game, answer, case: c }: JudgeElementParameters) => {
  const opening = ({ words, siblings }: Case["accused"]) => ({ words: [...words], siblings: [...siblings] });
  return disputes.encodeFunctionData("judge", [
    game,
    answer.depth,
    {
      ...c,
      accused: opening(c.accused),
      inputRoots: [...c.inputRoots],
      inputPaths: c.inputPaths.map((path) => [...path]),
      inputs: c.inputs.map(opening),
      constants: opening(c.constants),
    },
  ]);
});

/**
 * Ends a game in which a clock was missed. Anyone may.
 * @throws ProtocolError `DisputeUnknown`, `DisputeWrongState`, `DisputeClockRunning`, `DisputeDecided`.
 */
export const timeOutGame = action("disputes", ({ game }: GameParameters) =>
  disputes.encodeFunctionData("timeout", [game]),
);

/** Parameters of {@link closeGame}. */
export interface CloseGameParameters extends GameParameters {
  /** The game that decided the statement; any if a demand did. */
  readonly deciding: Game;
}

/**
 * Ends a game whose statement another dispute has decided, and enters its challenger for the reward. Anyone may.
 * @throws ProtocolError `DisputeUnknown`, `DisputeWrongState`, `DisputeNotDecided`, `DisputeNotDeciding`.
 */
export const closeGame = action("disputes", ({ game, deciding }: CloseGameParameters) =>
  disputes.encodeFunctionData("close", [game, deciding]),
);
