import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { Tensor } from "@opg-protocol/sdk";

import { distanceOf, ulpsBetween } from "../../src/verify/distance.ts";
import { verdictLook } from "../../src/verify/verdictText.ts";
import { endedSteps, reportOf, type Step, type StepName, Steps } from "../../src/verify/steps.ts";

const NAME: StepName = { id: "a", title: "A step", subject: "artifact" };

describe("Steps", () => {
  it("leaves open what a step throws, in a bounded length, and goes on", async () => {
    const steps = new Steps(() => undefined);
    const nothing = await steps.run(NAME, (): Promise<number> => Promise.reject(new Error("x".repeat(10_000))));
    assert.equal(nothing, undefined);
    assert.equal(await steps.run({ ...NAME, id: "b" }, () => Promise.resolve(7)), 7);
    const [finding] = steps.all.flatMap((step) => step.findings);
    assert.equal(finding?.finding, "untold");
    assert.ok(finding.text.length < 500);
  });

  it("measures how long steps take", async () => {
    let now = 0;
    const steps = new Steps(
      () => undefined,
      undefined,
      () => now,
    );
    await steps.run(NAME, () => {
      now = 250;
      return Promise.resolve();
    });
    assert.equal(reportOf(steps.all).ms, 250);
  });
});

describe("verdictLook", () => {
  it("calls nothing verified of which no result was computed again", () => {
    assert.equal(verdictLook("verified", true).title, "Verified");
    assert.doesNotMatch(JSON.stringify(verdictLook("verified", false)), /verified/i);
    assert.equal(verdictLook("refuted", false).title, "Refuted");
  });
});

describe("reportOf", () => {
  const step = (
    ...findings: readonly (readonly ["reference" | "input" | "order", "holds" | "fails" | "untold"])[]
  ): Step => ({
    ...NAME,
    isHeavy: false,
    state: "done",
    progress: undefined,
    notes: [],
    quotes: [],
    ms: 1,
    findings: findings.map(([subject, finding]) => ({ subject, finding, text: `${subject} ${finding}`, detail: [] })),
  });

  it("is verified only if all holds and the result was computed again", () => {
    assert.equal(reportOf([step(["order", "holds"], ["reference", "holds"])]).verdict, "verified");
    assert.equal(reportOf([step(["order", "holds"], ["input", "holds"])]).verdict, "incomplete");
    assert.equal(reportOf([step(["order", "untold"], ["reference", "holds"])]).verdict, "incomplete");
    assert.equal(reportOf([]).verdict, "incomplete");
    assert.equal(reportOf([], false).verdict, "incomplete");
    assert.equal(reportOf([step(["order", "holds"])], false).verdict, "verified");
  });

  it("is refuted by one thing that fails, whatever else there is, and still says what is open", () => {
    const report = reportOf([step(["order", "untold"], ["reference", "holds"], ["input", "fails"])]);
    assert.equal(report.verdict, "refuted");
    assert.deepEqual(report.unchecked, ["order untold"]);
  });

  it("leaves open the step that was running when it was ended", () => {
    const steps = [step(["order", "holds"]), { ...step(), id: "b", state: "running" } satisfies Step];
    const ended = endedSteps(steps, "runtime", "It took too long.");
    assert.deepEqual(
      ended.map(({ state }) => state),
      ["done", "done"],
    );
    const report = reportOf(ended);
    assert.equal(report.verdict, "incomplete");
    assert.ok(report.unchecked.includes("It took too long."));
  });
});

describe("distanceOf", () => {
  const floats = (...values: readonly number[]): Tensor => ({
    dtype: 1,
    shape: [values.length],
    data: new Uint8Array(Float32Array.from(values).buffer),
  });

  it("counts numbers that differ by their bits, and how far they are apart", () => {
    const distance = distanceOf([floats(1, 2, 3)], [floats(1, 2.5, 3 + 2 ** -22)]);
    assert.deepEqual([distance?.count, distance?.different, distance?.most], [3, 2, 0.5]);
    assert.equal(distance?.mostUlps, 2 ** 21);
    assert.deepEqual(distance.first, { tensor: 0, element: 1, ours: 2, theirs: 2.5 });
  });

  it("has no end where a number is not finite", () => {
    assert.equal(distanceOf([floats(1)], [floats(NaN)])?.most, Infinity);
    assert.equal(distanceOf([floats(Infinity)], [floats(1)])?.most, Infinity);
  });

  it("compares numbers of eight bytes", () => {
    const longs = (value: bigint): Tensor => ({
      dtype: 7,
      shape: [1],
      data: new Uint8Array(BigInt64Array.of(value).buffer),
    });
    const distance = distanceOf([longs(-5n)], [longs(3n)]);
    assert.deepEqual([distance?.most, distance?.mostUlps], [8, undefined]);
  });

  it("compares nothing of other types or shapes", () => {
    assert.equal(distanceOf([floats(1)], [floats(1, 2)]), undefined);
    assert.equal(distanceOf([floats(1)], []), undefined);
  });

  it("counts floats across zero", () => {
    assert.equal(ulpsBetween(0, -0), 0);
    assert.equal(ulpsBetween(2 ** -149, -(2 ** -149)), 2);
    assert.equal(ulpsBetween(1, 1 + 2 ** -23), 1);
  });
});
