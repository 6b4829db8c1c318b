import { expect } from "chai";
import { encodeBytes32String, parseEther, toBeHex } from "ethers";

import { packSessionRules, type SessionRules, unpackSessionRules } from "../../packages/sdk/src/codecs/sessionRules.ts";
import { deploy, parametersFor } from "../support/deployment.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { CALL_PRICE, conversing, TestSession } from "../support/sessions.ts";

const DAY = 86_400n;
const MARGIN = 20n;
/** Of a verdict's reward to be final, seconds; as `local.json5` says. */
const FLOOR = 5n;

/** A field, a value outside its bounds as it is packed, and the value and bounds as they are named. */
const BOUNDS: readonly (readonly [
  field: keyof SessionRules,
  packed: bigint,
  given: bigint,
  least: bigint,
  most: bigint,
])[] = [
  ["feeBps", 1_001n, 1_001n, 0n, 1_000n],
  ["royaltyCapBps", 5_001n, 5_001n, 0n, 5_000n],
  ["challengerShareBps", 2_499n, 2_499n, 2_500n, 5_000n],
  ["challengerShareBps", 5_001n, 5_001n, 2_500n, 5_000n],
  ["exposureBps", 999n, 999n, 1_000n, 10_000n],
  ["exposureBps", 10_001n, 10_001n, 1_000n, 10_000n],
  ["leastLockCalls", 49n, 49n, 50n, 100_000n],
  ["leastLockCalls", 100_001n, 100_001n, 50n, 100_000n],
  ["disputeBond", 0n, 0n, parseEther("1"), parseEther("100000")],
  ["disputeBond", 100_001n, parseEther("100001"), parseEther("1"), parseEther("100000")],
  ["closeNoticePeriod", FLOOR - 1n, FLOOR - 1n, FLOOR, 14n * DAY],
  ["closeNoticePeriod", 14n * DAY + 1n, 14n * DAY + 1n, FLOOR, 14n * DAY],
  ["receiptHorizonPeriod", 29n, 29n, 30n, 14n * DAY],
  ["receiptHorizonPeriod", 14n * DAY + 1n, 14n * DAY + 1n, 30n, 14n * DAY],
  ["maxSessionPeriod", 9n, 9n, 10n, 60n * DAY],
  ["maxSessionPeriod", 60n * DAY + 1n, 60n * DAY + 1n, 10n, 60n * DAY],
];

