import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  batchId,
  batchLeaf,
  packPair,
  type PackedSession,
  packWord,
  parseOpg,
  payloadRoot,
  type Receipt,
  receiptHash,
  sessionId,
  type SignedReceipt,
  signReceipt,
} from "@opg-protocol/sdk";
import { concat, id, keccak256, type Wallet, ZeroAddress } from "ethers";

import { rootOfPath, verifyBatchLeaf } from "../../src/verify/batch.ts";
import { type BatchPlace, callText, type GivenReceipt, readReceipt } from "../../src/verify/given.ts";
import { verifyReceipt } from "../../src/verify/receipt.ts";
import type { Report } from "../../src/verify/steps.ts";
import { timeOf } from "../support/events.ts";
import { addresses, chainId } from "../support/orders.ts";
import {
  ARTIFACT,
  ARTIFACT_URI,
  flipped,
  LOGITS,
  NODE,
  OTHER_ADDRESS,
  PICTURE,
  releaseDigits,
  SIGNER,
  STRANGER,
  toolsOf,
  word,
} from "./support/digits.ts";
import { FakeRpc } from "./support/FakeRpc.ts";
import { findings } from "./support/findings.ts";

const PLACES = { [ARTIFACT_URI]: ARTIFACT };
const PRICE = parseOpg("0.25");

interface World {
  readonly rpc: FakeRpc;
  readonly receipt: Receipt;
  readonly signed: SignedReceipt;
}

/** A session of the digits, and a receipt of its first call. */
async function world(different: Partial<Receipt> = {}, signer: Wallet = SIGNER): Promise<World> {
  const rpc = new FakeRpc();
  const versionId = releaseDigits(rpc);
  const session = sessionOf(versionId);
  const id = sessionId(chainId, addresses.sessions, session);
  rpc.addLog("sessions", "SessionOpened", [id, OTHER_ADDRESS, NODE, session, 0], { block: 2 });
  rpc.view("sessions", "sessionOf", () => [packWord({ state: 8, rest: 248 }, { state: 1n, rest: 0n })]);
  rpc.view("receipts", "shownOf", () => [0n]);
  const receipt: Receipt = {
    sessionId: id,
    sequence: 1n,
    versionId,
    inputRoot: payloadRoot([PICTURE]),
    outputRoot: payloadRoot([LOGITS]),
    price: PRICE,
    issuedAt: timeOf(5),
    ...different,
  };
  return { rpc, receipt, signed: await signReceipt(await rpc.client(), signer, receipt) };
}

const sessionOf = (versionId: string): PackedSession => ({
  versionId,
  payer: packPair(OTHER_ADDRESS, PRICE),
  node: packPair(NODE, parseOpg("100")),
  key: OTHER_ADDRESS,
  royalty: packPair(ZeroAddress, 0n),
  shape: word(timeOf(10_000)),
  rules: word(0),
});

const wholly = ({ signed }: World): GivenReceipt =>
  readReceipt(callText({ receipt: signed, inputs: [PICTURE], outputs: [LOGITS] }));

async function check({ rpc }: World, given: GivenReceipt): Promise<Report> {
  return verifyReceipt({ ...(await toolsOf(rpc, PLACES)), given });
}

const ALL = {
  session: "holds",
  terms: "holds",
  receipt: "holds",
  input: "holds",
  output: "holds",
  version: "holds",
  artifact: "holds",
  graph: "holds",
  reference: "holds",
  runtime: "holds",
  trace: "holds",
};

describe("verifyReceipt, of a receipt that the node has signed", () => {
  it("checks all from the session to the last number of the trace", async () => {
    const place = await world();
    const report = await check(place, wholly(place));
    assert.deepEqual(findings(report), ALL);
    assert.equal(report.verdict, "verified");
  });

  it("says what it cannot tell without the input", async () => {
    const place = await world();
    const report = await check(place, { ...wholly(place), inputs: undefined, outputs: undefined });
    assert.deepEqual(findings(report), { session: "holds", terms: "holds", receipt: "holds", input: "untold" });
    assert.equal(report.verdict, "incomplete");
  });

  it("refutes the signature of somebody else, and one of another receipt", async () => {
    const strangers = await world({}, STRANGER);
    assert.equal(findings(await check(strangers, wholly(strangers)))["receipt"], "fails");
    const place = await world();
    const given = wholly(place);
    const other = { ...given, receipt: { ...given.receipt, sequence: 2n } };
    const report = await check(place, other);
    assert.equal(findings(report)["receipt"], "fails");
    assert.equal(report.verdict, "refuted");
  });

  it("refutes another input or output than the receipt is for", async () => {
    const place = await world();
    const given = wholly(place);
    assert.equal(findings(await check(place, { ...given, inputs: [flipped(PICTURE)] }))["input"], "fails");
    assert.equal(findings(await check(place, { ...given, outputs: [flipped(LOGITS)] }))["output"], "fails");
  });

  it("refutes an output that the version does not give", async () => {
    const place = await world({ outputRoot: payloadRoot([flipped(LOGITS)]) });
    const report = await check(place, { ...wholly(place), outputs: [flipped(LOGITS)] });
    assert.deepEqual(findings(report), { ...ALL, reference: "fails", runtime: "fails" });
    assert.equal(report.verdict, "refuted");
  });

  it("refutes a price above the session's, and another version", async () => {
    const dear = await world({ price: PRICE + 1n });
    assert.equal(findings(await check(dear, wholly(dear)))["terms"], "fails");
    const other = await world({ versionId: id("another version") });
    assert.equal(findings(await check(other, wholly(other)))["terms"], "fails");
  });

  it("leaves open a session that is not there, and refutes one whose fields are not those of the id", async () => {
    const place = await world();
    place.rpc.logs.length = 0;
    assert.equal((await check(place, wholly(place))).verdict, "incomplete");
    const lying = await world();
    const { versionId, sessionId: session } = lying.receipt;
    const fields = { ...sessionOf(versionId), key: SIGNER.address };
    lying.rpc.logs.length = 1;
    lying.rpc.addLog("sessions", "SessionOpened", [session, OTHER_ADDRESS, NODE, fields, 0], { block: 2 });
    assert.equal(findings(await check(lying, wholly(lying)))["session"], "fails");
  });
});

