import type { Reply, Request } from "./messages.ts";
import { endedSteps, type Report, reportOf, type Step } from "./steps.ts";

/** How far a check is. */
export interface TaskState {
  /** In their order. */
  readonly steps: readonly Step[];
  /** Undefined while it runs, and where it failed as a whole. */
  readonly report: Report | undefined;
  /** Why there is no report. */
  readonly failure: string | undefined;
}

/** What a check in a worker takes. */
export interface RunTaskParameters {
  readonly request: Request;
  /** Milliseconds that the model may take in all, from the first step that computes with it. */
  readonly timeLimit: number;
  readonly onState: (state: TaskState) => void;
}

/** A check that runs. */
export interface RunningTask {
  /** Ends it; what was found stays. Does nothing when it is over. */
  cancel(): void;
}

/** Runs a check in a worker of its own, which is ended when its model takes too long: a file of a stranger may never stop. */
export function runTask({ request, timeLimit, onState }: RunTaskParameters): RunningTask {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const steps = new Map<string, Step>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const end = (state: TaskState): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    worker.terminate();
    onState(state);
  };
  const interrupt = (why: string): void => {
    const ended = endedSteps([...steps.values()], "runtime", why);
    end({ steps: ended, report: reportOf(ended, request.task.kind !== "leaf"), failure: undefined });
  };
  const onReply = (reply: Reply): void => {
    if (isOver) return;
    if (reply.kind === "ready") worker.postMessage(request);
    else if (reply.kind === "report") end({ steps: reply.report.steps, report: reply.report, failure: undefined });
    else if (reply.kind === "failed") end({ steps: [...steps.values()], report: undefined, failure: reply.message });
    else {
      steps.set(reply.step.id, reply.step);
      if (reply.step.isHeavy)
        timer ??= setTimeout(() => {
          interrupt(
            `The model took more than ${timeLimit / 1_000} seconds and was stopped. Give it more time and try again.`,
          );
        }, timeLimit);
      onState({ steps: [...steps.values()], report: undefined, failure: undefined });
    }
  };
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    onReply(data);
  });
  worker.addEventListener("error", ({ message }) => {
    interrupt(`The worker of this page failed: ${message === "" ? "it could not be loaded" : message}`);
  });
  onState({ steps: [], report: undefined, failure: undefined });
  return {
    cancel: () => {
      interrupt("You stopped it.");
    },
  };
}
