import type { TracedRun } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { useNetwork } from "../../network/context.tsx";
import { useRead } from "../../network/useRead.ts";
import { firstWrongText } from "../../verify/completion.ts";
import { type Distance, distanceOf } from "../../verify/distance.ts";
import { fetcher } from "../../verify/download.ts";
import { nodeUrlsOf } from "../../verify/nodeUrls.ts";
import { fetchPayload } from "../../verify/payloads.ts";

interface Props {
  readonly node: string;
  readonly outputRoot: string;
  readonly run: TracedRun;
}

/** How far the stated output is from what the model gives, if the node serves its bytes. */
export function DifferentNumbers({ node, outputRoot, run }: Props): ReactNode {
  const { config } = useNetwork();
  const read = useRead(
    ["stated output", outputRoot],
    async (client) => {
      const fetchBytes = fetcher({ origin: location.origin, ipfsGateway: config.ipfsGateway });
      const urls = await nodeUrlsOf(client, { nodes: [node] });
      const { tensors } = await fetchPayload(
        outputRoot,
        urls.map(({ url }) => url),
        fetchBytes,
      );
      return distanceOf(run.trace.outputs, tensors) ?? "other shapes";
    },
    { once: true },
  );
  if (read.data === undefined)
    return (
      <p>
        {read.isPending
          ? "Asking the node for the bytes of its output …"
          : "The node does not give the bytes of its output, so only the roots can be compared."}
      </p>
    );
  if (read.data === "other shapes") return <p>The two outputs are of different shapes.</p>;
  return <p>{run.shown.length > 0 ? firstWrongText(read.data, run.program) : distanceText(read.data)}</p>;
}

function distanceText({ count, different, first }: Distance): string {
  const what = `${different} of ${count} numbers ${different === 1 ? "differs" : "differ"}.`;
  if (first === undefined) return what;
  const { tensor, element, ours, theirs } = first;
  return `${what} The first is number ${element} of output ${tensor}: ${theirs} stated, ${ours} is right.`;
}
