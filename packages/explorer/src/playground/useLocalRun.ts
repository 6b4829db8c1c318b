import type { Tensor } from "@opg-protocol/sdk";
import { useCallback, useEffect, useRef, useState } from "react";

import { useNetwork } from "../network/context.tsx";
import type { LocalRunReply, LocalRunRequest } from "./localRunMessages.ts";

/** Milliseconds after which a model is stopped. */
const MOST_TIME = 120_000;

/** How far a run in this browser is. */
export type LocalRunState =
  | { readonly kind: "ready" }
  | { readonly kind: "running"; readonly text: string }
  | { readonly kind: "done"; readonly outputs: readonly Tensor[]; readonly ms: number }
  | { readonly kind: "failed"; readonly message: string };

/** A run of a version in a worker, one at a time; it ends with the part of the page that began it. */
export function useLocalRun(): {
  readonly state: LocalRunState;
  readonly start: (versionId: string, input: readonly Tensor[]) => void;
  readonly stop: () => void;
} {
  const { config } = useNetwork();
  const [state, setState] = useState<LocalRunState>({ kind: "ready" });
  const end = useRef<() => void>(undefined);
  const stop = useCallback(() => {
    end.current?.();
    end.current = undefined;
    setState({ kind: "ready" });
  }, []);
  const start = useCallback(
    (versionId: string, input: readonly Tensor[]) => {
      end.current?.();
      setState({ kind: "running", text: "Starting" });
      end.current = runLocally({ config, versionId, input }, setState);
    },
    [config],
  );
  useEffect(() => () => end.current?.(), []);
  return { state, start, stop };
}

/** Begins a run; the function that is given ends it. */
function runLocally(request: LocalRunRequest, onState: (state: LocalRunState) => void): () => void {
  const worker = new Worker(new URL("./localRunWorker.ts", import.meta.url), { type: "module" });
  const finish = (state: LocalRunState): void => {
    end();
    onState(state);
  };
  const timer = setTimeout(() => {
    finish({ kind: "failed", message: `The model took more than ${MOST_TIME / 1_000} seconds and was stopped.` });
  }, MOST_TIME);
  const end = (): void => {
    clearTimeout(timer);
    worker.terminate();
  };
  worker.addEventListener("message", ({ data }: MessageEvent<LocalRunReply>) => {
    if (data.kind === "ready") worker.postMessage(request);
    else if (data.kind === "step") onState({ kind: "running", text: data.text });
    else if (data.kind === "outputs") finish({ kind: "done", outputs: data.outputs, ms: data.ms });
    else finish({ kind: "failed", message: data.message });
  });
  worker.addEventListener("error", ({ message }) => {
    finish({ kind: "failed", message: `The worker failed: ${message === "" ? "it could not be loaded" : message}` });
  });
  return end;
}
