import { expect } from "chai";
import { concat, encodeBytes32String, keccak256, toBeHex, ZeroHash } from "ethers";

import { taggedHash } from "../../packages/sdk/src/codecs/abi.ts";
import { MerkleTree } from "../../packages/sdk/src/codecs/merkle.ts";
import { payloadRoot } from "../../packages/sdk/src/codecs/payload.ts";
import { tensorRoot } from "../../packages/sdk/src/codecs/tensor.ts";
import { type Case, Layout, Opcode, type Opening, openWords } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { judgeOf, refereed } from "../support/referee.ts";
import { bits, bytes, caseOf, denseConstants, floats, openingScene, scene } from "../support/scenes.ts";

const part = encodeBytes32String;
const node = (left: string, right: string) => keccak256(concat(["0x01", left, right]));
const leaf = (word: string) => keccak256(concat(["0x00", word]));
/** What a path comes to. */
const climb = (word: string, index: number, path: readonly string[]): string =>
  path.reduce((hash, other, level) => ((index >> level) & 1 ? node(other, hash) : node(hash, other)), leaf(word));
/** The root of the trace that a path proves. */
const traced = (word: string, index: number, path: readonly string[]): string =>
  node(climb(word, index, path), toBeHex(path.length, 32));

const first = <T>(list: readonly T[]): T => list[0] as T;
const without = (opening: Opening): Opening => ({ ...opening, siblings: opening.siblings.slice(1) });
const longer = (opening: Opening): Opening => ({ ...opening, siblings: [...opening.siblings, ZeroHash] });

