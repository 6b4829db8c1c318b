import { type ReactNode, useId } from "react";

import { Bytes } from "../../../parts/Bytes.tsx";
import { Failure } from "../../../parts/Failure.tsx";
import { ForeignText } from "../../../parts/ForeignText.tsx";
import { formatBytes } from "../../../parts/format.ts";
import type { Step } from "../../../verify/steps.ts";
import type { OwnRunState } from "./useOwnRun.ts";

interface Props {
  readonly state: OwnRunState;
  /** What the button says. */
  readonly label: string;
  /** Of the model's file, where the registry tells. */
  readonly size: bigint | undefined;
}

/** Starts a run of the model in the browser, and shows how far it is. */
export function RunControl({ state, label, size }: Props): ReactNode {
  const { isRunning, error, steps, start, stop } = state;
  const file = useId();
  return (
    <div>
      <p>
        {isRunning ? (
          <button type="button" onClick={stop}>
            Stop
          </button>
        ) : (
          <button
            type="button"
            className="primary"
            onClick={() => {
              start();
            }}
          >
            {label}
          </button>
        )}{" "}
        {size !== undefined && (
          <span className="muted">
            Fetches <Bytes value={size} /> from where the registry says, and checks them before they are run.
          </span>
        )}
      </p>
      <ul className="run-steps" aria-live="polite">
        {steps.map((step) => (
          <RunStep key={step.id} step={step} />
        ))}
      </ul>
      {error !== undefined && (
        <>
          <Failure error={error} />
          <label className="field" htmlFor={file}>
            <span>
              Or take the model&apos;s file from your computer
              {size === undefined ? "" : ` (${formatBytes(Number(size))})`}
            </span>
            <input
              id={file}
              type="file"
              accept=".onnx"
              onChange={(event) => {
                const chosen = event.target.files?.[0];
                if (chosen !== undefined) start(chosen);
              }}
            />
          </label>
        </>
      )}
    </div>
  );
}

function RunStep({ step }: { readonly step: Step }): ReactNode {
  const { title, state, progress, findings } = step;
  const percent = progress === undefined ? "" : ` ${Math.round(progress * 100)} %`;
  const isUntold = findings.some(({ finding }) => finding !== "holds");
  const mark = state === "running" ? "…" : isUntold ? "✗" : "✓";
  return (
    <li>
      <span aria-hidden="true">{mark}</span> {title}
      {state === "running" ? `${percent}: under way` : ""}
      {findings.map(({ text }) => (
        <span key={text} className="muted">
          {" "}
          <ForeignText text={text} max={300} />
        </span>
      ))}
    </li>
  );
}
