import { type ChangeEvent, type ReactNode, useState } from "react";

import { ForeignText } from "../parts/ForeignText.tsx";
import type { Task } from "./messages.ts";
import type { TaskState } from "./runTask.ts";
import { StepList } from "./StepList.tsx";
import { useTask } from "./useTask.ts";
import { VerdictNote } from "./VerdictNote.tsx";
import { verdictLook } from "./verdictText.ts";

/** Milliseconds that a model may take, to choose from. */
const TIME_LIMITS: readonly (readonly [string, number])[] = [
  ["30 seconds", 30_000],
  ["2 minutes", 120_000],
  ["10 minutes", 600_000],
];

interface Props {
  readonly task: Task;
  /** On the button. */
  readonly label: string;
}

/** A button that starts a check in a worker, its steps, and what it comes to. Nothing is loaded before the button is pressed. */
export function Verification({ task, label }: Props): ReactNode {
  const { state, isRunning, start, cancel } = useTask();
  const [timeLimit, setTimeLimit] = useState(30_000);
  const [artifact, setArtifact] = useState<Uint8Array>();
  const runsModel = task.kind !== "leaf";
  return (
    <>
      <p>
        <button
          type="button"
          disabled={isRunning}
          onClick={() => {
            start(task, { artifact, timeLimit });
          }}
        >
          {state === undefined ? label : "Check again"}
        </button>{" "}
        {isRunning && (
          <button type="button" onClick={cancel}>
            Stop
          </button>
        )}
      </p>
      {runsModel && <RunOptions onArtifact={setArtifact} timeLimit={timeLimit} onTimeLimit={setTimeLimit} />}
      <p role="status" className="muted">
        {statusText(state, runsModel)}
      </p>
      {state?.failure !== undefined && (
        <div className="note bad" role="alert">
          The check could not be made: <ForeignText text={state.failure} max={400} />
        </div>
      )}
      {state?.report !== undefined && <VerdictNote report={state.report} isResult={runsModel} />}
      {state !== undefined && <StepList steps={state.steps} />}
    </>
  );
}

interface RunOptionsProps {
  readonly onArtifact: (file: Uint8Array | undefined) => void;
  readonly timeLimit: number;
  readonly onTimeLimit: (milliseconds: number) => void;
}

/** What a user may choose about the run of a model. */
function RunOptions({ onArtifact, timeLimit, onTimeLimit }: RunOptionsProps): ReactNode {
  const readFile = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const [file] = target.files ?? [];
    if (file === undefined) onArtifact(undefined);
    else
      void file.arrayBuffer().then((bytes) => {
        onArtifact(new Uint8Array(bytes));
      });
  };
  return (
    <details>
      <summary>Options</summary>
      <label className="field">
        <span>The model's file, if you have it (its digest is checked all the same)</span>
        <input type="file" onChange={readFile} />
      </label>
      <label className="field">
        <span>Most time for the model</span>
        <select
          value={timeLimit}
          onChange={({ target }) => {
            onTimeLimit(Number(target.value));
          }}
        >
          {TIME_LIMITS.map(([name, milliseconds]) => (
            <option key={milliseconds} value={milliseconds}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </details>
  );
}

/** One sentence for who does not see the list. */
function statusText(state: TaskState | undefined, isResult: boolean): string {
  if (state === undefined || state.failure !== undefined) return "";
  if (state.report !== undefined) return `The check is over: ${verdictLook(state.report.verdict, isResult).title}.`;
  const running = state.steps.find((step) => step.state === "running");
  return running === undefined ? "Starting …" : `Checking: ${running.title}`;
}
