import { cancelJob, cancelOptimistic } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import type { JobView } from "../../entities/jobs.ts";
import { useHead } from "../../network/context.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";

/** Blocks after the order in which it can be taken back: the hash of the last one makes the seed. */
const CANCEL_BLOCKS = 2;

/** Takes an order back, as long as its requester can. */
export function CancelForm({ view }: { readonly view: JobView }): ReactNode {
  const head = useHead();
  const { terms } = view.order;
  const note = "Only the requester can take the order back; all of the escrow returns to its balance.";
  if (terms.market === "market") {
    const lastBlock = terms.job.requestBlock + CANCEL_BLOCKS;
    if (view.summary.state !== "Ordered" || head === undefined || head.blockNumber >= lastBlock) return undefined;
    return (
      <ActionForm title="Cancel" submit="Cancel the order" run={(client) => cancelJob(client, { job: terms.packed })}>
        <p>
          {note} That works up to block {lastBlock.toLocaleString("en")}.
        </p>
      </ActionForm>
    );
  }
  if (view.summary.state !== "Open" || view.reopened !== undefined) return undefined;
  return (
    <ActionForm
      title="Cancel"
      submit="Cancel the order"
      run={(client) => cancelOptimistic(client, { job: terms.packed })}
    >
      <p>{note} That works until a node reserves it.</p>
    </ActionForm>
  );
}
