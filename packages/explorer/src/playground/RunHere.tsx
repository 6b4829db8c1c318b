import type { Tensor } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import type { VersionView } from "../entities/versions.ts";
import Payload from "../pages/result/Payload.tsx";
import { Failure } from "../parts/Failure.tsx";
import { completionOf } from "../verify/completion.ts";
import { useLocalRun } from "./useLocalRun.ts";

interface Props {
  readonly version: VersionView;
  readonly tensors: readonly Tensor[] | undefined;
}

/** The model, run in this browser: no order, no node, and nothing that anybody else could rely on. */
export default function RunHere({ version, tensors }: Props): ReactNode {
  const { state, start, stop } = useLocalRun();
  return (
    <>
      <p>
        Fetches the model from where its owner says it is, checks its digest, and runs it with ONNX Runtime Web. It
        costs nothing, and proves nothing to anybody else.
      </p>
      {state.kind === "running" ? (
        <button type="button" onClick={stop}>
          Stop
        </button>
      ) : (
        <button
          type="button"
          disabled={tensors === undefined}
          onClick={() => {
            if (tensors !== undefined) start(version.versionId, tensors);
          }}
        >
          Run it here
        </button>
      )}
      {tensors === undefined && <p className="hint">Make an input first.</p>}
      <div aria-live="polite">
        {state.kind === "running" && <p className="hint">{state.text} …</p>}
        {state.kind === "failed" && <Failure error={new Error(state.message)} />}
        {state.kind === "done" && (
          <>
            <Payload
              tensors={state.outputs}
              specs={version.identity.outputs}
              window={completionOf(version.identity)?.text}
            />
            <p className="hint">Computed here in {state.ms.toFixed(0)} ms.</p>
          </>
        )}
      </div>
    </>
  );
}
