import type { Client } from "../../client.ts";
import { sealHash } from "../../codecs/commitment.ts";
import { send, type Sent } from "../../send.ts";
import { roundIdOf, runningAttempt } from "./getRound.ts";
import type { JobParameters } from "./job.ts";

export interface CommitResultParameters extends JobParameters {
  readonly node: string;
  /** Root of the output, or of the error that stands for it. */
  readonly outputRoot: string;
  /** 32 random bytes. Keep it: without it the result cannot be revealed, which costs collateral. */
  readonly salt: string;
}

export interface CommittedResult extends Sent {
  readonly roundId: string;
  readonly commitment: string;
}

/**
 * Takes a seat in the running draw: seals a result, which the node's collateral answers for. Only for the node's signer.
 * @throws ProtocolError `MarketNotSigner`, `MarketNotDrawn`, `MarketSealingNotOpen`, `MarketSealingOver`,
 * `MarketSeedMissed`, `MarketNodeNotCovered`, `MarketLockTooSmall`, `MarketNotFresh`, `MarketWrongState`,
 * `CommitmentsAlreadySealed`, `CommitmentsRoundFull`.
 */
export async function commitResult(client: Client, parameters: CommitResultParameters): Promise<CommittedResult> {
  const { job, node, outputRoot, salt } = parameters;
  const { chainId, addresses } = client;
  const roundId = roundIdOf(client, job, await runningAttempt(client, job));
  const commitment = sealHash({ chainId, commitments: addresses.commitments, roundId, node, outputRoot, salt });
  const sent = await send(client, () => client.market.commit(job, node, commitment));
  return { ...sent, roundId, commitment };
}
