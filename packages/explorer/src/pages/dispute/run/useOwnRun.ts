import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { useNetwork } from "../../../network/context.tsx";
import { fetcher } from "../../../verify/download.ts";
import type { Step } from "../../../verify/steps.ts";
import { keepRun, keptRun } from "./kept.ts";
import type { OwnRun, RunQuestion } from "./ownRun.ts";

/** How far the page is with running a model. */
export interface OwnRunState {
  readonly result: OwnRun | undefined;
  readonly isRunning: boolean;
  readonly error: unknown;
  readonly steps: readonly Step[];
  /** Loads and runs the model: from where the registry says, or from a file of the user. */
  readonly start: (file?: File) => void;
  readonly stop: () => void;
}

/** Runs the model of a statement when the user asks for it. */
export function useOwnRun(question: RunQuestion | undefined): OwnRunState {
  const { client, config } = useNetwork();
  const [, setFinished] = useState(0);
  const [isRunning, setIsRunning] = useState(false);
  const [error, setError] = useState<unknown>();
  const [steps, setSteps] = useState<ReadonlyMap<string, Step>>(new Map());
  const running = useRef<AbortController>(undefined);
  const stop = useCallback(() => {
    running.current?.abort();
  }, []);
  useEffect(() => stop, [stop]);

  const start = useCallback(
    (file?: File) => {
      if (question === undefined) return;
      running.current?.abort();
      const controller = new AbortController();
      const { signal } = controller;
      running.current = controller;
      setIsRunning(true);
      setError(undefined);
      setSteps(new Map());
      const fetchBytes = fetcher({ origin: location.origin, ipfsGateway: config.ipfsGateway });
      const onStep = (step: Step) => {
        if (!signal.aborted) setSteps((before) => new Map(before).set(step.id, step));
      };
      const run = async () => {
        const given = file && new Uint8Array(await file.arrayBuffer());
        const { runHere } = await import("./ownRun.ts");
        keepRun(question.statementId, await runHere(client, question, { fetchBytes, given, signal, onStep }));
      };
      run()
        .catch((failed: unknown) => {
          if (!signal.aborted) setError(failed);
        })
        .finally(() => {
          if (running.current !== controller) return;
          setIsRunning(false);
          setFinished((count) => count + 1);
        });
    },
    [client, config, question],
  );
  const shown = useMemo(() => [...steps.values()], [steps]);
  const result = question && keptRun(question.statementId);
  return { result, isRunning, error, steps: shown, start, stop };
}
