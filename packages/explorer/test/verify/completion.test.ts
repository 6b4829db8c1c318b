import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { errorRoot, PayloadError, type Tensor } from "@opg-protocol/sdk";
import { ZeroHash } from "ethers";

import { byteText, completionOf, tokensOf, windowText } from "../../src/verify/completion.ts";
import { compareTrace } from "../../src/verify/graph.ts";
import { verifyJob, type VerifyJobParameters } from "../../src/verify/job.ts";
import type { Report } from "../../src/verify/steps.ts";
import {
  asked,
  completed,
  COMPLETION,
  LENGTH,
  program,
  VERSES,
  VERSES_IDENTITY,
  windowOf,
  withByte,
} from "../support/verses.ts";
import { ARTIFACT_URI, digitsJob, type Differences, flipped, IDENTITY, runModel, toolsOf } from "./support/digits.ts";
import { ALL, findings, texts } from "./support/findings.ts";
import { servingText, statedText } from "./support/textJob.ts";

const PROMPT = "And God said";
/** A short text, because each of its bytes takes a run where nobody gives it. */
const INPUT = asked(PROMPT, { limit: 32 });
const TEXT = await completed(INPUT);
/** A place in the text, and what stands there. */
const PLACE = PROMPT.length + 5;
const RIGHT = TEXT.data[PLACE] ?? 0;
const WRONG = withByte(TEXT, PLACE, "~");

interface World {
  readonly stated?: Tensor;
  readonly differences?: Differences;
  /** Whether the node gives what it has stated. */
  readonly isServed?: boolean;
  readonly runModel?: VerifyJobParameters["runModel"];
}

/** Checks a job of the language model in a world that differs from the honest one. */
async function check({ stated = TEXT, differences, isServed = true, ...rest }: World = {}): Promise<Report> {
  const { rpc, jobId } = await digitsJob({ ...statedText(INPUT, stated), ...differences });
  const places = isServed ? servingText(stated) : { [ARTIFACT_URI]: VERSES };
  return verifyJob({ ...(await toolsOf(rpc, places)), jobId, ...rest });
}

