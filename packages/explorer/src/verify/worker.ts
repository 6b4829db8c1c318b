/** Checks away from the page's own thread, which stays free, and which can end this one whatever a model does. */
import { connect } from "../network/connect.ts";
import { verifyBatchLeaf } from "./batch.ts";
import { fetcher } from "./download.ts";
import { verifyJob } from "./job.ts";
import type { Reply, Request } from "./messages.ts";
import { verifyReceipt } from "./receipt.ts";
import { type Report, reasonOf } from "./steps.ts";

const say = (reply: Reply): void => {
  self.postMessage(reply);
};

self.addEventListener("message", ({ data }: MessageEvent<Request>) => {
  answer(data).then(
    (report) => {
      say({ kind: "report", report });
    },
    (error: unknown) => {
      say({ kind: "failed", message: reasonOf(error) });
    },
  );
});

async function answer({ config, task, artifact }: Request): Promise<Report> {
  const client = await connect(config);
  const onStep = (step: Parameters<Parameters<typeof verifyJob>[0]["onStep"]>[0]): void => {
    say({ kind: "step", step });
  };
  if (task.kind === "leaf") return verifyBatchLeaf({ client, given: task.given, onStep });
  const fetchBytes = fetcher({ origin: self.location.origin, ipfsGateway: config.ipfsGateway });
  // The runtime is large: it is asked for when there is something to run.
  const runModel = async (...run: Parameters<typeof import("./runtime.ts").runModel>) =>
    (await import("./runtime.ts")).runModel(...run);
  const tools = { client, fetchBytes, runModel, onStep, artifact };
  return task.kind === "job"
    ? verifyJob({ ...tools, jobId: task.jobId })
    : verifyReceipt({ ...tools, given: task.given });
}

// Modules that this one needs wait for WebAssembly while they load: what was said to a worker before that would be lost.
say({ kind: "ready" });