describe("InferenceSessions.setRules", () => {
  async function given() {
    const suite = await loadFixture(protocol);
    return { ...suite, local: unpackSessionRules((await suite.sessions.governed()).rules) };
  }

  context("when the admin sets numbers within their bounds", () => {
    it("completes them with the horizon and says so", async () => {
      const { sessions, disputes, deployer, local } = await given();
      expect(local.horizonPeriod).to.equal(
        local.receiptHorizonPeriod + (await disputes.MOST_GAME_PERIOD()) + FLOOR + MARGIN,
      );
      const rules = { ...local, feeBps: 100n, receiptHorizonPeriod: local.receiptHorizonPeriod + 7n };
      const expected = packSessionRules({ ...rules, horizonPeriod: local.horizonPeriod + 7n });
      await expect(sessions.connect(deployer).setRules(packSessionRules({ ...rules, horizonPeriod: 0n }), MARGIN))
        .to.emit(sessions, "SessionRulesSet")
        .withArgs(expected, MARGIN);
      expect((await sessions.governed()).rules).to.equal(expected);
    });

    it("does not touch a session that was opened before [T118]", async () => {
      const suite = await loadFixture(conversing);
      const { sessions, deployer, requester } = suite;
      const session = await TestSession.open(suite);
      const { rules } = session.fields;
      const other = {
        ...rules,
        feeBps: 1_000n,
        receiptHorizonPeriod: 60n,
        closeNoticePeriod: 100n,
        exposureBps: 1_000n,
      };
      await sessions.connect(deployer).setRules(packSessionRules(other), MARGIN);
      await session.redeem(40n * CALL_PRICE);
      expect((await session.record()).redeemed).to.equal(40n * CALL_PRICE);
      const closesAt = await session.noticeEnd();
      await session.close(requester);
      expect((await session.record()).closesAt).to.equal(closesAt);
      await time.increase(Number(rules.receiptHorizonPeriod));
      await session.settle();
      expect((await sessions.accountOf(requester)).fees).to.equal(CALL_PRICE);
    });
  });

  for (const [field, packed, value, least, most] of BOUNDS) {
    context(`when ${field} is ${packed}`, () => {
      it("reverts and names the bounds [T117]", async () => {
        const { sessions, deployer, local } = await given();
        const rules = packSessionRules({ ...local, [field]: packed });
        await expect(sessions.connect(deployer).setRules(rules, MARGIN))
          .to.be.revertedWithCustomError(sessions, "SessionsOutOfBounds")
          .withArgs(encodeBytes32String(field), value, least, most);
      });
    });
  }

  context("when a bit is set that means nothing", () => {
    it("reverts and names the largest word [T117]", async () => {
      const { sessions, deployer, local } = await given();
      const word = BigInt(packSessionRules(local)) | (1n << 208n);
      await expect(sessions.connect(deployer).setRules(toBeHex(word, 32), MARGIN))
        .to.be.revertedWithCustomError(sessions, "SessionsOutOfBounds")
        .withArgs(encodeBytes32String("rules"), word, 0n, 2n ** 208n - 1n);
    });
  });

  context("when every number is at a bound that nests", () => {
    it("takes them", async () => {
      const { sessions, deployer, local } = await given();
      for (const numbers of [
        { feeBps: 0n, royaltyCapBps: 0n, challengerShareBps: 2_500n, exposureBps: 1_000n, leastLockCalls: 50n },
        { feeBps: 1_000n, royaltyCapBps: 5_000n, challengerShareBps: 5_000n, exposureBps: 10_000n },
        { leastLockCalls: 100_000n, disputeBond: 100_000n, closeNoticePeriod: FLOOR, receiptHorizonPeriod: 30n },
        { maxSessionPeriod: 60n * DAY, closeNoticePeriod: 14n * DAY },
        { maxSessionPeriod: 10n },
      ]) {
        const rules = { ...local, ...numbers };
        await sessions.connect(deployer).setRules(packSessionRules(rules), MARGIN);
        const horizonPeriod = rules.receiptHorizonPeriod + local.horizonPeriod - local.receiptHorizonPeriod;
        expect(unpackSessionRules((await sessions.governed()).rules)).to.deep.equal({ ...rules, horizonPeriod });
      }
    });
  });

  context("when the margin is out of bounds", () => {
    it("reverts and names them", async () => {
      const { sessions, deployer, local } = await given();
      for (const margin of [2n, 30n * DAY + 1n]) {
        await expect(sessions.connect(deployer).setRules(packSessionRules(local), margin))
          .to.be.revertedWithCustomError(sessions, "SessionsOutOfBounds")
          .withArgs(encodeBytes32String("marginPeriod"), margin, 3n, 30n * DAY);
      }
      await sessions.connect(deployer).setRules(packSessionRules(local), 3n);
    });
  });

  context("when a verdict could come in after the thaw", () => {
    it("reverts by a second and names both [T087 T117 I17]", async () => {
      const { sessions, staking, deployer, local } = await given();
      const thawPeriod = await staking.THAW_PERIOD();
      const room = thawPeriod - local.horizonPeriod;
      const rules = packSessionRules({ ...local, receiptHorizonPeriod: local.receiptHorizonPeriod + room });
      await expect(sessions.connect(deployer).setRules(rules, MARGIN))
        .to.be.revertedWithCustomError(sessions, "SessionsDeadlinesDoNotNest")
        .withArgs(thawPeriod, thawPeriod - 1n);
      await sessions.connect(deployer).setRules(rules, MARGIN - 1n);
    });
  });

  context("when a session could outlast the longest lock", () => {
    it("reverts and names both, where stake thaws for 60 days [T117 I16]", async () => {
      const { deployer, registry } = await loadFixture(protocol);
      const local = parametersFor("local", deployer.address);
      const thawing = local
        .replace(/\bthawPeriod: \d+/, `thawPeriod: ${60n * DAY}`)
        .replace(/\bcommissionNoticePeriod: \d+/, `commissionNoticePeriod: ${60n * DAY}`);
      const { sessions } = await deploy(thawing);
      expect(await sessions.REGISTRY()).not.to.equal(await registry.getAddress());
      const rules = unpackSessionRules((await sessions.governed()).rules);
      const set = (maxSessionPeriod: bigint) =>
        sessions.connect(deployer).setRules(packSessionRules({ ...rules, maxSessionPeriod }), 30n * DAY);
      const horizon = rules.horizonPeriod - MARGIN + 30n * DAY;
      await set(60n * DAY - horizon + 30n * DAY);
      await expect(set(60n * DAY - horizon + 30n * DAY + 1n))
        .to.be.revertedWithCustomError(sessions, "SessionsDeadlinesDoNotNest")
        .withArgs(90n * DAY + 1n, 90n * DAY);
    });
  });

  context("when anyone else sets them", () => {
    it("reverts and names the caller", async () => {
      const { sessions, thief, local } = await given();
      await expect(sessions.connect(thief).setRules(packSessionRules(local), MARGIN))
        .to.be.revertedWithCustomError(sessions, "AccessManagedUnauthorized")
        .withArgs(thief);
    });
  });
});

describe("InferenceSessions.royaltyOf", () => {
  it("is what the owner asks, up to its part of a call's price", async () => {
    const { sessions, requester, publisher, version } = await loadFixture(conversing);
    for (const [callPrice, royalty] of [
      [CALL_PRICE, parseEther("0.1")],
      [parseEther("0.333333333333333333"), parseEther("0.099999999999999999")],
      [3n, 0n],
      [4n, 1n],
    ] as const) {
      expect(await sessions.royaltyOf(version, requester, callPrice)).to.deep.equal([publisher.address, royalty]);
    }
  });
});
