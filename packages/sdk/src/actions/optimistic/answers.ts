import { interfaces } from "../../contracts.ts";
import { closedJob } from "../../entities/closedJob.ts";
import { eventIn, type Mined } from "../../events.ts";
import { action } from "../action.ts";
import type { OptimisticJobParameters } from "./jobs.ts";

const { optimistic } = interfaces;

/** Parameters of {@link reserveOptimistic}. */
export interface ReserveOptimisticParameters extends OptimisticJobParameters {
  readonly node: string;
}

/**
 * Takes an open job at the price of this second; the node's collateral answers for it. Only for the node's signer.
 * @throws ProtocolError `MarketWrongPhase`, `MarketTooLate`, `MarketNodeHasFailed`, `MarketNotSigner`,
 * `MarketNodeNotCovered`, `MarketLockTooSmall`, `MarketUnknownJob`.
 */
export const reserveOptimistic = action(
  "optimistic",
  ({ job, node }: ReserveOptimisticParameters) => optimistic.encodeFunctionData("reserve", [job, node]),
  {
    result: (mined) => {
      const { price, deadline } = eventIn(mined, "JobReserved").args;
      return { price, deadline: Number(deadline) };
    },
  },
);

/** Parameters of {@link answerOptimistic}. */
export interface AnswerOptimisticParameters extends ReserveOptimisticParameters {
  /** Root of the output, or of the error that stands for it. */
  readonly outputRoot: string;
}

/**
 * States a node's output. A named node lets collateral answer for it with this call. Only for the node's signer.
 * @throws ProtocolError `MarketWrongPhase`, `MarketNotForNode`, `MarketTooLate`, `MarketNotSigner`,
 * `MarketNodeNotCovered`, `MarketLockTooSmall`, `MarketUnknownJob`, `MarketZeroOutput`, `MarketAudited`.
 */
export const answerOptimistic = action(
  "optimistic",
  ({ job, node, outputRoot }: AnswerOptimisticParameters) =>
    optimistic.encodeFunctionData("answer", [job, node, outputRoot]),
  {
    result: (mined) => {
      const { roundId, disputableUntil } = eventIn(mined, "JobAnswered").args;
      return { roundId, disputableUntil: Number(disputableUntil) };
    },
  },
);

/** How the attempt of a transaction ended: whether the job is over, or waits for a second node. */
export const closingIn = (mined: Mined) => {
  const closed = mined.events.some(({ name }) => name === "JobClosed");
  return { closing: closed ? closedJob(eventIn(mined, "JobClosed")) : undefined };
};

/** Parameters of {@link settleOptimistic}. */
export interface SettleOptimisticParameters extends OptimisticJobParameters {
  /** Who has answered. */
  readonly node: string;
  /** What the node has stated. */
  readonly outputRoot: string;
}

/**
 * Ends an attempt that was answered: pays if the answer stands; if it is false slashes, refunds and, after a first attempt,
 * opens the job for a second node. Anyone may. `closing` is undefined where the job goes on.
 * @throws ProtocolError `MarketStillDisputable`, `DisputeSharersNotFinal`, `MarketWrongPhase`, `MarketUnknownJob`,
 * `MarketNotStated`.
 */
export const settleOptimistic = action(
  "optimistic",
  ({ job, node, outputRoot }: SettleOptimisticParameters) =>
    optimistic.encodeFunctionData("settle", [job, node, outputRoot]),
  { result: closingIn },
);

/**
 * Ends an attempt without an answer: the requester's money is free. Anyone may. `closing` is undefined where the job waits for
 * a second node.
 * @throws ProtocolError `MarketNotExpired`, `MarketWrongPhase`, `MarketUnknownJob`.
 */
export const expireOptimistic = action(
  "optimistic",
  ({ job }: OptimisticJobParameters) => optimistic.encodeFunctionData("expire", [job]),
  { result: closingIn },
);

/**
 * Takes an open job back that no node has reserved. Only for its requester.
 * @throws ProtocolError `MarketNotRequester`, `MarketWrongPhase`, `MarketUnknownJob`.
 */
export const cancelOptimistic = action(
  "optimistic",
  ({ job }: OptimisticJobParameters) => optimistic.encodeFunctionData("cancel", [job]),
  { result: closingIn },
);
