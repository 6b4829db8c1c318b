import type { TensorSpec } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { useRead } from "../../network/useRead.ts";
import { Async } from "../../parts/Async.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { faultText, fetchOutput } from "./payload.ts";
import Payload from "./Payload.tsx";
import { useFetchBytes } from "./useFetchBytes.ts";

interface Props {
  readonly root: string;
  /** Those that have stated it, and so should have its bytes. */
  readonly nodes: readonly string[];
  readonly versionId: string;
  readonly specs: readonly TensorSpec[] | undefined;
  /** Which tensor is the window of a text. */
  readonly window: number | undefined;
}

/** The output with a root: from any of the nodes that have stated it, shown only if it has that root. */
export default function Output({ root, nodes, versionId, specs, window }: Props): ReactNode {
  const fault = faultText(root);
  const fetchBytes = useFetchBytes();
  const read = useRead(
    ["output", root, ...nodes],
    (client) => fetchOutput(client, { root, nodes, versionId }, fetchBytes),
    { once: true, enabled: fault === undefined },
  );
  if (fault !== undefined) return <p>{fault}</p>;
  return (
    <Async read={read} what="the output">
      {({ tensors, from }) => (
        <>
          <Payload tensors={tensors} specs={specs} window={window} />
          <p className="hint">
            From <ForeignText text={from} max={60} />; the bytes have the root that was stated.
          </p>
        </>
      )}
    </Async>
  );
}
