import { lazy, type ReactNode, Suspense } from "react";

import type { Dispute } from "../../entities/disputes.ts";
import { sizeOfVersion } from "./versionFacts.ts";
import { useHistory } from "../../history/useHistory.ts";
import { Loading } from "../../parts/Loading.tsx";
import { RunControl } from "./run/RunControl.tsx";
import type { OwnRunState } from "./run/useOwnRun.ts";
import { stepCount, stepText } from "./words.ts";

// With it comes the part of the SDK that reads models.
const Explained = lazy(() => import("./Explained.tsx"));

interface Props {
  readonly dispute: Dispute;
  readonly own: OwnRunState;
}

/** Which number the game is about: as far as the chain tells, and all of it once the model was run here. */
export function Explanation({ dispute, own }: Props): ReactNode {
  const { stated, laid } = dispute;
  const { index } = useHistory();
  const version = stated?.versionId;
  if (own.result !== undefined)
    return (
      <Suspense fallback={<Loading what="the explanation" />}>
        <Explained dispute={dispute} own={own.result} />
      </Suspense>
    );
  return (
    <>
      <p>
        {laid === undefined
          ? `The chain alone tells that the model has ${stepCount(dispute)} steps. Which of them is in dispute is known when the node has answered.`
          : `The chain alone tells that the two first differ at ${stepText(laid.index, dispute)}. What that step is, and which of its numbers is wrong, the model tells.`}
      </p>
      {version === undefined ? (
        <p>No event tells which model this is about, so it cannot be loaded.</p>
      ) : (
        <RunControl state={own} label="Load the model and explain" size={sizeOfVersion(index, version)} />
      )}
    </>
  );
}
