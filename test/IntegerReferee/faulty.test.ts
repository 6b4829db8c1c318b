import { expect } from "chai";
import { encodeBytes32String, hexlify, ZeroHash } from "ethers";

import { MerkleTree } from "../../packages/sdk/src/codecs/merkle.ts";
import { payloadRoot } from "../../packages/sdk/src/codecs/payload.ts";
import { type Tensor, tensorRoot } from "../../packages/sdk/src/codecs/tensor.ts";
import { type Case, IntegerOpcode, MapOp, type Opening, openWords } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { nth } from "../support/actors.ts";
import {
  columnsOf,
  inOrder,
  instruction,
  INT32,
  integers,
  integerScene,
  statedScene,
} from "../support/integerScenes.ts";
import { loadFixture } from "../support/network.ts";
import { integerRefereed, judgeOf } from "../support/referee.ts";
import { bytes, caseOf, INT64, type Scene, UINT8 } from "../support/scenes.ts";

const part = encodeBytes32String;
const NOTHING: Opening = { words: [], siblings: [] };
const CONSTANTS = "constants";
/** What an opening is of. */
type Opened = number | typeof CONSTANTS;
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe("IntegerReferee.faulty", () => {
  const random = new Random(39);
  const numbers = (...shape: readonly number[]) =>
    integers(
      INT32,
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.int(99)),
      ...shape,
    );
  const places = (most: number, ...shape: readonly number[]) =>
    integers(
      INT64,
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.int(most)),
      ...shape,
    );

  const columns = columnsOf([bytes(random, 70).data, bytes(random, 70).data]);
  const look = [instruction(MapOp.Table, 0, 3), instruction(MapOp.Add, 1, 3), instruction(MapOp.Add, 2, 4)];
  const table = integers(
    INT32,
    Array.from({ length: 99 }, (_, i) => i * i),
    99,
  );
  const mapped = { opcode: IntegerOpcode.Map, dtype: INT32, shape: [3, 9], attrs: [3n, ...look] };
  /** A step of each opcode, with what each of its openings is of: a step before it, or its constants. */
  const scenes: Readonly<Record<string, { readonly scene: Scene; readonly opened: readonly Opened[] }>> = {
    DOT: {
      scene: integerScene(
        { opcode: IntegerOpcode.Dot, dtype: INT32, shape: [3, 2], attrs: [1, 2], columns },
        bytes(random, 3, 70),
      ),
      opened: [0],
    },
    "DOT of two": {
      scene: integerScene(
        { opcode: IntegerOpcode.Dot, dtype: INT32, shape: [3, 4], attrs: [1, 2] },
        bytes(random, 3, 70),
        bytes(random, 4, 70),
      ),
      opened: [0, 1],
    },
    MAP: {
      scene: integerScene({ ...mapped, constants: [numbers(9), table] }, numbers(3, 9), numbers(3, 9)),
      opened: [0, 1, CONSTANTS, CONSTANTS],
    },
    SUM: {
      scene: integerScene({ opcode: IntegerOpcode.Sum, dtype: INT32, shape: [3, 1], attrs: [0] }, numbers(3, 20)),
      opened: [0],
    },
    ARGMAX: {
      scene: integerScene({ opcode: IntegerOpcode.ArgMax, dtype: INT64, shape: [3, 1] }, numbers(3, 20)),
      opened: [0, 0],
    },
    TAKE: {
      scene: integerScene(
        { opcode: IntegerOpcode.Take, dtype: INT32, shape: [3, 2] },
        numbers(3, 20),
        places(20, 3, 2),
      ),
      opened: [0, 1],
    },
    ROWS: {
      scene: integerScene(
        { opcode: IntegerOpcode.Rows, dtype: UINT8, shape: [3, 40], constants: [bytes(random, 7, 40)] },
        places(7, 3),
      ),
      opened: [0],
    },
    MOVE: {
      scene: integerScene({ opcode: IntegerOpcode.Move, dtype: INT32, shape: [27], attrs: inOrder(27) }, numbers(3, 9)),
      opened: [0],
    },
    JOIN: {
      scene: integerScene(
        { opcode: IntegerOpcode.Join, dtype: INT32, shape: [3, 18], attrs: [1] },
        numbers(3, 9),
        numbers(3, 9),
      ),
      opened: [0],
    },
  };

  const sceneNamed = (title: string): Scene => nth(Object.values(scenes), Object.keys(scenes).indexOf(title)).scene;

  const given = async () => {
    const { referee } = await loadFixture(integerRefereed);
    return { referee, judge: judgeOf(referee) };
  };
  const reverts = async (c: Case, error: string, ...args: readonly unknown[]) => {
    const { referee, judge } = await given();
    await expect(judge(c))
      .to.be.revertedWithCustomError(referee, error)
      .withArgs(...args);
  };
  const otherRoot = async (c: Case) => {
    const { referee, judge } = await given();
    await expect(judge(c)).to.be.revertedWithCustomError(referee, "RefereeWrongRoot");
  };
  const withInput = (c: Case, slot: number, opening: Opening): Case => ({ ...c, inputs: c.inputs.with(slot, opening) });
  const changed = ({ words, siblings }: Opening): Opening => ({ words: [ZeroHash, ...words.slice(1)], siblings });
  /** Root of a tree in which a word is zero. */
  const rootWithout = ({ words }: MerkleTree, word: string): string => {
    const leaf = range(words.length / 32).find((i) => hexlify(words.slice(32 * i, 32 * (i + 1))) === word) ?? 0;
    return hexlify(new MerkleTree(words.map((byte, place) => (Math.floor(place / 32) === leaf ? 0 : byte))).root);
  };
  /** Whether one opening could be taken for another one by its size, and is of other words. */
  const isElsewhere = (a: Opening, b: Opening): boolean =>
    a.words.length === b.words.length && a.siblings.length === b.siblings.length && String(a.words) !== String(b.words);

  for (const [title, { scene, opened }] of Object.entries(scenes)) {
    context(`given an element of ${title}`, () => {
      const c = caseOf(scene, 1, 0);
      const tensors = new Set(opened.filter((of) => of !== CONSTANTS)).size;
      const openings = opened.length;
      const slots = opened.map((of, slot) => ({
        slot,
        opening: nth(c.inputs, slot),
        name: part(of === CONSTANTS ? CONSTANTS : "input"),
        tree: of === CONSTANTS ? new MerkleTree(nth(scene.program.steps, scene.index).constants) : scene.treeOf(of),
      }));

      it("opens what it is computed from, and acquits", async () => {
        const { judge } = await given();
        expect([c.inputs.length, c.inputRoots.length, c.inputPaths.length]).to.deep.equal([openings, tensors, tensors]);
        expect(await judge(c)).to.equal(false);
      });

      it("reverts and counts tensors and openings, if one is left out or added [T069]", async () => {
        const counts = { inputRoots: tensors, inputPaths: tensors, inputs: openings };
        for (const list of ["inputRoots", "inputPaths", "inputs"] as const)
          for (const [other, count] of [
            [c[list].slice(1), counts[list] - 1],
            [[...c[list], nth<unknown>(c[list], 0)], counts[list] + 1],
          ] as const) {
            const shown = Object.values({ ...counts, [list]: count });
            await reverts({ ...c, [list]: other }, "RefereeWrongInputs", ...shown, tensors, openings);
          }
      });

      it("reverts and says how many words there must be, if an opening has none or more [T069]", async () => {
        for (const { slot, opening, name } of slots) {
          const { words, siblings } = opening;
          const count = words.length;
          await reverts(withInput(c, slot, NOTHING), "RefereeWrongWords", name, 0, count);
          const more = { words: [...words, ZeroHash], siblings };
          await reverts(withInput(c, slot, more), "RefereeWrongWords", name, count + 1, count);
        }
      });

      it("reverts and says how many siblings there must be, if an opening lacks one or has more [T076]", async () => {
        for (const { slot, opening, name } of slots) {
          const { words, siblings } = opening;
          const count = siblings.length;
          for (const wrong of [siblings.slice(1), [...siblings, ZeroHash]]) {
            if (wrong.length === count) continue;
            const other = withInput(c, slot, { words, siblings: wrong });
            await reverts(other, "RefereeWrongSiblings", name, wrong.length, count);
          }
        }
      });

      it("reverts and names what other words come to, and for words of another place [T069]", async () => {
        for (const { slot, opening, name, tree } of slots) {
          const roots = [rootWithout(tree, nth(opening.words, 0)), hexlify(tree.root)];
          await reverts(withInput(c, slot, changed(opening)), "RefereeWrongRoot", name, ...roots);
          const other = slots.find((from) => isElsewhere(from.opening, opening));
          if (other !== undefined) await otherRoot(withInput(c, slot, other.opening));
        }
      });

      it("reverts for the root or the path of another tensor of the trace [T069]", async () => {
        for (const slot of c.inputRoots.keys()) {
          await otherRoot({ ...c, inputRoots: c.inputRoots.with(slot, nth(scene.roots, scene.index)) });
          const path = nth(c.inputPaths, slot);
          for (const wrong of [path.slice(1), [...path, ZeroHash]])
            await otherRoot({ ...c, inputPaths: c.inputPaths.with(slot, wrong) });
        }
      });

      it("reverts for an accused word that is not the node's [T076]", async () => {
        await otherRoot({ ...c, accused: changed(c.accused) });
        await otherRoot({ ...c, nodeRoot: ZeroHash });
      });
    });
  }

  context("given constants that are not proven", () => {
    for (const title of ["DOT", "ROWS"])
      it(`reverts for those of ${title} that are left out, changed or others [T069]`, async () => {
        const c = caseOf(sceneNamed(title), 1, 0);
        const { words, siblings } = c.constants;
        const count = words.length;
        await reverts({ ...c, constants: NOTHING }, "RefereeWrongWords", part("constants"), 0, count);
        const shorter = { words, siblings: siblings.slice(1) };
        await reverts(
          { ...c, constants: shorter },
          "RefereeWrongSiblings",
          ...[part("constants"), siblings.length - 1, siblings.length],
        );
        await otherRoot({ ...c, constants: changed(c.constants) });
      });
  });

  context("given a step that reads what the statement states", () => {
    const stated = numbers(2, 5);
    const act = { opcode: IntegerOpcode.Move, dtype: INT32, shape: [2, 5], attrs: inOrder(10) };
    const scene = statedScene(act, stated);
    const c = caseOf(scene, 1, 0);
    /** The same trace, against a statement with other outputs. */
    const stating = (...outputs: readonly Tensor[]): Case => caseOf({ ...scene, outputs }, 1, 0);

    it("acquits and convicts by the output at its place", async () => {
      const { judge } = await given();
      expect(await judge(c)).to.equal(false);
      const lie = scene.treeOf(0).words.with(33, 9);
      expect(await judge(caseOf(scene, 1, 0, new MerkleTree(lie)))).to.equal(true);
      expect(await judge(stating(stated, numbers(3)))).to.equal(false);
    });

    it("does the same for a MAP, whose operand it is", async () => {
      const { judge } = await given();
      const map = { opcode: IntegerOpcode.Map, dtype: INT64, shape: [2, 5], attrs: [1n, instruction(MapOp.Mul, 0, 0)] };
      const squares = statedScene(map, stated);
      expect(await judge(caseOf(squares, 0, 8))).to.equal(false);
      const lie = squares.treeOf(0).words.with(9, 77);
      expect(await judge(caseOf(squares, 0, 8, new MerkleTree(lie)))).to.equal(true);
    });

    it("reverts for the output of another statement", () =>
      reverts({ ...c, outputRoot: ZeroHash }, "RefereeWrongRoot", part("payload"), payloadRoot([stated]), ZeroHash));

    it("reverts for the input of the statement in place of its output", () =>
      reverts(
        { ...c, inputRoot: c.outputRoot, outputRoot: c.inputRoot },
        "RefereeWrongRoot",
        part("payload"),
        c.outputRoot,
        c.inputRoot,
      ));

    it("reverts for another tensor", async () => {
      const other = numbers(2, 5);
      const inputPaths = [[tensorRoot(other)]];
      await reverts({ ...c, inputPaths }, "RefereeWrongRoot", part("tensor"), tensorRoot(stated), tensorRoot(other));
    });

    context("when the output does not fit the model", () => {
      it("convicts whatever the step says, for an output of another type or shape [T215]", async () => {
        const { judge } = await given();
        for (const other of [
          { ...stated, shape: [10] },
          { ...stated, shape: [1, 2, 5] },
          { ...stated, dtype: UINT8, data: stated.data.slice(0, 10) },
        ])
          expect(await judge(stating(other))).to.equal(true);
      });

      it("convicts whatever the step says, for an output that is missing", async () => {
        const { judge } = await given();
        expect(await judge(stating())).to.equal(true);
      });

      it("does the same for a MAP, and opens no table", async () => {
        const { judge } = await given();
        const map = {
          opcode: IntegerOpcode.Map,
          dtype: INT32,
          shape: [2, 5],
          attrs: [1n, instruction(MapOp.Table, 0, 1)],
        };
        const looked = statedScene({ ...map, constants: [table] }, stated);
        expect(await judge(caseOf(looked, 0, 0))).to.equal(false);
        expect(await judge(caseOf({ ...looked, outputs: [numbers(5)] }, 0, 0))).to.equal(true);
      });

      it("reverts for a type and a shape that are not the output's", async () => {
        const unfit = stating({ ...stated, shape: [10] });
        const { siblings } = nth(unfit.inputs, 0);
        const inputs = [{ words: [], siblings: [...siblings, ZeroHash] }];
        await otherRoot({ ...unfit, inputs });
      });

      it("reverts for another payload, in which it is or is missing", async () => {
        for (const unfit of [stating({ ...stated, shape: [10] }), stating()]) {
          const { outputRoot } = unfit;
          await reverts({ ...unfit, outputRoot: ZeroHash }, "RefereeWrongRoot", part("payload"), outputRoot, ZeroHash);
        }
      });

      it("reverts for the type and shape that the model has", async () => {
        const preimage = nth(stating({ ...stated, shape: [2, 5, 1] }).inputs, 0).siblings.slice(0, 3);
        await reverts(
          { ...c, inputs: [{ words: [], siblings: preimage }] },
          "RefereeWrongWords",
          ...[part("input"), 0, 1],
        );
      });
    });
  });

  context("given a step that reads the statement's input", () => {
    it("reverts and counts, if the payload has no such tensor", async () => {
      const scene = integerScene(
        { opcode: IntegerOpcode.Move, dtype: INT32, shape: [5], attrs: inOrder(5) },
        numbers(5),
      );
      const c = caseOf({ ...scene, index: 0 }, 0, 0);
      await reverts({ ...c, inputPaths: [[]] }, "RefereeNoSuchInput", 0, 0);
    });
  });

  context("given words behind those of the tensor", () => {
    it("acquits zero there and convicts everything else [T075]", async () => {
      const { judge } = await given();
      const scene = sceneNamed("SUM"); // three words
      const words = new Uint8Array(128);
      words.set(scene.treeOf(scene.index).words);
      expect(openWords(scene.treeOf(scene.index), [2]).siblings.length).to.equal(2);
      expect(await judge(caseOf(scene, 3, 4, new MerkleTree(words)))).to.equal(false);
      expect(await judge(caseOf(scene, 3, 4, new MerkleTree(words.with(103, 1))))).to.equal(true);
      expect(await judge(caseOf(scene, 3, 8, new MerkleTree(words.with(103, 1))))).to.equal(false);
    });
  });
});
