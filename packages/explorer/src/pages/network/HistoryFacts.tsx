import { type ReactNode, useState } from "react";

import { useHistory } from "../../history/useHistory.ts";
import { useHead, useNetwork } from "../../network/context.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Percent } from "../../parts/Percent.tsx";
import { Time } from "../../parts/Time.tsx";
import { StorageUse } from "./StorageUse.tsx";

/** How far the page has read the deployment's past, and what the browser keeps of it. */
export function HistoryFacts(): ReactNode {
  const { config, history } = useNetwork();
  const { index, isComplete, progress, error, isCached, indexedTo } = useHistory();
  const head = useHead();
  const [isClearing, setClearing] = useState(false);
  const clear = async () => {
    setClearing(true);
    await history.clear();
    setClearing(false);
  };
  return (
    <>
      <Facts
        items={[
          [
            "Newest block",
            head && (
              <>
                {head.blockNumber.toLocaleString("en")}, <Time at={head.timestamp} />
              </>
            ),
          ],
          ["From block", config.deployment.startBlock.toLocaleString("en")],
          [
            "Read",
            isComplete ? <Badge tone="good">all, and what happens now</Badge> : <Percent key="read" ratio={progress} />,
          ],
          ["Events", index.size.toLocaleString("en")],
          ["Kept in this browser", isCached ? <StorageUse key="use" events={index.size} /> : "no"],
        ]}
      />
      {indexedTo !== undefined && (
        <p className="note">
          Up to block {indexedTo.toLocaleString("en")}, history comes from the indexer <code>{config.indexer}</code>: it
          could leave things out. What is later comes from the RPC.
        </p>
      )}
      {!isCached && (
        <p className="note">
          Nothing is kept: this browser allows no storage here, or another window of this page keeps it already. The
          page works all the same.
        </p>
      )}
      {error !== undefined && <Failure error={error} />}
      <button
        type="button"
        disabled={isClearing}
        onClick={() => {
          void clear();
        }}
      >
        {isClearing ? "Clearing …" : "Clear the cache and read all again"}
      </button>
    </>
  );
}
