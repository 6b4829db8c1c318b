import { strict as assert } from "node:assert";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { authoriseConsumer, findEvents, getSessionServing } from "@opg-protocol/sdk";
import { BadReceiptError, SessionPool, type SessionPoolParameters } from "@opg-protocol/sdk/session";
import { parseEther } from "ethers";

import { DaemonProcess } from "../support/daemon.ts";
import { Meddler } from "../support/Meddler.ts";
import { eventually, TestNetwork } from "../support/network.ts";
import { image, publishRefereed, trueRoot } from "../support/refereed.ts";

const PRICE = parseEther("0.01");
const DEPOSIT = parseEther("1");
const PATIENCE = 240;
/** Of deploy/parameters/local.json5, less the margin that `draftSession` leaves, seconds. */
const SESSION_PERIOD = 3_540;

/** A node whose daemon answers calls in sessions. */
async function addNode(network: TestNetwork, versionId: string, index: number, endMinutes = 0.01) {
  const sessions = { price: "0.01", maxLock: "900", mostCollateral: "100" };
  const changes = { versions: [{ id: versionId, maxLock: "10", sessions }], sessions: { endMinutes } };
  const node = await network.addNode(index, changes);
  const consumer = network.client.addresses.sessions;
  await authoriseConsumer(await network.clientOf(index), { node: node.node, consumer, cap: parseEther("1000") });
  const daemon = new DaemonProcess(node);
  daemon.start();
  await daemon.ready();
  await eventually(
    "its stake answers for sessions",
    async () => {
      await network.provider.send("evm_mine", []);
      const { maxLock } = await getSessionServing(network.client, { node: node.node, versionId });
      return maxLock > 0n;
    },
    PATIENCE,
  );
  return { node, daemon };
}

type Place = Awaited<ReturnType<typeof addNode>>;

