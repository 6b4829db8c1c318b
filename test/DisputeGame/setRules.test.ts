import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { type GameRules, packGameRules, unpackGameRules } from "../../packages/sdk/src/codecs/gameRules.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";

const WEEK = 7n * 86_400n;

describe("DisputeGame.setRules", () => {
  async function given() {
    const suite = await loadFixture(protocol);
    const rules = unpackGameRules(await suite.disputes.governed());
    const set = (changes: Partial<GameRules>, sender = suite.deployer) =>
      suite.disputes.connect(sender).setRules(packGameRules({ ...rules, ...changes }));
    return { ...suite, rules, set };
  }

  context("given numbers inside their bounds", () => {
    it("sets all of them for games to come", async () => {
      const { disputes, rules, set } = await given();
      const changes = {
        bondFactor: 2n,
        bondFloor: 100_000n,
        respondPeriod: 5n,
        pickPeriod: 6n,
        revealPeriod: 7n,
        judgePeriod: 8n,
        demandPeriod: 12n,
        demandMarkupBps: 50_000n,
        bondToNodeBps: 8_000n,
        referenceGasPrice: 500n * 10n ** 9n,
        opgPerEth: 60_000n,
      };
      const word = packGameRules({ ...rules, ...changes });
      await expect(set(changes)).to.emit(disputes, "RulesSet").withArgs(word);
      expect(unpackGameRules(await disputes.governed())).to.deep.equal(changes);
    });
  });

  context("given a number outside its bounds", () => {
    const BOUNDS: readonly (readonly [keyof GameRules, given: bigint, least: bigint, most: bigint, shown?: bigint])[] =
      [
        ["bondFactor", 1n, 2n, 50n],
        ["bondFactor", 51n, 2n, 50n],
        ["bondFloor", 0n, 10n ** 18n, 10n ** 23n],
        ["bondFloor", 100_001n, 10n ** 18n, 10n ** 23n, 100_001n * 10n ** 18n],
        ["respondPeriod", 4n, 5n, 259_200n],
        ["pickPeriod", 4n, 5n, 259_200n],
        ["revealPeriod", 4n, 5n, 259_200n],
        ["judgePeriod", 4n, 5n, 259_200n],
        ["demandPeriod", 259_201n, 5n, 259_200n],
        ["demandMarkupBps", 12_499n, 12_500n, 50_000n],
        ["demandMarkupBps", 50_001n, 12_500n, 50_000n],
        ["bondToNodeBps", 4_999n, 5_000n, 8_000n],
        ["bondToNodeBps", 8_001n, 5_000n, 8_000n],
        ["referenceGasPrice", 999_999n, 10n ** 6n, 5n * 10n ** 11n],
        ["referenceGasPrice", 5n * 10n ** 11n + 1n, 10n ** 6n, 5n * 10n ** 11n],
        ["opgPerEth", 14_999n, 15_000n, 60_000n],
        ["opgPerEth", 60_001n, 15_000n, 60_000n],
      ];
    for (const [parameter, value, least, most, shown] of BOUNDS) {
      it(`reverts and names them for ${parameter} ${value} [T117]`, async () => {
        const { disputes, set } = await given();
        await expect(set({ [parameter]: value }))
          .to.be.revertedWithCustomError(disputes, "DisputeOutOfBounds")
          .withArgs(encodeBytes32String(parameter), shown ?? value, least, most);
      });
    }
  });

  context("given clocks that stay in their bounds but not in the time that consumers reckon with", () => {
    it("reverts and names both: a game ends within what was fixed at deployment [T087 I17]", async () => {
      const { disputes, set } = await given();
      await expect(set({ judgePeriod: 21n }))
        .to.be.revertedWithCustomError(disputes, "DisputeDeadlinesDoNotNest")
        .withArgs(81, 80);
      // A trace in groups has two clocks of these.
      for (const parameter of ["pickPeriod", "revealPeriod"]) {
        await expect(set({ [parameter]: 11n }))
          .to.be.revertedWithCustomError(disputes, "DisputeDeadlinesDoNotNest")
          .withArgs(82, 80);
      }
      await expect(set({ demandPeriod: 13n }))
        .to.be.revertedWithCustomError(disputes, "DisputeDeadlinesDoNotNest")
        .withArgs(31, 30);
    });
  });

  context("given another rate of OPG to ether", () => {
    it("moves once in seven days, by a factor of two at most", async () => {
      const { disputes, set } = await given();
      await set({ opgPerEth: 60_000n });
      const changeableAt = BigInt(await time.latest()) + WEEK;
      await time.setNextBlockTimestamp(changeableAt - 1n);
      await expect(set({ opgPerEth: 120_000n }))
        .to.be.revertedWithCustomError(disputes, "DisputeRateTooSoon")
        .withArgs(changeableAt);
      await set({ opgPerEth: 60_000n, bondFactor: 3n });
      await time.setNextBlockTimestamp(changeableAt);
      await set({ opgPerEth: 120_000n });
      expect(unpackGameRules(await disputes.governed()).opgPerEth).to.equal(120_000n);
    });
  });

  context("when anybody but the access manager's admin sets them", () => {
    it("reverts [T124]", async () => {
      const { disputes, stranger, set } = await given();
      await expect(set({}, stranger))
        .to.be.revertedWithCustomError(disputes, "AccessManagedUnauthorized")
        .withArgs(stranger);
    });
  });
});
