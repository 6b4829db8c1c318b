import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { DisputeState, type Game, statementId } from "@opg-protocol/sdk";
import { ZeroHash } from "ethers";

import { demandsOf } from "../../src/entities/demands.ts";
import { disputeOf, disputesAbout, disputesOf } from "../../src/entities/disputes.ts";
import { disputeTotals } from "../../src/entities/disputeTotals.ts";
import { statedOn } from "../../src/entities/statedAnswers.ts";
import { EventIndex, type TimedEvent } from "../../src/history/EventIndex.ts";
import { address, event, hash, timeOf } from "../support/events.ts";

const [NODE, OWNER, CHALLENGER, OTHER, REFEREE] = [address(1), address(2), address(3), address(4), address(5)];
const [JOB, ROUND, OUTPUT] = [hash("job"), hash("round"), hash("output")];
const STATEMENT = statementId(ROUND, NODE, OUTPUT);
const GAME_ID = hash("game");
const BOND = 10n ** 18n;
const ROOTS = [hash("r0"), hash("r1")];

const game = (changes: Partial<Game> = {}): Game => ({
  statementId: STATEMENT,
  inputRoot: hash("input"),
  outputRoot: OUTPUT,
  stepsRoot: hash("steps"),
  traceRoot: hash("trace"),
  node: NODE,
  challenger: CHALLENGER,
  referee: REFEREE,
  bond: BOND,
  rank: 4n,
  openedAt: BigInt(timeOf(5)),
  rules: ZeroHash,
  ...changes,
});

const answered = event(
  "JobAnswered",
  "optimistic",
  { jobId: JOB, roundId: ROUND, node: NODE, attempt: 0n, outputRoot: OUTPUT, disputableUntil: 1_900_000_000n },
  { block: 3 },
);
const sealed = event("ChallengeSealed", "disputes", { commitment: hash("seal") }, { block: 4 });
const challenged = event(
  "Challenged",
  "disputes",
  { statementId: STATEMENT, gameId: GAME_ID, node: NODE, game: game(), r: ROOTS, deadline: BigInt(timeOf(15)) },
  { block: 5 },
);
const ANSWER = { stepHash: hash("step"), nodeRoot: hash("tensor"), depth: 9n };
const inParts = event(
  "Answered",
  "disputes",
  {
    gameId: GAME_ID,
    index: 1n,
    answer: ANSWER,
    nodes: [hash("n")],
    state: BigInt(DisputeState.Answered),
    deadline: BigInt(timeOf(25)),
  },
  { block: 6 },
);
const whole = event(
  "Answered",
  "disputes",
  {
    gameId: GAME_ID,
    index: 1n,
    answer: { ...ANSWER, depth: 1n },
    nodes: [hash("w")],
    state: BigInt(DisputeState.Shown),
    deadline: BigInt(timeOf(26)),
  },
  { block: 6 },
);
const grouped = event("Grouped", "disputes", { gameId: GAME_ID }, { block: 5 });
const GROUP = [hash("r64"), hash("r65")];
const entered = event(
  "Entered",
  "disputes",
  { gameId: GAME_ID, group: 1n, deadline: BigInt(timeOf(17)) },
  { block: 5 },
);
const laid = event("Laid", "disputes", { gameId: GAME_ID, r: GROUP, deadline: BigInt(timeOf(19)) }, { block: 5 });
const picked = event("Picked", "disputes", { gameId: GAME_ID, chunk: 7n, deadline: BigInt(timeOf(30)) }, { block: 7 });
const shown = event(
  "Shown",
  "disputes",
  { gameId: GAME_ID, words: [hash("w")], deadline: BigInt(timeOf(40)) },
  { block: 8 },
);
const ended = (state: DisputeState, payee: string, paid: bigint, block: number, disputeId = GAME_ID) =>
  event(
    "DisputeEnded",
    "disputes",
    { statementId: STATEMENT, disputeId, state: BigInt(state), payee, paid },
    { block },
  );

