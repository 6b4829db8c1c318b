import { expect } from "chai";
import { ZeroHash } from "ethers";

import { RIGHT, SALT } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { packRound, revealablePack } from "../support/rounds.ts";

type Given = Awaited<ReturnType<typeof revealablePack>>;

/** Everything about a round for which each seal needs an entry of its own. */
const NEEDING_ENTRIES: Readonly<Record<string, (given: Given) => Promise<unknown>>> = {
  roundOf: ({ commitments, round }) => commitments.roundOf(round.roundId),
  "entryOf, of one who has sealed,": ({ commitments, round, nodes }) => commitments.entryOf(round.roundId, nodes[0]),
  "entryOf, of one who has not,": ({ commitments, round, nodes }) => commitments.entryOf(round.roundId, nodes[3]),
  tallyOf: ({ commitments, round, seated }) => commitments.tallyOf(round.roundId, seated, RIGHT),
  "tallyOf nobody": ({ commitments, round }) => commitments.tallyOf(round.roundId, [], RIGHT),
  countOf: ({ commitments, round }) => commitments.countOf(round.roundId, RIGHT),
  reveal: ({ round, nodes }) => round.reveal(nodes[0]),
  revealMany: ({ commitments, round, nodes, stranger }) =>
    commitments.connect(stranger).revealMany(round.roundId, [{ node: nodes[0], outputRoot: RIGHT, salt: SALT }]),
  "revealMany of none": ({ commitments, round, stranger }) =>
    commitments.connect(stranger).revealMany(round.roundId, []),
  seal: ({ round, nodes }) => round.seal(nodes[3]),
  sealMany: ({ round, nodes }) => round.sealMany(nodes.slice(3)),
};

describe("ResultCommitments, of a packed round", () => {
  const given = () => loadFixture(revealablePack);

  for (const [name, call] of Object.entries(NEEDING_ENTRIES)) {
    it(`reverts in ${name} and names the round`, async () => {
      const suite = await given();
      await expect(call(suite))
        .to.be.revertedWithCustomError(suite.commitments, "CommitmentsPacked")
        .withArgs(suite.round.roundId);
    });
  }

  it("knows no statement", async () => {
    const { commitments, round, nodes } = await given();
    expect(await commitments.hasStated(round.roundId, nodes[0], RIGHT)).to.equal(false);
    expect(await commitments.outputOf(round.roundId, nodes[0])).to.equal(ZeroHash);
    expect(await commitments.disputableUntil(round.roundId, nodes[0], RIGHT)).to.equal(0);
  });

  it("is a round like any other once it is unpacked", async () => {
    const { commitments, round, pack, nodes } = await given();
    await round.unpack(pack);
    const sealed = packRound({ ...round.terms, sealedCount: 3 });
    expect(await commitments.roundOf(round.roundId)).to.deep.equal([sealed, ZeroHash]);
    expect(await commitments.tallyOf(round.roundId, nodes.slice(0, 3), RIGHT)).to.deep.equal([0n, 0b111n, 0n]);
  });
});
