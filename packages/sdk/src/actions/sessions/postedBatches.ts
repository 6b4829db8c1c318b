import type { Client } from "../../client.ts";
import type { Batch } from "../../codecs/receipt.ts";
import { interfaces } from "../../contracts.ts";
import { explained, ProtocolError } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";

const { commitments } = interfaces;

/** Parameters of {@link postBatch}. */
export interface PostBatchParameters {
  /** Of the OpenZeppelin `StandardMerkleTree` over `["uint256", "bytes32"]`: index and hash of each statement. */
  readonly root: string;
  readonly count: bigint;
  /** Where all leaves can be read, 1 to 256 bytes. */
  readonly uri: string;
}

/**
 * States many things at once, in the name of the client's account.
 * @throws ProtocolError `CommitmentsBatchOutOfBounds`, `CommitmentsBatchPosted`.
 */
export const postBatch = action(
  "commitments",
  ({ root, count, uri }: PostBatchParameters) => commitments.encodeFunctionData("postBatch", [root, count, uri]),
  {
    result: (mined) => {
      const { batchId, poster, root, count } = eventIn(mined, "BatchPosted").args;
      return { batchId, batch: { poster, root, count } satisfies Batch };
    },
  },
);

/** When a batch was posted, unix seconds; undefined if it was not. */
export async function getBatchTime(client: Client, { batch }: { readonly batch: Batch }): Promise<number | undefined> {
  const time = Number(await explained(client.commitments.batchPostedAt(batch)));
  return time === 0 ? undefined : time;
}

/** A leaf of a batch, and what shows that it is one. */
export interface BatchLeafParameters {
  readonly batch: Batch;
  readonly index: bigint;
  /** Hash of what the leaf states; of a receipt, `receiptHash`. */
  readonly statement: string;
  /** Hashes beside the way from the leaf to the root. */
  readonly path: readonly string[];
}

/** Whether a batch was posted, and has this leaf. */
export async function isInBatch(client: Client, parameters: BatchLeafParameters): Promise<boolean> {
  const { batch, index, statement, path } = parameters;
  try {
    await explained(client.commitments.checkLeaf(batch, index, statement, [...path]));
    return true;
  } catch (error) {
    if (error instanceof ProtocolError && NOT_THERE.includes(error.decoded.name)) return false;
    throw error;
  }
}

const NOT_THERE: readonly string[] = ["CommitmentsUnknownBatch", "CommitmentsNotInBatch"];