const gameIn = (...events: readonly TimedEvent[]) => {
  const found = disputeOf(EventIndex.of([answered, sealed, challenged, ...events]), GAME_ID);
  assert.ok(found);
  return found;
};

describe("disputeOf", () => {
  it("knows no game that nobody has opened", () => {
    assert.equal(disputeOf(EventIndex.EMPTY, GAME_ID), undefined);
  });

  it("takes ids in capitals, too", () => {
    const index = EventIndex.of([challenged]);
    assert.equal(disputeOf(index, `0x${GAME_ID.slice(2).toUpperCase()}`)?.gameId, GAME_ID);
  });

  it("waits for the node after the challenge", () => {
    const { state, next, laid, ending, roots } = gameIn();
    assert.equal(state, DisputeState.Asked);
    assert.deepEqual(next, { move: "respond", by: "node", until: timeOf(15) });
    assert.deepEqual([laid, ending, roots], [undefined, undefined, ROOTS]);
  });

  it("waits for the node to enter a group, for the challenger to lay it down, and then for a step of it", () => {
    assert.deepEqual(gameIn(grouped).next, { move: "enter", by: "node", until: timeOf(15) });
    const { groups, entered: none, roots: unknown } = gameIn(grouped);
    assert.deepEqual([groups, none, unknown], [ROOTS, undefined, []]);

    assert.deepEqual(gameIn(grouped, entered).next, { move: "lay", by: "challenger", until: timeOf(17) });
    assert.deepEqual(gameIn(grouped, entered).entered, 1);

    const open = gameIn(grouped, entered, laid);
    assert.deepEqual(open.next, { move: "respond", by: "node", until: timeOf(19) });
    assert.deepEqual([open.state, open.roots], [DisputeState.Laid, GROUP]);
    assert.deepEqual(
      gameIn(grouped, entered, laid, whole).moves.map(({ kind }) => kind),
      ["sealed", "challenged", "entered", "laid", "answered"],
    );
    assert.equal(gameIn(grouped, entered, laid, whole).next?.move, "judge");
  });

  it("names the seal with whose block the game ranks", () => {
    const [first, second] = gameIn().moves;
    assert.deepEqual([first?.kind, first?.tx], ["sealed", sealed.transactionHash]);
    assert.deepEqual([second?.kind, second?.at], ["challenged", timeOf(5)]);
  });

  it("names no seal where one block has two", () => {
    const another = event("ChallengeSealed", "disputes", { commitment: hash("another") }, { block: 4 });
    assert.deepEqual(
      gameIn(another).moves.map(({ kind }) => kind),
      ["challenged"],
    );
  });

  it("names no seal where there was none", () => {
    const open = event("Challenged", "disputes", { ...challenged.args, game: game({ rank: 5n }) }, { block: 5 });
    const found = disputeOf(EventIndex.of([sealed, open]), GAME_ID);
    assert.deepEqual(
      found?.moves.map(({ kind }) => kind),
      ["challenged"],
    );
  });

  it("waits for the challenger's pick where the tensor is large, then for the node's part, then for a proof", () => {
    assert.deepEqual(gameIn(inParts).next, { move: "pick", by: "challenger", until: timeOf(25) });
    assert.deepEqual(gameIn(inParts, picked).next, { move: "reveal", by: "node", until: timeOf(30) });
    const open = gameIn(inParts, picked, shown);
    assert.deepEqual(open.next, { move: "judge", by: "anyone", until: timeOf(40) });
    assert.deepEqual(open.laid, {
      index: 1,
      answer: { ...ANSWER, depth: 9 },
      nodes: [hash("n")],
      part: { chunk: 7, words: [hash("w")] },
    });
  });

  it("waits for a proof at once where the tensor was laid down whole", () => {
    const { state, next, laid } = gameIn(whole);
    assert.equal(state, DisputeState.Shown);
    assert.deepEqual(next, { move: "judge", by: "anyone", until: timeOf(26) });
    assert.equal(laid?.part, undefined);
  });

  it("tells a judgement from a missed clock", () => {
    const judged = gameIn(whole, ended(DisputeState.NodeLost, CHALLENGER, BOND, 9));
    assert.deepEqual([judged.state, judged.ending?.cause], [DisputeState.NodeLost, "judged"]);
    assert.deepEqual([judged.ending?.paid, judged.ending?.burned, judged.next], [BOND, 0n, undefined]);
    const silent = gameIn(ended(DisputeState.NodeLost, CHALLENGER, BOND, 16));
    assert.equal(silent.ending?.cause, "silence");
  });

  it("tells what of a lost bond is burned", () => {
    const { ending } = gameIn(whole, ended(DisputeState.ChallengerLost, OWNER, (BOND * 6n) / 10n, 30));
    assert.deepEqual([ending?.payee, ending?.paid, ending?.burned], [OWNER, (BOND * 6n) / 10n, (BOND * 4n) / 10n]);
  });

  it("finds the job that the statement is about", () => {
    assert.deepEqual(gameIn().stated?.subject, { kind: "job", id: JOB });
    assert.equal(gameIn().stated?.outputRoot, OUTPUT);
  });

  it("finds the job of a revealed statement by its round", () => {
    const opened = event(
      "RoundOpened",
      "commitments",
      { roundId: ROUND, consumer: OTHER, jobId: JOB, attempt: 0n, terms: 0n },
      { block: 2 },
    );
    const revealed = event(
      "ResultRevealed",
      "commitments",
      { roundId: ROUND, node: NODE, outputRoot: OUTPUT },
      { block: 3 },
    );
    const index = EventIndex.of([opened, revealed, challenged]);
    assert.deepEqual(disputeOf(index, GAME_ID)?.stated?.subject, { kind: "job", id: JOB });
    assert.deepEqual(
      statedOn(index, JOB).map((each) => [each.statementId, each.disputableUntil]),
      [[STATEMENT, undefined]],
    );
  });

  it("has only to be closed once another dispute has found the statement false", () => {
    const { next, decision } = gameIn(whole, ended(DisputeState.Withheld, OTHER, 5n, 10, hash("demand")));
    assert.equal(next?.move, "close");
    assert.deepEqual([decision?.disputeId, decision?.game], [hash("demand"), undefined]);
    const moot = gameIn(
      whole,
      ended(DisputeState.Withheld, OTHER, 5n, 10, hash("demand")),
      ended(DisputeState.Moot, CHALLENGER, BOND, 11),
    );
    assert.deepEqual([moot.ending?.cause, moot.next], ["moot", undefined]);
  });

  it("tells how the lie was paid for, with the slash of the same job alone", () => {
    const slash = (own: bigint) =>
      event(
        "NodeSlashed",
        "staking",
        {
          node: NODE,
          consumer: OTHER,
          obligation: hash("lock"),
          requested: own,
          own,
          ownThawing: 0n,
          delegated: 4n,
          delegatedThawing: 0n,
          harmed: 0n,
          rewarded: 0n,
        },
        { block: 12 },
      );
    const events = [
      slash(1n),
      slash(300n),
      event(
        "LiePaid",
        "optimistic",
        { jobId: JOB, node: NODE, compensation: 10n, challengers: [CHALLENGER, OTHER], share: 73n },
        { block: 12 },
      ),
      event("JobReopened", "optimistic", { jobId: JOB, failed: NODE, prize: 1n, refund: 2n }, { block: 12 }),
      slash(5n),
    ];
    const { payment } = gameIn(whole, ended(DisputeState.NodeLost, CHALLENGER, BOND, 9), ...events);
    assert.ok(payment);
    const { slashed, compensation, refund, prize, share, burned } = payment;
    assert.deepEqual([slashed, compensation, refund, prize, share, burned], [304n, 10n, 2n, 1n, 73n, 147n]);
  });

  it("takes no refund from another job that ends in the same transaction, and no slash of another node", () => {
    const where = { block: 12 };
    const slash = (node: string, own: bigint) =>
      event(
        "NodeSlashed",
        "staking",
        {
          node,
          consumer: OWNER,
          obligation: STATEMENT,
          requested: own,
          own,
          ownThawing: 0n,
          delegated: 0n,
          delegatedThawing: 0n,
          harmed: 0n,
          rewarded: 0n,
        },
        where,
      );
    const lie = { jobId: JOB, node: NODE, compensation: 10n, challengers: [CHALLENGER], share: 1n };
    const { payment } = gameIn(
      whole,
      ended(DisputeState.NodeLost, CHALLENGER, BOND, 9),
      slash(NODE, 300n),
      slash(OTHER, 7n),
      event("LiePaid", "market", lie, where),
      event("JobReopened", "optimistic", { jobId: hash("foreign"), failed: OTHER, prize: 5n, refund: 999n }, where),
    );
    assert.deepEqual([payment?.refund, payment?.prize, payment?.slashed], [0n, 0n, 300n]);
  });

  it("names who shares the reward", () => {
    const entered = event(
      "SharerEntered",
      "disputes",
      { statementId: STATEMENT, challenger: OTHER, rank: 9n },
      { block: 13 },
    );
    assert.deepEqual(
      gameIn(entered).sharers.map(({ challenger, rank }) => [challenger, rank]),
      [[OTHER, 9n]],
    );
  });
});