describe("verifyReceipt, of a receipt without a signature", () => {
  const bare = (place: World): GivenReceipt => ({ ...wholly(place), signature: undefined });

  it("leaves open who has made it", async () => {
    const place = await world();
    const report = await check(place, bare(place));
    assert.deepEqual(findings(report), { ...ALL, receipt: "untold" });
    assert.equal(report.verdict, "incomplete");
  });

  it("takes it as made if it was shown on chain", async () => {
    const place = await world();
    place.rpc.view("receipts", "shownOf", () => [1n]);
    const report = await check(place, bare(place));
    const { receipt: made, shown, ...rest } = findings(report);
    assert.deepEqual([made, shown, { ...rest, receipt: "holds" }], [undefined, "holds", ALL]);
    assert.equal(report.verdict, "verified");
  });

  it("takes it as made if it is in a batch that the node's signer has posted, and in no other", async () => {
    const place = await world();
    const batch = treeOf(receiptHash(place.receipt), SIGNER.address);
    place.rpc.view("commitments", "batchPostedAt", () => [timeOf(6)]);
    const report = await check(place, { ...bare(place), place: batch });
    assert.equal(findings(report)["batch"], "holds");
    assert.equal(report.verdict, "verified");

    const strangers = treeOf(receiptHash(place.receipt), STRANGER.address);
    assert.equal(findings(await check(place, { ...bare(place), place: strangers }))["batch"], "fails");
    const elsewhere = treeOf(id("another statement"), SIGNER.address);
    assert.equal(findings(await check(place, { ...bare(place), place: elsewhere }))["batch"], "fails");
    place.rpc.view("commitments", "batchPostedAt", () => [0]);
    assert.equal(findings(await check(place, { ...bare(place), place: batch }))["batch"], "fails");
  });
});

describe("verifyBatchLeaf", () => {
  const statement = id("a statement");
  const { batch, index, path } = treeOf(statement, SIGNER.address);
  const known = batchId(chainId, addresses.commitments, batch);
  const posted = (count = batch.count): FakeRpc => {
    const rpc = new FakeRpc();
    rpc.addLog("commitments", "BatchPosted", [known, batch.poster, batch.root, count, "ipfs://leaves"], { block: 3 });
    rpc.view("commitments", "batchPostedAt", () => [timeOf(3)]);
    return rpc;
  };
  const verdict = async (rpc: FakeRpc, different: Partial<Parameters<typeof verifyBatchLeaf>[0]["given"]> = {}) => {
    const given = { batchId: known, index, statement, path, ...different };
    return (await verifyBatchLeaf({ client: await rpc.client(), given, onStep: () => undefined })).verdict;
  };

  it("verifies a leaf of a posted batch", async () => {
    assert.equal(await verdict(posted()), "verified");
  });

  it("refutes another statement, place or path, a batch that was not posted, and one that does not hash to its id", async () => {
    assert.equal(await verdict(posted(), { statement: id("another") }), "refuted");
    assert.equal(await verdict(posted(), { index: index + 1n }), "refuted");
    assert.equal(await verdict(posted(), { path: path.slice(1) }), "refuted");
    assert.equal(await verdict(new FakeRpc()), "refuted");
    assert.equal(await verdict(posted(batch.count + 1n)), "refuted");
  });
});

/** A batch of two statements, the first of which is given. */
function treeOf(statement: string, poster: string): BatchPlace {
  const [leaf, other] = [batchLeaf(0n, statement), batchLeaf(1n, id("beside it"))];
  const root = keccak256(leaf < other ? concat([leaf, other]) : concat([other, leaf]));
  assert.equal(rootOfPath(leaf, [other]), root);
  return { batch: { poster, root, count: 2n }, index: 0n, path: [other] };
}
