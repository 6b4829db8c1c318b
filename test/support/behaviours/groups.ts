import { expect } from "chai";
import { dataSlice, encodeBytes32String, hexlify, id, ZeroHash } from "ethers";

import { encodeHeader, openWords, type Profile, rootOfTrace, traceTree } from "../../../packages/sdk/src/onnx/index.ts";
import type { IReferee } from "../../../typechain-types/index.ts";
import { nth } from "../actors.ts";
import { loadFixture } from "../network.ts";

const GROUP_STEPS = 64;
const GROUP_LEVELS = 6;
/** Steps of models: of two groups, of two whole ones, one more, some, and as many as versions can have. */
const LENGTHS = [65, 128, 129, 300, 4_096];
const COUNT = 300;
const OUTPUTS = [0, 70, 299];

/** A model of so many steps, of which these make outputs, and a trace of it in groups. */
function traceOf(profile: Profile, count: number, outputSteps: readonly number[]) {
  const roots = Array.from({ length: count }, (_, step) => id(`root of step ${step}`));
  const outputs = outputSteps.map((step, i) => ({ name: `y${i}`, dtype: 2, shape: [1, i + 1], step }));
  const header = encodeHeader({ profile, inputs: [], outputs, steps: roots, stepsRoot: id("steps") });
  const tree = traceTree(roots);
  const groups = tree.nodesAt(tree.depth - GROUP_LEVELS).slice(0, Math.ceil(count / GROUP_STEPS));
  const opened = outputSteps.map((step) => {
    const { words, siblings } = openWords(tree, [step]);
    return { words: [...words], siblings: [...siblings] };
  });
  return {
    roots,
    header,
    treeRoot: hexlify(tree.root),
    traceRoot: rootOfTrace(tree),
    groups: groups.map((node) => hexlify(node)),
    opened,
  };
}

/** What a referee says of a trace that is laid down in groups. */
export function opensGroups(profile: Profile, refereed: () => Promise<{ readonly referee: IReferee }>): void {
  const given = () => loadFixture(refereed);
  const { header, groups, opened, treeRoot } = traceOf(profile, COUNT, OUTPUTS);

  for (const count of LENGTHS) {
    it(`gives the same roots as of the whole trace of ${count} steps [T070]`, async () => {
      const { referee } = await given();
      const trace = traceOf(profile, count, [0, count - 1]);
      const whole = await referee.open(trace.header, trace.roots);
      expect([...(await referee.openGroups(trace.header, trace.groups, trace.opened))]).to.deep.equal([...whole]);
      expect(whole.traceRoot).to.equal(trace.traceRoot);
    });
  }

  context("when the header is another one", () => {
    it("reverts and names the tag", async () => {
      const { referee } = await given();
      const tag = id(`${profile}/step`);
      await expect(referee.openGroups(tag + dataSlice(header, 32).slice(2), groups, opened))
        .to.be.revertedWithCustomError(referee, "RefereeWrongHeader")
        .withArgs(tag, id(`${profile}/graph`));
    });
  });

  context("when there is not one root per group", () => {
    it("reverts and says how many it takes [T070 T076]", async () => {
      const { referee } = await given();
      for (const wrong of [groups.slice(1), [...groups, ZeroHash], []]) {
        await expect(referee.openGroups(header, wrong, opened))
          .to.be.revertedWithCustomError(referee, "RefereeWrongTrace")
          .withArgs(wrong.length, 5);
      }
    });
  });

  context("when there is not one opening per output", () => {
    it("reverts and says how many it takes [T070]", async () => {
      const { referee } = await given();
      for (const wrong of [opened.slice(1), [...opened, ...opened], []]) {
        await expect(referee.openGroups(header, groups, wrong))
          .to.be.revertedWithCustomError(referee, "RefereeWrongTrace")
          .withArgs(wrong.length, OUTPUTS.length);
      }
    });
  });

  context("when an output is opened that the trace does not have there", () => {
    it("reverts and names both roots [T070 T076]", async () => {
      const { referee } = await given();
      const [first, second] = [nth(opened, 0), nth(opened, 1)];
      for (const wrong of [
        [second, second, nth(opened, 2)],
        [{ ...first, words: [id("another root")] }, second, nth(opened, 2)],
        [{ ...first, siblings: first.siblings.with(3, ZeroHash) }, second, nth(opened, 2)],
      ]) {
        await expect(referee.openGroups(header, groups, wrong))
          .to.be.revertedWithCustomError(referee, "RefereeWrongRoot")
          .withArgs(encodeBytes32String("output"), (root: string) => root !== treeRoot, treeRoot);
      }
    });
  });

  context("when an opening has more or fewer words or siblings than one step takes", () => {
    it("reverts and says how many it takes [T076]", async () => {
      const { referee } = await given();
      const [first, ...others] = opened;
      if (first === undefined) throw new Error("There are outputs");
      const part = encodeBytes32String("output");
      await expect(referee.openGroups(header, groups, [{ ...first, words: [] }, ...others]))
        .to.be.revertedWithCustomError(referee, "RefereeWrongWords")
        .withArgs(part, 0, 1);
      await expect(referee.openGroups(header, groups, [{ ...first, siblings: first.siblings.slice(1) }, ...others]))
        .to.be.revertedWithCustomError(referee, "RefereeWrongSiblings")
        .withArgs(part, 8, 9);
    });
  });

  context("when an output comes from no step", () => {
    it("reverts and names step and steps: what lies behind them is padding", async () => {
      const { referee } = await given();
      const { header: wrong } = traceOf(profile, COUNT, [0, 70, COUNT]);
      await expect(referee.openGroups(wrong, groups, opened))
        .to.be.revertedWithCustomError(referee, "RefereeNoSuchStep")
        .withArgs(COUNT, COUNT);
    });
  });
}