describe("SessionPool", () => {
  let network: TestNetwork;
  let versionId: string;
  let first: Place;
  let second: Place;
  let doors: [Meddler, Meddler];
  before(async () => {
    network = await TestNetwork.start();
    versionId = await publishRefereed(network);
    first = await addNode(network, versionId, 1);
    second = await addNode(network, versionId, 2);
  });
  beforeEach(async () => {
    doors = [await new Meddler(first.node.url).listen(), await new Meddler(second.node.url).listen()];
  });
  afterEach(() => {
    for (const door of doors) door.close();
  });
  after(async () => {
    for (const { daemon } of [first, second]) await daemon.kill();
    await network.stop();
  });

  const poolOf = (changes: Partial<SessionPoolParameters> = {}) =>
    new SessionPool(network.client, {
      versionId,
      urls: doors.map(({ url }) => url),
      deposit: DEPOSIT,
      retries: 0,
      clockTolerance: 3_600,
      ...changes,
    });
  const infer = async (pool: SessionPool, seed: number) => {
    const { receipt } = await pool.infer({ inputs: [{ name: "x", ...image(seed) }] });
    assert.equal(receipt.outputRoot, trueRoot(seed));
    return receipt;
  };
  const spentOf = async (pool: SessionPool) => Promise.all((await pool.sessions()).map((session) => session.spent()));
  const openedIn = async (fromBlock: number) =>
    (await findEvents(network.client, "sessions", "SessionOpened", [], fromBlock)).length;

  it("has the next node answer when one is killed between two calls, and comes back to it after a rest", async () => {
    const [one, other] = doors;
    const pool = poolOf({ restPeriod: 1 });
    for (const seed of [1, 2, 3]) await infer(pool, seed);
    const [session] = await pool.sessions();
    await first.daemon.kill();
    const receipt = await infer(pool, 4);
    assert.notEqual(receipt.sessionId, session?.id);
    assert.deepEqual([other.calls.length, await spentOf(pool)], [1, [3n * PRICE, PRICE]]);
    assert.equal(one.best, 4n * PRICE); // the call that was at risk
    const tries = one.calls.length;
    await infer(pool, 5);
    assert.deepEqual([one.calls.length, other.calls.length], [tries, 2]);

    first.daemon.start();
    await first.daemon.ready();
    await sleep(1_000);
    const { sessionId, sequence } = await infer(pool, 6);
    assert.deepEqual([sessionId, sequence], [session?.id, 4n]); // nobody has served the number before
    assert.equal(one.best, 4n * PRICE);
  });

  it("has a call answered once by another node when one refuses it half-way", async () => {
    const [one, other] = doors;
    const pool = poolOf();
    await infer(pool, 11);
    one.meddling = "refuses";
    for (const seed of [12, 13]) await infer(pool, seed);
    assert.deepEqual([one.calls.length, other.calls.length], [2, 2]);
    assert.deepEqual([one.best, await spentOf(pool)], [2n * PRICE, [PRICE, 2n * PRICE]]);
  });

  it("risks one call with a node that takes vouchers and gives receipts without answers", async () => {
    const [one, other] = doors;
    one.meddling = "swallows";
    const pool = poolOf({ restPeriod: 0 }); // it is called first every time
    for (const seed of [21, 22, 23]) await infer(pool, seed);
    assert.deepEqual([one.best, other.best], [PRICE, 3n * PRICE]);
    assert.deepEqual(await spentOf(pool), [0n, 3n * PRICE]);
    one.meddling = "passes"; // what was paid is answered after all, and what comes next
    assert.equal((await infer(pool, 24)).sequence, 2n);
    assert.deepEqual(await spentOf(pool), [2n * PRICE, 3n * PRICE]);
  });

  it("notices a wrong answer, gets the right one from another node, and calls who gave it never again", async () => {
    const [one, other] = doors;
    const pool = poolOf({ restPeriod: 0 });
    await infer(pool, 31);
    one.meddling = "changes";
    await infer(pool, 32);
    one.meddling = "passes";
    await infer(pool, 33);
    assert.deepEqual([one.calls.length, other.calls.length], [2, 2]);
    assert.deepEqual([one.best, await spentOf(pool)], [2n * PRICE, [PRICE, 2n * PRICE]]);
    const [session] = await pool.sessions();
    const error: unknown = await session?.infer({ inputs: [] }).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof BadReceiptError);
    assert.deepEqual([error.fault, error.sequence], ["output", 2n]);
  });

  it("opens no session for inputs that the version does not take, of which the chain tells", async () => {
    const from = (await network.provider.getBlockNumber()) + 1;
    const wrong = { name: "SessionInputsError" };
    const given = { name: "x", ...image(1) };
    for (const change of [{ name: "y" }, { dtype: 1 }, { shape: [...given.shape, 1] }]) {
      await assert.rejects(poolOf().infer({ inputs: [{ ...given, ...change }] }), wrong);
    }
    assert.equal(await openedIn(from), 0);
  });
});

describe("SessionPool, when the time of a session is over", () => {
  /** A session lasts so long by the clock of this machine, and in its last part nothing is served. Seconds. */
  const [LEFT, MARGIN] = [12, 6];
  let network: TestNetwork;
  let versionId: string;
  let place: Place;
  before(async () => {
    network = await TestNetwork.start(SESSION_PERIOD - LEFT);
    versionId = await publishRefereed(network);
    place = await addNode(network, versionId, 1, MARGIN / 60);
  });
  after(async () => {
    await place.daemon.kill();
    await network.stop();
  });

  it("opens another one with the same node, once for calls that come together", async () => {
    const urls = [place.node.url];
    const pool = new SessionPool(network.client, { versionId, urls, deposit: DEPOSIT, clockTolerance: 7_200 });
    const call = async (seed: number) => {
      const { receipt } = await pool.infer({ inputs: [{ name: "x", ...image(seed) }] });
      return receipt.sessionId;
    };
    /** Until so many seconds before the last session ends. */
    const wait = async (seconds: number) => {
      const endsAt = (await pool.sessions()).at(-1)?.fields.endsAt ?? assert.fail();
      await sleep((endsAt - seconds) * 1_000 - Date.now());
      await network.provider.send("evm_mine", []); // the chain knows the time by its last block alone
    };
    const ids = [await call(1)];
    await wait(MARGIN / 2); // the node refuses
    ids.push(...(await Promise.all([call(2), call(3)])));
    await wait(-1); // the payer knows by itself
    ids.push(await call(4));
    assert.deepEqual(ids[1], ids[2]);
    assert.equal(new Set(ids).size, 3);
    const known = (await pool.sessions()).map(({ id }) => id);
    assert.deepEqual(known, [...new Set(ids)]);
  });
});
