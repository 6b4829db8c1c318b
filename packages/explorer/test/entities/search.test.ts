import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { ZeroHash } from "ethers";

import { search } from "../../src/entities/search.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { to } from "../../src/routes.ts";
import { address, event, hash } from "../support/events.ts";
import { modelOwner, node, requester, roundOf, orderedJob, versionId } from "../support/orders.ts";
import { agreement, falsified, GOOD } from "../support/stories.ts";

const modelId = hash("model");
const identity = {
  artifactDigest: ZeroHash,
  artifactSize: 1n,
  format: "onnx",
  inputs: [],
  outputs: [],
  profile: ZeroHash,
  graphRoot: ZeroHash,
};
const release = {
  major: 1n,
  minor: 0n,
  goldenInputRoot: ZeroHash,
  goldenOutputRoot: ZeroHash,
  licence: "MIT",
  uris: [],
  metadataURI: "",
  metadataHash: ZeroHash,
};
const jobs = [agreement(), falsified()] as const;
const index = EventIndex.of([
  event("ModelRegistered", "registry", { modelId, publisher: modelOwner, slug: "digits" }, { block: 1 }),
  event("VersionReleased", "registry", { versionId, modelId, identity, release }, { block: 2 }),
  event(
    "NodeRegistered",
    "staking",
    { node: node(1), signer: address(5), ownStake: 1n, commissionBps: 0n, metadataURI: "" },
    { block: 3 },
  ),
  event("Delegated", "staking", { node: node(1), delegator: address(0xde), amount: 1n, shares: 1n }, { block: 4 }),
  event(
    "ScheduleCreated",
    "scheduler",
    {
      scheduleId: hash("schedule"),
      owner: requester,
      schedule: { owner: ZeroHash, source: ZeroHash, timing: ZeroHash, orderHash: ZeroHash, inputHash: ZeroHash },
      order: "0x",
      input: "0x",
      budget: 1n,
    },
    { block: 5 },
  ),
  ...jobs.flatMap(({ events }) => events),
]);
const routes = (text: string) => search(index, text).hits.map((hit) => hit.to);

describe("search", () => {
  it("goes straight to what has the id", () => {
    assert.deepEqual(routes(jobs[0].id), [to.job(jobs[0].id)]);
    assert.deepEqual(routes(versionId), [to.version(versionId)]);
    assert.deepEqual(routes(modelId), [to.model(modelId)]);
    assert.deepEqual(routes(hash("schedule")), [to.schedule(hash("schedule"))]);
    assert.deepEqual(routes(hash("game")), [to.dispute(hash("game"))]);
  });

  it("takes ids in capitals and between spaces", () => {
    assert.deepEqual(routes(`  0x${jobs[0].id.slice(2).toUpperCase()} `), [to.job(jobs[0].id)]);
  });

  it("finds the job of a round and of a result", () => {
    const job = orderedJob({ block: 100 });
    assert.deepEqual(routes(roundOf(job, 0)), [to.job(jobs[0].id)]);
    assert.ok(routes(GOOD).includes(to.job(jobs[1].id)));
  });

  it("finds what a transaction has done", () => {
    const { hits, transaction } = search(index, hash("block 160"));
    assert.deepEqual([hits[0]?.to, transaction], [to.job(jobs[0].id), hash("block 160")]);
  });

  it("finds a node by its address, and what somebody else has ordered or delegated", () => {
    assert.deepEqual(routes(node(1))[0], to.node(node(1)));
    assert.deepEqual(routes(address(0xde)), [to.delegate(address(0xde))]);
    const own = routes(requester.toLowerCase());
    assert.deepEqual(
      own.toSorted(),
      [to.job(jobs[0].id), to.job(jobs[1].id), to.schedule(hash("schedule"))].toSorted(),
    );
  });

  it("finds models and versions by a part of their name, the closest first", () => {
    assert.deepEqual(routes("Digit"), [to.model(modelId), to.version(versionId)]);
    assert.deepEqual(routes("digits 1.0"), [to.version(versionId)]);
  });

  it("finds a proposal by its number", () => {
    const args = {
      proposalId: 12n,
      proposer: requester,
      targets: [],
      values: [],
      signatures: [],
      calldatas: [],
      voteStart: 1n,
      voteEnd: 2n,
      description: "",
    };
    const proposed = EventIndex.of([event("ProposalCreated", "governor", args, { block: 1 })]);
    assert.deepEqual(
      search(proposed, "12").hits.map((hit) => hit.to),
      [to.proposal("12")],
    );
  });

  it("finds nothing where there is nothing, and in a single letter", () => {
    for (const text of ["", "d", "nobody", hash("nothing"), address(0x99)]) {
      assert.deepEqual(search(index, text), { hits: [], transaction: undefined });
    }
  });
});
