import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { lockHistoryOf, locksOf } from "../../src/entities/locks.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { address, event, hash, timeOf } from "../support/events.ts";

const version = hash("version");
const [node, market, other] = [address(0xa), address(4), address(1)];

describe("locksOf", () => {
  const lock = (consumer: string, amount: bigint, block: number) =>
    event(
      "LockChanged",
      "staking",
      { node, consumer, obligation: version, amount, endsAt: BigInt(timeOf(100)) },
      { block },
    );

  it("sums what each consumer holds, beside what it may hold", () => {
    const index = EventIndex.of([
      event("ConsumerAuthorised", "staking", { node, consumer: market, cap: 70n }, { block: 2 }),
      lock(market, 50n, 3),
      lock(other, 5n, 4),
      lock(other, 0n, 5),
    ]);
    assert.deepEqual(
      locksOf(index, node).map(({ consumer, cap, locked, locks }) => [consumer, cap, locked, locks.length]),
      [[market, 70n, 50n, 1]],
    );
    assert.deepEqual(
      lockHistoryOf(index, node).map(({ consumer, steps }) => [consumer, steps.map(([, locked]) => locked)]),
      [
        [market, [50n, 50n, 50n]],
        [other, [0n, 5n, 0n]],
      ],
    );
  });
});
