import { ZeroAddress } from "ethers";

import type { Client } from "../../client.ts";
import { sealHash } from "../../codecs/commitment.ts";
import { OptimisticState, unpackOptimisticJob } from "../../codecs/optimisticJob.ts";
import { unpackRound } from "../../codecs/round.ts";
import { interfaces } from "../../contracts.ts";
import { explained, ProtocolError } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { findEvents } from "../../logs.ts";
import { action } from "../action.ts";
import type { RevealArguments } from "../market/seats.ts";
import { closingIn, type ReserveOptimisticParameters } from "./answers.ts";
import { getOptimisticRecord, optimisticJobIdOf, type OptimisticJobParameters, optimisticRoundIdOf } from "./jobs.ts";

const { commitments, optimistic } = interfaces;

/** Only a first attempt may be audited. */
const ATTEMPT = 0;

/** A node's seal for a job that may be audited. */
export interface SealOptimisticArguments extends ReserveOptimisticParameters {
  /** What `sealHash` gives for the job's round. */
  readonly commitment: string;
}

/** Parameters of {@link sealOptimistic}, {@link sealAudit} and {@link revealOptimistic}. */
export interface SealedOptimisticParameters extends ReserveOptimisticParameters {
  /** Root of the output, or of the error that stands for it. */
  readonly outputRoot: string;
  /** 32 random bytes. Keep it: without it the answer cannot be revealed, which costs collateral. */
  readonly salt: string;
}

function withCommitment(client: Client, { job, node, outputRoot, salt }: SealedOptimisticParameters) {
  const { chainId, addresses } = client;
  const roundId = optimisticRoundIdOf(client, job, ATTEMPT);
  const commitment = sealHash({ chainId, commitments: addresses.commitments, roundId, node, outputRoot, salt });
  return Promise.resolve({ job, node, commitment });
}

/**
 * Seals the answer to a job that may be audited. A named node lets collateral answer for it with this call. Only for
 * the node's signer.
 * @throws ProtocolError `MarketWrongPhase`, `MarketNotForNode`, `MarketTooLate`, `MarketNotSigner`,
 * `MarketNodeNotCovered`, `MarketLockTooSmall`, `MarketUnknownJob`; ZeroSaltError.
 */
export const sealOptimistic = action(
  "optimistic",
  ({ job, node, commitment }: SealOptimisticArguments) =>
    optimistic.encodeFunctionData("seal", [job, node, commitment]),
  {
    prepare: withCommitment,
    result: (mined) => {
      const { roundId, sealEndsAt } = eventIn(mined, "ResultSealed").args;
      return { roundId, sealEndsAt: Number(sealEndsAt) };
    },
  },
);

/**
 * Takes the seat of a job's auditor with a sealed answer of its own, if the draw falls on the node: `getAuditSeat`
 * tells. Only for its signer.
 * @throws ProtocolError `MarketWrongPhase`, `MarketTooLate`, `MarketNotSigner`, `MarketNodeNotCovered`,
 * `MarketLockTooSmall`, `MarketUnknownJob`, `PolicyNotDrawn`, `PolicyNotAudited`, `PolicyNoFreeSeat`,
 * `PolicySealingNotOpen`, `PolicySealingOver`; ZeroSaltError.
 */
export const sealAudit = action(
  "optimistic",
  ({ job, node, commitment }: SealOptimisticArguments) =>
    optimistic.encodeFunctionData("sealAudit", [job, node, commitment]),
  { prepare: withCommitment },
);

/**
 * Shows what the job's node or its auditor has sealed, when no more seals are possible. Anyone who knows the salt may.
 * @throws ProtocolError `CommitmentsRevealTooEarly`, `CommitmentsRevealTooLate`, `CommitmentsNothingSealed`,
 * `CommitmentsMismatch`, `CommitmentsZeroReveal`.
 */
export const revealOptimistic = action(
  "commitments",
  ({ roundId, node, outputRoot, salt }: RevealArguments) =>
    commitments.encodeFunctionData("reveal", [roundId, node, outputRoot, salt]),
  {
    prepare: (client: Client, { job, ...shown }: SealedOptimisticParameters) =>
      Promise.resolve({ ...shown, roundId: optimisticRoundIdOf(client, job, ATTEMPT) }),
  },
);

