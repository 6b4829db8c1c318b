import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { hexlify, toBeHex, ZeroHash } from "ethers";

import { MerkleTree } from "../../../src/codecs/merkle.ts";
import { payloadRoot } from "../../../src/codecs/payload.ts";
import { type Tensor, tensorPreimage, tensorRoot } from "../../../src/codecs/tensor.ts";
import {
  type Case,
  DType,
  graphRootOf,
  INTEGER_PROFILE,
  IntegerOpcode,
  Layout,
  openCase,
  openWords,
  type Program,
  shownOutputs,
  STATED_OUTPUT,
  type StatedTensor,
  statedPayloadRoot,
  stepsRootOf,
} from "../../../src/onnx/index.ts";

const TEXT: Tensor = { dtype: DType.Uint8, shape: [40], data: new Uint8Array(40).fill(7) };

/** A program of one step, which copies what the statement states. */
function copying(): Program {
  const { dtype, shape } = TEXT;
  const inputs = [{ from: STATED_OUTPUT, layout: Layout.Packed, dtype, shape }];
  const attrs = [1n, 40n, 0n, 1n];
  const made = { opcode: IntegerOpcode.Move, layout: Layout.Rows, dtype, shape };
  const step = { ...made, inputs, attrs, constRoot: ZeroHash, constDepth: 0 };
  const profile = INTEGER_PROFILE;
  const outputs = [{ name: "text", dtype, shape, step: 0 }];
  const steps = [{ step, constants: new Uint8Array(), name: "text" }];
  const program: Omit<Program, "graphRoot"> = {
    profile,
    inputs: [],
    outputs,
    stated: [0],
    steps,
    stepsRoot: stepsRootOf([step], profile),
  };
  return { ...program, graphRoot: graphRootOf(program) };
}

// That a referee accepts what is opened is tested on chain, in test/IntegerReferee of the repository.
describe("openCase, of a step that reads what the statement states", () => {
  const tree = new MerkleTree(TEXT.data);
  const nodeRoot = hexlify(tree.root);
  /** The case against element 33 of a node that states these outputs. */
  const against = (outputs?: readonly StatedTensor[], outputRoot = statedPayloadRoot(outputs ?? [TEXT])): Case => {
    const known = outputs === undefined ? {} : { outputs };
    const accused = openWords(tree, [1]);
    const evidence = { payload: [], outputRoot, ...known, roots: [nodeRoot], treeOf: () => tree, nodeRoot, accused };
    return openCase(copying(), evidence, 0, 1, 1);
  };

  it("opens the word under the output at its place", () => {
    const c = against([TEXT]);
    assert.equal(c.outputRoot, payloadRoot([TEXT]));
    assert.deepEqual([c.inputRoots, c.inputPaths], [[nodeRoot], [[tensorRoot(TEXT)]]]);
    assert.deepEqual(c.inputs, [openWords(tree, [1])]);
  });

  it("shows type and dimensions of an output that does not fit, in place of a word", () => {
    const longer = { ...TEXT, shape: [2, 20] };
    const siblings = [DType.Uint8, 2, 20].map((number) => toBeHex(number, 32));
    assert.deepEqual(against([longer]).inputs, [{ words: [], siblings }]);
    assert.deepEqual(against([longer]).inputRoots, [nodeRoot]);
  });

  it("shows the same where only what its root is the hash of is there, and roots of tensors that nothing reads", () => {
    const longer = { ...TEXT, shape: [2, 20] };
    const known = [tensorPreimage(longer), { root: tensorRoot(TEXT) }];
    assert.deepEqual(against(known, payloadRoot([longer, TEXT])), against([longer, TEXT]));
  });

  it("opens nothing of an output that the statement does not have", () => {
    const c = against([]);
    assert.deepEqual([c.inputRoots, c.inputPaths], [[ZeroHash], [[]]]);
    assert.deepEqual(c.inputs, [{ words: [], siblings: [] }]);
  });

  it("throws if what is stated is not there", () => {
    assert.throws(() => against(), RangeError);
  });
});

describe("shownOutputs", () => {
  const { outputs, stated } = copying();
  const shown = (...tensors: readonly StatedTensor[]) => shownOutputs({ outputs, stated }, tensors);
  const zeros = { ...TEXT, data: new Uint8Array(40) };

  it("gives the stated tensors as they are", () => {
    assert.deepEqual(shown(TEXT), [TEXT]);
  });

  it("gives zeros in place of a tensor that is not there, or is of another type or shape", () => {
    assert.deepEqual(shown(), [zeros]);
    assert.deepEqual(shown({ root: tensorRoot(TEXT) }), [zeros]);
    assert.deepEqual(shown({ ...TEXT, shape: [2, 20] }), [zeros]);
    assert.deepEqual(shown({ ...tensorPreimage(TEXT), dtype: DType.Int8 }), [zeros]);
  });

  it("throws where a tensor is of its type and shape and its bytes are not there", () => {
    assert.throws(() => shown(tensorPreimage(TEXT)), new RangeError("The bytes of the stated output 0 are not there."));
  });

  it("gives nothing to a model that reads no output", () => {
    assert.deepEqual(shownOutputs({ outputs, stated: [] }, [TEXT]), []);
  });
});
