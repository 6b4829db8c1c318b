/** Runs a version away from the page's own thread, which can end this one whatever a model does. */
import { Executor } from "@opg-protocol/sdk/onnx";

import { connect } from "../network/connect.ts";
import { fetcher } from "../verify/download.ts";
import { GRAPH_STEP, readGraph } from "../verify/graph.ts";
import { shownTo } from "../verify/program.ts";
import { runVersion } from "../verify/recompute.ts";
import { reasonOf, type Step, Steps } from "../verify/steps.ts";
import { ARTIFACT_STEP, MOST_ARTIFACT_BYTES, readArtifact, readVersion, VERSION_STEP } from "../verify/version.ts";
import type { LocalRunReply, LocalRunRequest } from "./localRunMessages.ts";

const say = (reply: LocalRunReply): void => {
  self.postMessage(reply);
};

self.addEventListener("message", ({ data }: MessageEvent<LocalRunRequest>) => {
  run(data).then(say, (error: unknown) => {
    say({ kind: "failed", message: reasonOf(error) });
  });
});

async function run({ config, versionId, input }: LocalRunRequest): Promise<LocalRunReply> {
  const client = await connect(config);
  const steps = new Steps(tell);
  const version = await steps.run(VERSION_STEP, (step) => readVersion(client, versionId, step));
  if (version === undefined) return { kind: "failed", message: lastText(steps.all) };
  const fetchBytes = fetcher({ origin: self.location.origin, ipfsGateway: config.ipfsGateway });
  const artifact = await steps.run(ARTIFACT_STEP, (step) =>
    readArtifact(version, { fetchBytes, mostBytes: MOST_ARTIFACT_BYTES }, step),
  );
  if (artifact === undefined) return { kind: "failed", message: lastText(steps.all) };
  const { identity } = version;
  const program = await steps.run(GRAPH_STEP, (step) => Promise.resolve(readGraph(artifact, identity, step)));
  say({ kind: "step", text: "Running" });
  const { runModel } = await import("../verify/runtime.ts");
  const began = performance.now();
  const judged = program && { program, shown: await shownTo(new Executor(program), input, undefined) };
  const outputs = await runVersion({ version, artifact, input }, runModel, judged);
  return { kind: "outputs", outputs, ms: performance.now() - began };
}

function tell({ title, progress }: Step): void {
  const part = progress === undefined ? "" : ` (${Math.round(progress * 100)} %)`;
  say({ kind: "step", text: `${title}${part}` });
}

/** What the last step has found. */
const lastText = (steps: readonly Step[]): string => {
  const finding = steps.flatMap(({ findings }) => findings).at(-1);
  return finding === undefined ? "The version could not be read." : [finding.text, ...finding.detail].join(" ");
};

// Modules that this one needs wait for WebAssembly while they load: what was said to a worker before that would be lost.
say({ kind: "ready" });
