/** How games are opened. */
import { ZeroHash } from "ethers";

import type { Client } from "../../client.ts";
import { challengeSeal, type Game } from "../../codecs/dispute.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn, type Mined } from "../../events.ts";
import type { Opening } from "../../onnx/index.ts";
import { action } from "../action.ts";
import { signerOf } from "../send.ts";
import { isLong, openingInGroups } from "./groups.ts";
import { openingOf } from "./moves.ts";
import { openingFields } from "./openingFields.ts";
import { type Statement, statementFields, statementIdOf } from "./statements.ts";
import type { TracedRun } from "./TracedRun.ts";

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
  /** The root by which the trace is known, as `traceRootOf` gives it. */
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

/** The game that a transaction has opened. */
function openedGame(mined: Mined) {
  const { gameId, game, deadline } = eventIn(mined, "Challenged").args;
  return { gameId, game: game satisfies Game, deadline: Number(deadline) };
}

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
export const challengeStatement = action("disputes", encodeChallenge, { result: openedGame });

function encodeChallenge({ statement, header, roots, salt }: ChallengeParameters): string {
  return disputes.encodeFunctionData("challenge", [statementFields(statement), header, [...roots], salt ?? ZeroHash]);
}

/** Parameters of {@link challengeInGroups}. */
export interface ChallengeInGroupsParameters extends Omit<ChallengeParameters, "roots"> {
  /** Root of each group of 64 steps. */
  readonly groups: readonly string[];
  /** Opens the data root of each output of the model. */
  readonly outputs: readonly Opening[];
}

/**
 * Opens a game about a trace of more than 64 steps: lays down the roots of its groups, as `openingInGroups` makes them. The bond
 * comes out of the client's balance.
 * @throws ProtocolError as `challengeStatement`, and `DisputeOutOfBounds`, `RefereeWrongRoot`, `RefereeWrongWords`,
 * `RefereeWrongSiblings`.
 */
export const challengeInGroups = action("disputes", encodeChallengeInGroups, { result: openedGame });

function encodeChallengeInGroups(parameters: ChallengeInGroupsParameters): string {
  const { statement, header, groups, outputs, salt } = parameters;
  return disputes.encodeFunctionData("challengeInGroups", [
    statementFields(statement),
    header,
    [...groups],
    outputs.map(openingFields),
    salt ?? ZeroHash,
  ]);
}

/** Parameters of {@link openWithRun}. */
export interface OpenWithRunParameters extends Pick<ChallengeParameters, "statement" | "salt"> {
  readonly run: TracedRun;
}

/**
 * Opens a game with a run of the statement's model: lays down the data roots of all steps, or those of groups if there are many.
 * @throws ProtocolError as `challengeStatement` and `challengeInGroups`.
 */
export const openWithRun = action(
  "disputes",
  ({ run, ...rest }: OpenWithRunParameters) =>
    isLong(run)
      ? encodeChallengeInGroups({ ...rest, ...openingInGroups(run) })
      : encodeChallenge({ ...rest, ...openingOf(run) }),
  { result: openedGame },
);
