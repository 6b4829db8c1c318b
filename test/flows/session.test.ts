import { expect } from "chai";
import { parseEther } from "ethers";

import { SessionState } from "../../packages/sdk/src/codecs/session.ts";
import { CLOCKS } from "../support/disputes.ts";
import { loadFixture, time } from "../support/network.ts";
import { CALL_PRICE, COLLATERAL, conversing, TestSession } from "../support/sessions.ts";

describe("A session", () => {
  context("when the node is honest", () => {
    it("pays node, owner and treasury by one voucher, returns the rest, and lets the collateral go", async () => {
      const suite = await loadFixture(conversing);
      const { sessions, requester, publisher, first, version } = suite;
      const before = await sessions.accountOf(requester);
      const session = await TestSession.open(suite);
      await session.redeem(40n * CALL_PRICE);
      await session.close(requester);
      await time.increase(10);
      await session.settle();
      expect((await session.record()).state).to.equal(SessionState.Closed);
      expect((await sessions.accountOf(requester)).balance).to.equal(before.balance - 40n * CALL_PRICE);

      await time.increase(40);
      await session.settle();
      const pay = parseEther("35"); // of 40: without 2.5 %, and a tenth for the owner
      expect((await sessions.servingOf(first.node, version)).earned).to.equal(pay);
      expect((await sessions.accountOf(publisher)).balance).to.equal(parseEther("4"));
      expect((await sessions.accountOf(requester)).fees).to.equal(parseEther("1"));

      await time.increase(125);
      await session.settle();
      expect((await session.record()).state).to.equal(SessionState.Released);
      expect((await sessions.servingOf(first.node, version)).used).to.equal(0n);
    });
  });

  context("when one receipt of many is false", () => {
    it("costs the node the whole collateral and what was not paid yet", async () => {
      const suite = await loadFixture(conversing);
      const { sessions, requester, thief, first, version } = suite;
      const before = (await sessions.accountOf(requester)).balance;
      const session = await TestSession.open(suite);
      const receipt = await session.lie({ sequence: 17n });
      await session.redeem(40n * CALL_PRICE);
      await session.show(receipt);
      await session.refute(receipt, [thief]);
      await time.increase(CLOCKS.floor);
      await session.punishLie(receipt);

      const { state, funded } = await session.record();
      expect({ state, funded }).to.deep.equal({ state: SessionState.Falsified, funded: 0n });
      expect((await sessions.accountOf(requester)).balance).to.equal(before + CALL_PRICE);
      expect((await sessions.accountOf(thief)).balance).to.equal((COLLATERAL - CALL_PRICE) / 2n);
      expect((await sessions.servingOf(first.node, version)).used).to.equal(0n);
    });
  });
});
