import { expect } from "chai";
import { ZeroHash } from "ethers";

import { MerkleTree } from "../../packages/sdk/src/codecs/merkle.ts";
import { tensorByteLength } from "../../packages/sdk/src/codecs/tensor.ts";
import type { Case } from "../../packages/sdk/src/onnx/index.ts";
import {
  type IntegerReferee,
  IntegerReferee__factory,
  type IReferee,
  type OnnxReferee,
  OnnxReferee__factory,
} from "../../typechain-types/index.ts";
import { actors, nth } from "./actors.ts";
import { ethers } from "./network.ts";
import { caseOf, type Scene } from "./scenes.ts";

/** A referee; it needs nothing but its code. */
export async function refereed(): Promise<{ readonly referee: OnnxReferee }> {
  const { deployer } = await actors();
  return { referee: await new OnnxReferee__factory(deployer).deploy() };
}

/** The referee of models of integers, out of the artifacts: benchmarks judge with what is deployed. */
export async function integerRefereed(): Promise<{ readonly referee: IntegerReferee }> {
  const { deployer } = await actors();
  const deployed = await ethers.deployContract("IntegerReferee", deployer);
  return { referee: IntegerReferee__factory.connect(await deployed.getAddress(), deployer) };
}

/** A case in which nothing is opened, of no step. */
export const UNOPENED: Case = {
  traceRoot: ZeroHash,
  inputRoot: ZeroHash,
  outputRoot: ZeroHash,
  nodeRoot: ZeroHash,
  step: "0x",
  word: 0,
  offset: 0,
  witness: 0,
  accused: { words: [], siblings: [] },
  inputRoots: [],
  inputPaths: [],
  inputs: [],
  constants: { words: [], siblings: [] },
};

type Judge = (c: Case) => Promise<boolean>;

export const judgeOf =
  (referee: Pick<IReferee, "faulty">): Judge =>
  (c) =>
    referee.faulty(c as Parameters<IReferee["faulty"]>[0]);

/**
 * Judges every element of the last step's tensor, padding too: as it is, and with one bit of one of its bytes changed.
 * @returns how many elements there were, and how many of them are padding.
 */
export async function judgeAll(
  referee: Pick<IReferee, "faulty">,
  scene: Scene,
): Promise<{ elements: number; padding: number }> {
  const judge = judgeOf(referee);
  const { dtype } = nth(scene.program.steps, scene.index).step;
  const size = tensorByteLength({ dtype, shape: [1] });
  const honest = scene.treeOf(scene.index).words;
  let padding = 0;
  for (let place = 0; place < honest.length; place += size) {
    const [word, offset] = [Math.floor(place / 32), place % 32];
    const c = caseOf(scene, word, offset);
    if (c.inputs.length === 0) padding += 1;
    expect(await judge(c), `honest byte ${place}`).to.equal(false);
    const at = place + ((place / size) % size);
    const lie = honest.with(at, (honest[at] ?? 0) ^ (1 << (Math.floor(place / size) % 8)));
    expect(await judge(caseOf(scene, word, offset, new MerkleTree(lie))), `changed byte ${at}`).to.equal(true);
  }
  return { elements: honest.length / size, padding };
}
