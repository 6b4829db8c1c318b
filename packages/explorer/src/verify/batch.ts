import { batchId, batchLeaf, type Client, findEvents, getBatchTime } from "@opg-protocol/sdk";
import { concat, keccak256 } from "ethers";

import type { BatchPlace, GivenBatchLeaf } from "./given.ts";
import { type Report, reportOf, type RunningStep, type Step, type StepName, Steps } from "./steps.ts";

export const BATCH_STEP: StepName = { id: "batch", title: "The posted batch", subject: "batch" };

/** The root of OpenZeppelin's tree that a leaf and the hashes beside its way lead to: pairs are hashed in ascending order. */
export const rootOfPath = (leaf: string, path: readonly string[]): string =>
  path.reduce((node, sibling) => keccak256(node < sibling ? concat([node, sibling]) : concat([sibling, node])), leaf);

/** Parameters of {@link verifyBatchLeaf}. */
export interface VerifyBatchLeafParameters {
  readonly client: Client;
  readonly given: GivenBatchLeaf;
  readonly onStep: (step: Step) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Checks that a batch was posted and has a leaf. What the leaf means is its reader's to know. */
export async function verifyBatchLeaf({ client, given, onStep, signal }: VerifyBatchLeafParameters): Promise<Report> {
  const steps = new Steps(onStep, signal);
  await steps.run(BATCH_STEP, async (step) => {
    const [posted] = await findEvents(client, "commitments", "BatchPosted", [given.batchId], client.startBlock);
    if (posted === undefined) {
      step.find("batch", "fails", "No batch with this id was posted to this deployment.");
      return;
    }
    const { poster, root, count, uri } = posted.args;
    step.note(`Its poster says that all leaves are at ${uri}.`);
    const batch = { poster, root, count };
    if (batchId(client.chainId, client.addresses.commitments, batch) === given.batchId)
      await checkPlace(client, { batch, index: given.index, path: given.path }, given.statement, step);
    else step.find("batch", "fails", "What the RPC gives of the batch does not hash to its id.");
  });
  return reportOf(steps.all, false);
}

/**
 * Checks that a batch has a statement at its place, and was posted.
 * @returns when it was posted, unix seconds; undefined, with a finding, if one of the two does not hold.
 */
export async function checkPlace(
  client: Client,
  { batch, index, path }: BatchPlace,
  statement: string,
  step: RunningStep,
): Promise<number | undefined> {
  const found = rootOfPath(batchLeaf(index, statement), path);
  const isThere = found === batch.root && index < batch.count;
  const detail = [`root of the batch ${batch.root}`, `computed from leaf and path ${found}`];
  if (isThere)
    step.find("batch", "holds", `Leaf ${index} and its path of ${path.length} hashes give the batch's root.`, detail);
  else if (found === batch.root)
    step.find("batch", "fails", `The batch has ${batch.count} leaves, so it has no leaf ${index}.`);
  else
    step.find("batch", "fails", "This leaf and path do not give the batch's root: the statement is not there.", detail);
  const postedAt = await getBatchTime(client, { batch });
  if (postedAt === undefined) {
    step.find("batch", "fails", `Storage has no such batch of ${batch.poster}.`);
    return undefined;
  }
  step.find("batch", "holds", `${batch.poster} posted the batch at ${new Date(postedAt * 1_000).toISOString()}.`);
  return isThere ? postedAt : undefined;
}
