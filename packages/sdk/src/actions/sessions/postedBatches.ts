import type { Client } from "../../client.ts";
import type { Batch } from "../../codecs/receipt.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
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
