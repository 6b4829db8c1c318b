/** What the compiler must know. `tsc -p .` is the test; that the file runs shows that it was read. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { formatOpg, parseOpg } from "../src/amounts.ts";
import type { addresses } from "../src/addresses.ts";
import type { OrderQuote } from "../src/actions/index.ts";
import type { SettledJob } from "../src/entities/settledJob.ts";
import type { InferenceMarketplace } from "../src/ethers/InferenceMarketplace.ts";
import type { EventNamed } from "../src/events.ts";
import type { SessionPoolParameters } from "../src/session/index.ts";

type Equal<A, B> = [A, B] extends [B, A] ? true : false;
/** Compiles for `true` alone; which fact it is about is for the reader. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the parameter is what is checked
const holds = <Fact extends true>(fact: Fact) => {
  assert.equal(fact, true);
};

describe("Types", () => {
  it("have amounts as `bigint`, read and written by two functions", () => {
    holds<Equal<ReturnType<typeof parseOpg>, bigint>>(true);
    holds<Equal<Parameters<typeof formatOpg>, [baseUnits: bigint]>>(true);
    holds<Equal<OrderQuote["escrow"], bigint>>(true);
    holds<Equal<SettledJob["refund"], bigint>>(true);
    holds<Equal<EventNamed<"Deposited">["args"]["amount"], bigint>>(true);
    holds<Equal<Awaited<ReturnType<InferenceMarketplace["accountOf"]>>["balance"], bigint>>(true);
    // @ts-expect-error amounts are no numbers: above 9 million of the smallest OPG they are not exact
    assert.throws(() => parseOpg(1));
    // @ts-expect-error amounts are no numbers
    formatOpg(1);
  });

  it("have addresses that viem takes", () => {
    holds<Equal<ReturnType<typeof addresses>["market"], `0x${string}`>>(true);
  });

  it("let no session of a pool end at a fixed time, past which each call would open another one", () => {
    holds<Equal<Extract<"endsAt" | "url" | "opening", keyof SessionPoolParameters>, never>>(true);
  });

  it("have arguments of an event by its name, and of no other", () => {
    holds<Equal<EventNamed<"ResultRevealed">["contract"], "commitments">>(true);
    holds<Equal<keyof EventNamed<"ResultRevealed">["args"], "roundId" | "node" | "outputRoot">>(true);
  });
});