/** Whether a node may audit an answer. */
export interface AuditSeat {
  /** Seal now; wait and ask again in the next step of the draw; or there is no seat, and will be none. */
  readonly step: "seal" | "wait" | "none";
  /** The policy's reason where it is not `seal`, such as `PolicyNotDrawn`. */
  readonly reason: string | undefined;
}

/** A later block or step can change these. */
const NOT_YET: ReadonlySet<string> = new Set(["PolicySealingNotOpen", "PolicyNotDrawn"]);
const NEVER: ReadonlySet<string> = new Set(["PolicyNotAudited", "PolicySealingOver"]);

/**
 * Whether a node may seal an audit of a job in the next block, as far as the latest one tells.
 * @throws NotFoundError if there is no such job.
 */
export async function getAuditSeat(client: Client, { job, node }: ReserveOptimisticParameters): Promise<AuditSeat> {
  const jobId = optimisticJobIdOf(client, job);
  const holder = await holderOf(client, job);
  if (holder === undefined) return { step: "none", reason: "MarketWrongPhase" };
  try {
    await explained(client.optimisticPolicy.drawOf(client.addresses.optimistic, jobId, job, holder, node));
    return { step: "seal", reason: undefined };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const reason = error.decoded.name;
    if (NOT_YET.has(reason)) return { step: "wait", reason };
    if (NEVER.has(reason)) return { step: "none", reason };
    if (reason !== "PolicyNoFreeSeat") throw error;
    return { step: (await isSealed(client, job)) ? "none" : "wait", reason };
  }
}

/** Whose answer is awaited or sealed: a named node stands in the order alone. Nobody's once the job is settled. */
async function holderOf(client: Client, job: OptimisticJobParameters["job"]): Promise<string | undefined> {
  const { state, node } = await getOptimisticRecord(client, { jobId: optimisticJobIdOf(client, job) });
  return state === OptimisticState.Named ? unpackOptimisticJob(job).node : node;
}

async function isSealed(client: Client, job: OptimisticJobParameters["job"]): Promise<boolean> {
  const { round } = await explained(client.commitments.roundOf(optimisticRoundIdOf(client, job, ATTEMPT)));
  return unpackRound(round).sealedCount > 0;
}

/** Parameters of {@link settleAudited}. */
export interface SettleAuditedParameters extends OptimisticJobParameters {
  /** Who has sealed beside the job's node; left out if nobody has. */
  readonly auditor?: string;
}

/** Time changes these. */
const NOT_KNOWN: ReadonlySet<string> = new Set([
  "PolicyRoundNotOver",
  "PolicyStillDisputable",
  "DisputeSharersNotFinal",
]);

/**
 * What `settleAudited` takes, as soon as everything about a sealed attempt is known; undefined before, and once the
 * job is settled. The auditor is found in the logs of the seals.
 * @throws NotFoundError if there is no such job.
 */
export async function getAuditSettlement(
  client: Client,
  { job }: OptimisticJobParameters,
): Promise<SettleAuditedParameters | undefined> {
  const jobId = optimisticJobIdOf(client, job);
  const node = await holderOf(client, job);
  if (node === undefined) return undefined;
  const round = optimisticRoundIdOf(client, job, ATTEMPT);
  const seals = await findEvents(client, "commitments", "ResultSealed", [round], client.startBlock);
  const auditor = seals.map(({ args }) => args.node).find((sealer) => sealer !== node);
  const place = client.addresses.optimistic;
  try {
    await explained(client.optimisticPolicy.outcomeOf(place, jobId, job, node, auditor ?? ZeroAddress));
    return { job, ...(auditor !== undefined && { auditor }) };
  } catch (error) {
    if (error instanceof ProtocolError && NOT_KNOWN.has(error.decoded.name)) return undefined;
    throw error;
  }
}

/**
 * Ends an attempt that was sealed, when everything about it is known. Anyone may. `closing` is undefined where the job
 * goes on.
 * @throws ProtocolError `PolicyRoundNotOver`, `PolicyStillDisputable`, `DisputeSharersNotFinal`, `PolicyWrongAuditor`,
 * `MarketWrongPhase`, `MarketUnknownJob`.
 */
export const settleAudited = action(
  "optimistic",
  ({ job, auditor }: SettleAuditedParameters) =>
    optimistic.encodeFunctionData("settleAudited", [job, auditor ?? ZeroAddress]),
  { result: closingIn },
);
