import { strict as assert } from "node:assert";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { getSessionServing, type PackedSession, punishContradiction } from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import { Journal } from "../../dist/journal/Journal.js";
import { SessionOffers } from "../../dist/sessions/SessionOffers.js";
import { temporaryFolder } from "../support/folder.ts";
import { TestNetwork } from "../support/network.ts";
import { publishRefereed } from "../support/refereed.ts";
import { LOG, SessionNode } from "../support/sessionNode.ts";

const DAY = 86_400;
const SETTINGS = { lockDays: 40, claimAbove: parseEther("1000") };
const TERMS = { price: parseEther("1"), maxLock: parseEther("500") };
const COLLATERAL = parseEther("100");

describe("SessionOffers", () => {
  const folder = temporaryFolder();
  let network: TestNetwork;
  let node: SessionNode;
  let offers: SessionOffers;
  let session: PackedSession;
  before(async () => {
    network = await TestNetwork.start();
    node = await SessionNode.add(network, await publishRefereed(network), 1);
    node.offer(TERMS);
    offers = keeping();
  });
  after(() => network.stop());

  const wanted = () => [{ id: node.versionId, floorPrice: 0n, sessions: TERMS }];
  const keeping = (settings = SETTINGS, versions = wanted(), journal = node.journal) => {
    const { offers, sender } = node;
    const modules = { client: network.client, offers, journal, sender, log: LOG };
    return new SessionOffers(modules, node.node, versions, settings);
  };
  const serving = () => getSessionServing(network.client, { node: node.node, versionId: node.versionId });
  /** What `maintain` sends, and whether it says that it has sent something. */
  const sentBy = async (keeper = offers, secondsAhead = 0) => {
    const known = node.sender.actions.length;
    const hasSent = await keeper.maintain(await node.head(secondsAhead));
    return [hasSent, ...node.sender.kinds.slice(known)];
  };

  it("locks what is to answer once the version can be judged, and nothing before", async () => {
    assert.deepEqual(await sentBy(), [false]);
    await node.admit();
    const { timestamp } = await node.head();
    assert.deepEqual(await sentBy(), [true, "serve sessions"]);
    const { maxLock, endsAt } = await serving();
    assert.deepEqual([maxLock, endsAt], [TERMS.maxLock, timestamp + 40 * DAY]);
    assert.deepEqual(await sentBy(), [false]);
  });

  it("moves earnings into stake when they are worth it, and says that it has sent something", async () => {
    session = await node.open(TERMS.price, COLLATERAL);
    await node.earn(session, 10n * TERMS.price);
    const { earned } = await serving();
    assert.ok(earned > 0n);
    assert.deepEqual(await sentBy(keeping({ ...SETTINGS, claimAbove: earned + 1n })), [false]);
    assert.deepEqual(await sentBy(keeping({ ...SETTINGS, claimAbove: earned })), [true, "claim sessions"]);
    assert.equal((await serving()).earned, 0n);
  });

  it("does not lock again what was slashed", async () => {
    await punishContradiction(network.client, await node.contradict(session));
    assert.equal((await serving()).maxLock, TERMS.maxLock - COLLATERAL);
    assert.deepEqual(await sentBy(), [false]);
  });

  it("lets go of what it has locked when the operator wants no calls any more", async () => {
    node.offer(undefined);
    assert.deepEqual(await sentBy(), [false]); // the operator wants calls, and the version cannot be offered at the moment
    const without = keeping(SETTINGS, []);
    assert.deepEqual(await sentBy(without), [true, "unserve sessions"]);
    assert.equal((await serving()).maxLock, 0n);
    assert.deepEqual(await sentBy(without), [false]);
    node.offer(TERMS);
    assert.deepEqual(await sentBy(), [true, "serve sessions"]);
  });

  it("lets go of a lock that is older than its journal", async () => {
    const journal = Journal.open(join(folder, "new.sqlite"), { chainId: 1n, market: "market", node: node.node });
    assert.deepEqual(await sentBy(keeping(SETTINGS, wanted(), journal)), [false]);
    assert.deepEqual(await sentBy(keeping(SETTINGS, [], journal)), [true, "unserve sessions"]);
    assert.equal((await serving()).maxLock, 0n);
    journal.close();
    assert.deepEqual(await sentBy(), [true, "serve sessions"]);
  });

  it("renews the lock when half of its time is over, and never below what is used", async () => {
    session = await node.open(TERMS.price, COLLATERAL);
    const left = (await serving()).endsAt - (await node.head()).timestamp;
    node.offer({ ...TERMS, maxLock: COLLATERAL - 1n });
    assert.deepEqual(await sentBy(offers, left - 20 * DAY), [false]);
    assert.deepEqual(await sentBy(offers, left - 20 * DAY + 1), [true, "serve sessions"]);
    const { maxLock, used } = await serving();
    assert.deepEqual([maxLock, used], [COLLATERAL, COLLATERAL]);
  });

  it("lets go of what nothing holds when the version goes into quarantine, and claims what is earned after", async () => {
    node.offer(TERMS);
    await sentBy(offers, 40 * DAY + 60);
    assert.equal((await serving()).maxLock, TERMS.maxLock);
    node.offers.quarantine(node.versionId, "why");
    assert.deepEqual(await sentBy(), [true, "unserve sessions"]);
    const { maxLock, used } = await serving();
    assert.deepEqual([maxLock, used], [COLLATERAL, COLLATERAL]);
    await node.earn(session, 10n * TERMS.price);
    assert.deepEqual(await sentBy(keeping({ ...SETTINGS, claimAbove: 1n })), [true, "claim sessions"]);
    assert.deepEqual(await sentBy(), [false]);
  });
});
