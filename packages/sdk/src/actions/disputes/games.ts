import type { Game } from "../../codecs/dispute.ts";
import { interfaces } from "../../contracts.ts";
import type { Case } from "../../onnx/index.ts";
import { action } from "../action.ts";
import { openingFields } from "./openingFields.ts";

const { disputes } = interfaces;

/** What every move in a game takes. */
export interface GameParameters {
  /** As the event `Challenged` carries it. */
  readonly game: Game;
}

/** Parameters of {@link enterGroup}. */
export interface EnterGroupParameters extends GameParameters {
  /** Number of the first group that the node makes differently. */
  readonly group: number;
}

/**
 * Enters the first group of a trace that the node makes differently. Only for its signer or owner.
 * @throws ProtocolError `DisputeUnknown`, `DisputeWrongState`, `DisputeTooLate`, `DisputeNotOperator`, `DisputeNoSuchGroup`.
 */
export const enterGroup = action("disputes", ({ game, group }: EnterGroupParameters) =>
  disputes.encodeFunctionData("enter", [game, group]),
);

/** Parameters of {@link layGroup}. */
export interface LayGroupParameters extends GameParameters {
  /** The 64 data roots of the group, with zero words behind the last step. */
  readonly roots: readonly string[];
  /** From the root of the group up to that of the trace. */
  readonly path: readonly string[];
}

/**
 * Lays down the data roots of the group that the node has entered. Only for the challenger.
 * @throws ProtocolError `DisputeUnknown`, `DisputeWrongState`, `DisputeTooLate`, `DisputeNotChallenger`, `DisputeWrongCount`,
 * `DisputeWrongRoot`.
 */
export const layGroup = action("disputes", ({ game, roots, path }: LayGroupParameters) =>
  disputes.encodeFunctionData("lay", [game, [...roots], [...path]]),
);

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
  /** All words of the node's tensor if they are at most 256, else the roots of its parts. */
  readonly nodes: readonly string[];
}

/**
 * Names the first step that the node makes differently. Only for its signer or owner.
 * @throws ProtocolError `DisputeUnknown`, `DisputeWrongState`, `DisputeTooLate`, `DisputeNotOperator`, `DisputeOutsideGroup`,
 * `DisputeWrongRoot`, `DisputeSameTensor`, `MerkleNoSuchLeaf`, `RefereeMalformedStep`, `RefereeWrongNodes`.
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
  /** Which of the parts. */
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
 * `DisputeWrongAnswer`, `DisputeWrongCount`, `DisputeWrongRoot`, `MerkleWrongProof`.
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
export const judgeElement = action("disputes", ({ game, answer, case: c }: JudgeElementParameters) =>
  disputes.encodeFunctionData("judge", [
    game,
    answer.depth,
    {
      ...c,
      accused: openingFields(c.accused),
      inputRoots: [...c.inputRoots],
      inputPaths: c.inputPaths.map((path) => [...path]),
      inputs: c.inputs.map(openingFields),
      constants: openingFields(c.constants),
    },
  ]),
);

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
