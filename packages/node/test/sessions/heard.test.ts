import { strict as assert } from "node:assert";
import { after, before, describe, it } from "node:test";

import { sessionIdOf } from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import { ProtocolChain } from "../../dist/chain/ProtocolChain.js";
import { SessionOffers } from "../../dist/sessions/SessionOffers.js";
import { TestNetwork } from "../support/network.ts";
import { publishRefereed } from "../support/refereed.ts";
import { LOG, SessionNode } from "../support/sessionNode.ts";

const NONE: ReadonlySet<string> = new Set();
const SILENT = { versions: NONE, offers: NONE, account: undefined, statements: false };

describe("What a node hears of sessions", () => {
  let network: TestNetwork;
  let node: SessionNode;
  before(async () => {
    network = await TestNetwork.start();
    node = await SessionNode.add(network, await publishRefereed(network), 1);
    const sessions = { price: parseEther("1"), maxLock: parseEther("500") };
    node.offer(sessions);
    await node.admit();
    const { client } = network;
    const { journal, offers, sender } = node;
    const versions = [{ id: node.versionId, floorPrice: 0n, sessions }];
    const modules = { client, offers, journal, sender, log: LOG };
    await new SessionOffers(modules, node.node, versions, { lockDays: 40, claimAbove: 1n }).maintain(await node.head());
  });
  after(() => network.stop());

  it("is that one was opened, and whatever changes it after that; a watcher hears of none", async () => {
    const { client, provider } = network;
    const chain = new ProtocolChain(client, node.node);
    const hears = async (from: number, node: string | undefined) =>
      (await chain.findings(from, await provider.getBlockNumber(), { ...SILENT, node })).touched;
    const begun = (await provider.getBlockNumber()) + 1;
    const session = await node.open(parseEther("1"), parseEther("100"));
    const sessionId = sessionIdOf(client, session);
    assert.equal((await hears(begun, node.node)).has(sessionId), true);
    assert.equal((await hears(begun, undefined)).has(sessionId), false);
    const opened = (await provider.getBlockNumber()) + 1;
    await node.earn(session, parseEther("2"));
    assert.equal((await hears(opened, node.node)).has(sessionId), true);
  });
});
