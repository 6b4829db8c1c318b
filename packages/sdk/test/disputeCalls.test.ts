import { id, Signature, ZeroAddress, ZeroHash } from "ethers";

import * as disputes from "../src/actions/disputes/index.ts";
import * as mandates from "../src/actions/mandates/index.ts";
import * as optimistic from "../src/actions/optimistic/index.ts";
import { Transport } from "../src/codecs/commitment.ts";
import { type Demand, type Game, PayloadSide } from "../src/codecs/dispute.ts";
import { packGameRules, unpackGameRules } from "../src/codecs/gameRules.ts";
import { packOptimisticOrder } from "../src/codecs/optimisticJob.ts";
import { packOptimisticRules, unpackOptimisticRules } from "../src/codecs/optimisticRules.ts";
import { PayloadError } from "../src/codecs/payload.ts";
import { encodeHeader, Executor } from "../src/onnx/index.ts";
import { type Case, checkCalls, encodes } from "./callCases.ts";
import { operatorCase } from "./onnx/support/cases.ts";
import { longCase } from "./onnx/support/longCase.ts";
import { ADDRESSES, addressOf } from "./support.ts";

const [node, account, other] = [addressOf("node"), addressOf("account"), addressOf("other")];
const [versionId, modelId, salt, outputRoot] = [id("version"), id("model"), id("salt"), id("output")];
const signature = Signature.from({ r: id("r"), s: `0x01${id("s").slice(4)}`, v: 27 });
const payment = { value: 5n, validAfter: 1, validBefore: 2, signature: "0x1234" };
const paymentFields = [5n, 1n, 2n, "0x1234"];
const identity = {
  artifactDigest: id("artifact"),
  artifactSize: 9n,
  format: "onnx",
  inputs: [{ name: "image", dtype: 2, shape: [1, 8] }],
  outputs: [],
  profile: ZeroHash,
  graphRoot: ZeroHash,
};
const identityFields = [id("artifact"), 9n, "onnx", [["image", 2n, [1n, 8n]]], [], ZeroHash, ZeroHash];
const offer = packOptimisticOrder({
  requester: account,
  versionId,
  inputRoot: id("input"),
  price: 10n ** 12n,
  answerPeriod: 5,
  windowPeriod: 6,
});
const offerFields = Object.values(offer);
const optimisticRules = unpackOptimisticRules(`0x${"00".repeat(23)}${"01".repeat(9)}`);
const gameRules = unpackGameRules(`0x${"01".repeat(31)}`);

const statement: disputes.Statement = {
  consumer: other,
  jobId: id("job"),
  attempt: 1,
  modelId,
  version: identity,
  inputRoot: id("in"),
  node,
  outputRoot,
  transport: Transport.Direct,
};
const statementValues = [other, id("job"), 1n, modelId, identityFields, id("in"), node, outputRoot, 1n];
const game: Game = {
  statementId: id("statement"),
  inputRoot: id("in"),
  outputRoot,
  stepsRoot: id("steps"),
  traceRoot: id("trace"),
  node,
  challenger: account,
  referee: other,
  bond: 1n,
  rank: 2n,
  openedAt: 3n,
  rules: id("rules"),
};
const gameFields = Object.values(game);
const demand: Demand = {
  statementId: id("statement"),
  root: id("in"),
  node,
  payer: account,
  price: 1n,
  tensor: 2n,
  firstWord: 3n,
  count: 4n,
  deadline: 5n,
};
const answer: disputes.Answer = { stepHash: id("step"), nodeRoot: id("root"), depth: 9 };
const answerFields = [id("step"), id("root"), 9n];
const words = [id("word")];
const opening = { words, siblings: [salt] };
const openingFields = [words, [salt]];
const evidence: disputes.JudgeElementParameters["case"] = {
  traceRoot: id("trace"),
  inputRoot: id("in"),
  outputRoot,
  nodeRoot: id("root"),
  step: "0x12",
  word: 7,
  offset: 8,
  witness: 9,
  accused: opening,
  inputRoots: words,
  inputPaths: [[salt]],
  inputs: [opening],
  constants: opening,
};
const evidenceFields = [
  ...[id("trace"), id("in"), outputRoot, id("root"), "0x12", 7n, 8n, 9n],
  ...[openingFields, words, [[salt]], [openingFields], openingFields],
];

const { program } = operatorCase("Identity", 1);
const runOf = ({ program: of, inputs }: ReturnType<typeof longCase>) =>
  new disputes.TracedRun(new Executor(of), inputs);
/** Of 256 steps, and of one more. */
const [short, long] = [runOf(longCase(254)), runOf(longCase(255))];

