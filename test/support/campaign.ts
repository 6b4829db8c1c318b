/** Random models, judged as ONNX Runtime runs them. */
import { expect } from "chai";
import { hexlify } from "ethers";

import { MerkleTree } from "../../packages/sdk/src/codecs/merkle.ts";
import { tensorByteLength } from "../../packages/sdk/src/codecs/tensor.ts";
import { commit, Executor, expose, fastKeccak, namedInputs } from "../../packages/sdk/src/onnx/index.ts";
import { RUNTIMES } from "../../packages/sdk/test/onnx/support/runtimes.ts";
import type { Case as Model } from "../../packages/sdk/test/onnx/support/Sketch.ts";
import type { IReferee } from "../../typechain-types/index.ts";
import { Random } from "../model/Random.ts";
import { nth } from "./actors.ts";
import { judgeOf } from "./referee.ts";
import { caseOf, type Scene } from "./scenes.ts";

/** Elements that are judged. Set REFEREE_ELEMENTS to 100000 or more when a referee is changed. */
export const ELEMENTS = Number(process.env["REFEREE_ELEMENTS"] ?? 2_000);
const SEED = Number(process.env["REFEREE_SEED"] ?? 1);
const PER_STEP = ELEMENTS > 50_000 ? 100 : 20;

/** A run of a model: the challenger's trace is of the executor, the node's tensors are those of ONNX Runtime. */
async function run({ file, program, inputs }: Model): Promise<{ scene: Scene; theirs: readonly Uint8Array[] }> {
  const [, , , native] = RUNTIMES;
  if (native === undefined) throw new Error("There is a runtime with two threads and all optimisations");
  const exposed = expose(file, program);
  const outputs = await native.run(exposed.file, namedInputs(program, inputs));
  const ours = [...new Executor(program).tensors(inputs)].map(([, words]) => words);
  const theirs = program.steps.map(({ step }, i) => {
    const made = outputs.get(exposed.names[i] ?? "");
    return made === undefined ? nth(ours, i) : commit(step, made); // what brings an input into the graph has no name
  });
  const trees = ours.map((words) => new MerkleTree(words, fastKeccak));
  const roots = trees.map(({ root }) => hexlify(root));
  return { scene: { program, payload: inputs, roots, treeOf: (step) => nth(trees, step), index: 0 }, theirs };
}

/**
 * Judges elements of random models: the runtime is acquitted of each, and a changed bit is convicted in one of four.
 * @returns how many elements of each opcode.
 */
export async function judgeModels(
  referee: Pick<IReferee, "faulty">,
  modelOf: (seed: number, random: Random) => Model,
): Promise<ReadonlyMap<number, number>> {
  const judge = judgeOf(referee);
  const random = new Random(SEED);
  const judged = new Map<number, number>();
  let total = 0;
  for (let seed = SEED * 1_000_000; total < ELEMENTS; seed += 1) {
    const model = modelOf(seed, random);
    const { scene, theirs } = await run(model);
    for (const [index, { step }] of model.program.steps.entries()) {
      const words = nth(theirs, index);
      const tree = new MerkleTree(words, fastKeccak);
      const size = tensorByteLength({ dtype: step.dtype, shape: [1] });
      const count = words.length / size;
      for (let i = 0; i < Math.min(PER_STEP, count) && total < ELEMENTS; i += 1) {
        const place = (count <= PER_STEP ? i : random.int(count)) * size;
        const [word, offset] = [Math.floor(place / 32), place % 32];
        const where = `seed ${seed}, step ${index}, opcode ${step.opcode}, byte ${place}`;
        expect(await judge(caseOf({ ...scene, index }, word, offset, tree)), where).to.equal(false);
        if (i % 4 === 0) {
          const at = place + random.int(size);
          const lie = words.with(at, (words[at] ?? 0) ^ (1 << random.int(8)));
          expect(
            await judge(caseOf({ ...scene, index }, word, offset, new MerkleTree(lie, fastKeccak))),
            `${where}, changed`,
          ).to.equal(true);
        }
        judged.set(step.opcode, (judged.get(step.opcode) ?? 0) + 1);
        total += 1;
      }
    }
  }
  if (ELEMENTS > 50_000) console.log(Object.fromEntries(judged));
  return judged;
}
