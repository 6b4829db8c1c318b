import {
  type Client,
  deliverOptimistic,
  deliverResult,
  faultOf,
  type InferenceResult,
  type Mined,
  PayloadError,
} from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import type { JobView } from "../../entities/jobs.ts";
import { Amount } from "../../parts/Amount.tsx";
import { nodeUrlsOf } from "../../verify/nodeUrls.ts";
import { fetchPayload } from "../../verify/payloads.ts";
import { ActionForm } from "../../wallet/ActionForm.tsx";

interface Props {
  readonly view: JobView;
  readonly outputRoot: string;
}

/** The callback refused: the transaction went through all the same. */
class NotDeliveredError extends Error {
  constructor() {
    super("The callback failed. Nothing was delivered; anybody can try again.");
    this.name = "NotDeliveredError";
  }
}

/** Hands a final result to the callback of its order, which anybody can do for the tip. */
export function DeliverForm({ view, outputRoot }: Props): ReactNode {
  const { delivery, summary } = view;
  return (
    <ActionForm
      title="Deliver the result"
      submit="Deliver"
      run={(client) => deliver(client, view, outputRoot)}
      done="The callback has taken the result."
    >
      <p>
        Anybody can hand the output to the callback of the order
        {delivery.tip > 0n ? (
          <>
            {" "}
            and earns the tip of <Amount value={delivery.tip} tx={summary.tx} />
          </>
        ) : (
          ""
        )}
        . Your browser fetches it from the nodes that have stated it, which then see your IP address.
      </p>
    </ActionForm>
  );
}

async function deliver(client: Client, view: JobView, outputRoot: string): Promise<Mined> {
  const mined = await handOver(client, view, outputRoot);
  if (!mined.delivered) throw new NotDeliveredError();
  return mined;
}

async function handOver(
  client: Client,
  view: JobView,
  outputRoot: string,
): Promise<Mined & { readonly delivered: boolean }> {
  const { terms, id: jobId } = view.order;
  const result = await resultOf(client, view, outputRoot);
  if (terms.market === "market") return deliverResult(client, { job: terms.packed, result });
  const stated = view.statements.findLast((statement) => statement.outputRoot === outputRoot);
  if (stated === undefined) throw new Error(`Nobody has stated the output of job ${jobId}.`);
  return deliverOptimistic(client, { job: terms.packed, node: stated.node, result });
}

/** The output as the nodes that have stated it serve it: what has another root is not taken. */
async function resultOf(client: Client, view: JobView, outputRoot: string): Promise<InferenceResult> {
  const fault = faultOf(outputRoot);
  if (fault !== PayloadError.None) return { fault };
  const nodes = view.statements.filter((stated) => stated.outputRoot === outputRoot).map(({ node }) => node);
  const urls = await nodeUrlsOf(client, { nodes, versionId: view.summary.versionId });
  const { tensors } = await fetchPayload(
    outputRoot,
    urls.map(({ url }) => url),
  );
  return { tensors };
}
