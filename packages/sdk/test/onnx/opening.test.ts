import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { hexlify, id, keccak256 } from "ethers";

import { MerkleTree } from "../../src/codecs/merkle.ts";
import { payloadRoot } from "../../src/codecs/payload.ts";
import {
  type Evidence,
  Executor,
  openCase,
  openWords,
  Opcode,
  stepHash,
  rootOfTrace,
  traceTree,
} from "../../src/onnx/index.ts";
import { operatorCase } from "./support/cases.ts";

// That a referee accepts what is opened is tested on chain, in test/OnnxReferee of the repository.
describe("openCase", () => {
  const { program, inputs } = operatorCase("QLinearMatMul", 3);
  const trees = [...new Executor(program).tensors(inputs)].map(([, words]) => new MerkleTree(words));
  const treeOf = (step: number): MerkleTree => trees[step] ?? new MerkleTree(new Uint8Array());
  const index = program.steps.findIndex(({ step }) => step.opcode === Opcode.Dot);
  const roots = trees.map(({ root }) => hexlify(root));
  const nodeRoot = roots[index] ?? "";
  const outputRoot = id("what the statement states");
  const accused = openWords(treeOf(index), [0]);
  const evidence: Evidence = { payload: inputs, outputRoot, roots, treeOf, nodeRoot, accused };

  it("carries what its receiver binds: input, output, trace, the node's tensor and the step", () => {
    const c = openCase(program, evidence, index, 0, 0);
    const step = program.steps[index]?.step;
    assert.ok(step);
    assert.equal(keccak256(c.step), stepHash(step, index, program.profile));
    assert.equal(c.inputRoot, payloadRoot(inputs));
    assert.equal(c.outputRoot, outputRoot);
    assert.equal(c.traceRoot, rootOfTrace(traceTree(roots)));
    assert.equal(c.nodeRoot, nodeRoot);
    assert.equal(c.inputs.length, 1);
  });

  it("opens nothing but the accused word in the padding", () => {
    const c = openCase(program, evidence, index, 0, 31);
    const columns = program.steps[index]?.step.shape.at(-1) ?? 0;
    assert.ok(columns < 31);
    assert.deepEqual([c.inputRoots, c.inputPaths, c.inputs, c.constants.words], [[], [], [], []]);
  });

  it("throws for a step that there is not, and where no element begins", () => {
    assert.throws(() => openCase(program, evidence, program.steps.length, 0, 0), RangeError);
    assert.throws(() => openCase(program, evidence, index, 0, 32), RangeError);
  });
});
