import type { Client } from "../../client.ts";
import { sealHash } from "../../codecs/commitment.ts";
import { interfaces } from "../../contracts.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";
import { type JobParameters, roundIdOf } from "./jobs.ts";
import { runningAttempt, type SeatsArguments, type SeatsParameters } from "./rounds.ts";
import { settlementIn } from "./settlement.ts";
import { withSeats } from "./withSeats.ts";

/** What a node answers. */
export interface ResultParameters extends JobParameters {
  readonly node: string;
  /** Root of the output, or of the error that stands for it. */
  readonly outputRoot: string;
  /** 32 random bytes. Keep it: without it the result cannot be revealed, which costs collateral. */
  readonly salt: string;
}

/** A node's seal for the running draw of a job. */
export interface CommitArguments extends JobParameters {
  readonly node: string;
  /** What `sealHash` gives for the round of the running draw. */
  readonly commitment: string;
}

/**
 * Takes a seat in the running draw: seals a result, which the node's collateral answers for. Only for the node's signer.
 * @throws ProtocolError `MarketNotSigner`, `MarketNotDrawn`, `MarketSealingNotOpen`, `MarketSealingOver`,
 * `MarketSeedMissed`, `MarketNodeNotCovered`, `MarketLockTooSmall`, `MarketNotFresh`, `MarketWrongState`,
 * `MarketUnknownJob`, `CommitmentsAlreadySealed`, `CommitmentsRoundFull`, `CommitmentsSealingOver`; ZeroSaltError.
 */
export const commitResult = action(
  "market",
  ({ job, node, commitment }: CommitArguments) =>
    interfaces.market.encodeFunctionData("commit", [job, node, commitment]),
  {
    prepare: async (client: Client, { job, node, outputRoot, salt }: ResultParameters) => {
      const roundId = roundIdOf(client, job, await runningAttempt(client, job));
      const { chainId, addresses } = client;
      const { commitments } = addresses;
      return { job, node, commitment: sealHash({ chainId, commitments, roundId, node, outputRoot, salt }) };
    },
    result: (mined) => {
      const { roundId, commitment, sealEndsAt } = eventIn(mined, "ResultSealed").args;
      return { roundId, commitment, sealEndsAt: Number(sealEndsAt) };
    },
  },
);

/** What a node shows of a round. */
export interface RevealArguments extends Omit<ResultParameters, "job"> {
  readonly roundId: string;
}

/**
 * Shows what a node has sealed in the running draw. Anyone who knows the salt may.
 * @throws ProtocolError `CommitmentsRevealTooEarly`, `CommitmentsRevealTooLate`, `CommitmentsNothingSealed`,
 * `CommitmentsMismatch`, `CommitmentsZeroReveal`.
 */
export const revealResult = action(
  "commitments",
  ({ roundId, node, outputRoot, salt }: RevealArguments) =>
    interfaces.commitments.encodeFunctionData("reveal", [roundId, node, outputRoot, salt]),
  {
    prepare: async (client: Client, { job, ...shown }: ResultParameters) => ({
      ...shown,
      roundId: roundIdOf(client, job, await runningAttempt(client, job)),
    }),
  },
);

/**
 * Reveals as the last one of a draw and ends the job in the same transaction. Anyone who knows the salt may.
 * @throws ProtocolError as `revealResult`, and `PolicyNotFinal` if others have yet to reveal, or an audit or appeal may
 * follow; then call `revealResult`.
 */
export const revealAndSettle = action(
  "market",
  ({ job, node, outputRoot, salt, seats }: ResultParameters & SeatsArguments) =>
    interfaces.market.encodeFunctionData("revealAndSettle", [job, node, outputRoot, salt, [...seats]]),
  {
    prepare: (client: Client, given: ResultParameters & SeatsParameters) => withSeats(client, given),
    result: settlementIn,
  },
);
