/** Compiles and runs a stranger's file once, where that can be ended. */
import { compile, Executor } from "@opg-protocol/sdk/onnx";

import type { TrialReply, TrialRequest } from "./trialMessages.ts";

const say = (reply: TrialReply): void => {
  self.postMessage(reply);
};

self.addEventListener("message", ({ data: { file, inputs } }: MessageEvent<TrialRequest>) => {
  try {
    const executor = new Executor(compile(file));
    if (inputs !== undefined) executor.trace(inputs);
  } catch {
    // That it comes to its end is all that is asked: the page meets the same error, and says it.
  }
  say("over");
});

// Modules that this one needs wait for WebAssembly while they load: what was said to a worker before that would be lost.
say("ready");
