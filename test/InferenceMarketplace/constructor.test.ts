import { expect } from "chai";
import { encodeBytes32String, ZeroAddress } from "ethers";

import { packRules, unpackRules, type Rules } from "../../packages/sdk/src/codecs/rules.ts";
import { InferenceMarketplace__factory } from "../../typechain-types/index.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

interface Choice {
  readonly seedDelayPeriod: bigint;
  readonly mostInputBytes: bigint;
  readonly mostOutputBytes: bigint;
  readonly marginPeriod: bigint;
  readonly treasury: string;
  readonly rules: Partial<Rules>;
}

/** A market beside the deployed one, between the same neighbours. */
async function given() {
  const suite = await loadFixture(protocol);
  const { market, access, mandates, registry, policy, refereedPolicy, deployer, publisher } = suite;
  const local = unpackRules((await market.governed()).rules);
  const deploy = ({ rules, ...changes }: Partial<Choice> = {}) => {
    const chosen = {
      seedDelayPeriod: 2n,
      mostInputBytes: 100n,
      mostOutputBytes: 200n,
      marginPeriod: 20n,
      treasury: publisher.address,
      ...changes,
    };
    return new InferenceMarketplace__factory(deployer).deploy(
      access,
      registry,
      policy,
      refereedPolicy,
      chosen.seedDelayPeriod,
      { mostInputBytes: chosen.mostInputBytes, mostOutputBytes: chosen.mostOutputBytes },
      { ...local, ...rules },
      chosen.marginPeriod,
      mandates,
      chosen.treasury,
    );
  };
  return { ...suite, local, deploy };
}

describe("InferenceMarketplace.constructor", () => {
  it("keeps what it was given, takes the rest from its neighbours and says both", async () => {
    const { token, registry, mandates, staking, commitments, policy, publisher, local, deploy } = await given();
    const market = await deploy();
    expect([
      await market.TOKEN(),
      await market.REGISTRY(),
      await market.MANDATES(),
      await market.STAKING(),
      await market.COMMITMENTS(),
      await market.POLICY(),
    ]).to.deep.equal([
      await token.getAddress(),
      await registry.getAddress(),
      await mandates.getAddress(),
      await staking.getAddress(),
      await commitments.getAddress(),
      await policy.getAddress(),
    ]);
    expect([
      await market.SEED_DELAY_PERIOD(),
      await market.MOST_INPUT_BYTES(),
      await market.MOST_OUTPUT_BYTES(),
    ]).to.deep.equal([2n, 100n, 200n]);
    expect(await market.governed()).to.deep.equal([packRules(local), publisher.address]);
    await expect(market.deploymentTransaction())
      .to.emit(market, "RulesSet")
      .withArgs(packRules(local), 20n)
      .and.to.emit(market, "TreasurySet")
      .withArgs(publisher);
  });

  const numbers: readonly [field: string, choice: Partial<Choice>, given: bigint, least: bigint, most: bigint][] = [
    ["seedDelayPeriod", { seedDelayPeriod: 0n }, 0n, 1n, 3_600n],
    ["seedDelayPeriod", { seedDelayPeriod: 3_601n }, 3_601n, 1n, 3_600n],
    ["mostInputBytes", { mostInputBytes: 24_577n }, 24_577n, 0n, 24_576n],
    ["mostOutputBytes", { mostOutputBytes: 8_193n }, 8_193n, 0n, 8_192n],
  ];
  for (const [field, choice, value, least, most] of numbers) {
    it(`reverts and names ${field}, ${value} and its bounds [T117]`, async () => {
      const { market, deploy } = await given();
      await expect(deploy(choice))
        .to.be.revertedWithCustomError(market, "MarketTermOutOfBounds")
        .withArgs(encodeBytes32String(field), value, least, most);
    });
  }

  const fields: readonly [field: keyof Rules, shift: number, most: bigint][] = [
    ["widenSteps", 136, 15n],
    ["appealWidenSteps", 140, 15n],
    ["activationPeriod", 152, 2n ** 20n - 1n],
    ["revealPeriod", 172, 2n ** 20n - 1n],
    ["appealSealPeriod", 192, 2n ** 20n - 1n],
    ["appealRevealPeriod", 212, 2n ** 20n - 1n],
  ];
  for (const [field, shift, most] of fields) {
    it(`reverts when ${field} does not fit its place in the word [T009]`, async () => {
      const { market, deploy } = await given();
      await expect(deploy({ rules: { [field]: most + 1n } }))
        .to.be.revertedWithCustomError(market, "RulesFieldTooLarge")
        .withArgs(shift, most + 1n, most);
    });
  }

  it("asks the policy for the bounds of the rules and of the margin [T117]", async () => {
    const { policy, deploy } = await given();
    await expect(deploy({ rules: { feeBps: 1_001n } }))
      .to.be.revertedWithCustomError(policy, "PolicyOutOfBounds")
      .withArgs(encodeBytes32String("feeBps"), 1_001, 0, 1_000);
    await expect(deploy({ marginPeriod: 2n }))
      .to.be.revertedWithCustomError(policy, "PolicyOutOfBounds")
      .withArgs(encodeBytes32String("marginPeriod"), 2, 3, 30 * 86_400);
    await expect(deploy({ marginPeriod: 100n }))
      .to.be.revertedWithCustomError(policy, "PolicyDeadlinesDoNotNest")
      .withArgs(300, 300);
  });

  it("reverts without a treasury", async () => {
    const { market, deploy } = await given();
    await expect(deploy({ treasury: ZeroAddress })).to.be.revertedWithCustomError(market, "LedgerZeroAccount");
  });
});
