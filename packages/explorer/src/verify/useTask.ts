import { useCallback, useEffect, useRef, useState } from "react";

import { useNetwork } from "../network/context.tsx";
import type { Task } from "./messages.ts";
import { type RunningTask, runTask, type TaskState } from "./runTask.ts";

/** How a check is to run. */
export interface StartOptions {
  /** The model's file, if the user has given it. */
  readonly artifact: Uint8Array | undefined;
  /** Milliseconds. */
  readonly timeLimit: number;
}

/** A check, from the outside. */
export interface TaskHandle {
  /** Undefined before the first start. */
  readonly state: TaskState | undefined;
  readonly isRunning: boolean;
  readonly start: (task: Task, options: StartOptions) => void;
  readonly cancel: () => void;
}

/** A check that a part of the page starts, and that ends with it. */
export function useTask(): TaskHandle {
  const { config } = useNetwork();
  const [state, setState] = useState<TaskState>();
  const running = useRef<RunningTask>(undefined);
  const cancel = useCallback(() => {
    running.current?.cancel();
  }, []);
  const start = useCallback(
    (task: Task, { artifact, timeLimit }: StartOptions) => {
      running.current?.cancel();
      running.current = runTask({ request: { config, task, artifact }, timeLimit, onState: setState });
    },
    [config],
  );
  useEffect(() => cancel, [cancel]);
  const isRunning = state !== undefined && state.report === undefined && state.failure === undefined;
  return { state, isRunning, start, cancel };
}
