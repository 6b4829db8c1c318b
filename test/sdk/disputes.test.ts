import { expect } from "chai";
import { id, parseEther } from "ethers";

import {
  admitVersion,
  answerChallenge,
  challengeStatement,
  closeGame,
  depositBond,
  DisputeState,
  getBond,
  getBondBalance,
  getDispute,
  getSharers,
  getStatementRecord,
  getVerdict,
  isAdmitted,
  judgeElement,
  modelId,
  pickPart,
  refutationId,
  refuteStatement,
  sealChallenge,
  sealRefutation,
  showPart,
  statementIdOf,
  tensorPreimage,
  timeOutGame,
  Verdict,
  versionId,
  withdrawBond,
} from "../../packages/sdk/src/index.ts";
import { clientOf } from "../support/clients.ts";
import { disputable, inputRootOf, LARGE, SMALL, TestGame, TestStatement } from "../support/disputes.ts";
import { IDENTITY } from "../support/fixtures.ts";
import { denseModel } from "../support/denseModel.ts";
import { loadFixture, mine } from "../support/network.ts";
import { ONNX } from "../support/onnxGame.ts";

const SALT = id("salt");
const WORD = 201;

describe("The SDK in a dispute", () => {
  /** A false statement, and clients of all who dispute it. */
  async function lied() {
    const suite = await disputable();
    const statement = await TestStatement.make(suite, LARGE, [{ step: 1, word: WORD }]);
    const [challenger, other, node] = await Promise.all([
      clientOf(suite, suite.challenger),
      clientOf(suite, suite.other),
      clientOf(suite, suite.operator.signer),
    ]);
    return { ...suite, statement, clients: { challenger, other, node } };
  }

  it("seals a refutation and refutes with it [T057 T063]", async () => {
    const { clients, ...suite } = await loadFixture(lied);
    const inputs = [tensorPreimage({ dtype: 2, shape: [1], data: Uint8Array.of(7) })];
    const trace = () => SMALL.run(inputRootOf(inputs));
    const { fields, id: statementId } = await TestStatement.of(suite, SMALL, trace, []);
    const refutation = { statement: fields, header: SMALL.header, inputs, salt: SALT };
    await sealRefutation(clients.challenger, { statement: fields, salt: SALT });
    await mine(1);
    const refuted = await refuteStatement(clients.challenger, refutation);
    const { chainId, addresses } = clients.challenger;
    expect(refuted.statementId).to.equal(statementId);
    expect(refuted.refutationId).to.equal(refutationId({ chainId, disputes: addresses.disputes }, statementId));
    expect(await getDispute(clients.other, { disputeId: refuted.refutationId })).to.deep.include({
      state: DisputeState.Refuted,
      payee: suite.challenger.address.toLowerCase(),
    });
    expect(await getVerdict(clients.other, { statement: fields })).to.equal(Verdict.False);
  });

  it("seals, challenges, answers, picks, shows, judges and closes [T063]", async () => {
    const { statement, clients, challenger: account, other } = await loadFixture(lied);
    const { challenger, node } = clients;
    const { fields, model } = statement;
    const truth = statement.trace();
    await sealChallenge(challenger, { statement: fields, traceRoot: truth.root, salt: SALT });
    await mine(1);
    const opening = { statement: fields, header: model.header, roots: truth.r };
    const { game, gameId } = await challengeStatement(challenger, { ...opening, salt: SALT });
    const second = await challengeStatement(clients.other, opening);
    expect(game.rank < second.game.rank).to.equal(true);
    expect(await getStatementRecord(challenger, { statementId: statement.id })).to.deep.include({ underWay: 2 });

    const side = new TestGame(statement, truth, account, game, gameId);
    await answerChallenge(node, { game, ...side.proof(), nodes: statement.stated.nodes(1) });
    expect((await getDispute(node, { disputeId: gameId })).state).to.equal(DisputeState.Answered);
    const chunk = Math.floor(WORD / 16);
    await pickPart(challenger, { game, chunk });
    const answer = side.answer();
    await showPart(node, {
      game,
      answer,
      words: statement.stated.chunk(1, chunk),
      path: statement.stated.chunkPath(1, chunk),
    });
    expect(await getVerdict(challenger, { statement: fields })).to.equal(Verdict.Open);
    await judgeElement(clients.other, { game, answer, case: side.caseAgainst(WORD) });
    expect(await getVerdict(challenger, { statement: fields })).to.equal(Verdict.False);
    await closeGame(challenger, { game: second.game, deciding: game });
    expect((await getSharers(challenger, { statementId: statement.id })).challengers).to.deep.equal([
      account.address,
      other.address,
    ]);
  });

  it("shows once that a version can be disputed", async () => {
    const { clients, publisher } = await loadFixture(lied);
    const { program } = denseModel();
    const ofModel = modelId(publisher.address, "dense");
    const identity = { ...IDENTITY, profile: ONNX, graphRoot: program.graphRoot };
    const version = { versionId: versionId(ofModel, identity) };
    expect(await isAdmitted(clients.other, version)).to.equal(false);
    await admitVersion(clients.other, { modelId: ofModel, identity, program });
    expect(await isAdmitted(clients.other, version)).to.equal(true);
  });

  it("ends a game whose clock was missed", async () => {
    const { statement, clients, challenger: account } = await loadFixture(lied);
    const { challenger, other } = clients;
    const opening = { statement: statement.fields, header: LARGE.header, roots: statement.trace().r };
    const { game, gameId } = await challengeStatement(challenger, opening);
    await new TestGame(statement, statement.trace(), account, game, gameId).missDeadline();
    await mine(1);
    await timeOutGame(other, { game });
    expect((await getDispute(other, { disputeId: gameId })).state).to.equal(DisputeState.NodeLost);
  });

  it("moves money in and out, and names statements as the contract does", async () => {
    const { statement, clients, challenger: account, deployer, token } = await loadFixture(lied);
    const { challenger } = clients;
    const before = await getBondBalance(challenger, { account: account.address });
    await token.connect(deployer).transfer(account, parseEther("2"));
    await depositBond(challenger, { amount: parseEther("2") });
    await withdrawBond(challenger, { amount: parseEther("1") });
    expect(await getBondBalance(challenger, { account: account.address })).to.equal(before + parseEther("1"));
    expect(await getBond(challenger)).to.equal(parseEther("1"));
    expect(statementIdOf(challenger, statement.fields)).to.equal(statement.id);
  });
});
