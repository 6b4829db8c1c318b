import assert from "node:assert/strict";
import { it } from "node:test";

import { ModelRefusedError, PROFILE, type Profile, type Refusal, compile } from "../../src/onnx/index.ts";
import { GraphBuilder } from "../../src/onnx/GraphBuilder.ts";

/** Why a file is refused: node, attribute and reason of each refusal. */
export function refusalsOf(file: Uint8Array, profile: Profile = PROFILE): [string, string, string][] {
  try {
    compile(file, profile);
  } catch (error) {
    assert.ok(error instanceof ModelRefusedError);
    const { node, operator, attribute, reason, refusals } = error;
    assert.deepEqual(refusals[0], { node, operator, attribute, reason } satisfies Refusal);
    return refusals.map((refusal) => [refusal.node, refusal.attribute, refusal.reason]);
  }
  return [];
}

export type Build = (builder: GraphBuilder) => void;
export type Case = readonly [title: string, build: Build, ...refusals: readonly [string, string, string][]];

/** One test for each case: the graph is refused for these reasons and no others. */
export function check(cases: readonly Case[], opset = 13, profile: Profile = PROFILE): void {
  for (const [title, build, ...refusals] of cases)
    it(`refuses ${title}`, () => {
      const builder = new GraphBuilder(opset);
      build(builder);
      assert.deepEqual(refusalsOf(builder.bytes(), profile), refusals);
    });
}