describe("disputesOf", () => {
  const second = event(
    "Challenged",
    "disputes",
    { ...challenged.args, gameId: hash("second"), game: game({ challenger: OTHER, rank: 6n }) },
    { block: 6 },
  );

  it("lists all games, newest first, and those about a statement", () => {
    const index = EventIndex.of([answered, challenged, second]);
    assert.deepEqual(
      disputesOf(index).map(({ gameId }) => gameId),
      [hash("second"), GAME_ID],
    );
    assert.equal(disputesAbout(index, STATEMENT).length, 2);
    assert.equal(disputesAbout(index, hash("another statement")).length, 0);
  });

  it("sums up bonds, lost bonds and slashes", () => {
    const lost = ended(DisputeState.ChallengerLost, OWNER, 1n, 20, hash("second"));
    const { bonds, lostBonds, slashes } = disputeTotals(EventIndex.of([challenged, second, lost]));
    assert.deepEqual(bonds, [
      [timeOf(5), BOND],
      [timeOf(6), 2n * BOND],
    ]);
    assert.deepEqual(lostBonds, [[timeOf(20), BOND]]);
    assert.deepEqual(slashes, []);
  });
});

describe("demandsOf", () => {
  const demand = {
    statementId: STATEMENT,
    root: hash("input"),
    node: NODE,
    payer: OTHER,
    price: 3n,
    tensor: 0n,
    firstWord: 0n,
    count: 2n,
    deadline: BigInt(timeOf(50)),
  };
  const demandId = hash("demand");
  const demanded = event(
    "WordsDemanded",
    "disputes",
    { statementId: STATEMENT, demandId, node: NODE, demand },
    { block: 9 },
  );

  it("tells what is demanded, and what has become of it", () => {
    const [open] = demandsOf(EventIndex.of([demanded]));
    assert.deepEqual([open?.state, open?.ended], [DisputeState.Demanded, undefined]);
    const supply = {
      tensorRoots: [hash("t")],
      dtype: 2n,
      shape: [1n],
      dataRoot: hash("d"),
      words: [hash("w")],
      siblings: [],
    };
    const supplied = event("WordsSupplied", "disputes", { demandId, supply }, { block: 10 });
    const over = ended(DisputeState.Supplied, OWNER, 3n, 10, demandId);
    const [done] = demandsOf(EventIndex.of([demanded, supplied, over]));
    assert.deepEqual([done?.state, done?.ended?.at], [DisputeState.Supplied, timeOf(10)]);
  });
});
