import { expect } from "chai";
import { hexlify } from "ethers";

import { MerkleTree } from "../../packages/sdk/src/codecs/merkle.ts";
import { commit, Executor, expose, fastKeccak } from "../../packages/sdk/src/onnx/index.ts";
import { networkCase, operatorCase, OPERATORS } from "../../packages/sdk/test/onnx/support/cases.ts";
import { RUNTIMES } from "../../packages/sdk/test/onnx/support/runtimes.ts";
import type { Case as Model } from "../../packages/sdk/test/onnx/support/Sketch.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { judgeOf, refereed } from "../support/referee.ts";
import { caseOf, type Scene } from "../support/scenes.ts";

/** Elements that are judged. Set REFEREE_ELEMENTS to 100000 or more when the referee is changed. */
const ELEMENTS = Number(process.env["REFEREE_ELEMENTS"] ?? 2_000);
const SEED = Number(process.env["REFEREE_SEED"] ?? 1);
const PER_STEP = ELEMENTS > 50_000 ? 100 : 20;

/** A run of a model: the challenger's trace is of the executor, the node's tensors are those of ONNX Runtime. */
async function run({ file, program, inputs }: Model): Promise<{ scene: Scene; theirs: readonly Uint8Array[] }> {
  const [, , , native] = RUNTIMES;
  if (native === undefined) throw new Error("There is a runtime with two threads and all optimisations");
  const exposed = expose(file, program);
  const named = program.inputs.flatMap(({ name }, k) =>
    inputs.slice(k, k + 1).map((tensor) => [name, tensor] as const),
  );
  const outputs = await native.run(exposed.file, new Map(named));
  const ours = [...new Executor(program).tensors(inputs)].map(([, words]) => words);
  const theirs = program.steps.map(({ step }, i) => {
    const made = outputs.get(exposed.names[i] ?? "");
    return made === undefined ? (ours[i] ?? new Uint8Array()) : commit(step, made); // the MOVE of an input has no name
  });
  const trees = ours.map((words) => new MerkleTree(words, fastKeccak));
  const treeOf = (step: number): MerkleTree => trees[step] ?? new MerkleTree(new Uint8Array());
  const roots = trees.map(({ root }) => hexlify(root));
  return { scene: { program, payload: inputs, roots, treeOf, index: 0 }, theirs };
}

describe("OnnxReferee.faulty, models as ONNX Runtime runs them", () => {
  it(`acquits the runtime and convicts a changed bit at ${ELEMENTS} elements of random models [T069 T073 T077]`, async function () {
    this.timeout(0);
    const { referee } = await loadFixture(refereed);
    const judge = judgeOf(referee);
    const random = new Random(SEED);
    const judged = new Map<number, number>();
    let total = 0;
    for (let seed = SEED * 1_000_000; total < ELEMENTS; seed += 1) {
      const model = random.chance(0.3)
        ? networkCase(seed)
        : operatorCase(OPERATORS[seed % OPERATORS.length] ?? "", seed);
      const { scene, theirs } = await run(model);
      for (const [index, { step }] of model.program.steps.entries()) {
        const words = theirs[index] ?? new Uint8Array();
        const tree = new MerkleTree(words, fastKeccak);
        const size = step.dtype === 2 ? 1 : step.dtype === 1 ? 4 : 8;
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
    expect(judged.size).to.equal(11);
  });
});
