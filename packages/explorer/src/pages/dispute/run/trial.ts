import type { TrialReply, TrialRequest } from "./trialMessages.ts";

/** Milliseconds that a model may take: the page stands still for about as long when it runs it afterwards. */
const MOST_TIME = 20_000;

/** The part of a worker that a trial needs. */
export type TrialWorker = Pick<Worker, "addEventListener" | "postMessage" | "terminate">;

const startWorker = (): TrialWorker => new Worker(new URL("./trialWorker.ts", import.meta.url), { type: "module" });

/**
 * Tries a file away from the page's own thread, before the page runs it: a file of a stranger may never stop.
 * @returns whether it came to an end in time.
 */
export async function endsInTime(
  request: TrialRequest,
  signal: AbortSignal,
  { start = startWorker, mostTime = MOST_TIME } = {},
): Promise<boolean> {
  signal.throwIfAborted();
  const worker = start();
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const stop = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener("abort", stop);
  const timer = setTimeout(() => {
    resolve(false);
  }, mostTime);
  worker.addEventListener("message", ({ data }: MessageEvent<TrialReply>) => {
    if (data === "ready") worker.postMessage(request);
    else resolve(true);
  });
  worker.addEventListener("error", () => {
    reject(new Error("The worker of this page failed, so the model cannot be tried. Load the page anew."));
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    worker.terminate();
  }
}
