import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";

import { encodePayload, payloadRoot, type Tensor } from "@opg-protocol/sdk";
import { id } from "ethers";

import { type OwnRun, runHere } from "../../src/pages/dispute/run/ownRun.ts";
import type { TrialReply, TrialRequest } from "../../src/pages/dispute/run/trialMessages.ts";
import type { Step } from "../../src/verify/steps.ts";
import { asked, completed, VERSES, withByte } from "../support/verses.ts";
import { ARTIFACT_URI, NODE, NODE_URL, releaseDigits, servedFrom } from "../verify/support/digits.ts";
import { FakeRpc } from "../verify/support/FakeRpc.ts";
import { servingText, statedText } from "../verify/support/textJob.ts";

const PROMPT = "And God said";
const INPUT = asked(PROMPT, { limit: 32 });
const TEXT = await completed(INPUT);
const PLACE = PROMPT.length + 5;
const WRONG = withByte(TEXT, PLACE, "~");

/** Stands where the page's worker would, and has been through with every model. */
class QuickWorker extends EventTarget {
  static asked: TrialRequest[] = [];

  constructor() {
    super();
    setImmediate(() => {
      this.say("ready");
    });
  }

  postMessage(request: TrialRequest): void {
    QuickWorker.asked.push(request);
    this.say("over");
  }

  terminate(): void {
    // There is no thread to end.
  }

  say(data: TrialReply): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

/** Runs the language model on a statement whose round is not known, as of a receipt. */
async function run(
  stated: Tensor,
  isServed = true,
): Promise<{ readonly own: OwnRun; readonly steps: readonly Step[] }> {
  const rpc = new FakeRpc();
  const { identity } = statedText(INPUT, stated);
  const versionId = releaseDigits(rpc, { ...(identity && { identity }) });
  const inputRoot = payloadRoot(INPUT);
  const steps = new Map<string, Step>();
  const own = await runHere(
    await rpc.client(),
    {
      statementId: id("statement"),
      versionId,
      node: NODE,
      outputRoot: payloadRoot([stated]),
      roundId: undefined,
      inputRoot,
      orderBlock: undefined,
    },
    {
      fetchBytes: servedFrom({
        ...(isServed ? servingText(stated) : { [ARTIFACT_URI]: VERSES }),
        [`${NODE_URL}/v1/outputs/${inputRoot}`]: encodePayload(INPUT),
      }),
      signal: new AbortController().signal,
      onStep: (step) => steps.set(step.id, step),
    },
  );
  return { own, steps: [...steps.values()] };
}

const untold = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap(({ findings }) => findings.filter(({ finding }) => finding !== "holds").map(({ text }) => text));

describe("runHere, of a text", () => {
  const before = Reflect.get(globalThis, "Worker") as unknown;
  beforeEach(() => {
    QuickWorker.asked = [];
    Reflect.set(globalThis, "Worker", QuickWorker);
  });
  afterEach(() => {
    Reflect.set(globalThis, "Worker", before);
  });

  it("shows the model what was stated, which comes out again if it is right", async () => {
    const { own, steps } = await run(TEXT);
    assert.deepEqual(untold(steps), []);
    assert.deepEqual(own.run?.stated, [TEXT]);
    assert.equal(own.outputRoot, payloadRoot([TEXT]));
    assert.deepEqual(
      QuickWorker.asked.map(({ profile, inputs, stated }) => ({ profile, inputs, stated })),
      [{ profile: own.version.identity.profile, inputs: INPUT, stated: [TEXT] }],
    );
  });

  it("makes another text of a wrong one, with the right byte where that is wrong first", async () => {
    const { own } = await run(WRONG);
    assert.deepEqual(own.run?.stated, [WRONG]);
    assert.notEqual(own.outputRoot, payloadRoot([WRONG]));
    const [made] = own.run.trace.outputs;
    assert.deepEqual(made?.data.subarray(0, PLACE + 1), TEXT.data.subarray(0, PLACE + 1));
  });

  it("finds a right text by itself where the node does not give it", async () => {
    const { own } = await run(TEXT, false);
    assert.deepEqual(own.run?.stated, [TEXT]);
    assert.equal(own.outputRoot, payloadRoot([TEXT]));
  });

  it("makes no run about a wrong text that the node does not give", async () => {
    const { own, steps } = await run(WRONG, false);
    assert.equal(own.run, undefined);
    assert.equal(own.outputRoot, undefined);
    assert.ok(untold(steps).includes("The model reads the output that was stated, and nobody gives that."));
  });
});