const permitted = { account, amount: 5n, deadline: 7, signature };
const permittedFields = [account, 5n, 7n, 27n, signature.r, signature.s];
const signed = { account, from: other, salt, payment };
const signedFields = [account, other, salt, paymentFields];
const withdrawal = { to: other, amount: 5n };
const offers = [optimistic.withdrawOptimistic.call(ADDRESSES, withdrawal)];
const bonds = [disputes.withdrawBond.call(ADDRESSES, withdrawal)];

const cases: readonly Case[] = [
  encodes(optimistic.depositOptimistic, { account, amount: 5n }, "optimistic", "deposit", [account, 5n]),
  encodes(optimistic.depositOptimisticWithPermit, permitted, "optimistic", "depositWithPermit", permittedFields),
  encodes(
    optimistic.depositOptimisticWithAuthorization,
    signed,
    "optimistic",
    "depositWithAuthorization",
    signedFields,
  ),
  encodes(optimistic.withdrawOptimistic, withdrawal, "optimistic", "withdraw", [other, 5n]),
  encodes(optimistic.batchOptimistic, { calls: offers }, "optimistic", "multicall", [offers.map(({ data }) => data)]),
  encodes(optimistic.requestOptimistic, { order: offer, input: "0x12" }, "optimistic", "request", [
    offerFields,
    "0x12",
  ]),
  encodes(
    optimistic.requestOptimisticWithAuthorization,
    { order: offer, input: "0x12", payment },
    "optimistic",
    "requestWithAuthorization",
    [offerFields, "0x12", paymentFields],
  ),
  encodes(optimistic.cancelOptimistic, { job: offer }, "optimistic", "cancel", [offerFields]),
  encodes(optimistic.reserveOptimistic, { job: offer, node }, "optimistic", "reserve", [offerFields, node]),
  encodes(optimistic.answerOptimistic, { job: offer, node, outputRoot }, "optimistic", "answer", [
    offerFields,
    node,
    outputRoot,
  ]),
  encodes(optimistic.sealOptimistic, { job: offer, node, commitment: salt }, "optimistic", "seal", [
    offerFields,
    node,
    salt,
  ]),
  encodes(optimistic.sealAudit, { job: offer, node, commitment: salt }, "optimistic", "sealAudit", [
    offerFields,
    node,
    salt,
  ]),
  encodes(optimistic.revealOptimistic, { roundId: id("round"), node, outputRoot, salt }, "commitments", "reveal", [
    id("round"),
    node,
    outputRoot,
    salt,
  ]),
  encodes(mandates.allowSpender, { ledger: other, spender: account, cap: 5n }, "mandates", "allow", [
    other,
    account,
    5n,
  ]),
  encodes(mandates.cancelOrderNonce, { nonce: 5n }, "mandates", "cancelNonce", [5n]),
  encodes(optimistic.spendOptimistic, { from: account, ...withdrawal }, "optimistic", "spend", [account, other, 5n]),
  encodes(
    optimistic.requestOptimisticFor,
    {
      order: offer,
      input: "0x1234",
      signed: { mostCost: 1n, mostRepay: 2n, nonce: 3n, expiresAt: 4, signature: "0x5678" },
      repay: 5n,
    },
    "optimistic",
    "requestFor",
    [offerFields, "0x1234", [1n, 2n, 3n, 4n, "0x5678"], 5n],
  ),
  encodes(optimistic.enrolAuditor, { node, versionId, weight: 5n }, "auditRoster", "enrol", [node, versionId, 5n]),
  encodes(optimistic.refreshAuditor, { node, versionId }, "auditRoster", "refresh", [node, versionId]),
  encodes(optimistic.settleAudited, { job: offer }, "optimistic", "settleAudited", [offerFields, ZeroAddress]),
  encodes(optimistic.settleOptimistic, { job: offer, node, outputRoot }, "optimistic", "settle", [
    offerFields,
    node,
    outputRoot,
  ]),
  encodes(optimistic.expireOptimistic, { job: offer }, "optimistic", "expire", [offerFields]),
  encodes(
    optimistic.deliverOptimistic,
    { job: offer, node, result: { fault: PayloadError.InputMissing } },
    "optimistic",
    "deliver",
    [offerFields, node, 1n, "0x"],
  ),
  encodes(optimistic.reclaimOptimisticTip, { job: offer }, "optimistic", "reclaimTip", [offerFields]),
  encodes(optimistic.serveOptimistic, { node, versionId, maxLock: 2n, endsAt: 3 }, "optimistic", "serve", [
    node,
    versionId,
    2n,
    3n,
  ]),
  encodes(optimistic.unserveOptimistic, { node, versionId }, "optimistic", "unserve", [node, versionId]),
  encodes(optimistic.claimOptimistic, { node, versionId }, "optimistic", "claim", [node, versionId]),
  encodes(optimistic.collectOptimisticFees, { accounts: [node, other] }, "optimistic", "collectFees", [[node, other]]),
  encodes(optimistic.setOptimisticTreasury, { account }, "optimistic", "setTreasury", [account]),
  encodes(optimistic.setOptimisticRules, { rules: optimisticRules, marginPeriod: 4 }, "optimistic", "setRules", [
    packOptimisticRules(optimisticRules),
    4n,
  ]),

  encodes(disputes.depositBond, { account, amount: 5n }, "disputes", "deposit", [account, 5n]),
  encodes(disputes.depositBondWithPermit, permitted, "disputes", "depositWithPermit", permittedFields),
  encodes(disputes.depositBondWithAuthorization, signed, "disputes", "depositWithAuthorization", signedFields),
  encodes(disputes.withdrawBond, withdrawal, "disputes", "withdraw", [other, 5n]),
  encodes(disputes.batchDisputes, { calls: bonds }, "disputes", "multicall", [bonds.map(({ data }) => data)]),
  encodes(disputes.sealChallenge, { commitment: salt }, "disputes", "seal", [salt]),
  encodes(disputes.challengeStatement, { statement, header: "0x12", roots: words }, "disputes", "challenge", [
    statementValues,
    "0x12",
    words,
    ZeroHash,
  ]),
  encodes(
    disputes.challengeInGroups,
    { statement, header: "0x12", groups: words, outputs: [opening], salt },
    "disputes",
    "challengeInGroups",
    [statementValues, "0x12", words, [openingFields], salt],
  ),
  encodes(disputes.openWithRun, { statement, run: short, salt }, "disputes", "challenge", [
    statementValues,
    encodeHeader(short.program),
    short.trace.roots,
    salt,
  ]),
  encodes(disputes.openWithRun, { statement, run: long }, "disputes", "challengeInGroups", [
    statementValues,
    encodeHeader(long.program),
    disputes.openingInGroups(long).groups,
    disputes.openingInGroups(long).outputs.map(({ words, siblings }) => [words, siblings]),
    ZeroHash,
  ]),
  encodes(disputes.enterGroup, { game, group: 7 }, "disputes", "enter", [gameFields, 7n]),
  encodes(disputes.layGroup, { game, roots: words, path: [salt] }, "disputes", "lay", [gameFields, words, [salt]]),
  encodes(
    disputes.answerChallenge,
    { game, index: 3, root: salt, rootPath: words, step: "0x12", stepPath: words, nodes: words },
    "disputes",
    "respond",
    [gameFields, [3n, salt, words, "0x12", words], words],
  ),
  encodes(disputes.pickPart, { game, chunk: 7 }, "disputes", "pick", [gameFields, 7n]),
  encodes(disputes.showPart, { game, answer, words, path: [salt] }, "disputes", "reveal", [
    gameFields,
    answerFields,
    words,
    [salt],
  ]),
  encodes(disputes.judgeElement, { game, answer, case: evidence }, "disputes", "judge", [
    gameFields,
    BigInt(answer.depth),
    evidenceFields,
  ]),
  encodes(
    disputes.refuteStatement,
    { statement, header: "0x12", inputs: [{ dtype: 2, shape: [8], dataRoot: salt }], salt },
    "disputes",
    "refute",
    [statementValues, "0x12", [[2n, [8n], salt]], salt],
  ),
  encodes(disputes.admitVersion, { modelId, identity, program }, "disputes", "admit", [
    modelId,
    identityFields,
    encodeHeader(program),
    program.steps.map(() => ZeroHash),
  ]),
  encodes(disputes.timeOutGame, { game }, "disputes", "timeout", [gameFields]),
  encodes(disputes.closeGame, { game, deciding: game }, "disputes", "close", [gameFields, gameFields]),
  encodes(
    disputes.demandWords,
    { statement, side: PayloadSide.Output, tensor: 1, firstWord: 2, count: 3 },
    "disputes",
    "demand",
    [statementValues, 1n, 1n, 2n, 3n],
  ),
  encodes(
    disputes.supplyWords,
    { demand, supply: { tensorRoots: words, dtype: 2, shape: [8], dataRoot: salt, words, siblings: [salt] } },
    "disputes",
    "supply",
    [Object.values(demand), [words, 2n, [8n], salt, words, [salt]]],
  ),
  encodes(disputes.reclaimDemand, { demand }, "disputes", "reclaim", [Object.values(demand)]),
  encodes(disputes.burnForfeited, {}, "disputes", "burnForfeited", []),
  encodes(disputes.addReferee, { referee: other }, "disputes", "addReferee", [other]),
  encodes(disputes.setGameRules, { rules: gameRules }, "disputes", "setRules", [packGameRules(gameRules)]),
];

checkCalls(["mandates", "auditRoster", "optimistic", "disputes"], cases, {
  // Only a ledger calls these.
  mandates: ["spend", "useOrder"],
  optimistic: ["pauseUntil", "setAuthority"],
  disputes: ["setAuthority"],
});
