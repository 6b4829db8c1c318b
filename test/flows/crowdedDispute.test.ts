import { expect } from "chai";

import { DisputeState, Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import { nth } from "../support/actors.ts";
import { BALANCE, disputable, LARGE, SMALL, TestGame, TestStatement } from "../support/disputes.ts";
import { loadFixture, time } from "../support/network.ts";
import { refused } from "../support/refusals.ts";

/** The four clocks of `local.json5` together, seconds; and one for each that somebody else calls off. */
const LONGEST = 60 + 4;
const LIE = { step: 1, word: 201 };
const CHUNK = 12;

describe("Moves that are sent again", () => {
  it("count once, whoever sends them, and no move counts in another game [T068 I23]", async () => {
    const suite = await loadFixture(disputable);
    const { disputes, challenger, other } = suite;
    const statement = await TestStatement.make(suite, LARGE, [LIE]);
    const game = await statement.challenge(challenger);
    // The same trace, and one that is false in another step: each is a game of its own.
    const twin = await statement.challenge(other);
    const puppet = await statement.challenge(other, statement.trace([{ step: 0, word: 0 }, LIE, { step: 2, word: 1 }]));
    const across = new TestGame(statement, game.trace, game.challenger, puppet.struct, puppet.id);
    const moves: readonly ((side: TestGame) => Promise<unknown>)[] = [
      (side) => side.respond(),
      (side) => side.pick(CHUNK),
      (side) => side.reveal(CHUNK),
      (side) => side.judge(LIE.word),
    ];
    for (const [i, move] of moves.entries()) {
      await refused(move(across));
      for (const later of moves.slice(i + 1, 3)) await refused(later(game));
      await move(game);
      for (const done of moves.slice(0, i + 1)) await refused(done(game));
      expect((await twin.record()).state, "the other game").to.equal(DisputeState.Asked);
    }
    await refused(game.timeout());
    await refused(game.close());
    expect((await game.record()).state).to.equal(DisputeState.NodeLost);
    expect(await disputes.balanceOf(challenger)).to.equal(BALANCE);
  });
});

describe("A lying node among honest challengers and its own puppets", () => {
  for (const order of [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [2, 0, 3, 1],
  ]) {
    it(`loses in time, and only the right ones share: in the order ${order.join(" ")} [T061 T063 I22 I23]`, async () => {
      const suite = await loadFixture(disputable);
      const { disputes, challenger, other, requester } = suite;
      const statement = await TestStatement.make(suite, SMALL, [{ step: 1, word: 2 }]);
      const openings = [
        () => statement.challenge(challenger),
        () => statement.challenge(other),
        () => statement.challenge(requester, statement.trace([{ step: 0, word: 0 }])),
        () => statement.challenge(requester, statement.trace([{ step: 1, word: 0 }])),
      ];
      const games: TestGame[] = [];
      for (const place of order) games.push(await nth(openings, place)());
      // It answers its puppets, who give up, and is silent to the others.
      const puppets = games.filter((game) => game.challenger === requester);
      const honest = games.filter((game) => game.challenger !== requester);
      const [first, second] = [nth(honest, 0), nth(honest, 1)];
      for (const puppet of puppets) await puppet.respond();
      await first.missDeadline();
      await first.timeout();
      await refused(second.timeout());
      expect(await statement.verdict()).to.equal(Verdict.False);
      for (const game of [...puppets, second]) await game.close(first);

      const right = honest.map((game) => game.challenger.address);
      expect((await disputes.sharersOf(statement.id)).challengers).to.deep.equal(right);
      for (const account of [challenger, other, requester]) {
        expect(await disputes.balanceOf(account)).to.equal(BALANCE);
      }
      for (const game of games) {
        const { state } = await game.record();
        expect(state).to.equal(game === first ? DisputeState.NodeLost : DisputeState.Moot);
        expect((await time.latest()) - Number(game.struct.openedAt)).to.be.at.most(LONGEST);
      }
    });
  }
});