const quotes = ({ steps }: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(steps.flatMap((step) => step.quotes.map(({ title, text }) => [title, text])));

describe("verifyJob, of a text", () => {
  it("shows the model what was stated, and checks each number of the run", async () => {
    const shown: (readonly string[])[] = [];
    const report = await check({
      runModel: (file, inputs) => {
        shown.push([...inputs.keys()]);
        assert.deepEqual(inputs.get("text.stated"), TEXT);
        return runModel(file, inputs);
      },
    });
    assert.deepEqual(findings(report), ALL, texts(report));
    assert.equal(report.verdict, "verified");
    const names = ["prompt", "limit", "seed", "temperature", "text.stated"];
    assert.deepEqual(shown, [names, names]);
    assert.match(texts(report), /lies within onnx-int8\/2 and compiles to the graph .* \(148 steps\)/);
    assert.match(
      texts(report),
      /Shown the stated output, the reference executor gives it again, bit for bit: 64 numbers/,
    );
    assert.match(texts(report), /agree on all 1134720 numbers of all 143 tensors, inner ones included/);
  });

  it("quotes prompt and text, apart from its own sentences", async () => {
    const report = await check();
    assert.equal(quotes(report)["Prompt"], PROMPT);
    assert.equal(quotes(report)["Text that was stated"], windowText(TEXT));
    assert.equal(texts(report).includes(windowText(TEXT)), false);
  });

  it("says which byte is wrong first, and what is right there", async () => {
    const later = withByte(WRONG, PLACE + 8, "~");
    for (const stated of [WRONG, later]) {
      const report = await check({ stated });
      assert.deepEqual(findings(report), { ...ALL, reference: "fails", runtime: "fails" });
      assert.equal(report.verdict, "refuted");
      const sentence = `The first wrong byte of the text is at position ${PLACE} of 0 to 63: 126 (“~”) was stated, ${byteText(RIGHT)} is right.`;
      assert.ok(texts(report).includes(sentence), texts(report));
      assert.equal(quotes(report)["Text that was stated"], windowText(stated));
    }
  });

  it("refutes a text that begins in the prompt, goes on behind the limit, or is cut short", async () => {
    const limited = asked(PROMPT, { limit: PLACE });
    const cut: Tensor = { ...TEXT, data: TEXT.data.with(PLACE, 0) };
    for (const [stated, differences, sentence] of [
      [withByte(TEXT, 3, "x"), {}, "position 3 of 0 to 63: 120 (“x”) was stated, 0 (nothing) is right"],
      [
        TEXT,
        statedText(limited, TEXT),
        `position ${PLACE} of 0 to 63: ${byteText(RIGHT)} was stated, 0 (nothing) is right`,
      ],
      [cut, {}, `position ${PLACE} of 0 to 63: 0 (nothing) was stated, ${byteText(RIGHT)} is right`],
    ] as const) {
      const report = await check({ stated, differences });
      assert.equal(report.verdict, "refuted");
      assert.ok(texts(report).includes(sentence), texts(report));
    }
  });

  it("needs nobody to serve a right text: what the model settles on has the stated root", async () => {
    const report = await check({ isServed: false });
    const { output, ...rest } = findings(report);
    assert.equal(output, undefined);
    assert.deepEqual({ ...rest, output: "holds" }, ALL);
    assert.equal(report.verdict, "verified");
    assert.equal(quotes(report)["Text that was stated"], windowText(TEXT));
  });

  it("leaves a wrong text open that nobody serves: it cannot be shown to the model", async () => {
    const report = await check({ stated: WRONG, isServed: false });
    assert.equal(report.verdict, "incomplete");
    assert.deepEqual([findings(report)["reference"], findings(report)["runtime"]], ["untold", "untold"]);
    assert.match(texts(report), /Nobody gave the stated bytes, and the model settles on others/);
    assert.deepEqual(Object.keys(quotes(report)), ["Prompt"]);
  });

  it("refutes a text in another window than the model's", async () => {
    const report = await check({ stated: { ...TEXT, shape: [1, LENGTH] } });
    assert.equal(report.verdict, "refuted");
    assert.match(texts(report), /not even of the same types and shapes/);
  });

  it("does not blame the node for a runtime of this browser that computes otherwise", async () => {
    const report = await check({
      runModel: async (...run) => new Map([...(await runModel(...run))].map(([name, made]) => [name, flipped(made)])),
    });
    assert.deepEqual(findings(report), { ...ALL, runtime: "untold", trace: "untold" });
  });

  it("is as exact where the version names no profile", async () => {
    const identity = { ...VERSES_IDENTITY, profile: ZeroHash, graphRoot: ZeroHash };
    const report = await check({ differences: { identity } });
    assert.equal(report.verdict, "verified");
    assert.match(texts(report), /lies within onnx-int8\/2 all the same/);
  });

  it("finds that a version names a profile that its file is not of", async () => {
    const report = await check({ differences: { identity: { ...VERSES_IDENTITY, profile: IDENTITY.profile } } });
    assert.equal(findings(report)["graph"], "fails");
    assert.match(texts(report), /names onnx-int8\/1, and its file lies outside/);
  });

  it("refutes that the model writes no text", async () => {
    const report = await check({ differences: { outputRoot: errorRoot(PayloadError.RefusedByModel) } });
    assert.equal(report.verdict, "refuted");
  });
});

describe("compareTrace, of a language model", () => {
  it("finds the numbers of ONNX Runtime Web in every tensor, of likely texts and of others", async () => {
    let elements = 0;
    for (const [prompt, temperature] of [
      ["In the beginning", 0],
      ["Unto the pure all things", 1_000],
      ["", 65_536],
    ] as const) {
      const input = asked(prompt, { temperature, limit: prompt.length + 12 });
      const shown = [await completed(input)];
      const comparison = await compareTrace(VERSES, { program, shown }, input, runModel);
      assert.deepEqual([comparison.different, comparison.first, comparison.tensors], [0, undefined, 143]);
      elements += comparison.elements;
    }
    assert.equal(elements, 3 * 1_134_720);
  });
});

describe("completionOf", () => {
  it("finds prompt and text by their names, types and lengths alone", () => {
    assert.deepEqual(completionOf(VERSES_IDENTITY), COMPLETION);
    assert.equal(completionOf(IDENTITY), undefined);
    const [first, ...others] = VERSES_IDENTITY.inputs;
    assert.ok(first);
    for (const different of [{ name: "image" }, { dtype: 6 }, { shape: [1, 64] }, { shape: [32] }, { shape: [0] }])
      assert.equal(completionOf({ ...VERSES_IDENTITY, inputs: [{ ...first, ...different }, ...others] }), undefined);
    const { inputs, outputs } = VERSES_IDENTITY;
    const moved = completionOf({ inputs: [...others, first], outputs });
    assert.deepEqual(moved, { ...COMPLETION, prompt: inputs.length - 1 });
  });
});

describe("windowText", () => {
  it("leaves out the zeros around a text, and replaces what is no UTF-8", () => {
    assert.equal(windowText(windowOf("let there be", 12)), "let there be");
    assert.equal(windowText(windowOf("")), "");
    assert.equal(windowText({ data: Uint8Array.of(0, 65, 0, 66, 0xff, 0) }), "A\0B\uFFFD");
    assert.equal(windowText(windowOf("<b>no markup</b>")), "<b>no markup</b>");
  });
});

describe("tokensOf", () => {
  it("gives prompt and text in one", () => {
    const tokens = tokensOf(COMPLETION, INPUT, [TEXT]);
    assert.equal(windowText({ data: tokens }), PROMPT + windowText(TEXT));
  });
});
