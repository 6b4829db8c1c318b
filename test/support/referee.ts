import { expect } from "chai";

import type { Case } from "../../packages/sdk/src/onnx/index.ts";
import { type OnnxReferee, OnnxReferee__factory } from "../../typechain-types/index.ts";
import { actors } from "./actors.ts";
import { caseOf, type Scene, UINT8 } from "./scenes.ts";

/** A referee; it needs nothing but its code. */
export async function refereed(): Promise<{ readonly referee: OnnxReferee }> {
  const { deployer } = await actors();
  return { referee: await new OnnxReferee__factory(deployer).deploy() };
}

type Judge = (c: Case) => Promise<boolean>;

export const judgeOf =
  (referee: OnnxReferee): Judge =>
  (c) =>
    referee.faulty(c as Parameters<OnnxReferee["faulty"]>[0]);

/**
 * Judges every byte of the last step's tensor, padding too: as it is, and with one bit of it changed.
 * @returns how many elements there were, and how many of them are padding.
 */
export async function judgeAll(referee: OnnxReferee, scene: Scene): Promise<{ elements: number; padding: number }> {
  const judge = judgeOf(referee);
  const { step } = scene.program.steps[scene.index] ?? {};
  const size = step?.dtype === UINT8 ? 1 : step?.dtype === 1 ? 4 : 8;
  const honest = scene.treeOf(scene.index).words;
  let padding = 0;
  for (let place = 0; place < honest.length; place += size) {
    const [word, offset] = [Math.floor(place / 32), place % 32];
    const c = caseOf(scene, word, offset);
    if (c.inputs.length === 0) padding += 1;
    expect(await judge(c), `honest byte ${place}`).to.equal(false);
    const at = place + (place % size);
    const lie = honest.with(at, (honest[at] ?? 0) ^ (1 << (place % 8)));
    expect(await judge(caseOf(scene, word, offset, lie)), `changed byte ${place}`).to.equal(true);
  }
  return { elements: honest.length / size, padding };
}
