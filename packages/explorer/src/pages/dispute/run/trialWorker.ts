/** Compiles and runs a stranger's file once, where that can be ended. */
import { Executor } from "@opg-protocol/sdk/onnx";

import { profileOf, programOf, shownTo } from "../../../verify/program.ts";
import type { TrialReply, TrialRequest } from "./trialMessages.ts";

const say = (reply: TrialReply): void => {
  self.postMessage(reply);
};

self.addEventListener("message", ({ data }: MessageEvent<TrialRequest>) => {
  // That it comes to its end is all that is asked: the page meets the same error, and says it.
  void tryOut(data)
    .catch(() => undefined)
    .then(() => {
      say("over");
    });
});

async function tryOut({ file, profile, inputs, stated }: TrialRequest): Promise<void> {
  const executor = new Executor(programOf(file, profileOf(profile)));
  if (inputs !== undefined) executor.trace(inputs, await shownTo(executor, inputs, stated));
}

// Modules that this one needs wait for WebAssembly while they load: what was said to a worker before that would be lost.
say("ready");
