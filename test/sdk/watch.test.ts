import { expect } from "chai";

import {
  type Client,
  type Cursor,
  type EventName,
  ReorganisedError,
  transferTokens,
  watch,
  type WatchBatch,
  type WatchParameters,
} from "../../packages/sdk/src/index.ts";
import { clientOf } from "../support/clients.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture, mine, networkHelpers } from "../support/network.ts";

/** Reads batches until the head of the chain, and gives them. */
async function readAll<Name extends EventName>(
  client: Client,
  parameters: WatchParameters<Name>,
): Promise<WatchBatch<Name>[]> {
  const head = (await client.provider.getBlockNumber()) - (parameters.confirmations ?? 0);
  const batches: WatchBatch<Name>[] = [];
  for await (const batch of watch(client, { pollingInterval: 1, ...parameters })) {
    batches.push(batch);
    if ((batch.cursor.at(-1)?.blockNumber ?? -1) >= head) break;
  }
  return batches;
}

describe("watch", () => {
  const given = async () => {
    const suite = await loadFixture(protocol);
    const client = await clientOf(suite, suite.deployer);
    const start = (await client.provider.getBlockNumber()) + 1;
    const transfer = (amount: bigint) => transferTokens(client, { to: suite.stranger.address, amount });
    return { client, start, transfer };
  };
  const amounts = (batches: readonly WatchBatch<"Transfer">[]) =>
    batches.flatMap(({ events }) => events.map((event) => (event.contract === "token" ? event.args.value : undefined)));

  it("gives the events of each block once and in order, in ranges that are bounded", async () => {
    const { client, start, transfer } = await given();
    for (const amount of [1n, 2n, 3n, 4n, 5n]) await transfer(amount);
    const batches = await readAll({ ...client, logRange: 2 }, { events: ["Transfer"], from: start });
    expect(batches.map(({ events }) => events.length)).to.deep.equal([2, 2, 1]);
    expect(amounts(batches)).to.deep.equal([1n, 2n, 3n, 4n, 5n]);
  });

  it("leaves out events that were not asked for, and contracts that are not of the deployment", async () => {
    const { client, start, transfer } = await given();
    await transfer(1n);
    expect(amounts(await readAll(client, { from: start, events: ["Transfer"] }))).to.have.length(1);
    const [other] = await readAll(client, { from: start, events: ["JobRequested"] });
    expect(other?.events).to.deep.equal([]);
  });

  it("goes on from a kept cursor", async () => {
    const { client, start, transfer } = await given();
    await transfer(1n);
    const kept = (await readAll(client, { events: ["Transfer"], from: start })).at(-1)?.cursor;
    await transfer(2n);
    const from = JSON.parse(JSON.stringify(kept)) as Cursor;
    expect(amounts(await readAll(client, { events: ["Transfer"], from }))).to.deep.equal([2n]);
  });

  it("waits until blocks are as deep as was asked for", async () => {
    const { client, start, transfer } = await given();
    await transfer(1n);
    await mine(2);
    await transfer(2n);
    expect(amounts(await readAll(client, { events: ["Transfer"], from: start, confirmations: 2 }))).to.deep.equal([1n]);
  });

  it("says how far a reorganisation reached, and gives what happened instead", async () => {
    const { client, start, transfer } = await given();
    await transfer(1n);
    const snapshot = await networkHelpers.takeSnapshot();
    await transfer(2n);
    await transfer(3n);
    const before = await readAll({ ...client, logRange: 1 }, { events: ["Transfer"], from: start });
    expect(amounts(before)).to.deep.equal([1n, 2n, 3n]);

    await snapshot.restore();
    await transfer(4n);
    const after = await readAll(client, { events: ["Transfer"], from: before.at(-1)?.cursor ?? [] });
    expect(after.map(({ rewoundTo }) => rewoundTo)).to.deep.equal([start]);
    expect(amounts(after)).to.deep.equal([4n]);
  });

  it("refuses to guess when the reorganisation is deeper than the cursor", async () => {
    const { client, start, transfer } = await given();
    const snapshot = await networkHelpers.takeSnapshot();
    await transfer(1n);
    const [batch] = await readAll(client, { from: start });
    await snapshot.restore();
    await transfer(2n);
    const thrown: unknown = await readAll(client, { from: batch?.cursor ?? [] }).catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(ReorganisedError).and.to.include({ blockNumber: start });
  });

  it("ends with the signal", async () => {
    const { client, start } = await given();
    const signal = AbortSignal.timeout(5);
    const batches: unknown[] = [];
    for await (const batch of watch(client, { from: start, pollingInterval: 60_000, signal })) batches.push(batch);
    expect(batches).to.deep.equal([]);
  });
});