describe("OnnxReferee.faulty", () => {
  const random = new Random(17);
  /** The sum of two images, after two moves. */
  const sum = scene(
    { opcode: Opcode.Add, shape: [1, 40, 2, 2], attrs: [0.5, 0.4, 3].map(bits) },
    bytes(random, 1, 40, 2, 2),
    bytes(random, 1, 40, 2, 2),
  );
  /** The product of a matrix of bytes by a matrix of constants. */
  const product = scene(
    {
      opcode: Opcode.Dot,
      shape: [2, 3],
      attrs: [3, 4],
      constants: denseConstants(
        Array.from({ length: 3 }, () => ({ scale: 2 ** -12, zero: 5 })),
        Array.from({ length: 3 }, () => [bytes(random, 70).data]),
      ),
    },
    bytes(random, 2, 70),
  );
  const WORD = 3;
  const honest = caseOf(sum, WORD, 1);
  const honestProduct = caseOf(product, 0, 1);
  const given = async () => {
    const { referee } = await loadFixture(refereed);
    return { referee, judge: judgeOf(referee) };
  };
  const reverts = async (c: Case, error: string, ...args: readonly unknown[]) => {
    const { referee, judge } = await given();
    await expect(judge(c))
      .to.be.revertedWithCustomError(referee, error)
      .withArgs(...args);
  };
  /** The first input of a case opened otherwise. */
  const withInput = (c: Case, opening: Opening): Case => ({ ...c, inputs: [opening, ...c.inputs.slice(1)] });

  it("acquits what is right, so that each of the following fails for its own reason", async () => {
    const { judge } = await given();
    expect(await judge(honest)).to.equal(false);
    expect(await judge(honestProduct)).to.equal(false);
  });

  context("given an accused element that there is not", () => {
    it("reverts and names the leaves of the tree [T076]", () =>
      reverts({ ...honest, word: 8 }, "RefereeNoSuchWord", 8, 8));

    it("reverts and names the size of an element, at a byte where none begins", async () => {
      await reverts({ ...honest, offset: 32 }, "RefereeNoSuchElement", 32, 1);
      const act = { opcode: Opcode.Dequant, shape: [2, 4], dtype: 1, layout: Layout.Packed, attrs: [bits(1), 0] };
      const floatCase = caseOf(scene(act, bytes(random, 2, 4)), 0, 4);
      await reverts({ ...floatCase, offset: 2 }, "RefereeNoSuchElement", 2, 4);
    });
  });

  context("given an accused word that is not proven", () => {
    it("reverts and says how many words it takes", async () => {
      await reverts({ ...honest, accused: { words: [], siblings: [] } }, "RefereeWrongWords", part("accused"), 0, 1);
      const two = openWords(sum.treeOf(2), [WORD, WORD + 1]);
      await reverts({ ...honest, accused: two }, "RefereeWrongWords", part("accused"), 2, 1);
    });

    it("reverts and says how long the path is [T076]", async () => {
      await reverts({ ...honest, accused: without(honest.accused) }, "RefereeWrongSiblings", part("accused"), 2, 3);
      await reverts({ ...honest, accused: longer(honest.accused) }, "RefereeWrongSiblings", part("accused"), 4, 3);
    });

    it("reverts and names what the path comes to", async () => {
      const { words, siblings } = honest.accused;
      const root = climb(ZeroHash, WORD, siblings);
      await reverts(
        { ...honest, accused: { words: [ZeroHash], siblings } },
        "RefereeWrongRoot",
        ...[part("accused"), root, honest.nodeRoot],
      );
      await reverts(
        { ...honest, word: 2 },
        "RefereeWrongRoot",
        ...[part("accused"), climb(first(words), 2, siblings), honest.nodeRoot],
      );
    });

    it("reverts also in the padding, where nothing else is opened", async () => {
      const padding = caseOf(sum, WORD, 31);
      expect(padding.inputs).to.deep.equal([]);
      await reverts({ ...padding, accused: without(padding.accused) }, "RefereeWrongSiblings", part("accused"), 2, 3);
    });
  });

  context("given more or fewer tensors than the element is computed from", () => {
    for (const list of ["inputRoots", "inputPaths", "inputs"] as const)
      it(`reverts and counts them all: ${list}`, async () => {
        const counts = (count: number) =>
          ["inputRoots", "inputPaths", "inputs"].map((name) => (name === list ? count : 2));
        const more = { ...honest, [list]: [...honest[list], first<unknown>(honest[list])] };
        await reverts({ ...honest, [list]: honest[list].slice(1) }, "RefereeWrongInputs", ...counts(1), 2, 2);
        await reverts(more, "RefereeWrongInputs", ...counts(3), 2, 2);
      });
  });

  context("given another tensor of the trace in place of an operand", () => {
    it("reverts and names what its path comes to [T069]", async () => {
      const [a = "", b = ""] = honest.inputRoots;
      const [pathOfA = [], pathOfB = []] = honest.inputPaths;
      const swapped = {
        ...honest,
        inputRoots: [b, a],
        inputPaths: [pathOfB, pathOfA],
        inputs: honest.inputs.toReversed(),
      };
      await reverts(swapped, "RefereeWrongRoot", part("trace"), traced(b, 0, pathOfB), honest.traceRoot);
    });

    it("reverts for a root with the path of another one [T069]", async () => {
      const [, b = ""] = honest.inputRoots;
      const [pathOfA = []] = honest.inputPaths;
      const other = { ...honest, inputRoots: [b, b] };
      await reverts(other, "RefereeWrongRoot", part("trace"), traced(b, 0, pathOfA), honest.traceRoot);
    });

    it("reverts for a path that is not as long as the trace is deep [T076]", async () => {
      const [a = ""] = honest.inputRoots;
      const [path = [], other = []] = honest.inputPaths;
      for (const wrong of [path.slice(1), [...path, ZeroHash], []]) {
        const c = { ...honest, inputPaths: [wrong, other] };
        await reverts(c, "RefereeWrongRoot", part("trace"), traced(a, 0, wrong), honest.traceRoot);
      }
    });

    it("reverts for an inner node of the trace in place of a root [T076]", async () => {
      const [a = ""] = honest.inputRoots;
      const [path = [], other = []] = honest.inputPaths;
      const inner = node(leaf(a), first(path));
      const c = { ...honest, inputRoots: [inner, ...honest.inputRoots.slice(1)], inputPaths: [path.slice(1), other] };
      await reverts(c, "RefereeWrongRoot", part("trace"), traced(inner, 0, path.slice(1)), honest.traceRoot);
    });
  });

  context("given operands whose words are not proven", () => {
    it("reverts and says how many words the element is computed from", async () => {
      const [opening] = honestProduct.inputs;
      const words = opening?.words ?? [];
      expect(words.length).to.equal(3);
      const wrong = withInput(honestProduct, { words: words.slice(1), siblings: opening?.siblings ?? [] });
      await reverts(wrong, "RefereeWrongWords", part("input"), 2, 3);
    });

    it("reverts and says how many siblings they take [T076]", async () => {
      const opening = first(honest.inputs);
      await reverts(withInput(honest, without(opening)), "RefereeWrongSiblings", part("input"), 2, 3);
      await reverts(withInput(honest, longer(opening)), "RefereeWrongSiblings", part("input"), 4, 3);
    });

    it("reverts for words of other places [T069]", async () => {
      const other = openWords(sum.treeOf(0), [WORD + 1]);
      const root = climb(first(other.words), WORD, other.siblings);
      await reverts(withInput(honest, other), "RefereeWrongRoot", part("input"), root, first(honest.inputRoots));
    });

    it("reverts for a subtree's root in place of its words [T076]", async () => {
      const { words, siblings } = first(honest.inputs);
      const inner = node(first(siblings), leaf(first(words)));
      const c = withInput(honest, { words: [inner], siblings: siblings.slice(1) });
      await reverts(c, "RefereeWrongSiblings", part("input"), 2, 3);
    });

    it("reverts for words in another order", async () => {
      const { words, siblings } = first(honestProduct.inputs);
      const { referee, judge } = await given();
      await expect(
        judge(withInput(honestProduct, { words: words.toReversed(), siblings })),
      ).to.be.revertedWithCustomError(referee, "RefereeWrongRoot");
    });
  });

  context("given constants that are not proven", () => {
    const { constants } = honestProduct;
    it("reverts and says how many words and siblings they take [T069 T076]", async () => {
      const { words } = constants;
      const shorter = { ...honestProduct, constants: { ...constants, words: words.slice(1) } };
      await reverts(shorter, "RefereeWrongWords", part("constants"), words.length - 1, words.length);
      const count = constants.siblings.length;
      await reverts(
        { ...honestProduct, constants: without(constants) },
        "RefereeWrongSiblings",
        ...[part("constants"), count - 1, count],
      );
      await reverts(
        { ...honestProduct, constants: longer(constants) },
        "RefereeWrongSiblings",
        ...[part("constants"), count + 1, count],
      );
    });

    it("reverts for those of another column [T069]", async () => {
      const { referee, judge } = await given();
      const other = caseOf(product, 0, 0).constants;
      await expect(judge({ ...honestProduct, constants: other })).to.be.revertedWithCustomError(
        referee,
        other.siblings.length === constants.siblings.length ? "RefereeWrongRoot" : "RefereeWrongSiblings",
      );
    });
  });

  context("given a head word that breaks the profile", () => {
    /** The product of one byte by a weight, and a head word of which some bytes are others. */
    const withHead = (changes: readonly (readonly [place: number, byte: number])[]) => {
      const constants = denseConstants([{ bias: 0, scale: 0.5, zero: 0 }], [[Uint8Array.of(2)]]);
      for (const [place, byte] of changes) constants[place] = byte;
      return scene({ opcode: Opcode.Dot, shape: [1, 1], attrs: [0, 0], constants }, bytes(random, 1, 1));
    };
    const convicts = async (changes: Parameters<typeof withHead>[0]): Promise<boolean> => {
      const { judge } = await given();
      return judge(caseOf(withHead(changes), 0, 0));
    };

    it("acquits the honest byte by one that does not", async () => {
      expect(await convicts([])).to.equal(false);
    });

    it("convicts even what the step computes, by bytes behind the head [T074]", async () => {
      for (const place of [9, 20, 31]) expect(await convicts([[place, 1]])).to.equal(true);
    });

    it("convicts by a bias with which the sum can overflow, of either sign [T072]", async () => {
      const most = 2 ** 31 - 255 * 255;
      const biased = (bias: number) => [24, 16, 8, 0].map((shift, i) => [i, (bias >> shift) & 255] as const);
      expect(await convicts(biased(most - 1))).to.equal(false);
      expect(await convicts(biased(most))).to.equal(true);
      expect(await convicts(biased(-most))).to.equal(true);
      expect(await convicts(biased(-(2 ** 31)))).to.equal(true);
    });

    it("convicts by a scale out of range [T074]", async () => {
      // Negative, a NaN, 2^-126, and 2^8.
      for (const high of [0xbf, 0x7f, 0x00, 0x43])
        expect(await convicts([[4, high], [5, high === 0x7f ? 0xc0 : 0x80]])).to.equal(true); // prettier-ignore
    });
  });

  context("given a step that reads the statement's input", () => {
    const payload = [bytes(random, 2, 3), bytes(random, 3, 2)] as const;
    const opened = openingScene({ opcode: Opcode.Move, shape: [2, 3] }, payload[0]);
    const alone = caseOf(opened, 0, 0);
    const both = { ...alone, inputRoot: payloadRoot(payload), inputPaths: [payload.map(tensorRoot)] };

    it("acquits and convicts by the tensor at its place", async () => {
      const { judge } = await given();
      expect(await judge(alone)).to.equal(false);
      expect(await judge(both)).to.equal(false);
    });

    it("reverts and counts, if the payload has no such tensor", () =>
      reverts({ ...alone, inputPaths: [[]] }, "RefereeNoSuchInput", 0, 0));

    it("reverts for tensors in another order [T069]", async () => {
      const swapped = payload.map(tensorRoot).toReversed();
      const c = { ...both, inputPaths: [swapped] };
      await reverts(c, "RefereeWrongRoot", part("tensor"), tensorRoot(payload[0]), swapped[0]);
    });

    it("reverts for the same bytes of another shape or type [T071]", async () => {
      const { data } = payload[0];
      for (const other of [
        { dtype: 2, shape: [3, 2], data },
        { dtype: 2, shape: [6], data },
        { dtype: 3, shape: [2, 3], data },
      ]) {
        const c = { ...alone, inputRoot: payloadRoot([other]), inputPaths: [[tensorRoot(other)]] };
        await reverts(c, "RefereeWrongRoot", part("tensor"), tensorRoot(payload[0]), tensorRoot(other));
      }
    });

    it("reverts for the input of another statement", async () => {
      const roots = payload.map(tensorRoot);
      const root = taggedHash("OPG/payload", ["bytes32[]"], [roots]);
      await reverts(
        { ...both, inputRoot: alone.inputRoot },
        "RefereeWrongRoot",
        part("payload"),
        root,
        alone.inputRoot,
      );
    });
  });

  context("given windows that lie beside the image", () => {
    const act = { opcode: Opcode.Conv, shape: [1, 1, 1, 1], attrs: [1, 1, 1, 1, 1, 1, 1, 1, 1, 7, 9] };
    const constants = denseConstants([{ bias: 1_000, scale: 0.125, zero: 3 }], [[Uint8Array.of(77)]]);
    const beside = caseOf(scene({ ...act, constants }, bytes(random, 1, 1, 1, 1)), 0, 0);

    it("computes from the constants alone, and lets nothing be opened", async () => {
      const { judge } = await given();
      expect(first(beside.inputs)).to.deep.equal({ words: [], siblings: [] });
      expect(await judge(beside)).to.equal(false);
      await reverts(withInput(beside, { words: [ZeroHash], siblings: [] }), "RefereeWrongWords", part("input"), 1, 0);
      await reverts(
        withInput(beside, { words: [], siblings: [ZeroHash] }),
        "RefereeWrongSiblings",
        part("input"),
        1,
        0,
      );
    });
  });

  context("given words behind those of the tensor", () => {
    const act = { opcode: Opcode.Move, shape: [3, 32], attrs: [] };
    const padded = scene(act, bytes(random, 3, 32));

    it("acquits zero there and convicts everything else [T075]", async () => {
      const { judge } = await given();
      const words = new Uint8Array(128);
      words.set(padded.treeOf(1).words);
      expect(await judge(caseOf(padded, 3, 5, new MerkleTree(words)))).to.equal(false);
      expect(await judge(caseOf(padded, 3, 5, new MerkleTree(words.with(101, 1))))).to.equal(true);
      expect(await judge(caseOf(padded, 3, 6, new MerkleTree(words.with(101, 1))))).to.equal(false);
    });
  });

  context("given a NaN in the statement's input", () => {
    it("convicts every byte that is made of it, and no other [T074]", async () => {
      const { judge } = await given();
      const clean = openingScene({ opcode: Opcode.Quant, shape: [1, 3], attrs: [bits(1), 0] }, floats([0, 0, 0], 1, 3));
      for (const nan of [0x7fc0_0000, 0x7f80_0001, 0xffff_ffff]) {
        const payload = [floats([0, nan, 0], 1, 3)];
        const accuse = (offset: number, byte: number) =>
          judge(caseOf({ ...clean, payload }, 0, offset, new MerkleTree(new Uint8Array(32).with(1, byte))));
        for (const byte of [0, 255, 128]) expect(await accuse(1, byte)).to.equal(true);
        expect(await accuse(0, 0)).to.equal(false);
      }
    });
  });
});
