import { expect } from "chai";

import { SessionState } from "../../packages/sdk/src/codecs/session.ts";
import { getSessionStatus } from "../../packages/sdk/src/index.ts";
import { clientOf } from "../support/clients.ts";
import { loadFixture, time } from "../support/network.ts";
import { CALL_PRICE, conversing, DEPOSIT, TestSession } from "../support/sessions.ts";

describe("SessionLens.statusOf", () => {
  it("follows a session from its opening to its end", async () => {
    const suite = await loadFixture(conversing);
    const { requester } = suite;
    const client = await clientOf(suite);
    const session = await TestSession.open(suite);
    const status = () => getSessionStatus(client, { session: session.packed });
    const { horizonPeriod } = session.fields.rules;
    const fresh = {
      sessionId: session.id,
      state: SessionState.Open,
      funded: DEPOSIT,
      redeemed: 0n,
      paid: 0n,
      mostRedeemable: DEPOSIT,
      endsAt: session.fields.endsAt,
      releasableAt: session.fields.endsAt + Number(horizonPeriod),
      covered: true,
    };
    expect(await status()).to.deep.equal(fresh);

    await session.redeem(40n * CALL_PRICE);
    await session.close(requester);
    const { closesAt } = await session.record();
    const closing = { endsAt: closesAt, releasableAt: closesAt + Number(horizonPeriod) };
    expect(await status()).to.deep.equal({ ...fresh, ...closing, redeemed: 40n * CALL_PRICE });

    await time.increaseTo(closing.releasableAt);
    await session.settle();
    const sums = { funded: 40n * CALL_PRICE, redeemed: 40n * CALL_PRICE, paid: 40n * CALL_PRICE };
    const end = { ...sums, mostRedeemable: 40n * CALL_PRICE, state: SessionState.Released };
    expect(await status()).to.deep.equal({ ...fresh, ...closing, ...end });
  });
});
