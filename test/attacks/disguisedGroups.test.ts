import { expect } from "chai";
import { concat, id, keccak256, toBeHex, ZeroHash } from "ethers";

import { nth } from "../support/actors.ts";
import { disputable, LONG, TestStatement } from "../support/disputes.ts";
import { loadFixture } from "../support/network.ts";

const node = (left: string, right: string): string => keccak256(concat(["0x01", left, right]));
const rootOf = (tree: string, depth: number): string => node(tree, toBeHex(depth, 32));
const OTHER = id("whatever hangs beside it");
const LAST = LONG.words.length - 1;

/**
 * A true statement about a long model, and a game about it whose first group is a node above that of the stated trace: the
 * challenger claims another output, and differs from the node in nothing that it can be asked to name.
 */
async function disguised() {
  const suite = await disputable();
  const { disputes, challenger } = suite;
  const statement = await TestStatement.make(suite, LONG, []);
  const lie = statement.trace([{ step: LAST, word: 0 }]);
  const [own = "", second = "", third = ""] = lie.groups;
  const groups = [node(own, OTHER), second, third];
  const [output] = lie.outputs;
  const siblings = [...(output?.siblings ?? []).slice(0, -1), node(nth(groups, 0), second)];
  const outputs = [{ words: output?.words ?? [], siblings }];
  const opening = await disputes
    .connect(challenger)
    .challengeInGroups(statement.fields, LONG.header, groups, outputs, ZeroHash);
  const game = await statement.found(opening, challenger, lie);
  await game.enter(0);
  const above = [second, nth(lie.groupPath(0), 1)];
  const tree = node(node(nth(groups, 0), second), nth(above, 1));
  return { ...suite, statement, game, above, tree };
}

describe("A challenger whose groups hang at another depth", () => {
  const given = () => loadFixture(disguised);

  it("cannot lay down what the node has stated itself, which would leave it no step to name [T070 T076]", async () => {
    const { disputes, challenger, statement, game, above, tree } = await given();
    const own = statement.stated.group(0);
    // Its path leads to the root of the tree, and is a hash longer than the trace is deep.
    expect(game.struct.traceRoot).to.equal(rootOf(tree, 8));
    await expect(disputes.connect(challenger).lay(game.struct, own, [OTHER, ...above]))
      .to.be.revertedWithCustomError(disputes, "DisputeWrongRoot")
      .withArgs(game.id, rootOf(tree, 9), rootOf(tree, 8));
  });
});
