import { expect } from "chai";

import { MerkleTree } from "../../packages/sdk/src/codecs/merkle.ts";
import { IntegerOpcode, openWords } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { INT32, integers, integerScene } from "../support/integerScenes.ts";
import { loadFixture } from "../support/network.ts";
import { integerRefereed, judgeAll, judgeOf } from "../support/referee.ts";
import { bytes, caseOf, INT64, type Scene } from "../support/scenes.ts";

describe("IntegerReferee.faulty, ARGMAX", () => {
  const random = new Random(34);
  const argMax = { opcode: IntegerOpcode.ArgMax, dtype: INT64 };
  const ROW = [5n, -2n, 7n, 7n, 3n, 7n, -8n, 0n, 6n, 7n];
  const row = (): Scene => integerScene({ ...argMax, shape: [1] }, integers(INT32, ROW, 1, ROW.length));
  const given = async () => {
    const { referee } = await loadFixture(integerRefereed);
    return { referee, judge: judgeOf(referee) };
  };
  /** The case against a node that names a place. */
  const naming = (scene: Scene, place: bigint) =>
    caseOf(scene, 0, 0, new MerkleTree(integers(INT64, [place, 0, 0, 0], 4).data));

  for (const length of [1, 8, 31, 70])
    it(`acquits every honest element and convicts every changed one, of rows of ${length}`, async () => {
      const { referee } = await given();
      const few = (dtype: number) =>
        integers(
          dtype,
          Array.from({ length: 3 * length }, () => random.int(9) - 4),
          3,
          length,
        );
      for (const tensor of [bytes(random, 3, length), few(INT32), few(INT64)]) {
        const scene = integerScene({ ...argMax, shape: [3, 1] }, tensor);
        expect(await judgeAll(referee, scene)).to.deep.equal({ elements: 12, padding: 9 });
      }
    });

  it("convicts every other place of the row, later maxima among them", async () => {
    const { judge } = await given();
    for (const place of ROW.keys()) expect(await judge(naming(row(), BigInt(place)))).to.equal(place !== 2);
  });

  it("convicts places beside the row without any opening", async () => {
    const { judge } = await given();
    for (const place of [-1n, 10n, 2n ** 32n, -(2n ** 63n)]) {
      const c = naming(row(), place);
      expect([c.inputRoots, c.inputPaths, c.inputs]).to.deep.equal([[], [], []]);
      expect(await judge(c)).to.equal(true);
    }
  });

  it("convicts by a witness that is better than what is named, and by no other", async () => {
    const { judge } = await given();
    const scene = row();
    for (const [named, element] of ROW.entries()) {
      for (const [witness, other] of ROW.entries()) {
        const c = naming(scene, BigInt(named));
        const words = [named, witness].map((place) => openWords(scene.treeOf(0), [Math.floor(place / 8)]));
        const isBetter = other > element || (other === element && witness < named);
        const path = caseOf(scene, 0, 0);
        const { inputRoots, inputPaths } = path;
        expect(await judge({ ...c, inputRoots, inputPaths, inputs: words, witness })).to.equal(isBetter);
      }
    }
  });

  it("reverts for a witness beside the row", async () => {
    const { referee, judge } = await given();
    await expect(judge({ ...naming(row(), 0n), witness: 10 }))
      .to.be.revertedWithCustomError(referee, "RefereeNoSuchWitness")
      .withArgs(10, 10);
  });

  it("takes two words of a row of any length", async () => {
    const { judge } = await given();
    const values = Array.from({ length: 3_000 }, (_, i) => (i === 2_345 ? 9 : i % 9));
    const scene = integerScene({ ...argMax, shape: [1, 1] }, integers(INT32, values, 1, 3_000));
    const c = naming(scene, 8n);
    expect(c.witness).to.equal(2_345);
    expect(c.inputs.map(({ words }) => words.length)).to.deep.equal([1, 1]);
    expect(await judge(c)).to.equal(true);
    expect(await judge(caseOf(scene, 0, 0))).to.equal(false);
  });
});
