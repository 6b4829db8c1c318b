import { expect } from "chai";
import { hexlify } from "ethers";

import { MerkleTree, WORD } from "../../packages/sdk/src/codecs/merkle.ts";
import {
  challenge,
  DisputeState,
  getGame,
  getVerdict,
  judge,
  payloadRoot,
  pick,
  ProtocolError,
  respond,
  reveal,
  timeOutGame,
  TracedRun,
  Verdict,
} from "../../packages/sdk/src/index.ts";
import { openCase, openWords } from "../../packages/sdk/src/onnx/index.ts";
import {
  changesByte,
  changesValue,
  CHOICE,
  dispute,
  honest,
  LAST,
  type Lie,
  ORDER,
  skipsLayer,
  stated,
  takesOtherSeed,
} from "../support/completionGame.ts";
import { payloadOf, textOf, truthOf, verses } from "../support/completions.ts";
import { CLOCKS } from "../support/disputes.ts";
import { ForgingExecutor } from "../support/forging.ts";
import { loadFixture, time } from "../support/network.ts";
import { players } from "../support/players.ts";
import { integerRefereed } from "../support/referee.ts";

describe("A dispute about a text of a language model", () => {
  async function convicts(lie: Lie): Promise<void> {
    const suite = await loadFixture(players);
    expect(textOf(lie.text)).not.to.equal(textOf(await truthOf(lie.order)));
    const { statement, lie: run, laid } = await dispute(suite, lie);
    expect(payloadRoot(run.trace.outputs), "the node's own run makes what it states").to.equal(statement.outputRoot);
    expect(laid?.index).to.equal(lie.step);
    expect(await getVerdict(suite.clients.challenger, { statement })).to.equal(Verdict.False);
  }

  it("convicts a node that changed one byte of the text [T069 I22]", async () => {
    await convicts(changesByte());
  });

  it("convicts a node that changed one number of a layer, and went on from it [T069 I22]", async () => {
    await convicts(changesValue());
  });

  it("convicts a node that skipped a layer [T069 I22]", async () => {
    await convicts(skipsLayer());
  });

  it("convicts a node that took another seed, though it names the first step that reads it [T069 I22]", async () => {
    await convicts(takesOtherSeed());
  });

  it("finds every byte of the right text right, and each of them wrong when it is another one [I22 I23]", async () => {
    const { referee } = await loadFixture(integerRefereed);
    const text = await truthOf(ORDER);
    const run = new TracedRun(honest, payloadOf(ORDER), [text]);
    const trees = run.trees(new Set(verses.steps.keys()));
    const treeOf = (step: number): MerkleTree => trees.get(step) ?? run.tree(step);
    const evidence = {
      payload: run.inputs,
      outputs: run.stated,
      outputRoot: payloadRoot([text]),
      roots: run.trace.roots,
      treeOf,
    };
    for (const [place, byte] of text.data.entries()) {
      const [word, offset] = [Math.floor(place / WORD), place % WORD];
      for (const claimed of [byte, (byte + 1) % 256]) {
        const words = Uint8Array.from(text.data);
        words[place] = claimed;
        const tree = new MerkleTree(words);
        const accusation = { nodeRoot: hexlify(tree.root), accused: openWords(tree, [word]) };
        const c = openCase(verses, { ...evidence, ...accusation }, LAST, word, offset);
        expect(await referee.faulty(c as Parameters<typeof referee.faulty>[0]), `${place}`).to.equal(claimed !== byte);
      }
    }
  });

  it("acquits a node that tells the truth, whatever trace is laid down [I23]", async () => {
    const suite = await loadFixture(players);
    const { challenger, node } = suite.clients;
    const text = await truthOf(ORDER);
    const statement = await stated(suite, text);
    const truth = new TracedRun(honest, payloadOf(ORDER), [text]);
    const slander = new TracedRun(
      new ForgingExecutor(verses, (step, words) => {
        if (step === LAST || step === CHOICE) words[32] = (words[32] ?? 0) ^ 1;
      }),
      payloadOf(ORDER),
      [text],
    );
    const { gameId } = await challenge(challenger, { statement, run: slander, isSealed: false });
    await respond(node, { gameId, run: truth });
    const { game, laid } = await getGame(challenger, { gameId });
    expect(laid?.index).to.equal(CHOICE);
    await pick(challenger, { gameId, run: slander });
    await reveal(node, { gameId, run: truth });
    const refused: unknown = await judge(challenger, { gameId, run: slander }).catch((error: unknown) => error);
    expect(refused instanceof ProtocolError && refused.decoded.name).to.equal("DisputeNoFault");
    await time.increase(CLOCKS.judge + 1);
    await timeOutGame(challenger, { game });
    expect((await getGame(challenger, { gameId })).record.state).to.equal(DisputeState.ChallengerLost);
  });
});
